//! What a person does to topics and clients.

use ottla_client::assignor::Assignor;
use ottla_core::{Instant, TopicName, TopicPartition};

use super::known::{Known, KnownClient, Role};
use super::told::{counted, list, span, told};
use super::{Host, Sentence, Tone, faults};
use crate::action::{Action, ConsumerSettings, Keys, Millis, ProducerSettings, Rate, SeekTo};

/// Whoever does something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doer {
    pub(super) at: Instant,
    pub(super) who: Who,
}

/// Whose doing something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The learner's.
    You,
    /// The scene's, by its plan.
    Scene,
    /// Somebody else's, before the learner's eyes.
    Host(Host),
}

impl Doer {
    /// The first template if somebody did it, which begins with `*You*`; the second if it belongs to the scene. Both take the same values.
    pub(super) fn say(self, you: &str, scene: &str, values: &[&str]) -> Sentence {
        let host = match self.who {
            Who::Scene => return told(self.at, Tone::Action, scene, values),
            Who::You => return told(self.at, Tone::Action, you, values),
            Who::Host(Host::Lesson) => "*The lesson*",
            Who::Host(Host::Exam) => "*The exam*",
        };
        let template = you.replacen("*You*", host, 1);
        told(self.at, Tone::Action, &template, values)
    }
}

/// Tells an action, and notes what follows from it.
pub(super) fn hear(known: &mut Known, doer: Doer, action: &Action) -> Option<Sentence> {
    topic_action(known, doer, action)
        .or_else(|| client_action(known, doer, action))
        .or_else(|| faults::hear(known, doer, action))
}

fn topic_action(known: &mut Known, doer: Doer, action: &Action) -> Option<Sentence> {
    Some(match action {
        Action::CreateTopic {
            name,
            partitions_count,
            ..
        } => {
            known.add_topic(&TopicName::from(name.as_str()));
            let partitions = counted(*partitions_count as usize, "partition");
            doer.say(
                "*You* made topic *{}* with {}.",
                "There is a topic *{}* with {}.",
                &[name, &partitions],
            )
        }
        Action::AddPartitions {
            topic,
            partitions_count,
        } => {
            let mut sentence = doer.say(
                "*You* gave topic {} more partitions: *{}*.",
                "Topic {} gets more partitions: *{}*.",
                &[topic, &partitions_count.to_string()],
            );
            let note = " What is written stays where it is. From now on a key may go elsewhere.";
            sentence.add(note, &[]);
            sentence
        }
        Action::DeleteTopic { name } => {
            known.topics.remove(name.as_str());
            doer.say(
                "*You* deleted topic {} and all its records.",
                "Topic {} is deleted with all its records.",
                &[name],
            )
        }
        Action::ConfigureTopic { topic, configs } => {
            let change = |(name, value): &(String, Option<String>)| match value {
                Some(value) => format!("{name} to {value}"),
                None => format!("{name} to its default"),
            };
            let changes: Vec<String> = configs.iter().map(change).collect();
            doer.say(
                "*You* set {} for topic {}.",
                "The plan sets {} for topic {}.",
                &[&list(&changes), topic],
            )
        }
        _ => return None,
    })
}

fn client_action(known: &mut Known, doer: Doer, action: &Action) -> Option<Sentence> {
    Some(match action {
        Action::AddProducer { name, settings } => producer(known, doer, name, settings),
        Action::AddConsumer { name, settings } => consumer(known, doer, name, settings),
        Action::Code { name, .. } => doer.say(
            "*You* ran {}: it is a process of its own.",
            "{} is run: it is a process of its own.",
            &[name],
        ),
        Action::Send { .. } => send(known, doer, action)?,
        Action::SetRate { producer, rate } if rate.per_1000_s == 0 => doer.say(
            "*You* told {} to send nothing more by itself.",
            "{} sends nothing more by itself.",
            &[producer],
        ),
        Action::SetRate { producer, rate } => doer.say(
            "*You* told {} to send {}.",
            "{} sends {} from now on.",
            &[producer, &often(*rate)],
        ),
        Action::SetWork { consumer, work } => doer.say(
            "*You* told {} to work for {} on each record.",
            "{} works for {} on each record from now on.",
            &[consumer, &span(work.0)],
        ),
        Action::Pause(name, partitions) => {
            let mut sentence = doer.say(
                "*You* told {} to pause {}.",
                "{} pauses {}.",
                &[name, &names(known, partitions)],
            );
            sentence.add(" It stays a member and fetches nothing from there.", &[]);
            sentence
        }
        Action::Resume(name, partitions) => doer.say(
            "*You* told {} to go on with {}.",
            "{} goes on with {}.",
            &[name, &names(known, partitions)],
        ),
        Action::Seek {
            consumer,
            partition,
            to,
        } => {
            if let Some(client) = known.clients.get_mut(consumer.as_str()) {
                match to {
                    SeekTo::Offset(_) => client.places.insert(partition.clone()),
                    SeekTo::Beginning | SeekTo::End => client.sought.insert(partition.clone()),
                };
            }
            let to = match to {
                SeekTo::Beginning => "its beginning".to_owned(),
                SeekTo::End => "its end".to_owned(),
                SeekTo::Offset(offset) => format!("offset {offset}"),
            };
            doer.say(
                "*You* moved {} in {} to {}.",
                "{} moves in {} to {}.",
                &[consumer, &known.naming().one(partition), &to],
            )
        }
        Action::Commit(name) => doer.say("*You* told {} to commit.", "{} is to commit.", &[name]),
        _ => return None,
    })
}

