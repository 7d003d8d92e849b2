//! What a producing command says of what became of its records: in the words of Kafka's console producer, or in Ottla's. What Kafka's tool
//! writes into its log is said as `ottla: …`.

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_core::{ApiError, Now, TopicName};

use super::lines::LINE_MAX_BYTES;
use super::reader::LineError;
use crate::command::flow::{records, say};
use crate::command::kafka::java::Exception;
use crate::command::{Exit, ProgramOutput};
use crate::producer::{Delivery, DeliveryError, ProducerRecord, SendError, Ticket};

/// Whose words.
#[derive(Debug, Clone)]
pub(crate) enum Voice {
    /// Kafka's console producer: an error is a line of its log, and the exit code is 0 nevertheless.
    Kafka(Kafka),
    /// `ottla produce`.
    Friendly(Friendly),
}

/// What Kafka's tool remembers of the records under way: its error lines tell their sizes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kafka {
    /// Of the records from `first` on; none where a record is done.
    under_way: VecDeque<Option<Sizes>>,
    first: u64,
}

/// What a person wants to know at the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Friendly {
    /// A person watches.
    with_summary: bool,
    /// The numbers as an object, for scripts.
    json: bool,
    written_count: u64,
    failed_count: u64,
    started: Option<Now>,
}

/// How long a record's key and value are; -1 is null.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    key: i32,
    value: i32,
}

impl Sizes {
    pub(super) fn of(record: &ProducerRecord) -> Self {
        let size = |field: &Option<Bytes>| match field {
            Some(bytes) => i32::try_from(bytes.len()).unwrap_or(i32::MAX),
            None => -1,
        };
        Self {
            key: size(&record.key),
            value: size(&record.value),
        }
    }
}

impl Voice {
    pub(crate) fn kafka() -> Self {
        Self::Kafka(Kafka::default())
    }

    pub(super) fn started(&mut self, now: Now) {
        if let Self::Friendly(friendly) = self {
            friendly.started = Some(now);
        }
    }

    /// The producer has taken a record.
    pub(super) fn sent(&mut self, ticket: Ticket, sizes: Sizes) {
        if let Self::Kafka(kafka) = self {
            debug_assert_eq!(ticket.0, kafka.first + kafka.under_way.len() as u64);
            kafka.under_way.push_back(Some(sizes));
        }
    }

    /// The producer has not taken a record, and will not.
    pub(super) fn refused(
        &mut self,
        topic: &TopicName,
        sizes: Sizes,
        error: &SendError,
        is_last: bool,
        out: &mut Vec<ProgramOutput>,
    ) {
        match self {
            Self::Kafka(_) => say(out, error_line(topic, sizes, &exception_of(error), is_last)),
            Self::Friendly(friendly) => {
                friendly.failed_count += 1;
                say(out, format!("ottla: a record was not sent: {error}\n"));
            }
        }
    }

    /// Records are written, or given up. With `is_last` the command ends with the first failure.
    pub(super) fn delivered(
        &mut self,
        delivery: &Delivery,
        is_last: bool,
        out: &mut Vec<ProgramOutput>,
    ) {
        match self {
            Self::Kafka(kafka) => kafka.delivered(delivery, is_last, out),
            Self::Friendly(friendly) => friendly.delivered(delivery, out),
        }
    }

    pub(super) fn broken_line(&self, error: &LineError, out: &mut Vec<ProgramOutput>) {
        let text = match (self, error) {
            (Self::Kafka(_), _) => format!("org.apache.kafka.common.KafkaException: {error}\n"),
            (
                Self::Friendly(_),
                LineError::NoSeparator {
                    line_number, line, ..
                },
            ) => format!(
                "ottla: line {line_number} has no key separator: {}\n       the lines before it are written\n",
                shortened(line)
            ),
            (Self::Friendly(_), _) => format!("ottla: {error}\n"),
        };
        say(out, text);
    }

    pub(super) fn too_long_line(&self, line_number: u64, out: &mut Vec<ProgramOutput>) {
        say(
            out,
            format!("ottla: line {line_number} is longer than {LINE_MAX_BYTES} bytes\n"),
        );
    }

    /// All is done.
    pub(super) fn finished(&self, now: Now, out: &mut Vec<ProgramOutput>) {
        if let Self::Friendly(friendly) = self {
            friendly.finished(now, out);
        }
    }

