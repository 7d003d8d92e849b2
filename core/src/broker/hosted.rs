//! The logs of a broker, each with those who wait for it.

use std::collections::VecDeque;

use crate::controller::METADATA_TOPIC;
use crate::log::{CleanupPolicy, Log, LogConfig};
use crate::{LogId, Offset, RequestId, TopicName, TopicPartition, Uuid};

/// The id that Kafka's KRaft gives to that topic.
pub(crate) const METADATA_TOPIC_ID: Uuid = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/// A log and the requests that its progress answers.
#[derive(Debug, Clone)]
pub(super) struct Hosted {
    pub(super) log: Log,
    /// Produces to be answered when the high watermark reaches an offset, in the order of these offsets.
    pub(super) produces: VecDeque<WaitingProduce>,
    /// Fetches to be looked at again when there is more to read.
    pub(super) fetches: Vec<RequestId>,
}

impl Hosted {
    /// Keeps the order: a repeat waits for an offset that may lie before those of others.
    pub(super) fn await_store(&mut self, waiting: WaitingProduce) {
        let at = self
            .produces
            .partition_point(|other| other.through <= waiting.through);
        self.produces.insert(at, waiting);
    }
}

/// One partition of a parked produce.
#[derive(Debug, Clone, Copy)]
pub(super) struct WaitingProduce {
    pub(super) through: Offset,
    pub(super) request: RequestId,
    /// Which partition of the request: the index of its topic, and its index therein.
    pub(super) place: (usize, usize),
}

/// All logs, dense by id. A deleted one leaves a hole, for ids are not used again.
#[derive(Debug, Clone)]
pub(super) struct Logs(Vec<Option<Box<Hosted>>>);

impl Logs {
    /// The controller's log is always there. It is forced to disk as the broker's other logs are: a topic must not be forgotten whose records are not.
    pub(super) fn with_metadata_log(defaults: &LogConfig) -> Logs {
        let partition = TopicPartition {
            topic: TopicName::from(METADATA_TOPIC),
            partition: 0,
        };
        let config = LogConfig {
            cleanup_policy: CleanupPolicy {
                delete: false,
                compact: false,
            },
            max_message_bytes: u32::MAX >> 1,
            segment_ms: i64::MAX,
            flush_messages: defaults.flush_messages,
            flush_ms: defaults.flush_ms,
            ..LogConfig::default()
        };
        let mut logs = Logs(Vec::new());
        logs.insert(Log::new(
            LogId::METADATA,
            partition,
            METADATA_TOPIC_ID,
            config,
        ));
        logs
    }

    pub(super) fn insert(&mut self, log: Log) {
        let index = log.id().0 as usize;
        if self.0.len() <= index {
            self.0.resize_with(index + 1, || None);
        }
        self.0[index] = Some(Box::new(Hosted {
            log,
            produces: VecDeque::new(),
            fetches: Vec::new(),
        }));
    }

    pub(super) fn remove(&mut self, id: LogId) -> Option<Box<Hosted>> {
        self.0.get_mut(id.0 as usize)?.take()
    }

    pub(super) fn log(&self, id: LogId) -> Option<&Log> {
        Some(&self.0.get(id.0 as usize)?.as_ref()?.log)
    }

    pub(super) fn get_mut(&mut self, id: LogId) -> Option<&mut Hosted> {
        self.0.get_mut(id.0 as usize)?.as_deref_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Log> {
        self.0.iter().flatten().map(|hosted| &hosted.log)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Hosted> {
        self.0.iter_mut().flatten().map(Box::as_mut)
    }
}
