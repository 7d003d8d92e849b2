use clap::Parser as _;
use expect_test::expect;
use ottla_client::command::Surroundings;

use super::{Cli, check, surroundings};
use crate::support::World;

#[test]
fn nobody_there() {
    let mut world = World::new();
    check(
        &world.ottla("topic list --bootstrap nobody.test:1,nobody.test:2"),
        expect![[r#"
            -- stderr
            ottla: cannot reach nobody.test:1: connection refused; nobody.test:2: connection refused
                   start a broker with `ottla`, or name another one: --bootstrap HOST:PORT
            -- exit 1
        "#]],
    );
    assert_eq!(world.now.mono.0, 0, "nobody waits");
    check(
        &world.ottla("topic list --bootstrap nobody.test:1 --wait 5 --json"),
        expect![[r#"
            -- stderr
            ottla: cannot reach nobody.test:1: connection refused
                   start a broker with `ottla`, or name another one: --bootstrap HOST:PORT
            -- exit 1
        "#]],
    );
    assert_eq!(world.now.mono.0, 5_000_000);
    let wrong = Surroundings {
        bootstrap: Some("nonsense".to_owned()),
        ..Surroundings::default()
    };
    check(
        &world.ottla_in(wrong, "cluster"),
        expect![[r#"
        -- stderr
        ottla: OTTLA_BOOTSTRAP=nonsense: "nonsense" is not an address: write host:port
        -- exit 2
    "#]],
    );
    world.babble = Some(bytes::Bytes::from_static(
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ));
    check(
        &world.ottla("cluster"),
        expect![[r#"
            -- stderr
            ottla: cannot reach broker.test:9092: not a Kafka broker: the other side speaks HTTP
                   the address must be a Kafka broker's, of a listener without TLS and SASL
            -- exit 1
        "#]],
    );
}

#[test]
fn a_pipe_gets_plain_columns_and_one_line_of_json() {
    let mut world = World::new();
    world.create("orders", 1);
    let coloured = Surroundings {
        colours: true,
        ..surroundings()
    };
    let pipe = Surroundings {
        stdout_is_terminal: false,
        colours: true,
        ..surroundings()
    };
    let seen = world.ottla_in(coloured, "topic list").stdout;
    assert_eq!(
        seen,
        "\u{1b}[2mTOPIC\u{1b}[0m   \u{1b}[2mPARTITIONS\u{1b}[0m\norders           1\n"
    );
    let seen = world.ottla_in(pipe.clone(), "topic list").stdout;
    assert_eq!(seen, "TOPIC   PARTITIONS\norders           1\n");
    let seen = world.ottla_in(pipe, "topic list --json").stdout;
    assert_eq!(seen.lines().count(), 1, "{seen}");
}

#[test]
fn wrong_usage_is_found_before_anything_is_asked() {
    let refused = |line: &str| {
        let words = ["ottla"].into_iter().chain(line.split_whitespace());
        let error = Cli::try_parse_from(words).expect_err("no command line");
        assert_eq!(error.exit_code(), 2, "{line}");
        let text = error.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let lines = [
        "topic create",
        "topic create a --partitions 0",
        "topic create a --config retention.ms",
        "topic alter a",
        "group reset a --to latest",
        "group reset a --all-topics --topic b --to latest",
        "group reset a --topic b --to soon",
        "group reset a --topic b:x --to latest",
        "config set topic a",
        "offsets a --at yesterday",
        "cluster --bootstrap nowhere",
    ];
    let said: Vec<String> = lines
        .iter()
        .map(|line| format!("{line}\n  {}\n", refused(line)))
        .collect();
    expect![[r#"
        topic create
          error: the following required arguments were not provided:
        topic create a --partitions 0
          error: invalid value '0' for '--partitions <N>': 0 is not in 1..=2147483647
        topic create a --config retention.ms
          error: invalid value 'retention.ms' for '--config <KEY=VALUE>': write KEY=VALUE, for example retention.ms=3600000
        topic alter a
          error: the following required arguments were not provided:
        group reset a --to latest
          error: the following required arguments were not provided:
        group reset a --all-topics --topic b --to latest
          error: the argument '--all-topics' cannot be used with '--topic <TOPIC[:PARTITION,..]>'
        group reset a --topic b --to soon
          error: invalid value 'soon' for '--to <TARGET>': write earliest, latest, an offset, +N, -N, a time as 2026-11-21T06:41 (UTC), or how long ago as 2h
        group reset a --topic b:x --to latest
          error: invalid value 'b:x' for '--topic <TOPIC[:PARTITION,..]>': write a topic, or some of its partitions as orders:0,2
        config set topic a
          error: the following required arguments were not provided:
        offsets a --at yesterday
          error: invalid value 'yesterday' for '--at <WHEN>': write a time as 2026-11-21T06:41 (UTC), a date, or how long ago as 2h
        cluster --bootstrap nowhere
          error: invalid value 'nowhere' for '--bootstrap <HOST:PORT>': "nowhere" is not an address: write host:port
    "#]].assert_eq(&said.concat());
}

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory as _;
    Cli::command().debug_assert();
}
