//! Which forms there are, and what stands in them at first.

use ottla_lab::scene::Scene;

use super::another::next_name;
use crate::parts::Field;
use crate::strings::sandbox as strings;

/// A form of the sandbox.
pub(crate) struct Form {
    /// What it is for.
    pub(crate) kind: FormKind,
    /// What the button that opens it says.
    pub(crate) title: &'static str,
    /// What the button that does it says.
    pub(crate) button: &'static str,
    /// The key that opens it.
    pub(crate) key: Option<&'static str>,
    /// The action's line.
    pub(crate) template: &'static str,
}

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormKind {
    /// A topic.
    Topic,
    /// A producer.
    Producer,
    /// A consumer.
    Consumer,
    /// What links are like.
    Network,
    /// A line.
    Any,
}

/// All forms.
pub(crate) const FORMS: &[Form] = &[
    Form {
        kind: FormKind::Topic,
        title: strings::TOPIC,
        button: strings::ADD,
        key: Some("t"),
        template: "topic {name} partitions={partitions} retention.ms={retention}",
    },
    Form {
        kind: FormKind::Producer,
        title: strings::PRODUCER,
        button: strings::ADD,
        key: Some("p"),
        template: "producer {name} topic={topic} keys={keys} rate={rate} acks={acks} partitioner={partitioner}",
    },
    Form {
        kind: FormKind::Consumer,
        title: strings::CONSUMER,
        button: strings::ADD,
        key: Some("c"),
        template: "consumer {name} group={group} topics={topics} from={from} assignor={assignor} commit={commit} work={work} on-poison={poison}",
    },
    Form {
        kind: FormKind::Network,
        title: strings::NETWORK,
        button: strings::APPLY,
        key: None,
        template: "links latency={latency} jitter={jitter}",
    },
    Form {
        kind: FormKind::Any,
        title: strings::ANY,
        button: strings::DO,
        key: None,
        template: "{line}",
    },
];

/// A form's fields, with names that are still free. A sentence instead, if something has to be there first.
pub(crate) fn fields(kind: FormKind, scene: &Scene) -> Result<Vec<Field>, &'static str> {
    let topics: Vec<(&str, &str)> = scene
        .topics
        .iter()
        .rev()
        .map(|topic| (topic.name.as_str(), topic.name.as_str()))
        .collect();
    let needs_topic = matches!(kind, FormKind::Producer | FormKind::Consumer);
    if needs_topic && topics.is_empty() {
        return Err(strings::NO_TOPIC);
    }
    Ok(match kind {
        FormKind::Topic => vec![
            Field::text("name", strings::NAME, &free_topic(scene)),
            Field::text("partitions", strings::PARTITIONS, "3"),
            Field::text("retention", strings::RETENTION, ""),
        ],
        FormKind::Producer => vec![
            Field::text(
                "name",
                strings::NAME,
                &free_client(
                    scene,
                    "producer",
                    scene.producers.last().map(|producer| &producer.name),
                ),
            ),
            Field::choice("topic", strings::TO_TOPIC, &topics),
            Field::text("keys", strings::KEYS, "0..9"),
            Field::choice("rate", strings::RATE, strings::RATES),
            Field::choice("acks", strings::ACKS, strings::ALL_ACKS),
            Field::choice("partitioner", strings::PARTITIONER, strings::PARTITIONERS),
        ],
        FormKind::Consumer => vec![
            Field::text(
                "name",
                strings::NAME,
                &free_client(
                    scene,
                    "consumer",
                    scene.consumers.last().map(|consumer| &consumer.name),
                ),
            ),
            Field::text("group", strings::GROUP, &last_group(scene)),
            choice("topics", strings::READS, &subscriptions(&topics)),
            Field::choice("from", strings::FROM, strings::FROMS),
            Field::choice("assignor", strings::ASSIGNOR, strings::ASSIGNORS),
            Field::choice("commit", strings::COMMIT, strings::COMMITS),
            Field::choice("work", strings::WORK, strings::WORKS),
            choice("poison", strings::POISON, &failure_policies(&topics)),
        ],
        FormKind::Network => vec![
            Field::text("latency", strings::LATENCY, "20ms"),
            Field::text("jitter", strings::JITTER, "0ms"),
        ],
        FormKind::Any => vec![Field::text("line", strings::LINE, strings::LINE_SAMPLE)],
    })
}

fn choice(name: &'static str, label: &'static str, choices: &[(String, String)]) -> Field {
    let borrowed: Vec<(&str, &str)> = choices
        .iter()
        .map(|(value, text)| (value.as_str(), text.as_str()))
        .collect();
    Field::choice(name, label, &borrowed)
}

/// Each topic for itself, and all together.
fn subscriptions(topics: &[(&str, &str)]) -> Vec<(String, String)> {
    let names: Vec<&str> = topics.iter().map(|(name, _)| *name).collect();
    let mut choices: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    if names.len() > 1 {
        let in_order: Vec<&str> = names.into_iter().rev().collect();
        choices.push(in_order.join(","));
    }
    choices
        .into_iter()
        .map(|name| (name.clone(), name))
        .collect()
}

/// What becomes of a record that cannot be handled: any topic can take it in.
fn failure_policies(topics: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(value, text): &(&str, &str)| ((*value).to_owned(), (*text).to_owned());
    let parked = |(topic, _): &(&str, &str)| (format!("park:{topic}"), strings::parked(topic));
    let kept = strings::POISONS.iter().map(owned);
    kept.chain(topics.iter().map(parked)).collect()
}

fn free_topic(scene: &Scene) -> String {
    let is_free = |name: &String| scene.topics.iter().all(|topic| topic.name != *name);
    let numbered = (2..).map(|number| format!("{TOPIC}-{number}"));
    let names = std::iter::once(TOPIC.to_owned()).chain(numbered);
    first(names, is_free)
}

fn free_client(scene: &Scene, kind: &str, last: Option<&String>) -> String {
    next_name(scene, last.map_or(&format!("{kind}-0"), String::as_str))
}

fn first(names: impl Iterator<Item = String>, is_free: impl Fn(&String) -> bool) -> String {
    let mut names = names.filter(is_free);
    names.next().expect("numbers do not end")
}

fn last_group(scene: &Scene) -> String {
    let newest = scene
        .consumers
        .iter()
        .rev()
        .find_map(|consumer| consumer.group.clone());
    newest.unwrap_or_else(|| GROUP.to_owned())
}

const TOPIC: &str = "orders";
const GROUP: &str = "billing";
