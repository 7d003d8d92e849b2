//! What a consuming command says beside the records: in the words of Kafka's console consumer, or in Ottla's. What Kafka's tool writes into its
//! log is said as `ottla: …`.

use ottla_core::sorted::Set;
use ottla_core::{ErrorCode, TopicName};

use crate::command::flow::{records, say};
use crate::command::kafka::java::Exception;
use crate::command::{Exit, ProgramOutput};
use crate::consumer::ConsumerError;
use crate::network::Metadata;

/// Whose words.
#[derive(Debug, Clone)]
pub(crate) enum Voice {
    /// Kafka's console consumer.
    Kafka(Kafka),
    /// `ottla consume`.
    Friendly(Friendly),
}

/// How Kafka's tool talks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kafka {
    /// `--enable-systest-events`.
    with_systest_events: bool,
    unknown_topics: Set<TopicName>,
    metadata_epoch: u64,
}

/// What a person wants to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Friendly {
    /// A person watches.
    with_summary: bool,
}

impl Voice {
    pub(crate) fn kafka(with_systest_events: bool) -> Self {
        Self::Kafka(Kafka {
            with_systest_events,
            ..Kafka::default()
        })
    }

    /// A record could not be made into text. Says whether the next one is to be tried.
    pub(super) fn unformatted(&self, why: &str, skips: bool, out: &mut Vec<ProgramOutput>) -> bool {
        let what = match (self, skips) {
            (Self::Kafka(_), true) => "Error processing message, skipping this message",
            (Self::Kafka(_), false) => "Unknown error when running consumer",
            (Self::Friendly(_), _) => "a record cannot be printed",
        };
        say(out, format!("ottla: {what}: {why}\n"));
        skips
    }

    /// The consumer cannot go on. Returns how the command ends.
    pub(super) fn failed(&self, error: &ConsumerError, out: &mut Vec<ProgramOutput>) -> Exit {
        match self {
            Self::Kafka(_) => {
                let exception = exception_of(error);
                say(out, format!("ottla: {TERMINATING}: {exception}\n"));
                Exit::DONE
            }
            Self::Friendly(_) => {
                say(out, format!("ottla: {error}\n"));
                Exit::FAILED
            }
        }
    }

    /// Nothing has come for too long.
    pub(super) fn idle(&self, out: &mut Vec<ProgramOutput>) {
        if let Self::Kafka(_) = self {
            say(
                out,
                format!("ottla: {TERMINATING}: org.apache.kafka.common.errors.TimeoutException\n"),
            );
        }
    }

    /// Nobody reads what is printed.
    pub(super) fn stdout_closed(&self, out: &mut Vec<ProgramOutput>) {
        if let Self::Kafka(_) = self {
            say(
                out,
                "Unable to write to standard out, closing consumer.\n".to_owned(),
            );
        }
    }

    /// What the cluster has told of its topics.
    pub(super) fn metadata(&mut self, metadata: &Metadata, out: &mut Vec<ProgramOutput>) {
        if let Self::Kafka(kafka) = self
            && kafka.metadata_epoch != metadata.epoch
        {
            kafka.metadata_epoch = metadata.epoch;
            kafka.warn_of_topics(metadata, out);
        }
    }

    /// All is done.
    pub(super) fn finished(&self, records_count: u64, out: &mut Vec<ProgramOutput>) {
        match self {
            Self::Kafka(kafka) => {
                say(
                    out,
                    format!("Processed a total of {records_count} messages\n"),
                );
                if kafka.with_systest_events {
                    out.push(ProgramOutput::Stdout("shutdown_complete\n".into()));
                }
            }
            Self::Friendly(friendly) if friendly.with_summary => {
                say(out, format!("{}\n", records(records_count)));
            }
            Self::Friendly(_) => {}
        }
    }
}

impl Friendly {
    pub(crate) fn new(with_summary: bool) -> Self {
        Self { with_summary }
    }
}

impl Kafka {
    /// Each topic once.
    fn warn_of_topics(&mut self, metadata: &Metadata, out: &mut Vec<ProgramOutput>) {
        for (name, topic) in &metadata.topics {
            if topic.error == ErrorCode::None || !self.unknown_topics.insert(name.clone()) {
                continue;
            }
            say(
                out,
                format!(
                    "ottla: Error while fetching metadata: {{{name}={}}}\n",
                    topic.error
                ),
            );
        }
    }
}

fn exception_of(error: &ConsumerError) -> Exception {
    let message = error.to_string();
    let of_consumer = |class: &str| Exception {
        class: format!("org.apache.kafka.clients.consumer.{class}"),
        message: message.clone(),
    };
    match error {
        ConsumerError::NoOffset(_) => of_consumer("NoOffsetForPartitionException"),
        ConsumerError::OutOfRange { .. } => of_consumer("OffsetOutOfRangeException"),
        ConsumerError::NoGroup => Exception::kafka("InvalidGroupIdException", message),
        ConsumerError::Fenced { .. } => Exception::kafka("FencedInstanceIdException", message),
        ConsumerError::Refused { code, .. }
        | ConsumerError::TopicRefused { code, .. }
        | ConsumerError::PartitionRefused { code, .. } => {
            Exception::from(&ottla_core::ApiError::new(*code, code.message()))
        }
        ConsumerError::Unreadable { .. } | ConsumerError::Failed { .. } => Exception {
            class: "org.apache.kafka.common.KafkaException".to_owned(),
            message,
        },
    }
}

const TERMINATING: &str = "Error processing message, terminating consumer process";
