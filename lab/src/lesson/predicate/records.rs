//! The records of a topic, all of them: a picture shows only the newest.

use bytes::Bytes;
use ottla_core::sorted::{Map, Set};
use ottla_core::{LogId, Offset};

use crate::World;
use crate::scene::readable;

/// A topic's records, with the partitions in which they lie.
pub(super) struct Records {
    records: Vec<(i32, Option<Bytes>, Option<Bytes>)>,
}

impl Records {
    pub(super) fn of(world: &World, topic: &str) -> Self {
        let (broker, store) = (world.broker(), world.server.store());
        let topic = broker
            .metadata()
            .topics()
            .find(|known| *known.name == *topic);
        let logs = topic
            .into_iter()
            .flat_map(|topic| &topic.partitions)
            .filter_map(|partition| broker.log(partition.log));
        let read = |id: LogId, from: Offset| {
            store
                .read(id, from)
                .flat_map(readable)
                .filter(move |record| record.offset >= from)
        };
        let records = logs.flat_map(|log| {
            let index = log.partition().partition;
            read(log.id(), log.start_offset()).map(move |record| (index, record.key, record.value))
        });
        Self {
            records: records.collect(),
        }
    }

    pub(super) fn with_key(&self, key: &str) -> usize {
        self.of_key(key).count()
    }

    /// In how many partitions the key lies.
    pub(super) fn places(&self, key: &str) -> usize {
        let places: Set<i32> = self.of_key(key).collect();
        places.len()
    }

    /// How many of the keys lie in more than one partition, in percent.
    pub(super) fn moved_percent(&self) -> usize {
        let mut places: Map<&[u8], Set<i32>> = Map::new();
        for (partition, key, _) in &self.records {
            if let Some(key) = key {
                places.entry(key).or_default().insert(*partition);
            }
        }
        let moved_count = places.values().filter(|places| places.len() > 1).count();
        100 * moved_count / places.len().max(1)
    }

    /// How many records repeat another one's key and value.
    pub(super) fn copies(&self) -> usize {
        let different: Set<(&Option<Bytes>, &Option<Bytes>)> = self
            .records
            .iter()
            .map(|(_, key, value)| (key, value))
            .collect();
        self.records.len() - different.len()
    }

    fn of_key(&self, wanted: &str) -> impl Iterator<Item = i32> {
        let of_key = self
            .records
            .iter()
            .filter(move |(_, key, _)| key.as_deref() == Some(wanted.as_bytes()));
        of_key.map(|(partition, ..)| *partition)
    }
}
