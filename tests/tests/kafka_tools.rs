//! Kafka's command lines: what `ottla kafka-…` answers is what Apache Kafka 4.3.1 answered (`tests/tools/`).

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use ottla_tests::broker::Options;
use ottla_tests::recording::play::{Toolbox, play};
use ottla_tests::recording::scenario::Command;
use ottla_tests::recording::{self, Scenario, Step};

macro_rules! answers_as_recorded {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                answers_as_recorded(stringify!($name));
            }
        )*
    };
}

answers_as_recorded!(
    broker_api_versions,
    configs_brokers,
    configs_topics,
    configs_usage,
    console,
    console_edges,
    console_usage,
    consumer_groups,
    consumer_groups_members,
    consumer_groups_usage,
    delete_records,
    delete_records_slow,
    get_offsets,
    topics,
    topics_internal,
    topics_usage,
);

/// Plays a scenario on a broker of its own. Where Ottla means to answer otherwise, `otherwise/` says how and why.
fn answers_as_recorded(name: &str) {
    let scenario = recording::read(name);
    let options = Options::default().memory();
    let broker = options.config("offsets.topic.num.partitions", 1).start();
    let played = play(&scenario, broker.bootstrap(), &mut Toolbox::Ottla);

    let otherwise = fs::read_to_string(otherwise(name)).unwrap_or_default();
    compare(&scenario, &played, &Scenario::parse(name, &otherwise));
}

/// What differs is the brokers' doing, not the tools': on Apache Kafka itself nothing does.
#[test]
fn on_apache_kafka_itself_the_answers_are_the_same() {
    let Some(broker) = ottla_tests::kafka::broker() else {
        return;
    };
    let bootstrap = broker.bootstrap();
    // Not those that list the configuration of topics: this broker has a feature switched on that adds to it.
    for name in ["broker_api_versions", "delete_records", "topics_usage"] {
        let scenario = recording::read(name);
        let played = play(&scenario, bootstrap, &mut Toolbox::Ottla);
        compare(&scenario, &played, &Scenario::parse(name, ""));
        let clean_up =
            "$ kafka-topics --bootstrap-server {bootstrap} --delete --topic .* --if-exists";
        play(
            &Scenario::parse("clean up", clean_up),
            bootstrap,
            &mut Toolbox::Ottla,
        );
    }
}

fn compare(recorded: &Scenario, played: &Scenario, otherwise: &Scenario) {
    let name = &recorded.name;
    let mut meant = commands(otherwise).peekable();
    let mut differences = String::new();
    for (recorded, command) in commands(recorded).zip(commands(played)) {
        if recorded.outcome == command.outcome {
            continue;
        }
        let is_meant =
            |meant: &&Command| meant.line == command.line && meant.outcome == command.outcome;
        if meant.next_if(is_meant).is_none() {
            let line = &command.line;
            let (theirs, ours) = (&recorded.outcome, &command.outcome);
            write!(
                differences,
                "$ {line}\nApache Kafka:\n{theirs}Ottla:\n{ours}\n"
            )
            .expect("a string takes all");
        }
    }
    assert!(differences.is_empty(), "{name}:\n{differences}");
    let unused = meant.next().map(|command| &command.line);
    assert_eq!(unused, None, "{name}: nothing differs (any more) here");
}

fn commands(scenario: &Scenario) -> impl Iterator<Item = &Command> {
    scenario.steps.iter().filter_map(|step| match step {
        Step::Command(command) => Some(command),
        _ => None,
    })
}

fn otherwise(name: &str) -> PathBuf {
    recording::path(&format!("otherwise/{name}"))
}
