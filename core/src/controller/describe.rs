use std::sync::Arc;

use super::{Metadata, Topic};
use crate::config::{
    BROKER_KEYS, GROUP_KEYS, Key, Kind, TOPIC_KEYS, Update, Values, broker_key, topic_key,
};
use crate::interface::ConfigResource;

/// A key of a resource, as DescribeConfigs tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// The key.
    pub name: String,
    /// The value that counts; `None` is Kafka's null, also for a value that is not told.
    pub value: Option<String>,
    /// Where it comes from.
    pub source: ConfigSource,
    /// It cannot be changed while the broker runs.
    pub is_read_only: bool,
    /// It may be a secret: an unknown key's value is not told.
    pub is_sensitive: bool,
    /// All values that have been set for it, the one that counts first.
    pub synonyms: Vec<ConfigSynonym>,
    /// Its type; `None` if the key is unknown.
    pub kind: Option<Kind>,
    /// What it does; `None` if the key is unknown.
    pub documentation: Option<&'static str>,
}

/// A value that has been set somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigSynonym {
    /// The key there.
    pub name: String,
    /// The value there.
    pub value: Option<String>,
    /// Where.
    pub source: ConfigSource,
}

/// Where a value comes from. The numbers are the protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum ConfigSource {
    /// Set for the topic.
    Topic = 1,
    /// Set for this broker while it runs.
    DynamicBroker = 2,
    /// Set for all brokers while they run.
    DynamicDefaultBroker = 3,
    /// Given when the broker was started.
    StaticBroker = 4,
    /// Nobody has set it.
    Default = 5,
    /// Set for the group.
    Group = 8,
}

impl Metadata {
    /// The configuration of a topic, by name.
    pub fn topic_configs(&self, topic: &Topic) -> Vec<ConfigEntry> {
        let show = |(name, value): (&Arc<str>, &Arc<str>)| {
            let value = topic_key(name).map_or(value.clone(), |key| key.shown(value).into());
            (name.clone(), value)
        };
        self.effective_topic_configs(&topic.configs.iter().map(show).collect())
    }

    /// The configuration that a topic has, or would have, for which `own` is set.
    pub fn effective_topic_configs(&self, own: &Values) -> Vec<ConfigEntry> {
        let others = own
            .keys()
            .filter(|name| TOPIC_KEYS.iter().all(|key| key.name != &***name))
            .filter_map(|name| topic_key(name));
        let mut keys: Vec<&Key> = TOPIC_KEYS.iter().chain(others).collect();
        keys.sort_unstable_by_key(|key| key.name);
        keys.into_iter()
            .map(|key| {
                let inherited = match key.synonyms.first() {
                    Some(name) => self.broker_synonyms(name),
                    None => Vec::new(),
                };
                let default = || self.layers().topic_default(key);
                described(key, own, ConfigSource::Topic, inherited, default)
            })
            .collect()
    }

    /// The configuration of a group, by name. A group need not exist to be configured.
    pub fn group_configs(&self, group: &str) -> Vec<ConfigEntry> {
        let own = self.configs(&ConfigResource::Group(group.to_owned()));
        GROUP_KEYS
            .iter()
            .map(|key| {
                let value = key.default.unwrap_or_default();
                let inherited = vec![ConfigSynonym {
                    name: key.synonyms.first().unwrap_or(&key.name).to_string(),
                    value: Some(value.to_owned()),
                    source: ConfigSource::Default,
                }];
                described(key, own, ConfigSource::Group, inherited, || {
                    value.to_owned()
                })
            })
            .collect()
    }

    /// The configuration of this broker, by name.
    pub fn broker_configs(&self) -> Vec<ConfigEntry> {
        let layers = self.layers();
        let unknown = layers.broker.keys().chain(layers.cluster.keys());
        let mut entries: Vec<ConfigEntry> = BROKER_KEYS
            .iter()
            .map(|key| self.broker_entry(key.name, |_| true))
            .collect();
        for name in unknown.filter(|name| broker_key(name).is_none()) {
            if entries.iter().all(|entry| *entry.name != **name) {
                entries.push(self.broker_entry(name, |_| true));
            }
        }
        entries
    }

    /// What has been set for all brokers while they run, by name.
    pub fn cluster_configs(&self) -> Vec<ConfigEntry> {
        let only = |source| source == ConfigSource::DynamicDefaultBroker;
        let names = self.layers().cluster.keys();
        names.map(|name| self.broker_entry(name, only)).collect()
    }

    fn broker_entry(&self, name: &str, counts: impl Fn(ConfigSource) -> bool) -> ConfigEntry {
        let key = broker_key(name);
        let is_sensitive = key.is_none();
        let mut synonyms = self.broker_synonyms(name);
        synonyms.retain(|synonym| counts(synonym.source));
        if is_sensitive {
            synonyms.iter_mut().for_each(|synonym| synonym.value = None);
        }
        let first = synonyms.first();
        ConfigEntry {
            name: name.to_owned(),
            value: match first {
                Some(synonym) if synonym.name == name => synonym.value.clone(),
                _ => key.and_then(|key| key.default).map(str::to_owned),
            },
            source: first.map_or(ConfigSource::Default, |synonym| synonym.source),
            is_read_only: key.is_none_or(|key| key.update == Update::ReadOnly),
            is_sensitive,
            synonyms,
            kind: key.map(|key| key.kind),
            documentation: key.map(|key| key.documentation),
        }
    }

    /// All values of a broker's key and of the coarser keys that stand in for it, the strongest first. As in Kafka, those of the coarser
    /// ones are not told alone.
    fn broker_synonyms(&self, name: &str) -> Vec<ConfigSynonym> {
        let own = [name];
        let names = match broker_key(name) {
            Some(key) if !key.synonyms.is_empty() => key.synonyms,
            _ => &own[..],
        };
        let layers = self.layers();
        let sources = [
            (layers.broker, ConfigSource::DynamicBroker),
            (layers.cluster, ConfigSource::DynamicDefaultBroker),
            (layers.start, ConfigSource::StaticBroker),
        ];
        let synonym = |name: &str, value: &str, source| ConfigSynonym {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            source,
        };
        let set = sources.into_iter().flat_map(|(values, source)| {
            names
                .iter()
                .filter_map(move |name| Some(synonym(name, values.get(*name)?, source)))
        });
        let defaults = names.iter().filter_map(|name| {
            let default = broker_key(name)?.default?;
            Some(synonym(name, default, ConfigSource::Default))
        });
        set.chain(defaults)
            .skip_while(|synonym| synonym.name != name)
            .collect()
    }
}

/// A key of a topic or a group: its own value before the inherited ones.
fn described(
    key: &Key,
    own: &Values,
    own_source: ConfigSource,
    inherited: Vec<ConfigSynonym>,
    default: impl FnOnce() -> String,
) -> ConfigEntry {
    let own = own.get(key.name).map(|value| ConfigSynonym {
        name: key.name.to_owned(),
        value: Some(value.to_string()),
        source: own_source,
    });
    let value = own
        .as_ref()
        .map_or_else(|| Some(default()), |own| own.value.clone());
    let synonyms: Vec<_> = own.into_iter().chain(inherited).collect();
    ConfigEntry {
        name: key.name.to_owned(),
        value,
        source: synonyms
            .first()
            .map_or(ConfigSource::Default, |synonym| synonym.source),
        is_read_only: false,
        is_sensitive: false,
        synonyms,
        kind: Some(key.kind),
        documentation: Some(key.documentation),
    }
}
