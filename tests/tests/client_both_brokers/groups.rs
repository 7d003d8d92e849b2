//! Where a consumer starts: groups, resets, offsets by hand.

use ottla_tests::broker::Broker;
use ottla_tests::on_both_brokers;

use crate::shell::Shell;

on_both_brokers! {
    fn a_group_goes_on_where_it_was(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("goes-on", 1);
        let group = broker.name("goes-on");
        shell.produce(&format!("--topic {topic}"), "1\n2\n3\n4\n5\n");
        let read = |count: usize| {
            shell.consume(&format!(
                "--topic {topic} --group {group} --from-beginning --max-messages {count}"
            ))
        };
        assert_eq!(read(2), "1\n2\n");
        assert_eq!(read(3), "3\n4\n5\n");
        let described = shell.output(&format!("kafka-consumer-groups --describe --group {group}"));
        let row: Vec<&str> = described
            .lines()
            .find(|line| line.starts_with(&group))
            .expect("the group has a row")
            .split_whitespace()
            .skip(2)
            .collect();
        assert_eq!(row, ["0", "5", "5", "0", "-", "-", "-"]);
    }

    fn a_consumer_reads_from_an_offset_by_hand(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("by-hand", 2);
        shell.produce(
            &format!("--topic {topic} --reader-property parse.key=true --reader-property key.separator=:"),
            "2:a\n2:b\n2:c\n2:d\n",
        );
        // Key 2 belongs to partition 0 of 2.
        let at = |offset: &str, count: usize| {
            shell.consume(&format!(
                "--topic {topic} --partition 0 --offset {offset} --max-messages {count}"
            ))
        };
        assert_eq!(at("2", 2), "c\nd\n");
        assert_eq!(at("earliest", 1), "a\n");
        let ran = shell.run(&format!(
            "kafka-console-consumer --topic {topic} --partition 0 --offset latest --timeout-ms 1000"
        ));
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains("Processed a total of 0 messages"), "{ran:?}");
    }

    fn a_group_is_reset_and_deleted(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("reset", 1);
        let group = broker.name("reset");
        shell.produce(&format!("--topic {topic}"), "1\n2\n3\n");
        let read = |count: usize| {
            shell.consume(&format!("--topic {topic} --group {group} --from-beginning --max-messages {count}"))
        };
        assert_eq!(read(3), "1\n2\n3\n");
        shell.output(&format!(
            "kafka-consumer-groups --group {group} --topic {topic} --reset-offsets --to-offset 1 --execute"
        ));
        assert_eq!(read(2), "2\n3\n");
        let said = shell.output(&format!("kafka-consumer-groups --group {group} --delete"));
        assert_eq!(said, format!("Deletion of requested consumer groups ('{group}') was successful.\n"));
        assert_eq!(read(3), "1\n2\n3\n", "it has forgotten everything");
    }

    fn a_group_without_offsets_starts_where_its_reset_says(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("starts", 1);
        shell.produce(&format!("--topic {topic}"), "old\n");
        let group = broker.name("none");
        let ran = shell.run(&format!(
            "kafka-console-consumer --topic {topic} --group {group} --command-property auto.offset.reset=none"
        ));
        assert_eq!(ran.stdout, "");
        assert!(
            ran.stderr.contains("Undefined offset with no reset policy for partitions"),
            "{ran:?}"
        );
        let latest = broker.name("latest");
        let ran = shell.run(&format!(
            "kafka-console-consumer --topic {topic} --group {latest} --timeout-ms 3000"
        ));
        assert_eq!(ran.stdout, "", "only what comes after it");
    }

    fn offsets_move_with_records_and_deletions(broker: &Broker) {
        let shell = Shell::on(broker);
        let topic = shell.topic("offsets", 1);
        shell.produce(&format!("--topic {topic}"), "1\n2\n3\n4\n");
        let said = shell.output(&format!("kafka-get-offsets --topic {topic}"));
        assert_eq!(said, format!("{topic}:0:4\n"));
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let wish = format!(r#"{{"partitions":[{{"topic":"{topic}","partition":0,"offset":3}}],"version":1}}"#);
        std::fs::write(file.path(), wish).expect("a temporary file can be written");
        shell.output(&format!(
            "kafka-delete-records --offset-json-file {}",
            file.path().display()
        ));
        let said = shell.output(&format!("kafka-get-offsets --topic {topic} --time earliest"));
        assert_eq!(said, format!("{topic}:0:3\n"));
        let read = shell.consume(&format!("--topic {topic} --from-beginning --max-messages 1"));
        assert_eq!(read, "4\n");
    }
}
