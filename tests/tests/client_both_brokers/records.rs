//! What goes in comes out, however it is sent and compressed.

use expect_test::expect;
use ottla_tests::broker::Broker;
use ottla_tests::java::Tools;
use ottla_tests::on_both_brokers;

use crate::shell::Shell;

on_both_brokers! {
    fn keys_values_and_headers_come_back_as_they_were_even_none(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("null-and-headers", 1);
        shell.produce(
            &format!(
                "--topic {topic} --reader-property parse.headers=true --reader-property parse.key=true \
                 --reader-property null.marker=NIL --reader-property key.separator=:"
            ),
            &lines(&[
                "a:1,b:2\tkey:value",
                "NIL\tNIL:no key",
                "x:NIL\ttombstone:NIL",
                "NIL\t:empty key",
                "NIL\tempty value:",
                "NIL\tumlaut:Grüße 🦦",
            ]),
        );
        let read = shell.consume(&format!(
            "--topic {topic} --from-beginning --max-messages 6 --formatter-property print.partition=true \
             --formatter-property print.offset=true --formatter-property print.headers=true --formatter-property print.key=true"
        ));
        expect![[r#"
            Partition:0	Offset:0	a:1,b:2	key	value
            Partition:0	Offset:1	NO_HEADERS	null	no key
            Partition:0	Offset:2	x:null	tombstone	null
            Partition:0	Offset:3	NO_HEADERS		empty key
            Partition:0	Offset:4	NO_HEADERS	empty value	
            Partition:0	Offset:5	NO_HEADERS	umlaut	Grüße 🦦
        "#]]
        .assert_eq(&read);
    }

    fn every_compression_is_written_and_read(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("compressions", 1);
        let mut expected = String::new();
        for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
            let batch: String = (0..500).map(|count| format!("{codec} {count} {LONG}\n")).collect();
            shell.produce(&format!("--topic {topic} --compression-codec {codec}"), &batch);
            expected.push_str(&batch);
        }
        let read = shell.consume(&format!("--topic {topic} --from-beginning --max-messages 2500"));
        assert_eq!(read.len(), expected.len());
        assert!(read == expected, "what was read differs");
    }

    fn what_java_compressed_is_read(broker: &Broker) {
        let Some(mut java) = Tools::start(broker) else {
            return;
        };
        let shell = Shell::on(broker);
        let topic = shell.topic("javas-compressions", 1);
        let mut expected = String::new();
        for codec in ["gzip", "snappy", "lz4", "zstd"] {
            let batch: String = (0..150).map(|count| format!("{codec} {count} {LONG}\n")).collect();
            let options = ["--topic", &topic, "--compression-codec", codec];
            let ran = java.run_with_input("kafka-console-producer", &options, &batch);
            assert_eq!(ran.code, 0, "{ran:?}");
            expected.push_str(&batch);
        }
        let read = shell.consume(&format!("--topic {topic} --from-beginning --max-messages 600"));
        assert!(read == expected, "what was read differs");
        // And the other way round.
        let written = shell.topic("compressed-for-java", 1);
        shell.produce(&format!("--topic {written} --compression-codec zstd"), &expected);
        let options = ["--topic", &written, "--from-beginning", "--max-messages", "600"];
        let read = java.output("kafka-console-consumer", &[&options[..], &["--timeout-ms", "30000"]].concat());
        assert!(read == expected, "what Java read differs");
    }

    fn records_are_sent_with_every_kind_of_acknowledgement(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("acknowledgements", 1);
        let mut expected = String::new();
        // The first one waits until the partition has its leader; what is sent without acknowledgement is lost before that.
        for (count, property) in [
            "acks=1",
            "acks=0",
            "acks=all",
            "enable.idempotence=true",
            "enable.idempotence=false",
        ]
        .into_iter()
        .enumerate()
        {
            let line = format!("{property}\n");
            shell.produce(&format!("--topic {topic} --command-property {property}"), &line);
            expected.push_str(&line);
            let read = shell.consume(&format!(
                "--topic {topic} --from-beginning --max-messages {}",
                count + 1
            ));
            assert_eq!(read, expected);
        }
    }

    fn many_records_keep_the_order_of_their_keys(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("many", 4);
        let all: String = (0..20_000).map(|count| format!("key-{}:{count}\n", count % 50)).collect();
        shell.produce(
            &format!("--topic {topic} --reader-property parse.key=true --reader-property key.separator=:"),
            &all,
        );
        let read = shell.consume(&format!(
            "--topic {topic} --from-beginning --max-messages 20000 --formatter-property print.key=true"
        ));
        let mut last = ottla_core::sorted::Map::new();
        for line in read.lines() {
            let (key, count) = line.split_once('\t').expect("key and value");
            let count: u32 = count.parse().expect("a number");
            if let Some(before) = last.insert(key, count) {
                assert_eq!(count, before + 50, "{key} comes in order, each once");
            }
        }
        assert_eq!(last.len(), 50);
        assert_eq!(read.lines().count(), 20_000);
    }
}

fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Something that compresses well, and is longer than what a codec leaves alone.
const LONG: &str =
    "the quick brown fox jumps over the lazy dog, the quick brown fox jumps over the lazy dog";
