//! What can be done with an object: lines of actions, some with blanks to fill in.

use std::rc::Rc;

use ottla_lab::scene::{Life, Scene};

use crate::stage::object::Object;
use crate::strings::inspector as strings;

/// Something that can be done.
#[derive(Clone)]
pub(super) struct Command {
    pub(super) label: &'static str,
    pub(super) explain: &'static str,
    /// Whether something dies or is lost by it.
    pub(super) is_grave: bool,
    /// What must be filled in.
    pub(super) fields: Vec<FieldView>,
    /// The action's line, with what was filled in.
    pub(super) line: Rc<Fill>,
}

/// Makes a line of what was filled in.
type Fill = dyn Fn(&[String]) -> String;

/// Something to be filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldView {
    pub(super) label: &'static str,
    /// What stands there at first.
    pub(super) value: String,
    /// What can be chosen; empty: anything can be written.
    pub(super) options: Vec<String>,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        (self.label, &self.fields) == (other.label, &other.fields)
    }
}

/// All that can be done with an object now.
pub(super) fn commands(scene: &Scene, object: &Object) -> Vec<Command> {
    match object {
        Object::Producer(name) => producer(scene, name),
        Object::Consumer(name) => consumer(scene, name),
        Object::Broker => broker(scene),
        Object::Topic(name) => topic(scene, name),
        Object::Partition(topic, partition) => partition_commands(scene, topic, *partition),
        Object::Record(..) | Object::Member(..) | Object::Group(_) => Vec::new(),
    }
}

fn producer(scene: &Scene, name: &str) -> Vec<Command> {
    let Some(view) = scene
        .producers
        .iter()
        .find(|producer| producer.name == name)
    else {
        return Vec::new();
    };
    let mut commands = Vec::new();
    if view.life == Life::Running {
        commands.push(send(name.to_owned(), String::new()));
        let subject = name.to_owned();
        commands.push(form(
            strings::RATE,
            strings::RATE_EXPLAIN,
            vec![field(strings::RATE_FIELD, "1/s")],
            move |values| format!("rate {subject} {}", values[0]),
        ));
        commands.push(plain(
            strings::LOSE_ANSWER,
            strings::LOSE_ANSWER_EXPLAIN,
            format!("lose-answer {name}"),
        ));
    }
    commands.extend(process(name, view.life, strings::STOP));
    commands
}

fn consumer(scene: &Scene, name: &str) -> Vec<Command> {
    let Some(view) = scene
        .consumers
        .iter()
        .find(|consumer| consumer.name == name)
    else {
        return Vec::new();
    };
    let mut commands = Vec::new();
    commands.extend(process(name, view.life, strings::LEAVE));
    if view.life != Life::Running {
        return commands;
    }
    let places: Vec<String> = view
        .partitions
        .iter()
        .map(|read| read.partition.to_string())
        .collect();
    if !places.is_empty() {
        let is_paused = view.partitions.iter().any(|read| read.is_paused);
        commands.push(if is_paused {
            plain(
                strings::RESUME,
                strings::RESUME_EXPLAIN,
                format!("resume {name}"),
            )
        } else {
            plain(
                strings::PAUSE,
                strings::PAUSE_EXPLAIN,
                format!("pause {name}"),
            )
        });
        if view.group.is_some() {
            commands.push(plain(
                strings::COMMIT,
                strings::COMMIT_EXPLAIN,
                format!("commit {name}"),
            ));
        }
        let fields = vec![
            choice(strings::PARTITION_FIELD, places),
            field(strings::SEEK_FIELD, "beginning"),
        ];
        let subject = name.to_owned();
        commands.push(form(
            strings::SEEK,
            strings::SEEK_EXPLAIN,
            fields,
            move |values| format!("seek {subject} {} {}", values[0], values[1]),
        ));
    }
    let subject = name.to_owned();
    commands.push(form(
        strings::WORK,
        strings::WORK_EXPLAIN,
        vec![field(strings::WORK_FIELD, "500ms")],
        move |values| format!("work {subject} {}", values[0]),
    ));
    commands
}

/// What can happen to any client's process.
fn process(name: &str, life: Life, end: &'static str) -> Vec<Command> {
    match life {
        Life::Running => vec![
            grave(
                strings::CRASH,
                strings::CRASH_EXPLAIN,
                format!("crash {name}"),
            ),
            plain(
                strings::FREEZE,
                strings::FREEZE_EXPLAIN,
                format!("freeze {name}"),
            ),
            plain(end, strings::LEAVE_EXPLAIN, format!("leave {name}")),
            plain(strings::CUT, strings::CUT_EXPLAIN, format!("cut {name}")),
        ],
        Life::Frozen(_) => vec![
            plain(strings::THAW, strings::THAW_EXPLAIN, format!("thaw {name}")),
            grave(
                strings::CRASH,
                strings::CRASH_EXPLAIN,
                format!("crash {name}"),
            ),
        ],
        Life::Crashed(_) | Life::Left(_) => vec![
            plain(
                strings::RESTART,
                strings::RESTART_EXPLAIN,
                format!("restart {name}"),
            ),
            plain(
                strings::REMOVE,
                strings::REMOVE_EXPLAIN,
                format!("remove {name}"),
            ),
        ],
    }
}

