//! What a world's producers and consumers are told to do.

use ottla_client::assignor::Assignor;
use ottla_client::partitioner::PartitionerKind;

/// A span of virtual time, in milliseconds: `250ms`, `6s`, `5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

/// How often something is done: so many times in a second, in thousandths (`1/s` is 1000); 0 is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rate {
    /// Times in 1000 seconds.
    pub per_1000_s: u32,
}

/// Which keys a producer gives its records, one after the other and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// None: `keys=none`.
    None,
    /// These, at least one: `keys=emp001`, `keys=a,b,c`.
    Of(Vec<String>),
    /// Numbers from the first to the last: `keys=0..9`.
    Range(u32, u32),
}

/// What a producer does.
#[derive(Debug, Clone, PartialEq)]
pub struct ProducerSettings {
    /// Where it sends to.
    pub topic: String,
    /// Its keys.
    pub keys: Keys,
    /// What it sends; `None`: `value-1`, `value-2` and so on.
    pub value: Option<String>,
    /// How often.
    pub rate: Rate,
    /// How many records it sends by itself in all; `None`: no end.
    pub count: Option<u32>,
    /// Whose way to find a partition.
    pub partitioner: PartitionerKind,
    /// `acks`: 0, 1, or -1 for all.
    pub acks: i16,
    /// `linger.ms`.
    pub linger: Millis,
    /// `batch.size`, in bytes.
    pub batch_size: u32,
    /// `compression.type`.
    pub compression: String,
    /// `enable.idempotence`.
    pub enable_idempotence: bool,
}

/// What a consumer does.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerSettings {
    /// `group.id`; `None`: it reads all partitions by itself and commits nothing.
    pub group: Option<String>,
    /// What it subscribes to.
    pub topics: Vec<String>,
    /// `auto.offset.reset`: the earliest, or the latest.
    pub from_beginning: bool,
    /// `partition.assignment.strategy`.
    pub assignor: Assignor,
    /// `session.timeout.ms`.
    pub session_timeout: Millis,
    /// `heartbeat.interval.ms`.
    pub heartbeat_interval: Millis,
    /// `max.poll.interval.ms`.
    pub max_poll_interval: Millis,
    /// `max.poll.records`.
    pub max_poll_records: u32,
    /// How long it works on each record.
    pub work: Millis,
    /// When it commits.
    pub commit: CommitPolicy,
    /// `group.instance.id`.
    pub group_instance_id: Option<String>,
    /// What it does with a record whose value begins with `poison`.
    pub on_poison: FailurePolicy,
}

impl ProducerSettings {
    /// Sends to this topic when it is told to; Kafka's defaults, and keys from 0 to 9.
    pub fn new(topic: &str) -> Self {
        Self {
            topic: topic.to_owned(),
            keys: Keys::Range(0, 9),
            value: None,
            rate: Rate::default(),
            count: None,
            partitioner: PartitionerKind::Default,
            acks: -1,
            linger: Millis(5),
            batch_size: 16_384,
            compression: "none".to_owned(),
            enable_idempotence: true,
        }
    }
}

impl ConsumerSettings {
    /// Reads these topics from the start; Kafka's defaults, with a session of 10 s instead of 45 s, for which nobody wants to wait.
    pub fn new(group: Option<&str>, topics: &[&str]) -> Self {
        Self {
            group: group.map(str::to_owned),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            from_beginning: true,
            assignor: Assignor::Range,
            session_timeout: Millis(10_000),
            heartbeat_interval: Millis(3000),
            max_poll_interval: Millis(300_000),
            max_poll_records: 500,
            work: Millis(0),
            commit: CommitPolicy::Auto(Millis(5000)),
            group_instance_id: None,
            on_poison: FailurePolicy::Crash,
        }
    }
}

/// When a consumer commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitPolicy {
    /// In the background, as `enable.auto.commit` does: `commit=auto:5s`.
    Auto(Millis),
    /// Each batch before the work on it: `commit=before`. A crash loses records.
    BeforeWork,
    /// Each record after its work: `commit=after`. A crash repeats records.
    AfterWork,
    /// Only when told to: `commit=never`.
    Never,
}

/// What a consumer does with a record that it cannot handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailurePolicy {
    /// Its process dies of it: `on-poison=crash`.
    Crash,
    /// It tries the same record again, a second later, for ever: `on-poison=retry`.
    Retry,
    /// It goes on as if nothing were: `on-poison=skip`.
    Skip,
    /// It writes the record to this topic and goes on: `on-poison=park:orders.retry`.
    Park(String),
}
