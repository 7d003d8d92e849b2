//! What there is to see in a world at a moment: plain data, worked out from the engine's and the clients' own state.
//!
//! A scene holds moments, not ages: what passes between two events (a heartbeat's age, a frame's way) is for the picture to work out from the
//! time that it draws.

mod build;
mod clients;
mod expectations;
mod find;
mod flights;
mod groups;
mod keys;
mod logs;
mod programs;
mod summary;
mod tables;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use ottla_client::LinkId;
use ottla_core::{Instant, TopicPartition};

use crate::Direction;
pub use build::Onlooker;
pub(crate) use flights::produced_keys;
pub use keys::{KeyWay, key_way};
pub(crate) use logs::readable;
pub use tables::{Table, tables};

/// All that can be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// When the world stood so.
    pub at: Instant,
    /// The broker's process.
    pub broker: BrokerView,
    /// By name, internal ones left out.
    pub topics: Vec<TopicView>,
    /// By name.
    pub groups: Vec<GroupView>,
    /// In the order in which they came, as are the consumers.
    pub producers: Vec<ProducerView>,
    /// Also those that have crashed or left, until they are removed.
    pub consumers: Vec<ConsumerView>,
    /// Frames on their way, oldest first.
    pub flights: Vec<Flight>,
}

/// How a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It runs.
    Running,
    /// It stands still since this moment.
    Frozen(Instant),
    /// It died at this moment.
    Crashed(Instant),
    /// It has ended in order, or is about to.
    Left(Instant),
}

/// The broker's process.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerView {
    /// Its number in the cluster.
    pub id: i32,
    /// How it is.
    pub life: Life,
}

/// A topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicView {
    /// Its name.
    pub name: String,
    /// By index.
    pub partitions: Vec<PartitionView>,
}

/// A partition: a log.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionView {
    /// Its index in the topic.
    pub index: i32,
    /// `log start offset`: the first record that is still there.
    pub start_offset: i64,
    /// What may be read ends here.
    pub high_watermark: i64,
    /// `log end offset`: the next record's offset.
    pub end_offset: i64,
    /// The newest records, oldest first, at most [`CELLS_MAX`].
    pub cells: Vec<Arc<Cell>>,
}

/// A record, as a cell of its partition's strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Where it is.
    pub offset: i64,
    /// Its key as text; `None`: it has none.
    pub key: Option<String>,
    /// One to three characters that stand for the key; a dot without one.
    pub label: String,
    /// Which of the [`COLOURS_COUNT`] colours of keys; `None`: it has no key.
    pub colour: Option<u8>,
    /// Its value as text.
    pub value: String,
    /// In milliseconds since 1970.
    pub timestamp_ms: i64,
    /// Who sent it, as the broker's end of the link knows; `None` if others have written to the partition too often since.
    pub producer: Option<Arc<str>>,
}

/// A consumer group, as its coordinator sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupView {
    /// Its id.
    pub id: String,
    /// As Kafka names it: `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable`, `Dead`.
    pub state: String,
    /// Its generation.
    pub generation: i32,
    /// The assignor that its members agreed upon; empty before.
    pub assignor: String,
    /// When a rebalance that goes on ends without those who are missing.
    pub rebalance_ends_at: Option<Instant>,
    /// In the coordinator's order.
    pub members: Vec<MemberView>,
    /// What the group has committed, for each partition that its members read or that it ever committed.
    pub offsets: Vec<OffsetView>,
}

/// A member, as its coordinator sees it: one that has crashed is still here until its session ends.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberView {
    /// The id that the coordinator gave it.
    pub member_id: String,
    /// The client's name in this world; its `client.id` if it is none of this world's.
    pub client: String,
    /// `group.instance.id`.
    pub group_instance_id: Option<String>,
    /// Whether it works the assignment out.
    pub is_leader: bool,
    /// The group's next step waits for it: it has not joined again, or has not asked for its assignment.
    pub is_awaited: bool,
    /// What it was given in this generation.
    pub partitions: Vec<TopicPartition>,
    /// When the coordinator heard of it last.
    pub heard_at: Option<Instant>,
    /// When the coordinator removes it, if it hears nothing until then.
    pub session_ends_at: Option<Instant>,
}

/// How far a group is in a partition.
#[derive(Debug, Clone, PartialEq)]
pub struct OffsetView {
    /// Where.
    pub partition: TopicPartition,
    /// The committed offset: the next record to be read. `None`: nothing was ever committed.
    pub committed: Option<i64>,
    /// How many records are behind it; from the log's start if nothing was committed.
    pub lag: i64,
}

/// A producer.
#[derive(Debug, Clone, PartialEq)]
pub struct ProducerView {
    /// Its name.
    pub name: String,
    /// How it is.
    pub life: Life,
    /// Where it sends to.
    pub topic: String,
    /// What it does, in a few words: `keys 0..9, 1/s`.
    pub summary: String,
    /// How many records it took on; of a program of the learner, into which nobody can look: how many it has sent. What is sent again counts once.
    pub sent_count: u64,
    /// How many of them the broker has acknowledged.
    pub acknowledged_count: u64,
    /// Given up; of a program: refused or left without an answer, and not sent again so far.
    pub failed_count: u64,
    /// Waiting in its buffer or for the broker's answer.
    pub buffered_count: u64,
}

/// A consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerView {
    /// Its name.
    pub name: String,
    /// How it is.
    pub life: Life,
    /// Its group.
    pub group: Option<String>,
    /// What it is doing.
    pub activity: Activity,
    /// The member id that it believes in.
    pub member_id: Option<String>,
    /// The generation that it believes in.
    pub generation: Option<i32>,
    /// What it believes it may read. Not always what the coordinator believes.
    pub partitions: Vec<ReadView>,
    /// How many records it has worked on.
    pub processed_count: u64,
    /// What it does, in a few words.
    pub summary: String,
}

/// What a consumer is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Activity {
    /// It has no connection yet.
    Connecting,
    /// It waits for the group's next generation.
    Rebalancing,
    /// It is a member without a partition: a spare.
    Idle,
    /// It waits for records.
    Waiting,
    /// It works on a record until then.
    Working {
        /// Where.
        partition: TopicPartition,
        /// On which.
        offset: i64,
        /// When it began.
        since: Instant,
        /// When it will be finished.
        until: Instant,
    },
    /// It has failed for this reason and does nothing more.
    Failed(String),
}

/// A partition that a consumer reads.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadView {
    /// Which.
    pub partition: TopicPartition,
    /// The next record that it will be given; `None` before it knows.
    pub position: Option<i64>,
    /// Whether it is paused.
    pub is_paused: bool,
}

/// A frame that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Flight {
    /// No other flight has it.
    pub id: u64,
    /// Whose link.
    pub client: String,
    /// Which link.
    pub link: LinkId,
    /// Which way.
    pub direction: Direction,
    /// The API as Kafka names it: `Produce`.
    pub api: &'static str,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it arrives.
    pub arrives_at: Instant,
    /// The records that it carries, as their cells will look or look; the first few.
    pub records: Vec<Cargo>,
    /// How many records it carries.
    pub records_count: u32,
}

/// A record on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Cargo {
    /// Where to, or where from.
    pub partition: TopicPartition,
    /// As [`Cell::label`].
    pub label: String,
    /// As [`Cell::colour`].
    pub colour: Option<u8>,
}

/// How many records of a partition are shown at most.
pub const CELLS_MAX: usize = 200;
/// How many colours keys have.
pub const COLOURS_COUNT: u8 = 6;
