use std::sync::Arc;

use super::{MetadataRecord, PartitionRecord, Replicas};
use crate::config::{Config, Layers, Values, set_log_config};
use crate::interface::ConfigResource;
use crate::log::LogConfig;
use crate::sorted::Map;
use crate::{ErrorCode, LogId, TopicName, TopicPartition, TopicRef, Uuid};

/// What all applied records say: topics, configuration, producer ids. Cheap to clone: topics are shared.
#[derive(Debug, Clone)]
pub struct Metadata {
    start: Arc<Config>,
    config: Arc<Config>,
    topics: Map<TopicName, Arc<Topic>>,
    names: Map<Uuid, TopicName>,
    /// Topics with '.' or '_' in their names, by the name with '_' for '.': such names collide in Kafka's metrics.
    collisions: Map<Arc<str>, Vec<TopicName>>,
    /// Configuration of everything but topics.
    configs: Map<ConfigResource, Values>,
    next_log: u32,
    next_producer_id: i64,
}

/// A topic.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name.
    pub name: TopicName,
    /// Its id.
    pub id: Uuid,
    /// Its partitions, by index.
    pub partitions: Vec<PartitionInfo>,
    /// What has been set for it.
    pub configs: Values,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionInfo {
    /// Its log.
    pub log: LogId,
    /// The brokers that hold it, the preferred leader first.
    pub replicas: Replicas,
    /// Those of them that are in sync.
    pub isr: Replicas,
    /// The leader's id; -1 for none.
    pub leader: i32,
    /// Counts leaders.
    pub leader_epoch: i32,
    /// Counts changes.
    pub partition_epoch: i32,
}

/// What a record has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A partition exists from now on, and its log.
    LogCreated {
        /// The log.
        log: LogId,
        /// The partition.
        partition: TopicPartition,
        /// Its topic's id.
        topic_id: Uuid,
    },
    /// A log is gone for good.
    LogDeleted {
        /// The log.
        log: LogId,
    },
    /// A topic is gone; its logs have been reported before.
    TopicDeleted {
        /// Its name.
        name: TopicName,
    },
    /// [`Metadata::log_config`] may say something else for this topic.
    TopicConfigChanged {
        /// Its name.
        name: TopicName,
    },
    /// [`Metadata::config`] may say something else, and `log_config` for every topic.
    BrokerConfigChanged,
}

/// `__consumer_offsets`: where groups keep their state.
pub const OFFSETS_TOPIC: &str = "__consumer_offsets";
/// `__transaction_state`: where transactions would keep theirs.
pub const TRANSACTIONS_TOPIC: &str = "__transaction_state";
/// `__cluster_metadata`: the controller's own log, which is no topic.
pub const METADATA_TOPIC: &str = "__cluster_metadata";

impl Topic {
    /// Whether the broker keeps its own state in it.
    pub fn is_internal(&self) -> bool {
        is_internal(&self.name)
    }

    /// A partition by its index.
    pub fn partition(&self, index: i32) -> Option<&PartitionInfo> {
        self.partitions.get(usize::try_from(index).ok()?)
    }
}

/// Whether a topic of this name would be one that the broker keeps its own state in.
pub fn is_internal(name: &str) -> bool {
    matches!(name, OFFSETS_TOPIC | TRANSACTIONS_TOPIC)
}

impl Metadata {
    /// No topics, on a broker that was started with `config`.
    pub fn new(config: Config) -> Self {
        let config = Arc::new(config);
        Self {
            start: config.clone(),
            config,
            topics: Map::new(),
            names: Map::new(),
            collisions: Map::new(),
            configs: Map::new(),
            next_log: LogId::METADATA.0 + 1,
            next_producer_id: 0,
        }
    }

    /// The broker's configuration: what it was started with, and what has been changed since.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// The ids of the brokers. One node is one broker.
    pub fn brokers(&self) -> Vec<i32> {
        vec![self.start.node_id]
    }

    /// All topics, by name.
    pub fn topics(&self) -> impl ExactSizeIterator<Item = &Topic> {
        self.topics.values().map(|topic| &**topic)
    }

