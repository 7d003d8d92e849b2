//! What the cluster has told about itself.

use std::sync::Arc;

use kafka_protocol::messages::metadata_response::{
    MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{self, MetadataResponse};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, TopicName, TopicPartition, Uuid};

use super::call::{BrokerId, is_passing};
use crate::interface::Address;
use crate::protocol::names::code;

/// What the cluster has told about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// How often it has been told; 0 if never. Grows whether or not anything has changed.
    pub epoch: u64,
    /// The cluster's id.
    pub cluster_id: Option<String>,
    /// The broker to which requests for the controller go.
    pub controller: Option<BrokerId>,
    /// The brokers.
    pub brokers: Map<BrokerId, Broker>,
    /// The topics that were asked for, also those that do not exist (see [`Topic::error`]).
    pub topics: Map<TopicName, Topic>,
}

/// A broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// Its number.
    pub id: BrokerId,
    /// Where it listens.
    pub address: Address,
    /// Its rack.
    pub rack: Option<String>,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its id; zero if the broker does not tell.
    pub id: Uuid,
    /// What is wrong with it as a whole.
    pub error: ErrorCode,
    /// Whether it is one of Kafka's own.
    pub internal: bool,
    /// Its partitions, by index. Shared by all copies of a client.
    pub partitions: Arc<[Partition]>,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its index.
    pub index: i32,
    /// What is wrong with it.
    pub error: ErrorCode,
    /// Its leader, if it has one.
    pub leader: Option<BrokerId>,
    /// The leader's epoch; -1 if the broker does not tell.
    pub leader_epoch: i32,
    /// Who has a copy, the preferred leader first.
    pub replicas: Vec<BrokerId>,
    /// Whose copy is in sync.
    pub isr: Vec<BrokerId>,
    /// Whose copy is on a broker that is away.
    pub offline: Vec<BrokerId>,
}

impl Metadata {
    /// A topic's partition.
    pub fn partition(&self, partition: &TopicPartition) -> Option<&Partition> {
        let partitions = &self.topics.get(&partition.topic)?.partitions;
        let index = partitions.binary_search_by_key(&partition.partition, |found| found.index);
        index.ok().map(|index| &partitions[index])
    }

    /// A partition's leader, if it has one that is there.
    pub fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        let leader = self.partition(partition)?.leader?;
        self.brokers.contains_key(&leader).then_some(leader)
    }

    /// Takes in what a broker has told about the topics that were asked for, in place of what was known.
    pub(super) fn update(&mut self, response: MetadataResponse) {
        self.epoch += 1;
        self.cluster_id = response.cluster_id.map(|id| id.to_string());
        let brokers = response.brokers.into_iter().filter_map(|broker| {
            let id = BrokerId(broker.node_id.0);
            let address = Address {
                host: broker.host.to_string(),
                port: u16::try_from(broker.port).ok()?,
            };
            let rack = broker.rack.map(|rack| rack.to_string());
            Some((id, Broker { id, address, rack }))
        });
        self.brokers = brokers.collect();
        let controller = BrokerId(response.controller_id.0);
        self.controller = self.brokers.contains_key(&controller).then_some(controller);
        let mut known = std::mem::take(&mut self.topics);
        for told in response.topics {
            let Some(name) = told
                .name
                .as_ref()
                .map(|name| TopicName::from(name.as_str()))
            else {
                continue;
            };
            let topic = topic(told, known.remove(&name));
            self.topics.insert(name, topic);
        }
    }

    /// Whether something is amiss that should look better soon.
    pub(super) fn is_unsettled(&self) -> bool {
        self.topics.values().any(|topic| {
            is_passing(topic.error)
                || topic
                    .partitions
                    .iter()
                    .any(|partition| partition.leader.is_none() && is_passing(partition.error))
        })
    }
}

/// A broker that lags behind may tell of an older leader than one that is known already: the newer stays (KIP-320).
fn topic(told: MetadataResponseTopic, known: Option<Topic>) -> Topic {
    let id = Uuid(told.topic_id.into_bytes());
    let known = known.filter(|known| known.id == id);
    let mut partitions: Vec<Partition> = told.partitions.into_iter().map(partition).collect();
    partitions.sort_by_key(|partition| partition.index);
    for partition in &mut partitions {
        let known = known.iter().flat_map(|known| known.partitions.iter());
        let newer = known
            .filter(|known| known.index == partition.index)
            .find(|known| {
                partition.leader_epoch >= 0 && known.leader_epoch > partition.leader_epoch
            });
        if let Some(newer) = newer {
            *partition = newer.clone();
        }
    }
    Topic {
        id,
        error: code(told.error_code),
        internal: told.is_internal,
        partitions: partitions.into(),
    }
}

fn partition(told: MetadataResponsePartition) -> Partition {
    let ids = |ids: Vec<messages::BrokerId>| ids.into_iter().map(|id| BrokerId(id.0)).collect();
    Partition {
        index: told.partition_index,
        error: code(told.error_code),
        leader: (told.leader_id.0 >= 0).then_some(BrokerId(told.leader_id.0)),
        leader_epoch: told.leader_epoch,
        replicas: ids(told.replica_nodes),
        isr: ids(told.isr_nodes),
        offline: ids(told.offline_replicas),
    }
}
