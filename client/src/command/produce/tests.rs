//! What happens without a broker. With one: `client/tests/commands/`.

use bytes::Bytes;
use ottla_core::{Instant, Now, Timestamp};

use super::{Job, LineReader, Produce, Voice};
use crate::command::{Machine, ProgramInput, ProgramOutput};
use crate::producer::ProducerConfig;

fn produce(
    properties: &[(&str, &str)],
    reader: &[(&str, &str)],
    prompt: Option<&'static str>,
) -> Produce {
    let bootstrap = [("bootstrap.servers", "nowhere:1")];
    let properties = bootstrap.iter().chain(properties).copied();
    let (config, _) = ProducerConfig::from_properties(properties).expect("a good configuration");
    let reader = reader
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let job = Job {
        topic: "orders".into(),
        partition: None,
        headers: Vec::new(),
        reader: LineReader::from_properties(&reader.collect()).expect("a good reader"),
        sync: false,
        prompt,
    };
    Produce::new(job, config, Voice::kafka(), 1)
}

fn at(ms: u64) -> Now {
    Now {
        mono: Instant(ms * 1000),
        wall: Timestamp(1_700_000_000_000 + ms as i64),
    }
}

/// What is printed, on either stream, and the exit code.
fn said(out: &[ProgramOutput]) -> (String, Option<u8>) {
    let mut text = String::new();
    let mut code = None;
    for output in out {
        match output {
            ProgramOutput::Stdout(bytes) | ProgramOutput::Stderr(bytes) => {
                text += &String::from_utf8_lossy(bytes)
            }
            ProgramOutput::Exit(exit) => code = Some(*exit),
            _ => {}
        }
    }
    (text, code)
}

#[test]
fn nothing_more_is_read_while_the_buffer_is_full() {
    let mut machine = produce(
        &[("buffer.memory", "10000"), ("max.request.size", "9000")],
        &[],
        None,
    );
    let mut out = Vec::new();
    machine.handle(at(0), ProgramInput::Start, &mut out);
    let mut lines_count = 0;
    while machine.wants_stdin() {
        assert!(lines_count < 1000, "the buffer is never full");
        let line = Bytes::from(format!("{}\n", "x".repeat(100)));
        machine.handle(at(0), ProgramInput::Stdin(line), &mut out);
        lines_count += 1;
    }
    assert!(lines_count > 10, "{lines_count}");
    assert_eq!(said(&out), (String::new(), None));
}

#[test]
fn a_broken_line_ends_it_with_its_number() {
    let reader = [("parse.key", "true"), ("key.separator", ":")];
    let mut machine = produce(&[], &reader, None);
    let mut out = Vec::new();
    machine.handle(at(0), ProgramInput::Start, &mut out);
    machine.handle(
        at(0),
        ProgramInput::Stdin(Bytes::from_static(b"no separator\nk:v\n")),
        &mut out,
    );
    let said = said(&out);
    assert_eq!(
        said.0,
        "org.apache.kafka.common.KafkaException: No key separator found on line number 1: 'no separator'\n"
    );
    assert_eq!(said.1, Some(1));
}

#[test]
fn a_person_at_a_terminal_is_prompted_for_each_line() {
    let mut machine = produce(&[], &[], Some(">"));
    let mut out = Vec::new();
    machine.handle(at(0), ProgramInput::Start, &mut out);
    machine.handle(
        at(0),
        ProgramInput::Stdin(Bytes::from_static(b"one\ntwo\n")),
        &mut out,
    );
    assert_eq!(said(&out).0, ">>>");
}

#[test]
fn records_that_find_no_broker_are_told_one_by_one_and_the_code_is_0() {
    let mut machine = produce(&[("max.block.ms", "3000")], &[], None);
    let mut out = Vec::new();
    machine.handle(at(0), ProgramInput::Start, &mut out);
    machine.handle(
        at(0),
        ProgramInput::Stdin(Bytes::from_static(b"first\n\n")),
        &mut out,
    );
    machine.handle(at(0), ProgramInput::StdinEnded, &mut out);
    machine.handle(at(3001), ProgramInput::Tick, &mut out);
    machine.handle(at(3002), ProgramInput::Tick, &mut out);
    expect_test::expect![[r#"
        ottla: Error when sending message to topic orders with key: null, value: 5 bytes with error: org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 3000 ms.
        ottla: Error when sending message to topic orders with key: null, value: 0 bytes with error: org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 3000 ms.
    "#]]
    .assert_eq(&said(&out).0);
    assert_eq!(said(&out).1, Some(0));
}

#[test]
fn the_second_ctrl_c_does_not_wait_for_anything() {
    let mut machine = produce(&[], &[], None);
    let mut out = Vec::new();
    machine.handle(at(0), ProgramInput::Start, &mut out);
    machine.handle(
        at(0),
        ProgramInput::Stdin(Bytes::from_static(b"first\n")),
        &mut out,
    );
    machine.handle(at(1), ProgramInput::Interrupt, &mut out);
    assert_eq!(said(&out).1, None, "the record is still under way");
    machine.handle(at(2), ProgramInput::Interrupt, &mut out);
    assert_eq!(said(&out).1, Some(130));
}
