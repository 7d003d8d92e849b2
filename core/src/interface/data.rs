//! Requests about records: produce, fetch, delete.

use super::LogSlice;
use crate::batch::{Batch, BatchError};
use crate::{ErrorCode, Offset, Timestamp, TopicName, TopicRef};

/// How much a producer wants to know before its request counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    /// `acks=0`: no answer at all. The engine replies all the same; whoever writes to the connection drops the answer.
    None,
    /// `acks=1`: the leader has stored the records.
    Leader,
    /// `acks=all`: every in-sync replica has.
    All,
}

/// Append records.
#[derive(Debug, Clone)]
pub struct ProduceRequest {
    /// When to answer.
    pub acks: Acks,
    /// How long the answer may wait for the records to be stored, in milliseconds.
    pub timeout_ms: i32,
    /// The batches, by topic.
    pub topics: Vec<ProduceTopic>,
}

/// A topic of a produce request.
#[derive(Debug, Clone)]
pub struct ProduceTopic {
    /// Which topic.
    pub topic: TopicRef,
    /// A batch for each partition.
    pub partitions: Vec<ProducePartition>,
}

/// A partition of a produce request.
#[derive(Debug, Clone)]
pub struct ProducePartition {
    /// The partition's index.
    pub partition: i32,
    /// The batch, checked by itself already; or what is wrong with it.
    pub batch: Result<Batch, BatchError>,
}

/// The outcome of a produce request: topics and partitions in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProduceResponse {
    /// By topic.
    pub topics: Vec<ProducedTopic>,
}

/// A topic of a produce answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducedTopic {
    /// As the request named it.
    pub topic: TopicRef,
    /// Partition index and outcome.
    pub partitions: Vec<(i32, Result<Appended, BatchError>)>,
}

/// Where a batch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The offset of its first record (of the first time, if this was a repeat).
    pub base_offset: Offset,
    /// The broker's timestamp of the records, if the topic has `message.timestamp.type=LogAppendTime`.
    pub log_append_time: Option<Timestamp>,
    /// The partition's first offset.
    pub log_start_offset: Offset,
}

/// Read records, or wait for some.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// How long to wait for `min_bytes`, in milliseconds.
    pub max_wait_ms: i32,
    /// Answer as soon as there is this much.
    pub min_bytes: i32,
    /// Answer with at most this much (but with one whole batch if there is one).
    pub max_bytes: i32,
    /// What to read, by topic.
    pub topics: Vec<FetchTopic>,
}

/// A topic of a fetch request.
#[derive(Debug, Clone)]
pub struct FetchTopic {
    /// Which topic.
    pub topic: TopicRef,
    /// Which partitions.
    pub partitions: Vec<FetchPartition>,
}

/// A partition of a fetch request.
#[derive(Debug, Clone)]
pub struct FetchPartition {
    /// The partition's index.
    pub partition: i32,
    /// The leader epoch that the client knows: an older one gets FENCED_LEADER_EPOCH, a newer one UNKNOWN_LEADER_EPOCH.
    pub current_leader_epoch: Option<i32>,
    /// Where to start.
    pub fetch_offset: Offset,
    /// The epoch of the last record that the client has (KIP-595): if it diverges from the log, the answer says where.
    pub last_fetched_epoch: Option<i32>,
    /// At most this many bytes of this partition.
    pub max_bytes: i32,
}

/// The outcome of a fetch: topics and partitions in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchResponse {
    /// By topic.
    pub topics: Vec<FetchedTopic>,
}

/// A topic of a fetch answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedTopic {
    /// As the request named it.
    pub topic: TopicRef,
    /// The partitions.
    pub partitions: Vec<FetchedPartition>,
}

/// A partition of a fetch answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedPartition {
    /// The partition's index.
    pub partition: i32,
    /// What went wrong, or `None`.
    pub error: ErrorCode,
    /// Records below this may be read; -1 with an error.
    pub high_watermark: Offset,
    /// Records below this are decided, for readers of committed records; -1 with an error.
    pub last_stable_offset: Offset,
    /// The first offset; -1 with an error.
    pub log_start_offset: Offset,
    /// Where the client's log and this one part: epoch and its end offset.
    pub diverging_epoch: Option<(i32, Offset)>,
    /// Where the records are.
    pub records: Option<LogSlice>,
}

/// Move the start of logs forward.
#[derive(Debug, Clone)]
pub struct DeleteRecordsRequest {
    /// By topic: partition index and the first offset to keep; -1 stands for the high watermark.
    pub topics: Vec<(TopicName, Vec<(i32, Offset)>)>,
}

/// The outcome: partition index and its new first offset, by topic in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRecordsResponse {
    /// By topic.
    pub topics: Vec<(TopicName, Vec<DeletedRecords>)>,
}

/// A partition's index, and its new first offset.
pub type DeletedRecords = (i32, Result<Offset, ErrorCode>);

/// An idempotent producer asks who it is.
#[derive(Debug, Clone)]
pub struct InitProducerIdRequest {
    /// Set by a transactional producer.
    pub transactional_id: Option<String>,
    /// What the producer is already, when it asks for a new epoch.
    pub current: Option<ProducerIdentity>,
}

/// A producer's id and its epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProducerIdentity {
    /// The id.
    pub producer_id: i64,
    /// The epoch: an older one is fenced.
    pub producer_epoch: i16,
}
