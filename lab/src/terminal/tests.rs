use expect_test::{Expect, expect};

use super::*;
use crate::World;
use crate::log::Teller;

/// A world with a person at its terminal, who waits until a command is done or nothing more comes.
struct Seat(World);

impl Seat {
    fn new(lines: &[&str]) -> Self {
        let mut seat = Self(World::for_scene(3));
        for line in lines {
            seat.act(line).unwrap_or_else(|why| panic!("{line}: {why}"));
        }
        seat.0.take_log();
        seat
    }

    fn act(&mut self, line: &str) -> Result<(), String> {
        let action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        self.0.apply(&action).map_err(|error| error.0)
    }

    /// What the terminal shows, with the exit code where the command has ended.
    fn see(&mut self, line: &str, ms: u64) -> String {
        if let Err(why) = self.act(line) {
            return why;
        }
        let until = self.0.now().mono + ms * 1000;
        self.0.advance(until);
        let mut seen = String::new();
        for line in self.0.take_log() {
            if let Teller::Terminal(written) = line.what {
                seen += &written.text;
            }
        }
        match self.0.terminal().and_then(Terminal::exit_code) {
            Some(code) => seen + &format!("[{code}]"),
            None => seen + "[runs]",
        }
    }

    fn shows(&mut self, line: &str, expected: Expect) {
        let seen = self.see(line, 3_000);
        expected.assert_eq(&seen);
    }
}

