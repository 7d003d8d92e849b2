use ottla_core::sorted::Map;

use bytes::Bytes;
use ottla_core::{Now, TopicName, Uuid};

use super::rehearsal::Rehearsal;
use super::{Desk, Exit, Program, ProgramInput, ProgramOutput, Stop, Surroundings};
use crate::admin::{AskError, DescribeCluster, ListTopics, ListedTopic};

fn listed(names: &[&str]) -> Map<TopicName, ListedTopic> {
    let listed = |name: &&str| {
        let topic = ListedTopic {
            id: Uuid::ZERO,
            internal: false,
            partitions_count: 1,
        };
        (TopicName::from(*name), topic)
    };
    names.iter().map(listed).collect()
}

fn list_twice(desk: &mut Desk) -> Result<Exit, Stop> {
    desk.println("first");
    let before = desk.ask(ListTopics { internal: false })?;
    desk.println(format!("{} topics", before.len()));
    desk.warn("again");
    let after = desk.ask(ListTopics { internal: true })?;
    desk.print(format!("{} topics", after.len()));
    Ok(Exit(3))
}

#[test]
fn a_script_goes_on_with_each_answer_and_says_nothing_twice() {
    let played = Rehearsal::new()
        .answer::<ListTopics>(Ok(listed(&["a"])))
        .answer::<ListTopics>(Ok(listed(&["a", "b"])))
        .play(list_twice);
    assert_eq!(played.stdout, "first\n1 topics\n2 topics");
    assert_eq!(played.stderr, "again\n");
    assert_eq!(played.exit, Some(3));
    assert_eq!(
        played.asked,
        [
            "ListTopics { internal: false }",
            "ListTopics { internal: true }"
        ]
    );
    assert_eq!(played.runs_count, 3);
}

#[test]
fn questions_side_by_side_are_asked_in_one_run() {
    let played = Rehearsal::new()
        .answer::<ListTopics>(Ok(listed(&["a"])))
        .answer::<ListTopics>(Ok(listed(&["b"])))
        .play(|desk| {
            let asked = [false, true].map(|internal| desk.begin(ListTopics { internal }));
            for asked in asked {
                let topics = desk.answer(asked)??;
                desk.println(topics.len());
            }
            Ok(Exit::DONE)
        });
    assert_eq!(played.stdout, "1\n1\n");
    assert_eq!(played.runs_count, 2);
}

#[test]
fn a_failure_that_the_script_leaves_alone_is_told_with_its_remedy() {
    let unreachable = AskError::Unreachable {
        call: "describeCluster",
        why: "127.0.0.1:9092: connection refused".to_owned(),
    };
    let played = Rehearsal::new()
        .answer::<DescribeCluster>(Err(unreachable))
        .play(|desk| {
            desk.ask(DescribeCluster)?;
            Ok(Exit::DONE)
        });
    expect_test::expect![[r#"
        ottla: cannot reach 127.0.0.1:9092: connection refused
               start a broker with `ottla`, or name another one: --bootstrap HOST:PORT
    "#]]
    .assert_eq(&played.stderr);
    assert_eq!(played.exit, Some(1));
}

#[test]
fn a_file_that_cannot_be_read_is_the_scripts_business() {
    let wide = Surroundings {
        columns: 120,
        ..Surroundings::default()
    };
    let script = |desk: &mut Desk| {
        let columns = desk.surroundings().columns;
        for path in ["a", "b"] {
            let file = desk.read_file(path)?;
            desk.println(format!("{columns} {path} {file:?}"));
        }
        Ok(Exit::DONE)
    };
    let played = Rehearsal::new()
        .surroundings(wide)
        .file(Ok("text"))
        .file(Err("permission denied"))
        .play(script);
    assert_eq!(
        played.stdout,
        "120 a Ok(b\"text\")\n120 b Err(\"permission denied\")\n"
    );
    assert_eq!(played.asked, ["a", "b"]);
}

#[test]
fn a_program_reads_its_file_and_ends_with_its_code() {
    let mut program = Program::script(Surroundings::default(), 1, |desk| {
        let file = desk.read_file("there")?;
        match file {
            Ok(bytes) => desk.println(bytes.len()),
            Err(why) => desk.warn(why),
        }
        Ok(Exit(7))
    });
    let mut out = Vec::new();
    program.handle(Now::default(), ProgramInput::Start, &mut out);
    assert_eq!(out, [ProgramOutput::ReadFile("there".to_owned())]);
    out.clear();
    let file = ProgramInput::File {
        path: "there".to_owned(),
        contents: Ok(Bytes::from_static(b"1234")),
    };
    program.handle(Now::default(), file, &mut out);
    assert_eq!(
        out,
        [
            ProgramOutput::Stdout(Bytes::from_static(b"4\n")),
            ProgramOutput::Exit(7)
        ]
    );
}

#[test]
fn ctrl_c_ends_a_script() {
    let mut program = Program::script(Surroundings::default(), 1, |desk| {
        desk.read_file("never")?.ok();
        Ok(Exit::DONE)
    });
    let mut out = Vec::new();
    program.handle(Now::default(), ProgramInput::Start, &mut out);
    program.handle(Now::default(), ProgramInput::Interrupt, &mut out);
    assert_eq!(out.last(), Some(&ProgramOutput::Exit(130)));
    out.clear();
    program.handle(Now::default(), ProgramInput::Tick, &mut out);
    assert_eq!(out, []);
}
