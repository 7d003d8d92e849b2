//! What can be done with an object: actions, and lines of actions with blanks to fill in.

use ottla_lab::action::{Action, BrokerFault};
use ottla_lab::scene::{ConsumerView, Life, ProducerView, Scene};

use crate::parts::Field;
use crate::stage::object::Object;
use crate::strings::inspector as strings;

/// Something that can be done.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Command {
    pub(super) label: &'static str,
    pub(super) explain: &'static str,
    /// Whether something dies or is lost by it.
    pub(super) is_grave: bool,
    pub(super) what: What,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// This.
    Act(Action),
    /// What a line says when its blanks are filled in.
    Ask(String, Vec<Field>),
}

/// All that can be done with an object now.
pub(super) fn commands(scene: &Scene, object: &Object) -> Vec<Command> {
    match object {
        Object::Producer(name) => {
            let view = scene.producer(name);
            view.map_or(Vec::new(), producer)
        }
        Object::Consumer(name) => {
            let view = scene.consumer(name);
            view.map_or(Vec::new(), consumer)
        }
        Object::Broker => broker(scene),
        Object::Topic(name) => topic(scene, name),
        Object::Partition(topic, partition) => {
            let to = format!("topic={topic} partition={partition}");
            let producer = sender(scene, topic);
            producer
                .map(|producer| send(producer, &to))
                .into_iter()
                .collect()
        }
        Object::Record(..) | Object::Member(..) | Object::Group(_) => Vec::new(),
    }
}

fn producer(view: &ProducerView) -> Vec<Command> {
    let name = &view.name;
    let mut commands = Vec::new();
    if view.life == Life::Running {
        let rate = Field::text("rate", strings::RATE_FIELD, "1/s");
        let lose = Action::LoseAnswer(name.clone());
        commands.extend([
            send(view, ""),
            ask(
                strings::RATE,
                strings::RATE_EXPLAIN,
                format!("rate {name} {{rate}}"),
                vec![rate],
            ),
            act(strings::LOSE_ANSWER, strings::LOSE_ANSWER_EXPLAIN, lose),
        ]);
    }
    commands.extend(process(name, view.life, strings::STOP));
    commands
}

fn consumer(view: &ConsumerView) -> Vec<Command> {
    let name = &view.name;
    let mut commands = process(name, view.life, strings::LEAVE);
    if view.life != Life::Running {
        return commands;
    }
    if !view.partitions.is_empty() {
        commands.extend(reading(view));
    }
    let work = Field::text("work", strings::WORK_FIELD, "500ms");
    commands.push(ask(
        strings::WORK,
        strings::WORK_EXPLAIN,
        format!("work {name} {{work}}"),
        vec![work],
    ));
    commands
}

/// What can be done with somebody's partitions.
fn reading(view: &ConsumerView) -> Vec<Command> {
    let name = &view.name;
    let mut commands = Vec::new();
    commands.push(if view.partitions.iter().any(|read| read.is_paused) {
        let resume = Action::Resume(name.clone(), Vec::new());
        act(strings::RESUME, strings::RESUME_EXPLAIN, resume)
    } else {
        let pause = Action::Pause(name.clone(), Vec::new());
        act(strings::PAUSE, strings::PAUSE_EXPLAIN, pause)
    });
    if view.group.is_some() {
        let commit = Action::Commit(name.clone());
        commands.push(act(strings::COMMIT, strings::COMMIT_EXPLAIN, commit));
    }
    let places: Vec<String> = view
        .partitions
        .iter()
        .map(|read| read.partition.to_string())
        .collect();
    let places: Vec<(&str, &str)> = places
        .iter()
        .map(|place| (place.as_str(), place.as_str()))
        .collect();
    commands.push(ask(
        strings::SEEK,
        strings::SEEK_EXPLAIN,
        format!("seek {name} {{partition}} {{to}}"),
        vec![
            Field::choice("partition", strings::PARTITION_FIELD, &places),
            Field::text("to", strings::SEEK_FIELD, "beginning"),
        ],
    ));
    commands
}

/// What can happen to any client's process.
fn process(name: &str, life: Life, end: &'static str) -> Vec<Command> {
    let name = || name.to_owned();
    let crash = || {
        grave(
            strings::CRASH,
            strings::CRASH_EXPLAIN,
            Action::Crash(name()),
        )
    };
    match life {
        Life::Running => vec![
            crash(),
            act(
                strings::FREEZE,
                strings::FREEZE_EXPLAIN,
                Action::Freeze(name()),
            ),
            act(end, strings::LEAVE_EXPLAIN, Action::Leave(name())),
            act(strings::CUT, strings::CUT_EXPLAIN, Action::Cut(name())),
        ],
        Life::Frozen(_) => vec![
            act(strings::THAW, strings::THAW_EXPLAIN, Action::Thaw(name())),
            crash(),
        ],
        Life::Crashed(_) | Life::Left(_) => vec![
            act(
                strings::RESTART,
                strings::RESTART_EXPLAIN,
                Action::Restart(name()),
            ),
            act(
                strings::REMOVE,
                strings::REMOVE_EXPLAIN,
                Action::Remove(name()),
            ),
        ],
    }
}

