//! A line becomes an action.

use std::str::FromStr;

use ottla_core::TopicPartition;

use super::words::{Pair, Word, Words};
use super::{ParseError, settings};
use crate::action::{Action, BrokerFault, LIMITS, Millis, SeekTo};

impl FromStr for Action {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, ParseError> {
        let (verb, rest) = split_verb(line);
        match verb {
            "run" => return typed(line, rest, "a command").map(Action::Run),
            "type" => return typed(line, rest, "a text").map(Action::Type),
            _ => {}
        }
        let mut words = Words::of(line)?;
        let verb = words.take("an action")?;
        let action = match verb.text {
            "topic" => return topic(words),
            "configure" => return configure(words),
            "producer" => {
                return Ok(Action::AddProducer {
                    name: words.take("the producer's name")?.name()?,
                    settings: Box::new(settings::producer(words)?),
                });
            }
            "consumer" => {
                return Ok(Action::AddConsumer {
                    name: words.take("the consumer's name")?.name()?,
                    settings: Box::new(settings::consumer(words)?),
                });
            }
            "send" => return send(words),
            "links" => return links(words),
            "pause" => {
                let (consumer, partitions) = partitions(words)?;
                return Ok(Action::Pause(consumer, partitions));
            }
            "resume" => {
                let (consumer, partitions) = partitions(words)?;
                return Ok(Action::Resume(consumer, partitions));
            }
            "partitions" => Action::AddPartitions {
                topic: words.take("the topic's name")?.name()?,
                partitions_count: words
                    .take("the number of partitions")?
                    .number(1..=LIMITS.partitions_count)?,
            },
            "delete-topic" => Action::DeleteTopic {
                name: words.take("the topic's name")?.name()?,
            },
            "rate" => Action::SetRate {
                producer: client(&mut words)?,
                rate: words.take("a rate")?.rate()?,
            },
            "work" => Action::SetWork {
                consumer: client(&mut words)?,
                work: words.take("a span of time")?.span()?,
            },
            "code" => Action::Code {
                name: words.take("the program's name")?.name()?,
                source: words.take("its source, in quotes")?.source()?,
            },
            "crash" => Action::Crash(client(&mut words)?),
            "freeze" => Action::Freeze(client(&mut words)?),
            "thaw" => Action::Thaw(client(&mut words)?),
            "leave" => Action::Leave(client(&mut words)?),
            "restart" => Action::Restart(client(&mut words)?),
            "remove" => Action::Remove(client(&mut words)?),
            "seek" => Action::Seek {
                consumer: client(&mut words)?,
                partition: words.take("a partition")?.partition()?,
                to: words.take("an offset")?.seek_to()?,
            },
            "commit" => Action::Commit(client(&mut words)?),
            "broker" => Action::Broker(
                words
                    .take("what happens to it")?
                    .one_of(fault, "crash, stop, start, freeze, thaw")?,
            ),
            "cut" => Action::Cut(client(&mut words)?),
            "lose-answer" => Action::LoseAnswer(client(&mut words)?),
            "disk" => Action::Disk(words.take("a span of time")?.span()?),
            "ctrl-d" => Action::EndInput,
            "ctrl-c" => Action::Interrupt,
            _ => return Err(verb.error(&format!("is no action; allowed are {VERBS}"))),
        };
        words.end()?;
        Ok(action)
    }
}

/// The first word, and what follows it.
fn split_verb(line: &str) -> (&str, &str) {
    let line = line.trim();
    line.split_once(char::is_whitespace).unwrap_or((line, ""))
}

/// The rest of a line, as it stands or in quotes.
fn typed(line: &str, rest: &str, what: &str) -> Result<String, ParseError> {
    let text = rest.trim();
    let column = line.chars().count() - rest.trim_start().chars().count() + 1;
    let word = Word { text, column };
    if text.is_empty() {
        return Err(word.error(&format!("stands for nothing: {what} is missing")));
    }
    match text.starts_with('"') {
        true => word.value(),
        false => word.bounded(text.to_owned()),
    }
}

