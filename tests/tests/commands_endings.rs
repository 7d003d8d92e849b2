//! How commands end: a reader that goes away, ctrl-C, a line that cannot be understood, a group that is busy.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ottla_tests::broker::{self, Broker};
use ottla_tests::{client, ottla, running};

/// A topic with numbered lines in it.
fn filled(broker: &Broker, topic: &str, lines: u32) {
    let text: String = (0..lines)
        .map(|number| format!("line {number}\n"))
        .collect();
    let produce = [
        "kafka-console-producer",
        "--topic",
        topic,
        "--bootstrap-server",
    ];
    let produce = [&produce[..], &[broker.bootstrap()]].concat();
    ottla::succeeds(broker.bootstrap(), &produce, &text);
}

/// The command line of a consumer that reads from the beginning and never ends by itself.
fn consume<'a>(broker: &'a Broker, topic: &'a str, group: &'a str) -> Vec<&'a str> {
    let words = [
        "kafka-console-consumer",
        "--from-beginning",
        "--bootstrap-server",
    ];
    let named = [broker.bootstrap(), "--topic", topic, "--group", group];
    [&words[..], &named].concat()
}

/// What `ottla group describe` says of a group; nothing while there is none.
fn described(broker: &Broker, group: &str) -> String {
    ottla::run(broker.bootstrap(), &["group", "describe", group]).stdout
}

