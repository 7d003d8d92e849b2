//! What a person does to a world. Each action has a line of text: lessons, share links and the list of one's own actions speak it.

mod limits;
mod settings;
mod text;

use ottla_core::TopicPartition;

pub use limits::{LIMITS, Limits};
pub use settings::{
    CommitPolicy, ConsumerSettings, FailurePolicy, Keys, Millis, ProducerSettings, Rate,
};
pub use text::ParseError;
pub(crate) use text::moment;
#[cfg(test)]
pub(crate) use text::tests::Chance;

/// Something that is done to a world at a moment.
///
/// Clients are named by the names under which they were added.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A topic is made, at once: `topic orders partitions=3 retention.ms=60000`.
    CreateTopic {
        /// Its name.
        name: String,
        /// How many partitions it has.
        partitions_count: u32,
        /// Its configuration, by Kafka's names.
        configs: Vec<(String, String)>,
    },
    /// A topic gets more partitions: `partitions orders 4`.
    AddPartitions {
        /// Which topic.
        topic: String,
        /// How many it has then.
        partitions_count: u32,
    },
    /// A topic is deleted: `delete-topic orders`.
    DeleteTopic {
        /// Which topic.
        name: String,
    },
    /// A topic's configuration is changed: `configure orders retention.ms=60000`.
    ConfigureTopic {
        /// Which topic.
        topic: String,
        /// The name, and its new value; `None` sets it back.
        configs: Vec<(String, Option<String>)>,
    },
    /// A producer is started: `producer shop topic=orders keys=0..9 rate=1/s`.
    AddProducer {
        /// Its name: no other client has it.
        name: String,
        /// What it does.
        settings: Box<ProducerSettings>,
    },
    /// A consumer is started: `consumer worker-1 group=billing topics=orders`.
    AddConsumer {
        /// Its name: no other client has it.
        name: String,
        /// What it does.
        settings: Box<ConsumerSettings>,
    },
    /// A producer sends records now: `send shop key=emp001 value=hello count=10`.
    Send {
        /// Which producer; what is not said is as in its settings.
        producer: String,
        /// Where to, if not to its own topic.
        topic: Option<String>,
        /// To this partition, whatever the key says.
        partition: Option<i32>,
        /// The keys; `None`: its own next ones.
        keys: Option<Keys>,
        /// The value; `None`: its own next one.
        value: Option<String>,
        /// How many records.
        count: u32,
    },
    /// A producer sends at another rate: `rate shop 5/s`, `rate shop 0`.
    SetRate {
        /// Which producer.
        producer: String,
        /// Its new rate.
        rate: Rate,
    },
    /// A consumer works for another time on each record: `work worker-1 2s`.
    SetWork {
        /// Which consumer.
        consumer: String,
        /// How long a record takes.
        work: Millis,
    },
    /// A program of the learner is started, or started anew with another source: `code orders.js "..."`.
    Code {
        /// Its name: no other client has it.
        name: String,
        /// Its source: JavaScript.
        source: std::sync::Arc<str>,
    },
    /// A client's process dies without a word (SIGKILL): `crash worker-1`.
    Crash(String),
    /// A client's process stands still (SIGSTOP, a long garbage collection): `freeze worker-1`.
    Freeze(String),
    /// It goes on: `thaw worker-1`.
    Thaw(String),
    /// A client ends in order (a consumer leaves its group): `leave worker-1`.
    Leave(String),
    /// A client that has crashed or left is started again with the same settings: `restart worker-1`.
    Restart(String),
    /// A client that has crashed or left is forgotten: `remove worker-1`.
    Remove(String),
    /// A consumer fetches no more from these partitions (all of its own, if none is named): `pause worker-1 orders-0`.
    Pause(String, Vec<TopicPartition>),
    /// And fetches again: `resume worker-1 orders-0`.
    Resume(String, Vec<TopicPartition>),
    /// A consumer goes on elsewhere: `seek worker-1 orders-0 5`, `... beginning`, `... end`.
    Seek {
        /// Which consumer.
        consumer: String,
        /// On which partition.
        partition: TopicPartition,
        /// Where to.
        to: SeekTo,
    },
    /// A consumer commits where it is: `commit worker-1`.
    Commit(String),
    /// `broker crash`, `broker stop`, `broker start`, `broker freeze`, `broker thaw`.
    Broker(BrokerFault),
    /// What all links are like from now on: `links latency=20ms jitter=5ms`.
    Links {
        /// How long a byte is on its way.
        latency: Millis,
        /// And up to how much longer.
        jitter: Millis,
    },
    /// A client's links break, and both ends hear of it: `cut worker-1`.
    Cut(String),
    /// The broker's next answer to a producer's records is lost with its link: `lose-answer shop`.
    LoseAnswer(String),
    /// How long the disk needs until a write is stored: `disk 5ms`.
    Disk(Millis),
    /// A command is typed into the terminal: `run kafka-topics --list`.
    Run(String),
    /// A line is typed into the command that runs: `type key:value`.
    Type(String),
    /// The terminal's ctrl-D: `ctrl-d`.
    EndInput,
    /// The terminal's ctrl-C: `ctrl-c`.
    Interrupt,
}

impl Action {
    /// The client that it is done to, if it is done to one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::AddProducer { name, .. }
            | Self::AddConsumer { name, .. }
            | Self::Code { name, .. } => Some(name),
            Self::Send { producer, .. } | Self::SetRate { producer, .. } => Some(producer),
            Self::SetWork { consumer, .. } | Self::Seek { consumer, .. } => Some(consumer),
            Self::Crash(name)
            | Self::Freeze(name)
            | Self::Thaw(name)
            | Self::Leave(name)
            | Self::Restart(name)
            | Self::Remove(name)
            | Self::Pause(name, _)
            | Self::Resume(name, _)
            | Self::Commit(name)
            | Self::Cut(name)
            | Self::LoseAnswer(name) => Some(name),
            _ => None,
        }
    }
}

/// Why an action cannot be done. One sentence with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ActionError(pub String);

/// Where a seek goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeekTo {
    /// The oldest record that is there.
    Beginning,
    /// Behind the newest.
    End,
    /// This offset.
    Offset(i64),
}

/// What can happen to the broker's process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerFault {
    /// Killed.
    Crash,
    /// Ended in order.
    Stop,
    /// Started on what it has stored.
    Start,
    /// Stands still.
    Freeze,
    /// Goes on.
    Thaw,
}
