//! The lines that start a producer or a consumer.

use std::fmt;

use ottla_client::assignor::Assignor;
use ottla_client::partitioner::PartitionerKind;

use super::ParseError;
use super::words::{Pair, Quoted, Words};
use crate::action::{CommitPolicy, ConsumerSettings, FailurePolicy, Millis, ProducerSettings};

pub(super) fn producer(mut words: Words<'_>) -> Result<ProducerSettings, ParseError> {
    let mut settings = ProducerSettings::new("");
    for Pair { key, value } in words.pairs(PRODUCER_KEYS)? {
        match key.text {
            "topic" => settings.topic = value.name()?,
            "keys" => settings.keys = value.keys()?,
            "value" => settings.value = Some(value.value()?),
            "rate" => settings.rate = value.rate()?,
            "count" => settings.count = Some(value.number(0..=RECORDS_MAX)?),
            "partitioner" => settings.partitioner = value.one_of(partitioner, &partitioners())?,
            "acks" => settings.acks = value.one_of(acks, "all, 1, 0")?,
            "linger" => settings.linger = value.span()?,
            "batch-size" => settings.batch_size = value.number(0..=BATCH_SIZE_MAX)?,
            "compression" => {
                settings.compression = value.one_of(compression, &COMPRESSIONS.join(", "))?;
            }
            _ => settings.enable_idempotence = value.one_of(flag, "true, false")?,
        }
    }
    match settings.topic.is_empty() {
        true => Err(words.missing("topic=...")),
        false => Ok(settings),
    }
}

pub(super) fn consumer(mut words: Words<'_>) -> Result<ConsumerSettings, ParseError> {
    let mut settings = ConsumerSettings::new(None, &[]);
    for Pair { key, value } in words.pairs(CONSUMER_KEYS)? {
        match key.text {
            "group" => settings.group = Some(value.name()?),
            "topics" => settings.topics = value.names()?,
            "from" => settings.from_beginning = value.one_of(from, "earliest, latest")?,
            "assignor" => settings.assignor = value.one_of(assignor, &assignors())?,
            "session" => settings.session_timeout = value.span_from(Millis(1))?,
            "heartbeat" => settings.heartbeat_interval = value.span_from(Millis(1))?,
            "max-poll-interval" => settings.max_poll_interval = value.span_from(Millis(1))?,
            "max-poll-records" => settings.max_poll_records = value.number(1..=POLL_RECORDS_MAX)?,
            "work" => settings.work = value.span()?,
            "commit" => {
                settings.commit = match value.behind("auto:") {
                    Some(every) => CommitPolicy::Auto(every.span_from(Millis(1))?),
                    None => value.one_of(commit, "auto, auto:5s, before, after, never")?,
                };
            }
            "instance" => settings.group_instance_id = Some(value.name()?),
            _ => {
                settings.on_poison = match value.behind("park:") {
                    Some(topic) => FailurePolicy::Park(topic.name()?),
                    None => value.one_of(failure, "crash, retry, skip, park:<topic>")?,
                };
            }
        }
    }
    match settings.topics.is_empty() {
        true => Err(words.missing("topics=...")),
        false => Ok(settings),
    }
}

impl fmt::Display for ProducerSettings {
    /// What differs from the defaults, each with a space before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = Self::new(&self.topic);
        write!(f, " topic={}", self.topic)?;
        if self.keys != plain.keys {
            write!(f, " keys={}", self.keys)?;
        }
        if let Some(value) = &self.value {
            write!(f, " value={}", Quoted(value))?;
        }
        if self.rate != plain.rate {
            write!(f, " rate={}", self.rate)?;
        }
        if let Some(count) = self.count {
            write!(f, " count={count}")?;
        }
        if self.partitioner != plain.partitioner {
            write!(f, " partitioner={}", self.partitioner)?;
        }
        if self.acks != plain.acks {
            write!(f, " acks={}", self.acks)?;
        }
        if self.linger != plain.linger {
            write!(f, " linger={}", self.linger)?;
        }
        if self.batch_size != plain.batch_size {
            write!(f, " batch-size={}", self.batch_size)?;
        }
        if self.compression != plain.compression {
            write!(f, " compression={}", self.compression)?;
        }
        match self.enable_idempotence {
            true => Ok(()),
            false => f.write_str(" idempotence=false"),
        }
    }
}

