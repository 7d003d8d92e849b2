//! Topics and configuration: decided here, written as records of the metadata log.
//!
//! [`Controller`] decides: it reads [`Metadata`] and a request, and answers with a [`Decision`], changing nothing. Whoever holds both
//! writes the decision's records and gives each of them to [`Metadata::apply`], at work as at start.

mod alter_configs;
mod codec;
mod create_partitions;
mod create_topics;
mod delete_topics;
mod describe;
mod metadata;
mod names;
mod placement;
mod policy;
mod producer_ids;
mod record;
mod topic_configs;

pub use describe::{ConfigEntry, ConfigSource, ConfigSynonym};
pub use metadata::{
    Change, METADATA_TOPIC, Metadata, OFFSETS_TOPIC, PartitionInfo, TRANSACTIONS_TOPIC, Topic,
    is_internal,
};
pub use names::check_topic_name;
pub use record::{MetadataRecord, PartitionRecord, RecordError, Replicas};

use crate::Uuid;
use crate::interface::{Event, Response};

/// Decides about topics, configuration and producer ids.
///
/// Its own state is what must not come from outside or from the image: chance, and which producer ids it may give out.
#[derive(Debug, Clone)]
pub struct Controller {
    random: u64,
    /// The ids below are given out or lost.
    next_producer_id: i64,
    /// The ids below may be given out, once the record that says so is stored.
    producer_ids_end: i64,
}

/// What is to be written, and the answer to give once it is.
#[derive(Debug, Clone)]
pub struct Decision {
    /// To be written in this order, all or none.
    pub records: Vec<MetadataRecord>,
    /// The answer.
    pub response: Response,
    /// What happened, once it is written.
    pub events: Vec<Event>,
}

impl Controller {
    /// A controller whose choices (topic ids) follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            random: seed,
            next_producer_id: 0,
            producer_ids_end: 0,
        }
    }

    /// A new topic's id: random, of version 4, and as in Kafka none that a command line would take for an option.
    fn topic_id(&mut self) -> Uuid {
        loop {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&self.random().to_be_bytes());
            bytes[8..].copy_from_slice(&self.random().to_be_bytes());
            bytes[6] = (bytes[6] & 0x0f) | 0x40;
            bytes[8] = (bytes[8] & 0x3f) | 0x80;
            let id = Uuid(bytes);
            if !id.to_string().starts_with('-') {
                return id;
            }
        }
    }

    /// The next number of splitmix64.
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests;
