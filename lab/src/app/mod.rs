//! What a client is there for: a producer's schedule, a consumer's poll loop, its work and its commits. What an application does with Kafka's client.

mod configs;
mod consumer;
mod journal;
mod poison;
mod poll_loop;
mod producer;

use std::fmt;

use ottla_core::TopicPartition;

pub use consumer::{ConsumerApp, Handled, Processed, Working};
pub use journal::Journal;
pub use producer::{Outcome, ProducerApp, Sent};

pub(crate) use consumer::Identity;
pub(crate) use producer::Order;

/// Something that an application did, beside what its client tells.
#[derive(Debug, Clone, PartialEq)]
pub enum AppEvent {
    /// A consumer is done with a record.
    Worked {
        /// Where the record is.
        partition: TopicPartition,
        /// Its offset.
        offset: i64,
        /// What came of it.
        result: Handled,
    },
    /// A consumer could not handle a record, and tries it again in a second.
    Retrying {
        /// Where the record is.
        partition: TopicPartition,
        /// Its offset.
        offset: i64,
    },
    /// A consumer's process has died of a record.
    Died {
        /// Where the record is.
        partition: TopicPartition,
        /// Its offset.
        offset: i64,
    },
    /// A producer's client did not take a record, for this reason.
    NotSent(String),
}

impl fmt::Display for AppEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worked {
                partition,
                offset,
                result,
            } => match result {
                Handled::Done => write!(f, "worked on {partition} offset {offset}"),
                Handled::Skipped => write!(f, "skipped {partition} offset {offset}"),
                Handled::Parked => write!(f, "parked {partition} offset {offset}"),
            },
            Self::Retrying { partition, offset } => {
                write!(
                    f,
                    "failed on {partition} offset {offset}, and tries it again"
                )
            }
            Self::Died { partition, offset } => write!(f, "died of {partition} offset {offset}"),
            Self::NotSent(reason) => write!(f, "a record was not taken: {reason}"),
        }
    }
}
