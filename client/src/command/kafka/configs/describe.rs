//! `--describe`.

use super::entity::Kind;
use super::{Entity, ask};
use crate::admin::{
    ConfigEntry, DescribeCluster, DescribeConfigs, ListConfigResources, ListGroups, ListTopics,
    ResourceKind,
};
use crate::command::Desk;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::java::{Exception, hash_of_string, hash_order};
use crate::command::kafka::options::Options;

/// Shows settings: those that were set on the entities themselves, or all.
pub(super) fn describe(desk: &mut Desk, options: &Options, entity: &Entity) -> Result<(), Failure> {
    let kind = entity.kind;
    let all = options.has("all");
    let names = match &entity.name {
        Some(name) => {
            if !all && !exists(desk, kind, name)? {
                desk.println(format!(
                    "The {} '{name}' doesn't exist and doesn't have dynamic config.",
                    kind.singular()
                ));
                return Ok(());
            }
            vec![name.clone()]
        }
        None => names(desk, kind)?,
    };
    if names.is_empty() {
        return Ok(());
    }
    let mut described = ask(
        desk,
        DescribeConfigs {
            resources: names.iter().map(|name| kind.resource(name)).collect(),
            keys: None,
            synonyms: true,
            documentation: false,
        },
    )?;
    for name in names {
        desk.println(match (name.as_str(), all) {
            ("", _) => format!("Default configs for {} in the cluster are:", kind.plural()),
            (name, true) => format!("All configs for {} {name} are:", kind.singular()),
            (name, false) => format!("Dynamic configs for {} {name} are:", kind.singular()),
        });
        let entries = described.remove(&kind.resource(&name)).transpose();
        let entries = entries.map_err(|error| Failure::from(error).of_future())?;
        let own = kind.own_source(&name).filter(|_| !all);
        let mut entries = entries.unwrap_or_default();
        entries.retain(|entry| own.is_none_or(|own| entry.source == own));
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        entries.iter().for_each(|entry| desk.println(line(entry)));
    }
    Ok(())
}

fn line(entry: &ConfigEntry) -> String {
    let value = |value: &Option<String>| value.as_deref().unwrap_or("null").to_owned();
    let synonyms = entry.synonyms.iter();
    let synonyms: Vec<String> = synonyms
        .map(|one| format!("{}:{}={}", one.source.name(), one.name, value(&one.value)))
        .collect();
    format!(
        "  {}={} sensitive={} synonyms={{{}}}",
        entry.name,
        value(&entry.value),
        entry.sensitive,
        synonyms.join(", ")
    )
}

/// Whether there is such an entity, or settings for it.
fn exists(desk: &mut Desk, kind: Kind, name: &str) -> Result<bool, Failure> {
    if kind == Kind::Topic {
        check_topic(name)?;
    }
    let is_default = kind == Kind::Broker && name.is_empty();
    Ok(is_default || names(desk, kind)?.iter().any(|one| one == name))
}

/// The names of all entities of a kind.
fn names(desk: &mut Desk, kind: Kind) -> Result<Vec<String>, Failure> {
    Ok(match kind {
        Kind::Topic => {
            let topics = ask(desk, ListTopics { internal: true })?.into_keys();
            let topics = topics.map(|topic| topic.to_string()).collect();
            hash_order(topics, |topic| hash_of_string(topic))
        }
        Kind::Broker | Kind::BrokerLogger => {
            let brokers = ask(desk, DescribeCluster)?.brokers.into_iter();
            let default = String::new();
            brokers
                .map(|broker| broker.id.to_string())
                .chain([default])
                .collect()
        }
        Kind::ClientMetrics => configured(desk, ResourceKind::ClientMetrics)?,
        Kind::Group => {
            let groups = ListGroups {
                states: Vec::new(),
                types: Vec::new(),
            };
            let groups = ask(desk, groups)?.groups.into_keys();
            let mut names: Vec<String> = groups.map(|group| group.to_string()).collect();
            // Before Kafka 4.1 nobody could say which groups are configured.
            names.extend(configured(desk, ResourceKind::Group).or_else(unless_waiting)?);
            names.sort();
            names.dedup();
            names
        }
    })
}

fn configured(desk: &mut Desk, kind: ResourceKind) -> Result<Vec<String>, Failure> {
    let resources = ask(desk, ListConfigResources { kinds: vec![kind] })?;
    Ok(resources
        .into_iter()
        .map(|resource| resource.name)
        .collect())
}

fn unless_waiting(failure: Failure) -> Result<Vec<String>, Failure> {
    match failure {
        Failure::Stop(_) => Err(failure),
        Failure::Quit(_) | Failure::Thrown { .. } => Ok(Vec::new()),
    }
}

/// Kafka's `Topic.validate`.
fn check_topic(name: &str) -> Result<(), Failure> {
    let is_allowed = |one: char| one.is_ascii_alphanumeric() || "._-".contains(one);
    let wrong = match name {
        "" => "the empty string is not allowed".to_owned(),
        "." | ".." => format!("'{name}' is not allowed"),
        _ if name.len() > LONGEST_NAME => {
            format!("the length of '{name}' is longer than the max allowed length {LONGEST_NAME}")
        }
        _ if !name.chars().all(is_allowed) => format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        ),
        _ => return Ok(()),
    };
    let message = format!("Topic name is invalid: {wrong}");
    Err(Exception::kafka("InvalidTopicException", message).into())
}

const LONGEST_NAME: usize = 249;