fn topic(mut words: Words<'_>) -> Result<Action, ParseError> {
    let name = words.take("the topic's name")?.name()?;
    let mut partitions_count = 1;
    let mut configs = Vec::new();
    for Pair { key, value } in words.pairs(&[])? {
        match key.text {
            "partitions" => partitions_count = value.number(1..=LIMITS.partitions_count)?,
            _ => configs.push((key.name()?, value.value()?)),
        }
    }
    Ok(Action::CreateTopic {
        name,
        partitions_count,
        configs,
    })
}

fn configure(mut words: Words<'_>) -> Result<Action, ParseError> {
    let topic = words.take("the topic's name")?.name()?;
    let change = |Pair { key, value }: Pair<'_>| {
        let is_set = !value.text.is_empty();
        Ok((key.name()?, is_set.then(|| value.value()).transpose()?))
    };
    let configs: Vec<_> = words
        .pairs(&[])?
        .into_iter()
        .map(change)
        .collect::<Result<_, _>>()?;
    match configs.is_empty() {
        true => Err(words.missing("key=value")),
        false => Ok(Action::ConfigureTopic { topic, configs }),
    }
}

fn send(mut words: Words<'_>) -> Result<Action, ParseError> {
    let producer = client(&mut words)?;
    let (mut topic, mut partition, mut keys, mut text, mut count) = (None, None, None, None, 1);
    for Pair { key, value } in words.pairs(&["key", "value", "topic", "partition", "count"])? {
        match key.text {
            "key" => keys = Some(value.keys()?),
            "value" => text = Some(value.value()?),
            "topic" => topic = Some(value.name()?),
            "partition" => {
                partition = Some(value.number(0..=LIMITS.partitions_count as i32 - 1)?);
            }
            _ => count = value.number(1..=LIMITS.records_per_send)?,
        }
    }
    Ok(Action::Send {
        producer,
        topic,
        partition,
        keys,
        value: text,
        count,
    })
}

fn links(mut words: Words<'_>) -> Result<Action, ParseError> {
    let (mut latency, mut jitter) = (Millis(20), Millis(0));
    for Pair { key, value } in words.pairs(&["latency", "jitter"])? {
        match key.text {
            "latency" => latency = value.span_from(Millis(1))?,
            _ => jitter = value.span()?,
        }
    }
    Ok(Action::Links { latency, jitter })
}

fn partitions(mut words: Words<'_>) -> Result<(String, Vec<TopicPartition>), ParseError> {
    let consumer = client(&mut words)?;
    let mut partitions = Vec::new();
    while let Some(word) = words.next_if_any() {
        partitions.push(word.partition()?);
    }
    Ok((consumer, partitions))
}

fn client(words: &mut Words<'_>) -> Result<String, ParseError> {
    words.take("a client's name")?.name()
}

impl Word<'_> {
    fn seek_to(&self) -> Result<SeekTo, ParseError> {
        match self.text {
            "beginning" => Ok(SeekTo::Beginning),
            "end" => Ok(SeekTo::End),
            text => text
                .parse()
                .ok()
                .filter(|offset| *offset >= 0)
                .map(SeekTo::Offset)
                .ok_or_else(|| self.error("is no place: an offset, beginning or end are allowed")),
        }
    }
}

fn fault(text: &str) -> Option<BrokerFault> {
    match text {
        "crash" => Some(BrokerFault::Crash),
        "stop" => Some(BrokerFault::Stop),
        "start" => Some(BrokerFault::Start),
        "freeze" => Some(BrokerFault::Freeze),
        "thaw" => Some(BrokerFault::Thaw),
        _ => None,
    }
}

const VERBS: &str = "topic, partitions, delete-topic, configure, producer, consumer, send, rate, work, code, crash, freeze, thaw, leave, \
     restart, remove, pause, resume, seek, commit, broker, links, cut, lose-answer, disk, run, type, ctrl-d, ctrl-c";