#[test]
fn the_commands_of_a_first_hour() {
    let mut seat = Seat::new(&[]);
    seat.shows(
        "run bin/kafka-topics.sh --create --topic orders --partitions 3 --replication-factor 1 --bootstrap-server localhost:9092",
        expect![[r#"
            Created topic orders.
            [0]"#]],
    );
    seat.shows(
        "run kafka-topics --list",
        expect![[r#"
        orders
        [0]"#]],
    );
    seat.shows(
        "run kafka-console-producer --topic orders --property parse.key=true --property key.separator=:",
        expect![[r#"
            Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.
            >[runs]"#]],
    );
    seat.shows("type emp001:hello", expect![">[runs]"]);
    seat.shows("type emp001:world", expect![">[runs]"]);
    seat.shows("ctrl-d", expect!["[0]"]);
    seat.shows(
        "run kafka-console-consumer --topic orders --from-beginning --group g --property print.key=true --property print.partition=true",
        expect![[r#"
            Option --property is deprecated and will be removed in a future version. Use --formatter-property instead.
            Partition:1	emp001	hello
            Partition:1	emp001	world
            [runs]"#]],
    );
    seat.shows(
        "ctrl-c",
        expect![[r#"
        Processed a total of 2 messages
        [130]"#]],
    );
    seat.shows(
        "run kafka-get-offsets --topic orders",
        expect![[r#"
        orders:0:0
        orders:1:2
        orders:2:0
        [0]"#]],
    );
    seat.shows(
        "run kafka-configs --alter --entity-type topics --entity-name orders --add-config retention.ms=60000",
        expect![[r#"
            Completed updating config for topic orders.
            [0]"#]],
    );
    seat.shows(
        "run kafka-consumer-groups --list",
        expect![[r#"
        g
        [0]"#]],
    );
}

#[test]
fn what_cannot_be_run_says_why_in_one_line() {
    let mut seat = Seat::new(&["topic orders"]);
    seat.shows("run ls -l", expect![[r#"
        ls: there is no such command here. There are kafka-broker-api-versions, kafka-configs, kafka-console-consumer, kafka-console-producer, kafka-consumer-groups, kafka-delete-records, kafka-get-offsets, kafka-topics, help, clear.
        [127]"#]]);
    seat.shows("run kafka-topics --list | wc", expect![[r#"
        `|` is not known here: one command at a time, without pipes and files; put quotes around it if it is meant as text
        [2]"#]]);
    seat.shows(
        "type hello",
        expect!["no command runs in the terminal: `run` one first"],
    );
    seat.shows(
        "run kafka-console-consumer --topic orders",
        expect!["[runs]"],
    );
    seat.shows(
        "run kafka-topics --list",
        expect!["`kafka-console-consumer --topic orders` still runs: ctrl-C ends it"],
    );
    seat.shows(
        "ctrl-c",
        expect![[r#"
        Processed a total of 0 messages
        [130]"#]],
    );
    seat.shows(
        "run kafka-topics --list --bootstrap-server nowhere:9093",
        expect!["[runs]"],
    );
    seat.shows("ctrl-c", expect!["[130]"]);
}

#[test]
fn a_consumer_in_the_terminal_goes_on_until_it_is_interrupted() {
    let mut seat = Seat::new(&["topic orders", "producer p topic=orders rate=1/s"]);
    seat.0.advance(Instant(2_500_000));
    seat.0.take_log();
    let seen = seat.see(
        "run kafka-console-consumer --topic orders --from-beginning",
        60_000,
    );
    assert!(
        seen.starts_with("value-1\nvalue-2\nvalue-3\n") && seen.ends_with("[runs]"),
        "{seen}"
    );
    assert!(seen.lines().count() > 55);
    let seen = seat.see("ctrl-c", 1_000);
    assert!(
        seen.ends_with("Processed a total of 63 messages\n[130]"),
        "{seen}"
    );
}

#[test]
fn words_are_completed_by_what_there_is() {
    let seat = Seat::new(&["topic orders", "topic payments"]);
    let texts = |line: &str| {
        let found = complete(&seat.0, line, line.len());
        let texts: Vec<String> = found
            .candidates
            .into_iter()
            .map(|found| found.text)
            .collect();
        format!("{} {}", found.from, texts.join(" "))
    };
    assert_eq!(texts("kafka-to"), "0 kafka-topics");
    assert_eq!(complete(&seat.0, "kafka-con", 9).common(), "kafka-con");
    assert_eq!(complete(&seat.0, "kafka-cons", 10).common(), "kafka-cons");
    assert_eq!(complete(&seat.0, "kafka-t", 7).common(), "kafka-topics");
    assert_eq!(texts("cl"), "0 clear");
    assert_eq!(texts("kafka-topics --cr"), "13 --create");
    assert_eq!(
        texts("kafka-topics --describe --topic "),
        "32 orders payments"
    );
    assert_eq!(
        texts("kafka-topics.sh --describe --topic pa"),
        "35 payments"
    );
    assert_eq!(texts("kafka-configs --entity-type t"), "28 topics");
    assert_eq!(
        texts("kafka-console-producer --property pa"),
        "34 parse.headers=true parse.key=true"
    );
    assert_eq!(texts("kafka-nothing --x"), "14 ");
    assert_eq!(complete(&seat.0, "é", 1).from, 0);
    let all = complete(&seat.0, "", 0).candidates;
    assert_eq!(all.len(), 10);
}

#[test]
fn the_terminal_makes_no_more_than_an_action_may() {
    let mut seat = Seat::new(&[]);
    seat.shows(
        "run kafka-topics --create --topic wide --partitions 65",
        expect![[r#"
            Error while executing topic command : Topic 'wide' cannot have 65 partitions: on this broker a topic has 64 at most (ottla.max.partitions.per.topic).
            [1]"#]],
    );
    for index in 0..8 {
        seat.act(&format!("topic t{index}")).unwrap();
    }
    seat.shows("run kafka-topics --create --topic ninth", expect![[r#"
        Error while executing topic command : Topic 'ninth' is one too many: this broker keeps 8 at most (ottla.max.topics). Delete one that is not needed.
        [1]"#]]);
    seat.shows(
        "run kafka-topics --alter --topic t0 --partitions 65",
        expect![[r#"
            Error while executing topic command : Topic 't0' cannot have 65 partitions: on this broker a topic has 64 at most (ottla.max.partitions.per.topic).
            [1]"#]],
    );
}