impl fmt::Display for ConsumerSettings {
    /// What differs from the defaults, each with a space before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = Self::new(None, &[]);
        if let Some(group) = &self.group {
            write!(f, " group={group}")?;
        }
        write!(f, " topics={}", self.topics.join(","))?;
        if !self.from_beginning {
            f.write_str(" from=latest")?;
        }
        if self.assignor != plain.assignor {
            write!(f, " assignor={}", self.assignor.name())?;
        }
        for (key, span, usual) in [
            ("session", self.session_timeout, plain.session_timeout),
            (
                "heartbeat",
                self.heartbeat_interval,
                plain.heartbeat_interval,
            ),
            (
                "max-poll-interval",
                self.max_poll_interval,
                plain.max_poll_interval,
            ),
        ] {
            if span != usual {
                write!(f, " {key}={span}")?;
            }
        }
        if self.max_poll_records != plain.max_poll_records {
            write!(f, " max-poll-records={}", self.max_poll_records)?;
        }
        if self.work != plain.work {
            write!(f, " work={}", self.work)?;
        }
        if self.commit != plain.commit {
            write!(f, " commit={}", self.commit)?;
        }
        if let Some(id) = &self.group_instance_id {
            write!(f, " instance={id}")?;
        }
        match &self.on_poison {
            FailurePolicy::Crash => Ok(()),
            other => write!(f, " on-poison={other}"),
        }
    }
}

impl fmt::Display for CommitPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto(every) => write!(f, "auto:{every}"),
            Self::BeforeWork => f.write_str("before"),
            Self::AfterWork => f.write_str("after"),
            Self::Never => f.write_str("never"),
        }
    }
}

impl fmt::Display for FailurePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crash => f.write_str("crash"),
            Self::Retry => f.write_str("retry"),
            Self::Skip => f.write_str("skip"),
            Self::Park(topic) => write!(f, "park:{topic}"),
        }
    }
}

fn acks(text: &str) -> Option<i16> {
    match text {
        "all" | "-1" => Some(-1),
        "1" => Some(1),
        "0" => Some(0),
        _ => None,
    }
}

fn flag(text: &str) -> Option<bool> {
    text.parse().ok()
}

fn from(text: &str) -> Option<bool> {
    match text {
        "earliest" => Some(true),
        "latest" => Some(false),
        _ => None,
    }
}

fn compression(text: &str) -> Option<String> {
    COMPRESSIONS.contains(&text).then(|| text.to_owned())
}

fn partitioner(text: &str) -> Option<PartitionerKind> {
    text.parse().ok()
}

fn partitioners() -> String {
    PartitionerKind::ALL.map(PartitionerKind::name).join(", ")
}

fn assignor(text: &str) -> Option<Assignor> {
    Assignor::ALL
        .into_iter()
        .find(|assignor| assignor.name() == text)
}

fn assignors() -> String {
    Assignor::ALL.map(Assignor::name).join(", ")
}

fn commit(text: &str) -> Option<CommitPolicy> {
    match text {
        "auto" => Some(CommitPolicy::Auto(Millis(5000))),
        "before" => Some(CommitPolicy::BeforeWork),
        "after" => Some(CommitPolicy::AfterWork),
        "never" => Some(CommitPolicy::Never),
        _ => None,
    }
}

fn failure(text: &str) -> Option<FailurePolicy> {
    match text {
        "crash" => Some(FailurePolicy::Crash),
        "retry" => Some(FailurePolicy::Retry),
        "skip" => Some(FailurePolicy::Skip),
        _ => None,
    }
}

const PRODUCER_KEYS: &[&str] = &[
    "topic",
    "keys",
    "value",
    "rate",
    "count",
    "partitioner",
    "acks",
    "linger",
    "batch-size",
    "compression",
    "idempotence",
];
const CONSUMER_KEYS: &[&str] = &[
    "group",
    "topics",
    "from",
    "assignor",
    "session",
    "heartbeat",
    "max-poll-interval",
    "max-poll-records",
    "work",
    "commit",
    "instance",
    "on-poison",
];
/// Sent by itself.
const RECORDS_MAX: u32 = 1_000_000;
/// In bytes: what the broker takes.
const BATCH_SIZE_MAX: u32 = 1 << 20;
const POLL_RECORDS_MAX: u32 = 10_000;
const COMPRESSIONS: &[&str] = &["none", "gzip", "snappy", "lz4", "zstd"];
