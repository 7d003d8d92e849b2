//! Promises about records.

use ottla_core::sorted::Map;
use ottla_core::{Offset, TopicPartition};

use super::{Broken, broken};
use crate::World;
use crate::app::{Outcome, Sent};
use crate::scene::readable;

/// What is known of the logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Logs {
    high_watermarks: Map<TopicPartition, i64>,
    /// How many of a producer's records have been looked at.
    seen_counts: Map<String, u64>,
    /// What was acknowledged, and where it is said to be.
    acknowledged: Map<TopicPartition, Map<i64, Said>>,
}

#[derive(Debug, Clone)]
struct Said {
    value: String,
    producer: String,
    /// Which of the producer's records, in the order in which they were sent.
    number: u64,
    is_idempotent: bool,
}

impl Logs {
    /// A consumer is done with a record.
    pub(super) fn worked(
        world: &World,
        who: &str,
        partition: &TopicPartition,
        offset: i64,
    ) -> Result<(), Broken> {
        let log = world
            .broker()
            .partition_log(&partition.topic, partition.partition);
        match log {
            Some(log) if offset >= log.high_watermark().0 => broken(format!(
                "{who} worked on {partition} offset {offset}, above the high watermark {}",
                log.high_watermark().0
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn check(
        &mut self,
        world: &World,
        is_steady: impl Fn(&TopicPartition) -> bool,
    ) -> Result<(), Broken> {
        self.offsets_are_in_order(world, &is_steady)?;
        self.note_acknowledged(world, &is_steady)?;
        self.acknowledged
            .retain(|partition, _| is_steady(partition));
        for (partition, said) in &self.acknowledged {
            is_there(world, partition, said)?;
            is_in_order(partition, said)?;
        }
        // What was held once is not held again: the log only grows.
        self.acknowledged.values_mut().for_each(|said| {
            while said.len() > SAID_KEPT {
                said.pop_first();
            }
        });
        Ok(())
    }

    fn offsets_are_in_order(
        &mut self,
        world: &World,
        is_steady: impl Fn(&TopicPartition) -> bool,
    ) -> Result<(), Broken> {
        for log in world.broker().logs() {
            let partition = log.partition();
            let [start, high_watermark, end] =
                [log.start_offset(), log.high_watermark(), log.end_offset()].map(|offset| offset.0);
            if start > high_watermark || high_watermark > end {
                return broken(format!(
                    "{partition} starts at {start}, can be read up to {high_watermark} and ends at {end}"
                ));
            }
            let before = self
                .high_watermarks
                .insert(partition.clone(), high_watermark);
            let before = before.filter(|_| is_steady(partition)).unwrap_or(0);
            if before > high_watermark {
                return broken(format!(
                    "the high watermark of {partition} went from {before} back to {high_watermark}"
                ));
            }
        }
        Ok(())
    }

    /// Takes in what producers have been told. Those that are not told of yet are looked at again.
    fn note_acknowledged(
        &mut self,
        world: &World,
        is_steady: impl Fn(&TopicPartition) -> bool,
    ) -> Result<(), Broken> {
        for resident in world.residents() {
            let Some(app) = resident.as_producer() else {
                continue;
            };
            let sent = app.deliveries();
            let seen_count = self.seen_counts.entry(resident.name().to_string());
            let seen_count = seen_count.or_default();
            let mut is_all_told = true;
            for number in *seen_count..sent.count() {
                let Some(Sent { value, outcome, .. }) = sent.get(number) else {
                    continue;
                };
                is_all_told &= *outcome != Outcome::Waiting;
                if is_all_told {
                    *seen_count = number + 1;
                }
                let Outcome::Acknowledged {
                    partition,
                    offset: Some(offset),
                    ..
                } = outcome
                else {
                    continue;
                };
                if !is_steady(partition) {
                    continue;
                }
                let said = Said {
                    value: value.to_string(),
                    producer: resident.name().to_string(),
                    number,
                    is_idempotent: app.settings().enable_idempotence,
                };
                let places = self.acknowledged.entry(partition.clone()).or_default();
                let before = places.insert(*offset, said);
                let is_other = |before: &Said| {
                    before.number != number || *before.producer != **resident.name()
                };
                if before.is_some_and(|before| is_other(&before)) {
                    return broken(format!(
                        "two records were acknowledged at {partition} offset {offset}"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// What was acknowledged is there, with its value.
fn is_there(
    world: &World,
    partition: &TopicPartition,
    said: &Map<i64, Said>,
) -> Result<(), Broken> {
    let log = world
        .broker()
        .partition_log(&partition.topic, partition.partition);
    let Some(log) = log else {
        return Ok(());
    };
    let Some((first, _)) = said.range(log.start_offset().0..).next() else {
        return Ok(());
    };
    let mut found: Map<i64, String> = Map::new();
    for batch in world.server.store().read(log.id(), Offset(*first)) {
        found.extend(readable(batch).map(|record| {
            let value = record.value.unwrap_or_default();
            (
                record.offset.0,
                String::from_utf8_lossy(&value).into_owned(),
            )
        }));
    }
    for (offset, said) in said.range(*first..) {
        if found.get(offset) != Some(&said.value) {
            return broken(format!(
                "{}'s {} was acknowledged at {partition} offset {offset}; there is {:?}",
                said.producer,
                said.value,
                found.get(offset)
            ));
        }
    }
    Ok(())
}

/// What an idempotent producer sent earlier stands earlier.
fn is_in_order(partition: &TopicPartition, said: &Map<i64, Said>) -> Result<(), Broken> {
    let mut last: Map<&str, (i64, u64)> = Map::new();
    for (offset, said) in said.iter().filter(|(_, said)| said.is_idempotent) {
        let before = last.insert(&said.producer, (*offset, said.number));
        if let Some((before_offset, before)) = before.filter(|(_, before)| *before > said.number) {
            return broken(format!(
                "{partition}: record {before} of {} stands at {before_offset}, before its record {} at {offset}",
                said.producer, said.number
            ));
        }
    }
    Ok(())
}

/// How many of a partition's records are looked at each time.
const SAID_KEPT: usize = 60;