/// An order to send, with where to if that is said.
fn send(known: &Known, doer: Doer, action: &Action) -> Option<Sentence> {
    let Action::Send {
        producer,
        topic,
        partition,
        keys,
        count,
        ..
    } = action
    else {
        return None;
    };
    let records = counted(*count as usize, "record");
    let you = "*You* told {} to send {}";
    let mut sentence = doer.say(you, "{} is to send {}", &[producer, &records]);
    match keys {
        Some(Keys::Of(keys)) => sentence.add(" with key {}", &[&list(keys)]),
        Some(Keys::None) => sentence.add(" without a key", &[]),
        _ => {}
    }
    let role = known
        .clients
        .get(producer.as_str())
        .map(|client| &client.role);
    let usual = role.and_then(|role| match role {
        Role::Producer { topic, .. } => Some(topic),
        Role::Consumer { .. } => None,
    });
    match (topic.as_ref().or(usual), partition) {
        (Some(topic), Some(partition)) => {
            let partition = TopicPartition {
                topic: topic.as_str().into(),
                partition: *partition,
            };
            sentence.add(" to {}.", &[&known.naming().one(&partition)]);
        }
        _ => match topic {
            Some(topic) => sentence.add(" to topic {}.", &[topic]),
            None => sentence.add(".", &[]),
        },
    }
    Some(sentence)
}

fn producer(known: &mut Known, doer: Doer, name: &str, settings: &ProducerSettings) -> Sentence {
    let role = Role::Producer {
        topic: settings.topic.clone(),
        partitioner: settings.partitioner,
    };
    known.clients.insert(name.into(), KnownClient::new(role));
    doer.say(
        "*You* started *{}*. It writes to {}.",
        "*{}* starts. It writes to {}.",
        &[name, &settings.topic],
    )
}

fn consumer(known: &mut Known, doer: Doer, name: &str, settings: &ConsumerSettings) -> Sentence {
    let role = Role::Consumer {
        group: settings.group.clone(),
        session_timeout_ms: settings.session_timeout.0,
        max_poll_interval_ms: settings.max_poll_interval.0,
        is_static: settings.group_instance_id.is_some(),
        is_cooperative: settings.assignor == Assignor::CooperativeSticky,
    };
    known.clients.insert(name.into(), KnownClient::new(role));
    let mut sentence = doer.say("*You* started *{}*.", "*{}* starts.", &[name]);
    match &settings.group {
        Some(group) => sentence.add(" It asks to join group {}.", &[group]),
        None => sentence.add(
            " It reads {} alone, in no group.",
            &[&list(&settings.topics)],
        ),
    }
    sentence
}

fn names(known: &Known, partitions: &[TopicPartition]) -> String {
    match partitions.is_empty() {
        true => "all its partitions".to_owned(),
        false => known.naming().all(partitions),
    }
}

/// `5 records a second`, `a record each 10 s`.
fn often(rate: Rate) -> String {
    match rate.per_1000_s {
        each @ 1000.. if each.is_multiple_of(1000) => {
            format!("{} a second", counted((each / 1000) as usize, "record"))
        }
        fewer => {
            let Millis(ms) = Millis(1_000_000 / u64::from(fewer.max(1)));
            format!("a record each {}", span(ms))
        }
    }
}
