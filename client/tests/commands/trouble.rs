//! Nobody there, or somebody else.

use bytes::Bytes;
use expect_test::expect;
use ottla_client::admin::{
    AdminConfig, AskError, DescribeCluster, ListOffsets, ListTopics, OffsetSpec,
};
use ottla_client::command::{Desk, Exit, Program, Stop, Surroundings};

use ottla_core::Instant;

use crate::support::{BROKER, World, address, partition};

fn config(bootstrap: &str) -> AdminConfig {
    AdminConfig::new(vec![address(bootstrap)])
}

#[test]
fn who_is_patient_tries_for_a_while_and_who_is_not_is_told_at_once() {
    let mut world = World::new();
    let patient = config("nobody.test:1");
    let told = world.ask_with(patient.clone(), DescribeCluster);
    let Err(AskError::Unreachable { why, .. }) = told else {
        panic!("{told:?}");
    };
    expect!["nobody.test:1: connection refused"].assert_eq(&why);
    assert_eq!(world.now.mono.0, 60_000_000);

    let hasty = AdminConfig {
        patience_ms: 0,
        ..patient
    };
    let told = world.ask_with(hasty, DescribeCluster);
    assert!(matches!(told, Err(AskError::Unreachable { .. })));
    assert_eq!(world.now.mono.0, 60_000_000);
}

#[test]
fn a_broker_that_comes_late_answers_late() {
    let mut world = World::new();
    world.away_until = Instant(3_000_000);
    let cluster = world.ask_with(config(BROKER), DescribeCluster);
    assert_eq!(cluster.unwrap().brokers.len(), 1);
    let waited_ms = world.now.mono.0 / 1000;
    assert!((3_000..5_000).contains(&waited_ms), "{waited_ms}");
}

#[test]
fn a_link_that_breaks_is_made_again_and_the_question_asked_again() {
    for hang_ups in 1..6 {
        let mut world = World::new();
        world.create("orders", 2);
        world.hang_ups = hang_ups;
        let partitions = [0, 1].map(|index| (partition("orders", index), OffsetSpec::Latest));
        let listed = world.ask_with(
            config(BROKER),
            ListOffsets {
                partitions: partitions.into(),
                read_committed: false,
            },
        );
        let listed = listed.unwrap();
        assert!(listed.values().all(|found| found.is_ok()), "{listed:?}");
    }
}

#[test]
fn one_of_several_addresses_is_enough() {
    let config = AdminConfig {
        patience_ms: 0,
        ..AdminConfig::new(vec![address("nobody.test:1"), address(BROKER)])
    };
    let cluster = World::new().ask_with(config, DescribeCluster);
    assert_eq!(cluster.unwrap().brokers.len(), 1);
}

#[test]
fn somebody_who_is_no_broker_is_named() {
    let mut world = World::new();
    world.babble = Some(Bytes::from_static(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let told = world.ask_with(config(BROKER), DescribeCluster);
    expect![[r#"
        Err(
            Garbage(
                "broker.test:9092: not a Kafka broker: the other side speaks HTTP",
            ),
        )
    "#]]
    .assert_debug_eq(&told);
}

#[test]
fn a_script_asks_over_a_link_and_closes_it() {
    let mut world = World::new();
    world.create("orders", 1);
    let list = |desk: &mut Desk| -> Result<Exit, Stop> {
        desk.println("topics:");
        desk.connect(config(BROKER));
        for name in desk.ask(ListTopics { internal: false })?.keys() {
            desk.println(name);
        }
        Ok(Exit::DONE)
    };
    let program = Program::script(Surroundings::default(), 1, list);
    let played = world.play(program);
    assert_eq!(played.stdout, "topics:\norders\n");
    assert_eq!((played.stderr.as_str(), played.exit), ("", 0));
    assert_eq!(world.links_count(), 0);
}