    /// A topic by name.
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get(name).map(|topic| &**topic)
    }

    /// A topic by id.
    pub fn topic_by_id(&self, id: Uuid) -> Option<&Topic> {
        self.topic(self.names.get(&id)?)
    }

    /// A topic as a request names it; UNKNOWN_TOPIC_OR_PARTITION or UNKNOWN_TOPIC_ID if there is none.
    pub fn resolve(&self, topic: &TopicRef) -> Result<&Topic, ErrorCode> {
        match topic {
            TopicRef::Name(name) => self.topic(name).ok_or(ErrorCode::UnknownTopicOrPartition),
            TopicRef::Id(id) => self.topic_by_id(*id).ok_or(ErrorCode::UnknownTopicId),
        }
    }

    /// A topic that exists and whose name Kafka's metrics could not tell from `name`.
    pub fn collision(&self, name: &str) -> Option<&TopicName> {
        self.collisions.get(&*unified(name)?)?.first()
    }

    /// What a topic's logs obey.
    pub fn log_config(&self, topic: &Topic) -> LogConfig {
        let mut config = self.config.log.clone();
        for (name, value) in &topic.configs {
            set_log_config(&mut config, name, value);
        }
        config
    }

    /// What has been set for a resource; empty for one that nothing has been set for.
    pub fn configs(&self, resource: &ConfigResource) -> &Values {
        static NONE: Values = Values::new();
        let values = match resource {
            ConfigResource::Topic(name) => self.topic(name).map(|topic| &topic.configs),
            _ => self.configs.get(resource),
        };
        values.unwrap_or(&NONE)
    }

    /// The broker's configuration in its layers.
    pub(crate) fn layers(&self) -> Layers<'_> {
        Layers {
            broker: self.configs(&ConfigResource::Broker(self.start.node_id.to_string())),
            cluster: self.configs(&ConfigResource::Broker(String::new())),
            start: self.start.start_values(),
        }
    }

    /// The resources, except topics, that something has been set for.
    pub fn configured(&self) -> impl Iterator<Item = &ConfigResource> {
        self.configs.keys()
    }

    /// The first producer id that has not been given out.
    pub fn next_producer_id(&self) -> i64 {
        self.next_producer_id
    }

    /// Takes over a record. Log ids are given in the order of the records.
    pub fn apply(&mut self, record: &MetadataRecord) -> Vec<Change> {
        match record {
            MetadataRecord::Topic { name, id } => {
                self.add_topic(name, *id);
                Vec::new()
            }
            MetadataRecord::Partition(partition) => {
                self.add_partition(partition).into_iter().collect()
            }
            MetadataRecord::Config {
                resource,
                name,
                value,
            } => self
                .set_config(resource, name, value.as_ref())
                .into_iter()
                .collect(),
            MetadataRecord::RemoveTopic { id } => self.remove_topic(*id),
            MetadataRecord::ProducerIds {
                next_producer_id, ..
            } => {
                self.next_producer_id = *next_producer_id;
                Vec::new()
            }
        }
    }

    fn add_topic(&mut self, name: &TopicName, id: Uuid) {
        let topic = Topic {
            name: name.clone(),
            id,
            partitions: Vec::new(),
            configs: Values::new(),
        };
        self.topics.insert(name.clone(), Arc::new(topic));
        self.names.insert(id, name.clone());
        if let Some(unified) = unified(name) {
            self.collisions
                .entry(Arc::from(unified))
                .or_default()
                .push(name.clone());
        }
    }

    /// Adds a partition, or takes over the new state of one that is there.
    fn add_partition(&mut self, record: &PartitionRecord) -> Option<Change> {
        let name = self.names.get(&record.topic_id)?;
        let topic = Arc::make_mut(self.topics.get_mut(name)?);
        let index = usize::try_from(record.partition).ok()?;
        let mut partition = PartitionInfo {
            log: LogId(self.next_log),
            replicas: record.replicas.clone(),
            isr: record.isr.clone(),
            leader: record.leader,
            leader_epoch: record.leader_epoch,
            partition_epoch: record.partition_epoch,
        };
        if let Some(old) = topic.partitions.get_mut(index) {
            partition.log = old.log;
            *old = partition;
            return None;
        }
        assert_eq!(
            index,
            topic.partitions.len(),
            "partitions are recorded in order"
        );
        self.next_log += 1;
        let change = Change::LogCreated {
            log: partition.log,
            partition: TopicPartition {
                topic: name.clone(),
                partition: record.partition,
            },
            topic_id: record.topic_id,
        };
        topic.partitions.push(partition);
        Some(change)
    }

    fn set_config(
        &mut self,
        resource: &ConfigResource,
        name: &Arc<str>,
        value: Option<&Arc<str>>,
    ) -> Option<Change> {
        if let ConfigResource::Topic(topic) = resource {
            let topic = Arc::make_mut(self.topics.get_mut(topic)?);
            set(&mut topic.configs, name, value);
            return Some(Change::TopicConfigChanged {
                name: topic.name.clone(),
            });
        }
        let values = self.configs.entry(resource.clone()).or_default();
        set(values, name, value);
        if values.is_empty() {
            self.configs.remove(resource);
        }
        if !matches!(resource, ConfigResource::Broker(_)) {
            return None;
        }
        let Layers {
            broker, cluster, ..
        } = self.layers();
        self.config = Arc::new(self.start.with_dynamic(cluster, broker));
        Some(Change::BrokerConfigChanged)
    }

    fn remove_topic(&mut self, id: Uuid) -> Vec<Change> {
        let Some(topic) = self
            .names
            .remove(&id)
            .and_then(|name| self.topics.remove(&name))
        else {
            return Vec::new();
        };
        if let Some(unified) = unified(&topic.name)
            && let Some(names) = self.collisions.get_mut(&*unified)
        {
            names.retain(|name| *name != topic.name);
            if names.is_empty() {
                self.collisions.remove(&*unified);
            }
        }
        let logs = topic
            .partitions
            .iter()
            .map(|partition| Change::LogDeleted { log: partition.log });
        let topic = Change::TopicDeleted {
            name: topic.name.clone(),
        };
        logs.chain([topic]).collect()
    }
}

fn set(values: &mut Values, name: &Arc<str>, value: Option<&Arc<str>>) {
    match value {
        Some(value) => values.insert(name.clone(), value.clone()),
        None => values.remove(name),
    };
}

/// The name with '_' for '.', if it has one of them at all.
fn unified(name: &str) -> Option<String> {
    name.contains(['.', '_']).then(|| name.replace('.', "_"))
}
