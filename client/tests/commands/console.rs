//! Kafka's console tools, against a broker in memory. What they print is held against Apache Kafka's own in `tests/tools/`.

use bytes::Bytes;
use ottla_client::command::{Program, Surroundings};
use ottla_core::Instant;

use crate::support::{BROKER, Played, World};

impl World {
    fn tool(&mut self, tool: &str, line: &str) -> Played {
        let arguments = ["--bootstrap-server", BROKER]
            .into_iter()
            .chain(line.split_whitespace());
        let arguments: Vec<String> = arguments.map(str::to_owned).collect();
        let program = Program::kafka(tool, &arguments, Surroundings::default(), 4).expect("a tool");
        self.play(program)
    }
}

fn typed(world: &mut World, pieces: &[&'static str]) {
    world.stdin = pieces
        .iter()
        .map(|piece| Bytes::from_static(piece.as_bytes()))
        .collect();
}

#[test]
fn keys_values_and_headers_go_in_and_come_out() {
    let mut world = World::new();
    world.create("orders", 1);
    typed(&mut world, &["h:1\tk1\tv1\nh:2,", "i:3\tk2\tv", "2\n"]);
    let line =
        "--topic orders --reader-property parse.key=true --reader-property parse.headers=true";
    let played = world.tool("kafka-console-producer.sh", line);
    assert_eq!(
        (played.stdout.as_str(), played.stderr.as_str(), played.exit),
        ("", "", 0)
    );
    let played = world.tool(
        "kafka-console-consumer",
        "--topic orders --from-beginning --max-messages 2 --formatter-property print.key=true --formatter-property print.headers=true",
    );
    assert_eq!(played.stdout, "h:1\tk1\tv1\nh:2,i:3\tk2\tv2\n");
    assert_eq!(played.stderr, "Processed a total of 2 messages\n");
    assert_eq!(played.exit, 0);
}

#[test]
fn with_sync_the_first_failure_is_the_end() {
    let mut world = World::new();
    world.create("orders", 1);
    typed(
        &mut world,
        &["short\n", "much too long for such a request\nshort\n"],
    );
    let played = world.tool(
        "kafka-console-producer",
        "--topic orders --sync --command-property max.request.size=95",
    );
    assert_eq!(
        played.stderr,
        "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.RecordTooLargeException: \
         The message is 117 bytes when serialized which is larger than 95, which is the value of the max.request.size configuration.\n"
    );
    assert_eq!(played.exit, 1);
    let played = world.tool(
        "kafka-console-consumer",
        "--topic orders --partition 0 --offset earliest --timeout-ms 2000",
    );
    assert_eq!(played.stdout, "short\n");
}

#[test]
fn nothing_for_too_long_is_the_end() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["a", "b"]);
    let before = world.now.mono;
    let played = world.tool(
        "kafka-console-consumer",
        "--topic orders --from-beginning --timeout-ms 4000",
    );
    assert_eq!(played.stdout, "a\nb\n");
    assert_eq!(
        played.stderr,
        "ottla: Error processing message, terminating consumer process: org.apache.kafka.common.errors.TimeoutException\n\
         Processed a total of 2 messages\n"
    );
    assert_eq!(played.exit, 0);
    let waited_ms = (world.now.mono - before) / 1000;
    assert!((4000..6000).contains(&waited_ms), "{waited_ms}");
}

#[test]
fn ctrl_c_commits_and_leaves_the_group() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["a", "b"]);
    world.interrupt_at = Some(Instant(30_000_000));
    let played = world.tool(
        "kafka-console-consumer",
        "--topic orders --group shop --from-beginning",
    );
    assert_eq!((played.stdout.as_str(), played.exit), ("a\nb\n", 130));
    assert_eq!(world.links_count(), 0);
    let played = world.tool("kafka-consumer-groups", "--describe --group shop");
    let row = "shop            orders          0          2               2               0               -";
    assert!(played.stdout.contains(row), "{}", played.stdout);
    assert_eq!(
        played.stderr,
        "\nConsumer group 'shop' has no active members.\n"
    );
}

#[test]
fn a_record_that_is_none_of_its_kind_is_passed_over_when_asked() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["abcd", "x", "\0\0\0\u{7}"]);
    let line = "--topic orders --from-beginning --max-messages 3 --value-deserializer org.apache.kafka.common.serialization.IntegerDeserializer";
    let played = world.tool(
        "kafka-console-consumer",
        &format!("{line} --skip-message-on-error"),
    );
    assert_eq!(played.stdout, "1633837924\n7\n");
    assert_eq!(
        played.stderr,
        "ottla: Error processing message, skipping this message: org.apache.kafka.common.errors.SerializationException: \
         Size of data received by IntegerDeserializer is not 4\n\
         Processed a total of 3 messages\n"
    );
    let played = world.tool("kafka-console-consumer", line);
    assert_eq!((played.stdout.as_str(), played.exit), ("1633837924\n", 1));
    assert!(
        played.stderr.ends_with("Processed a total of 2 messages\n"),
        "{}",
        played.stderr
    );
}

#[test]
fn no_messages_are_soon_consumed() {
    let mut world = World::new();
    world.create("orders", 1);
    let line = "--topic orders --from-beginning --max-messages 0";
    let played = world.tool("kafka-console-consumer", line);
    assert_eq!(played.stderr, "Processed a total of 0 messages\n");
    assert_eq!((played.stdout.as_str(), played.exit), ("", 0));
}