fn broker(scene: &Scene) -> Vec<Command> {
    let fault = |label, explain, fault| act(label, explain, Action::Broker(fault));
    let crash = Action::Broker(BrokerFault::Crash);
    let crash = grave(strings::CRASH, strings::BROKER_CRASH_EXPLAIN, crash);
    let mut commands = match scene.broker.life {
        Life::Running => vec![
            fault(
                strings::STOP,
                strings::BROKER_STOP_EXPLAIN,
                BrokerFault::Stop,
            ),
            crash,
            fault(
                strings::FREEZE,
                strings::FREEZE_EXPLAIN,
                BrokerFault::Freeze,
            ),
            ask(
                strings::NEW_TOPIC,
                strings::NEW_TOPIC_EXPLAIN,
                "topic {name} partitions={partitions}".into(),
                vec![
                    Field::text("name", strings::NAME_FIELD, "orders"),
                    Field::text("partitions", strings::PARTITIONS_FIELD, "3"),
                ],
            ),
        ],
        Life::Frozen(_) => vec![
            fault(strings::THAW, strings::THAW_EXPLAIN, BrokerFault::Thaw),
            crash,
        ],
        Life::Crashed(_) | Life::Left(_) => vec![fault(
            strings::START,
            strings::BROKER_START_EXPLAIN,
            BrokerFault::Start,
        )],
    };
    commands.push(ask(
        strings::LATENCY,
        strings::LATENCY_EXPLAIN,
        "links latency={latency} jitter={jitter}".into(),
        vec![
            Field::text("latency", strings::LATENCY_FIELD, "20ms"),
            Field::text("jitter", strings::JITTER_FIELD, "0"),
        ],
    ));
    commands.push(ask(
        strings::DISK,
        strings::DISK_EXPLAIN,
        "disk {delay}".into(),
        vec![Field::text("delay", strings::DISK_FIELD, "5ms")],
    ));
    commands
}

fn topic(scene: &Scene, name: &str) -> Vec<Command> {
    let count = scene.topic(name).map_or(1, |topic| topic.partitions.len());
    let send = sender(scene, name).map(|producer| send(producer, &format!("topic={name}")));
    let mut commands: Vec<Command> = send.into_iter().collect();
    let more = (count + 1).to_string();
    let delete = Action::DeleteTopic {
        name: name.to_owned(),
    };
    commands.extend([
        ask(
            strings::ADD_PARTITIONS,
            strings::ADD_PARTITIONS_EXPLAIN,
            format!("partitions {name} {{partitions}}"),
            vec![Field::text("partitions", strings::PARTITIONS_FIELD, &more)],
        ),
        ask(
            strings::CONFIGURE,
            strings::CONFIGURE_EXPLAIN,
            format!("configure {name} {{key}}={{value}}"),
            vec![
                Field::text("key", strings::CONFIG_FIELD, "retention.ms"),
                Field::text("value", strings::VALUE, "60000"),
            ],
        ),
        grave(strings::DELETE, strings::DELETE_EXPLAIN, delete),
    ]);
    commands
}

/// Who can send to a topic: one that does so anyway, or any other.
fn sender<'a>(scene: &'a Scene, topic: &str) -> Option<&'a ProducerView> {
    let producers = scene.producers.iter();
    let mut running = producers.filter(|producer| producer.life == Life::Running);
    let own = running.clone().find(|producer| producer.topic == topic);
    own.or_else(|| running.next())
}

fn send(producer: &ProducerView, to: &str) -> Command {
    let name = &producer.name;
    ask(
        strings::SEND,
        strings::SEND_EXPLAIN,
        format!("send {name} key=\"{{key}}\" value=\"{{value}}\" {to} count={{count}}"),
        vec![
            Field::text("key", strings::KEY_FIELD, ""),
            Field::text("value", strings::VALUE_FIELD, ""),
            Field::text("count", strings::COUNT_FIELD, "1"),
        ],
    )
}

fn act(label: &'static str, explain: &'static str, action: Action) -> Command {
    Command {
        label,
        explain,
        is_grave: false,
        what: What::Act(action),
    }
}

fn grave(label: &'static str, explain: &'static str, action: Action) -> Command {
    Command {
        is_grave: true,
        ..act(label, explain, action)
    }
}

fn ask(label: &'static str, explain: &'static str, line: String, fields: Vec<Field>) -> Command {
    Command {
        label,
        explain,
        is_grave: false,
        what: What::Ask(line, fields),
    }
}
