//! An action becomes a line.

use std::fmt;

use super::words::{Quoted, in_quotes};
use crate::action::{Action, BrokerFault, Millis, SeekTo};

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTopic {
                name,
                partitions_count,
                configs,
            } => {
                write!(f, "topic {name}")?;
                if *partitions_count != 1 {
                    write!(f, " partitions={partitions_count}")?;
                }
                configs
                    .iter()
                    .try_for_each(|(key, value)| write!(f, " {key}={}", Quoted(value)))
            }
            Self::AddPartitions {
                topic,
                partitions_count,
            } => write!(f, "partitions {topic} {partitions_count}"),
            Self::DeleteTopic { name } => write!(f, "delete-topic {name}"),
            Self::ConfigureTopic { topic, configs } => {
                write!(f, "configure {topic}")?;
                configs.iter().try_for_each(|(key, value)| match value {
                    Some(value) => write!(f, " {key}={}", Quoted(value)),
                    None => write!(f, " {key}="),
                })
            }
            Self::AddProducer { name, settings } => write!(f, "producer {name}{settings}"),
            Self::AddConsumer { name, settings } => write!(f, "consumer {name}{settings}"),
            Self::Send {
                producer,
                topic,
                partition,
                keys,
                value,
                count,
            } => {
                write!(f, "send {producer}")?;
                if let Some(keys) = keys {
                    write!(f, " key={keys}")?;
                }
                if let Some(value) = value {
                    write!(f, " value={}", Quoted(value))?;
                }
                if let Some(topic) = topic {
                    write!(f, " topic={topic}")?;
                }
                if let Some(partition) = partition {
                    write!(f, " partition={partition}")?;
                }
                match count {
                    1 => Ok(()),
                    count => write!(f, " count={count}"),
                }
            }
            Self::SetRate { producer, rate } => write!(f, "rate {producer} {rate}"),
            Self::SetWork { consumer, work } => write!(f, "work {consumer} {work}"),
            Self::Code { name, source } => {
                write!(f, "code {name} ")?;
                in_quotes(source, f)
            }
            Self::Crash(name) => write!(f, "crash {name}"),
            Self::Freeze(name) => write!(f, "freeze {name}"),
            Self::Thaw(name) => write!(f, "thaw {name}"),
            Self::Leave(name) => write!(f, "leave {name}"),
            Self::Restart(name) => write!(f, "restart {name}"),
            Self::Remove(name) => write!(f, "remove {name}"),
            Self::Pause(name, partitions) | Self::Resume(name, partitions) => {
                let verb = match self {
                    Self::Pause(..) => "pause",
                    _ => "resume",
                };
                write!(f, "{verb} {name}")?;
                partitions
                    .iter()
                    .try_for_each(|partition| write!(f, " {partition}"))
            }
            Self::Seek {
                consumer,
                partition,
                to,
            } => write!(f, "seek {consumer} {partition} {to}"),
            Self::Commit(name) => write!(f, "commit {name}"),
            Self::Broker(fault) => write!(f, "broker {fault}"),
            Self::Links { latency, jitter } => {
                write!(f, "links latency={latency}")?;
                match jitter {
                    Millis(0) => Ok(()),
                    jitter => write!(f, " jitter={jitter}"),
                }
            }
            Self::Cut(name) => write!(f, "cut {name}"),
            Self::LoseAnswer(name) => write!(f, "lose-answer {name}"),
            Self::Disk(delay) => write!(f, "disk {delay}"),
            Self::Run(text) => typed("run", text, f),
            Self::Type(text) => typed("type", text, f),
            Self::EndInput => f.write_str("ctrl-d"),
            Self::Interrupt => f.write_str("ctrl-c"),
        }
    }
}

/// The rest of the line is what was typed, in quotes only where it would read otherwise.
fn typed(verb: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{verb} ")?;
    let is_clear = !text.is_empty()
        && text.trim() == text
        && !text.starts_with('"')
        && !text.contains(['\n', '\r', '\t']);
    match is_clear {
        true => f.write_str(text),
        false => in_quotes(text, f),
    }
}

impl fmt::Display for SeekTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beginning => f.write_str("beginning"),
            Self::End => f.write_str("end"),
            Self::Offset(offset) => write!(f, "{offset}"),
        }
    }
}

impl fmt::Display for BrokerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "crash",
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Freeze => "freeze",
            Self::Thaw => "thaw",
        })
    }
}
