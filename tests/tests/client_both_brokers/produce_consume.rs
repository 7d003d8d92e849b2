//! `ottla produce` and `ottla consume`.

use expect_test::expect;
use ottla_tests::broker::{Broker, skipped_because_external};
use ottla_tests::on_both_brokers;

use crate::shell::Shell;

on_both_brokers! {
    fn lines_are_written_and_read_by_ottlas_own_commands(broker: &Broker) {
        if skipped_because_external("a transcript of commands") {
            return;
        }
        let shell = Shell::on(broker);
        shell.ottla("topic create lines --partitions 2", "");
        shell.shows_soon("offsets lines", "1      0    0");
        let mut transcript = shell.transcript_with_input(
            "produce lines --key-separator : --header source=test --acks 1",
            "a:1\nb:2\nc:3\n",
        );
        for codec in ["gzip", "snappy", "lz4", "zstd"] {
            let line = format!("produce lines --partition 1 --compression {codec}");
            transcript += &shell.transcript_with_input(&line, &format!("{codec}\n"));
        }
        transcript += &shell.transcript_with_input("produce lines --key-separator :", "d:4\nno key\n");
        transcript += &shell.transcript(&[
            "consume lines --partition 0 --exit-at-end --format %p|%o|%k|%v|%h",
            "consume lines --partition 1 --exit-at-end --format %p|%o|%k|%v|%h",
            "consume lines --partition 1 --offset -2 --exit-at-end",
            "consume lines --partition 1 --offset 1 --max 2",
            "consume nonesuch --exit-at-end",
        ]);
        let read = shell.ottla("consume lines --group readers --from-beginning --exit-at-end", "");
        let read = String::from_utf8_lossy(&read.stdout);
        let mut read: Vec<&str> = read.lines().collect();
        read.sort_unstable();
        assert_eq!(read, ["1", "2", "3", "4", "gzip", "lz4", "snappy", "zstd"]);
        transcript += &shell.transcript(&[
            "consume lines --group readers --from-beginning --exit-at-end",
            "group describe readers",
        ]);
        expect![[r#"
            $ ottla produce lines --key-separator : --header source=test --acks 1
            -> 0
            $ ottla produce lines --partition 1 --compression gzip
            -> 0
            $ ottla produce lines --partition 1 --compression snappy
            -> 0
            $ ottla produce lines --partition 1 --compression lz4
            -> 0
            $ ottla produce lines --partition 1 --compression zstd
            -> 0
            $ ottla produce lines --key-separator :
            ottla: line 2 has no key separator: "no key"
                   the lines before it are written
            -> 1
            $ ottla consume lines --partition 0 --exit-at-end --format %p|%o|%k|%v|%h
            0|0|a|1|source=test
            0|1|b|2|source=test
            0|2|c|3|source=test
            -> 0
            $ ottla consume lines --partition 1 --exit-at-end --format %p|%o|%k|%v|%h
            1|0|null|gzip|
            1|1|null|snappy|
            1|2|null|lz4|
            1|3|null|zstd|
            1|4|d|4|
            -> 0
            $ ottla consume lines --partition 1 --offset -2 --exit-at-end
            zstd
            4
            -> 0
            $ ottla consume lines --partition 1 --offset 1 --max 2
            snappy
            lz4
            -> 0
            $ ottla consume nonesuch --exit-at-end
            ottla: there is no topic nonesuch
                   see what there is: ottla topic list
            -> 1
            $ ottla consume lines --group readers --from-beginning --exit-at-end
            -> 0
            $ ottla group describe readers
            readers  Empty  0 members, coordinator 1 at 127.0.0.1:PORT

            TOPIC  PARTITION  COMMITTED  END  LAG
            lines          0          3    3    0
            lines          1          5    5    0
            total lag 0
            -> 0
        "#]].assert_eq(&transcript);
    }
}
