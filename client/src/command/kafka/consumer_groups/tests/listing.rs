use ottla_core::sorted::Map;

use expect_test::expect;
use ottla_core::GroupId;

use super::play;
use crate::admin::{AskError, GroupList, ListGroups, ListedGroup};
use crate::command::rehearsal::Rehearsal;

fn groups() -> GroupList {
    let listed = |protocol_type: &str, state: &str| ListedGroup {
        protocol_type: protocol_type.to_owned(),
        state: Some(state.to_owned()),
        kind: Some("classic".to_owned()),
    };
    GroupList {
        groups: [
            (GroupId::from("shop"), listed("consumer", "Empty")),
            (GroupId::from("connectors"), listed("connect", "Stable")),
            (GroupId::from("offsets-only"), listed("", "Empty")),
        ]
        .into(),
        failures: Map::new(),
    }
}

#[test]
fn groups_that_are_none_of_consumers_are_left_out() {
    let played = play(
        Rehearsal::new().answer::<ListGroups>(Ok(groups())),
        "--list",
    );
    assert_eq!(played.stdout, "offsets-only\nshop\n");
    assert_eq!(
        played.asked,
        [r#"ListGroups { states: [], types: ["classic", "consumer"] }"#]
    );
}

#[test]
fn states_and_types_make_a_table_and_filter() {
    let rehearsal = Rehearsal::new().answer::<ListGroups>(Ok(groups()));
    let played = play(rehearsal, "--list --state stable,EMPTY --type classic");
    expect![[r#"
        GROUP                     TYPE                 STATE               
        offsets-only              Classic              Empty               
        shop                      Classic              Empty               
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(
        played.asked,
        [r#"ListGroups { states: ["Stable", "Empty"], types: ["classic"] }"#]
    );
}

#[test]
fn a_state_that_there_is_not_ends_in_the_usage() {
    let played = play(Rehearsal::new(), "--list --state xyz");
    assert_eq!(played.stdout, "");
    assert!(
        played
            .stderr
            .starts_with("Invalid state list 'xyz'. Valid states are: ")
    );
    assert!(
        played
            .stderr
            .contains("\nOption                                  Description")
    );
    assert_eq!(played.exit, Some(1));
}

#[test]
fn a_broker_that_is_not_there_is_told_as_java_tells_it() {
    let unreachable = AskError::Unreachable {
        call: "listGroups",
        why: "127.0.0.1:9092: connection refused".to_owned(),
    };
    let played = play(
        Rehearsal::new().answer::<ListGroups>(Err(unreachable)),
        "--list",
    );
    expect![[r#"

        Error: Executing consumer group command failed due to java.util.concurrent.ExecutionException: org.apache.kafka.common.KafkaException: Failed to find brokers to send ListGroups
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(
        played.stderr,
        "ottla: cannot reach 127.0.0.1:9092: connection refused\n"
    );
    assert_eq!(played.exit, Some(0));
}

#[test]
fn actions_are_checked_before_anything_is_asked() {
    for (line, message) in [
        (
            "",
            "Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets, --validate-regex",
        ),
        (
            "--list --describe --group x",
            "Option \"[group]\" can't be used with option \"[list]\"",
        ),
        (
            "--describe",
            "Option [describe] takes one of these options: [group], [all-groups]",
        ),
        (
            "--delete --group x --topic t",
            "The consumer does not support topic-specific offset deletion from a consumer group.",
        ),
        (
            "--delete-offsets --group x",
            "Option [delete-offsets] takes the following options: [group], [topic]",
        ),
        (
            "--describe --group g --members --offsets",
            "Option [describe] takes at most one of these options: [members], [offsets], [state]",
        ),
    ] {
        let played = play(Rehearsal::new(), line);
        assert_eq!(played.stderr.lines().next(), Some(message));
        assert_eq!(played.exit, Some(1));
    }
    let played = play(Rehearsal::new(), "--members");
    assert_eq!(
        played.stderr,
        "Exception in thread \"main\" joptsimple.UnavailableOptionException: Option(s) [members] are unavailable given other options on the command line\n"
    );
    let played = play(Rehearsal::new(), "--list --zookeeper localhost:2181");
    expect![[r#"
        Exception in thread "main" joptsimple.UnrecognizedOptionException: zookeeper is not a recognized option
        ottla: --zookeeper is an option of old releases; the tools talk to a broker, not to ZooKeeper (since Kafka 3.0): --bootstrap-server HOST:PORT
    "#]]
    .assert_eq(&played.stderr);
}

#[test]
fn a_pattern_is_looked_at_without_a_broker() {
    let played = play(Rehearsal::new(), "--validate-regex foo.*");
    assert_eq!(played.stdout, "The regular expression `foo.*` is valid.\n");
    let played = play(Rehearsal::new(), "--validate-regex foo(");
    assert_eq!(
        played.stdout,
        "The regular expression `foo(` is invalid: missing closing ).\n"
    );
    assert_eq!(played.exit, Some(0));
}