#[test]
fn a_pipe_that_is_closed_ends_a_consumer_quietly() {
    let broker = Broker::in_memory();
    // With much to write, and with nothing more to write, when it is only found out by looking.
    for (base, lines, tool) in [
        ("many", 100_000, "kafka"),
        ("one", 1, "kafka"),
        ("many", 0, "ottla"),
        ("one", 0, "ottla"),
    ] {
        let topic = broker.name(base);
        filled(&broker, &topic, lines);
        let since = Instant::now();
        let arguments = match tool {
            "kafka" => consume(&broker, &topic, base),
            _ => vec!["consume", &topic, "--from-beginning"],
        };
        let consumer = ottla::command(broker.bootstrap(), &arguments);
        let mut piped = Command::new("bash");
        piped
            .args(["-c", "\"$0\" \"$@\" | head -1; echo ${PIPESTATUS[0]}"])
            .arg(consumer.get_program())
            .args(consumer.get_args())
            .env("OTTLA_BOOTSTRAP", broker.bootstrap());
        let ended = client::output(&mut piped, "");
        let text = String::from_utf8_lossy(&ended.stdout);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(text, "line 0\n0\n", "{said}");
        assert!(
            !said.contains("anic") && !said.contains("os error"),
            "{said}"
        );
        assert!(since.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn ctrl_c_leaves_the_group_at_once() {
    let broker = Broker::in_memory();
    let topic = broker.name("lines");
    let group = broker.name("leaving");
    filled(&broker, &topic, 3);
    let friendly = Vec::from(["consume", &topic, "--group", &group, "--from-beginning"]);
    for (signal, arguments) in [
        ("INT", consume(&broker, &topic, &group)),
        ("TERM", consume(&broker, &topic, &group)),
        ("INT again", friendly),
    ] {
        let mut consumer = ottla::start(broker.bootstrap(), &arguments);
        if signal == "INT" {
            for number in 0..3 {
                assert_eq!(consumer.next_line(), format!("line {number}"));
            }
        }
        wait_until(|| described(&broker, &group).contains("Stable"));
        consumer.signal(signal.split(' ').next().unwrap_or_default());
        let code = consumer.ends();
        if arguments[0] == "consume" {
            assert_eq!(code, Some(130));
        }
        let said = described(&broker, &group);
        assert!(said.contains("Empty"), "{said}");
    }
    // What was read is committed.
    let offsets = ottla::succeeds(
        broker.bootstrap(),
        &["group", "describe", &group, "--json"],
        "",
    );
    assert!(
        offsets.contains("\"lag\": 0") || offsets.contains("\"lag\":0"),
        "{offsets}"
    );
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_a_broker_that_does_not_answer() {
    if broker::skipped_because_external("a broker that does not answer") {
        return;
    }
    let broker = Broker::in_memory();
    filled(&broker, "lines", 1);
    let mut consumer = ottla::start(broker.bootstrap(), &consume(&broker, "lines", "stuck"));
    assert_eq!(consumer.next_line(), "line 0");
    running::signal(broker.pid(), "STOP");
    consumer.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    let since = Instant::now();
    consumer.signal("INT");
    assert_eq!(consumer.ends(), Some(130));
    assert!(since.elapsed() < Duration::from_secs(5));
    running::signal(broker.pid(), "CONT");
}

#[test]
fn ctrl_c_ends_a_consumer_whose_reader_reads_nothing() {
    let broker = Broker::in_memory();
    let topic = broker.name("lines");
    let group = broker.name("blocked");
    filled(&broker, &topic, 1_000_000);
    let arguments = consume(&broker, &topic, &group);
    let mut consumer = ottla::command(broker.bootstrap(), &arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("ottla can be run");
    wait_until(|| described(&broker, &group).contains("Stable"));
    running::signal(consumer.id(), "INT");
    wait_until(|| consumer.try_wait().expect("it is a child").is_some());
    let said = described(&broker, &group);
    assert!(said.contains("Empty"), "{said}");
}

#[test]
fn offsets_of_a_group_that_is_active_are_not_reset() {
    let broker = Broker::in_memory();
    let topic = broker.name("lines");
    let group = broker.name("busy");
    filled(&broker, &topic, 1);
    let mut consumer = ottla::start(broker.bootstrap(), &consume(&broker, &topic, &group));
    assert_eq!(consumer.next_line(), "line 0");
    let reset = [
        "group", "reset", &group, "--topic", &topic, "--to", "earliest",
    ];
    let refused = ottla::run(broker.bootstrap(), &reset);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("is active: it has 1 member, which would commit over the new offsets"),
        "{refused:?}"
    );
    consumer.signal("INT");
    consumer.ends();
    ottla::succeeds(broker.bootstrap(), &reset, "");
}

#[test]
fn a_line_without_its_separator_is_named_by_its_number() {
    let broker = Broker::in_memory();
    let topic = broker.name("pairs");
    let produce = [
        "kafka-console-producer",
        "--bootstrap-server",
        broker.bootstrap(),
        "--topic",
        &topic,
        "--reader-property",
        "parse.key=true",
        "--reader-property",
        "key.separator=:",
    ];
    let ended = ottla::run_with_input(broker.bootstrap(), &produce, "a:1\nb:2\nbroken\nc:3\n");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("No key separator found on line number 3"),
        "{ended:?}"
    );
}

#[test]
fn a_full_standard_output_is_an_error() {
    let broker = Broker::in_memory();
    ottla::succeeds(broker.bootstrap(), &["topic", "create", "orders"], "");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let mut list = ottla::command(broker.bootstrap(), &["topic", "list"]);
    let ended = list.stdout(full).output().expect("ottla can be run");
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(
        said.starts_with("ottla: cannot write to standard output: "),
        "{said}"
    );
}

#[test]
fn unknown_things_are_told_and_end_with_1() {
    let broker = Broker::in_memory();
    for arguments in [
        &["topic", "describe", "nowhere"][..],
        &["topic", "delete", "nowhere"],
        &["group", "describe", "nobody"],
        &["offsets", "nowhere"],
    ] {
        let mut command = ottla::command(broker.bootstrap(), arguments);
        let ended = client::output(&mut command, "");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.starts_with("ottla: "), "{said}");
        let name = arguments.last().expect("a name comes last");
        assert!(said.contains(name), "{said}");
    }
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "it never became so");
        std::thread::sleep(Duration::from_millis(20));
    }
}
