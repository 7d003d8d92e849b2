use ottla_client::command::kafka;

use super::*;

fn parsed(line: &str) -> Task {
    parse(line.split(' ').map(OsString::from)).unwrap()
}

fn refused(line: &str) -> String {
    let refusal = parse(line.split(' ').map(OsString::from)).unwrap_err();
    assert_eq!(refusal.exit_code(), 2);
    refusal.to_string()
}

fn served(line: &str) -> ServeOptions {
    match parsed(line) {
        Task::Serve(options) => options,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_switch_takes_no_value_on_the_command_line() {
    let options = served("ottla --memory");
    assert!(options.memory);
    assert!(!options.fsync);
    refused("ottla --memory true");
}

#[test]
fn the_word_serve_may_stand_before_between_or_behind_its_options() {
    for line in [
        "ottla --memory --listen 9093",
        "ottla serve --memory --listen 9093",
        "ottla --memory serve --listen 9093",
        "ottla --memory --listen 9093 serve",
        "ottla --listen 1 --memory serve --listen 9093",
    ] {
        let options = served(line);
        assert!(options.memory, "{line}");
        assert_eq!(options.listen.as_deref(), Some("9093"), "{line}");
        assert_eq!(options.log, "info", "{line}");
    }
    let both = served("ottla --config a=1 serve --config b=2");
    assert_eq!(both.config, ["a=1", "b=2"]);
}

#[test]
fn the_brokers_options_before_another_command_are_refused() {
    let said = refused("ottla --memory --config-file x completion bash");
    assert!(
        said.contains("is the broker's and means nothing to `ottla completion`"),
        "{said}"
    );
}

#[test]
fn kafkas_tools_are_known_by_their_names_and_take_the_rest_as_it_stands() {
    for line in [
        "ottla kafka-consumer-groups --list --bootstrap-server a:1",
        "ottla kafka-consumer-groups.sh --list --bootstrap-server a:1",
        "kafka-consumer-groups --list --bootstrap-server a:1",
        "/opt/kafka/bin/kafka-consumer-groups.sh --list --bootstrap-server a:1",
    ] {
        match parsed(line) {
            Task::Kafka { tool, arguments } => {
                assert_eq!(tool, "kafka-consumer-groups", "{line}");
                assert_eq!(arguments, ["--list", "--bootstrap-server", "a:1"], "{line}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }
    refused("ottla kafka-mirror-maker");
    refused("ottla ./kafka-consumer-groups");
}

#[test]
fn every_tool_is_named_in_the_help() {
    for tool in kafka::tools() {
        assert!(AFTER.contains(tool), "{tool}");
    }
}
