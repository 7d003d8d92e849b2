//! The names of partitioners.

use std::fmt;
use std::str::FromStr;

use super::PartitionerKind;

impl PartitionerKind {
    /// All of them, in the order in which help lists them.
    pub const ALL: [PartitionerKind; 12] = [
        Self::Default,
        Self::RoundRobin,
        Self::Consistent,
        Self::ConsistentRandom,
        Self::Murmur2,
        Self::Murmur2Random,
        Self::Fnv1a,
        Self::Fnv1aRandom,
        Self::Random,
        Self::KafkaJs,
        Self::KafkaJsLegacy,
        Self::KafkaGo,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::RoundRobin => "round_robin",
            Self::Consistent => "consistent",
            Self::ConsistentRandom => "consistent_random",
            Self::Murmur2 => "murmur2",
            Self::Murmur2Random => "murmur2_random",
            Self::Fnv1a => "fnv1a",
            Self::Fnv1aRandom => "fnv1a_random",
            Self::Random => "random",
            Self::KafkaJs => "kafkajs",
            Self::KafkaJsLegacy => "kafkajs_legacy",
            Self::KafkaGo => "kafka_go",
        }
    }
}

impl fmt::Display for PartitionerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no partitioner of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no partitioner named {0}")]
pub struct UnknownPartitioner(pub String);

/// Takes the names of [`PartitionerKind::name`] with `-` or `_`, "java" for the default one, and the names of Java's classes.
impl FromStr for PartitionerKind {
    type Err = UnknownPartitioner;

    fn from_str(text: &str) -> Result<Self, UnknownPartitioner> {
        let name = text.trim().to_ascii_lowercase().replace('-', "_");
        match name.as_str() {
            "java" | "org.apache.kafka.clients.producer.internals.defaultpartitioner" => {
                Ok(Self::Default)
            }
            "roundrobin" | "org.apache.kafka.clients.producer.roundrobinpartitioner" => {
                Ok(Self::RoundRobin)
            }
            name => Self::ALL
                .into_iter()
                .find(|kind| kind.name() == name)
                .ok_or_else(|| UnknownPartitioner(text.trim().to_owned())),
        }
    }
}