    /// How the command ends, as far as that is known.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Friendly(friendly) if friendly.failed_count > 0 => Exit::FAILED,
            Self::Kafka(_) | Self::Friendly(_) => Exit::DONE,
        }
    }
}

impl Kafka {
    fn delivered(&mut self, delivery: &Delivery, is_last: bool, out: &mut Vec<ProgramOutput>) {
        for run in delivery.tickets.runs() {
            for ticket in run.clone() {
                let index = usize::try_from(ticket - self.first).unwrap_or(usize::MAX);
                let sizes = self.under_way.get_mut(index).and_then(Option::take);
                let (Err(error), Some(sizes)) = (&delivery.result, sizes) else {
                    continue;
                };
                let exception = exception_of_delivery(error);
                let topic = &delivery.partition.topic;
                say(out, error_line(topic, sizes, &exception, is_last));
            }
        }
        while let Some(None) = self.under_way.front() {
            self.under_way.pop_front();
            self.first += 1;
        }
    }
}

impl Friendly {
    pub(crate) fn new(with_summary: bool, json: bool) -> Self {
        Self {
            with_summary,
            json,
            ..Self::default()
        }
    }

    fn delivered(&mut self, delivery: &Delivery, out: &mut Vec<ProgramOutput>) {
        let count = delivery.tickets.len() as u64;
        match &delivery.result {
            Ok(_) => self.written_count += count,
            Err(error) => {
                self.failed_count += count;
                let place = match delivery.partition.partition {
                    -1 => delivery.partition.topic.to_string(),
                    _ => delivery.partition.to_string(),
                };
                say(
                    out,
                    format!(
                        "ottla: {} not written to {place}: {error}\n",
                        records(count)
                    ),
                );
            }
        }
    }

    fn finished(&self, now: Now, out: &mut Vec<ProgramOutput>) {
        if self.json {
            let (written, failed) = (self.written_count, self.failed_count);
            let document = format!("{{\"written\":{written},\"failed\":{failed}}}\n");
            out.push(ProgramOutput::Stdout(document.into()));
        }
        let Some(started) = self.started.filter(|_| self.with_summary) else {
            return;
        };
        let ms = (now.mono - started.mono) / 1000;
        let failed = match self.failed_count {
            0 => String::new(),
            failed => format!(", {} not", records(failed)),
        };
        let written = records(self.written_count);
        say(
            out,
            format!(
                "{written} written{failed}, in {}.{:03} s\n",
                ms / 1000,
                ms % 1000
            ),
        );
    }
}

/// A line of input, so that it does not fill the screen.
fn shortened(line: &str) -> String {
    const MOST: usize = 60;
    match line.chars().count() > MOST {
        true => format!("{:?}…", line.chars().take(MOST).collect::<String>()),
        false => format!("{line:?}"),
    }
}

/// What Kafka's callback logs; with `is_last` there is only the stack trace of `main`.
fn error_line(topic: &TopicName, sizes: Sizes, exception: &Exception, is_last: bool) -> String {
    if is_last {
        return format!("{}\n", exception.of_future());
    }
    let size = |size: i32| match size {
        -1 => "null".to_owned(),
        size => format!("{size} bytes"),
    };
    let (key, value) = (size(sizes.key), size(sizes.value));
    format!(
        "ottla: Error when sending message to topic {topic} with key: {key}, value: {value} with error: {exception}\n"
    )
}

fn exception_of_delivery(error: &DeliveryError) -> Exception {
    Exception::from(&ApiError::new(error.code, error.message.clone()))
}

fn exception_of(error: &SendError) -> Exception {
    match error {
        SendError::Fatal(error) => exception_of_delivery(error),
        SendError::RecordTooLarge { .. } => {
            Exception::kafka("RecordTooLargeException", error.to_string())
        }
        SendError::Closed => Exception {
            class: "java.lang.IllegalStateException".to_owned(),
            message: error.to_string(),
        },
        SendError::BufferFull { .. }
        | SendError::InvalidPartition(_)
        | SendError::InvalidTimestamp(_) => Exception {
            class: "java.lang.IllegalArgumentException".to_owned(),
            message: error.to_string(),
        },
    }
}