fn broker(scene: &Scene) -> Vec<Command> {
    let mut commands = match scene.broker.life {
        Life::Running => vec![
            plain(
                strings::STOP,
                strings::BROKER_STOP_EXPLAIN,
                "broker stop".into(),
            ),
            grave(
                strings::CRASH,
                strings::BROKER_CRASH_EXPLAIN,
                "broker crash".into(),
            ),
            plain(
                strings::FREEZE,
                strings::FREEZE_EXPLAIN,
                "broker freeze".into(),
            ),
        ],
        Life::Frozen(_) => vec![
            plain(strings::THAW, strings::THAW_EXPLAIN, "broker thaw".into()),
            grave(
                strings::CRASH,
                strings::BROKER_CRASH_EXPLAIN,
                "broker crash".into(),
            ),
        ],
        Life::Crashed(_) | Life::Left(_) => {
            vec![plain(
                strings::START,
                strings::BROKER_START_EXPLAIN,
                "broker start".into(),
            )]
        }
    };
    if scene.broker.life == Life::Running {
        let fields = vec![
            field(strings::NAME_FIELD, "orders"),
            field(strings::PARTITIONS_FIELD, "3"),
        ];
        commands.push(form(
            strings::NEW_TOPIC,
            strings::NEW_TOPIC_EXPLAIN,
            fields,
            |values| format!("topic {} partitions={}", values[0], values[1]),
        ));
    }
    let latency = vec![
        field(strings::LATENCY_FIELD, "20ms"),
        field(strings::JITTER_FIELD, "0"),
    ];
    commands.push(form(
        strings::LATENCY,
        strings::LATENCY_EXPLAIN,
        latency,
        |values| format!("links latency={} jitter={}", values[0], values[1]),
    ));
    commands.push(form(
        strings::DISK,
        strings::DISK_EXPLAIN,
        vec![field(strings::DISK_FIELD, "5ms")],
        |values| format!("disk {}", values[0]),
    ));
    commands
}

fn topic(scene: &Scene, name: &str) -> Vec<Command> {
    let count = scene
        .topics
        .iter()
        .find(|topic| topic.name == name)
        .map_or(1, |topic| topic.partitions.len());
    let mut commands: Vec<Command> = sender(scene, name)
        .map(|producer| send(producer, format!(" topic={name}")))
        .into_iter()
        .collect();
    let subject = name.to_owned();
    let more = vec![field(strings::PARTITIONS_FIELD, &(count + 1).to_string())];
    commands.push(form(
        strings::ADD_PARTITIONS,
        strings::ADD_PARTITIONS_EXPLAIN,
        more,
        move |values| format!("partitions {subject} {}", values[0]),
    ));
    let subject = name.to_owned();
    let settings = vec![
        field(strings::CONFIG_FIELD, "retention.ms"),
        field(strings::VALUE, "60000"),
    ];
    commands.push(form(
        strings::CONFIGURE,
        strings::CONFIGURE_EXPLAIN,
        settings,
        move |values| format!("configure {subject} {}={}", values[0], values[1]),
    ));
    commands.push(grave(
        strings::DELETE,
        strings::DELETE_EXPLAIN,
        format!("delete-topic {name}"),
    ));
    commands
}

fn partition_commands(scene: &Scene, topic: &str, partition: i32) -> Vec<Command> {
    let sender = sender(scene, topic);
    let command =
        sender.map(|producer| send(producer, format!(" topic={topic} partition={partition}")));
    command.into_iter().collect()
}

/// Who can send to a topic: one that does so anyway, or any other.
fn sender(scene: &Scene, topic: &str) -> Option<String> {
    let running = || {
        scene
            .producers
            .iter()
            .filter(|producer| producer.life == Life::Running)
    };
    let own = running().find(|producer| producer.topic == topic);
    own.or_else(|| running().next())
        .map(|producer| producer.name.clone())
}

fn send(producer: String, more: String) -> Command {
    let fields = vec![
        field(strings::KEY_FIELD, ""),
        field(strings::VALUE_FIELD, ""),
        field(strings::COUNT_FIELD, "1"),
    ];
    form(
        strings::SEND,
        strings::SEND_EXPLAIN,
        fields,
        move |values| {
            let (mut line, text) = (format!("send {producer}"), |text: &str| quoted(text));
            if !values[0].is_empty() {
                line.push_str(&format!(" key={}", text(&values[0])));
            }
            if !values[1].is_empty() {
                line.push_str(&format!(" value={}", text(&values[1])));
            }
            line.push_str(&more);
            format!("{line} count={}", values[2])
        },
    )
}

/// A text as one word of an action's line.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn plain(label: &'static str, explain: &'static str, line: String) -> Command {
    Command {
        label,
        explain,
        is_grave: false,
        fields: Vec::new(),
        line: Rc::new(move |_| line.clone()),
    }
}

fn grave(label: &'static str, explain: &'static str, line: String) -> Command {
    Command {
        is_grave: true,
        ..plain(label, explain, line)
    }
}

fn form(
    label: &'static str,
    explain: &'static str,
    fields: Vec<FieldView>,
    line: impl Fn(&[String]) -> String + 'static,
) -> Command {
    Command {
        label,
        explain,
        is_grave: false,
        fields,
        line: Rc::new(line),
    }
}

fn field(label: &'static str, value: &str) -> FieldView {
    FieldView {
        label,
        value: value.to_owned(),
        options: Vec::new(),
    }
}

fn choice(label: &'static str, options: Vec<String>) -> FieldView {
    FieldView {
        label,
        value: options.first().cloned().unwrap_or_default(),
        options,
    }
}
