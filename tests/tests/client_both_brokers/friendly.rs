//! The commands of Ottla's own: a morning's work, and what is said to it.

use expect_test::expect;
use ottla_tests::broker::{Broker, skipped_because_external};
use ottla_tests::on_both_brokers;

use crate::shell::Shell;

on_both_brokers! {
    fn topics_groups_and_settings_are_managed_and_shown(broker: &Broker) {
        // What is printed is as wide as the names, so they cannot be made unique.
        if skipped_because_external("a transcript of commands") {
            return;
        }
        let shell = Shell::on(broker);
        let mut transcript = shell.transcript(&[
            "topic create friendly --partitions 2",
            "topic create friendly --partitions 2",
            "topic describe friendly",
            "topic alter friendly --partitions 3",
        ]);
        shell.produce(
            "--topic friendly --reader-property parse.key=true --reader-property key.separator=:",
            "a:1\nb:2\nc:3\nd:4\n",
        );
        let read = shell.consume("--topic friendly --group friends --from-beginning --max-messages 4");
        assert_eq!(read.lines().count(), 4);
        transcript += &shell.transcript(&[
            "offsets friendly",
            "offsets friendly --at earliest",
            "config set topic friendly retention.ms=1000",
        ]);
        shell.shows_soon("config get topic friendly", "1000");
        transcript += &shell.transcript(&[
            "config get topic friendly",
            "group describe friends",
            "group reset friends --topic friendly --to earliest",
            "group describe friends --json",
            "group reset friends --topic nonesuch --to earliest",
            "group delete friends",
            "group describe friends",
            "topic delete friendly",
            "topic describe nonesuch",
        ]);
        expect![[r#"
            $ ottla topic create friendly --partitions 2
            created friendly with 2 partitions
            -> 0
            $ ottla topic create friendly --partitions 2
            ottla: Topic 'friendly' already exists.
                   look at it: ottla topic describe friendly; or accept it: --if-not-exists
            -> 1
            $ ottla topic describe friendly
            friendly  2 partitions, 1 replica, 0 B, id ID
            PARTITION  LEADER  REPLICAS  ISR  FIRST  END  SIZE
                    0       1  1         1        0    0   0 B
                    1       1  1         1        0    0   0 B
            -> 0
            $ ottla topic alter friendly --partitions 3
            friendly has 3 partitions
            -> 0
            $ ottla offsets friendly
            PARTITION  FIRST  END  OFFSETS
                    0      0    0        0
                    1      0    2        2
                    2      0    2        2
            -> 0
            $ ottla offsets friendly --at earliest
            PARTITION  OFFSET
                    0       0
                    1       0
                    2       0
            -> 0
            $ ottla config set topic friendly retention.ms=1000
            friendly: retention.ms=1000
            -> 0
            $ ottla config get topic friendly
            KEY           VALUE  SOURCE
            retention.ms  1000   topic
            -> 0
            $ ottla group describe friends
            friends  Empty  0 members, coordinator 1 at 127.0.0.1:PORT

            TOPIC     PARTITION  COMMITTED  END  LAG
            friendly          0          0    0    0
            friendly          1          2    2    0
            friendly          2          2    2    0
            total lag 0
            -> 0
            $ ottla group reset friends --topic friendly --to earliest
            TOPIC     PARTITION  FROM  TO
            friendly          0     0   0
            friendly          1     2   0
            friendly          2     2   0
            -> 0
            $ ottla group describe friends --json
            {"group":"friends","state":"Empty","protocol_type":"consumer","assignor":"","coordinator":{"id":1,"host":"127.0.0.1","port":PORT},"lag":4,"members":[],"offsets":[{"topic":"friendly","partition":0,"committed":0,"first":0,"end":0,"lag":0,"member":null},{"topic":"friendly","partition":1,"committed":0,"first":0,"end":2,"lag":2,"member":null},{"topic":"friendly","partition":2,"committed":0,"first":0,"end":2,"lag":2,"member":null}]}
            -> 0
            $ ottla group reset friends --topic nonesuch --to earliest
            ottla: there is no topic nonesuch
                   see what there is: ottla topic list
            -> 1
            $ ottla group delete friends
            deleted friends
            -> 0
            $ ottla group describe friends
            ottla: there is no group friends
                   see what there is: ottla group list
            -> 1
            $ ottla topic delete friendly
            deleted friendly
            -> 0
            $ ottla topic describe nonesuch
            ottla: there is no topic nonesuch
                   see what there is: ottla topic list
            -> 1
        "#]].assert_eq(&transcript);
    }
}
