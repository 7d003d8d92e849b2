//! What clients have done since the beginning, told by their own journals: also those that have died since.

use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, TopicPartition};

use super::facts::{Facts, Value, count, truth};
use super::functions::Call;
use crate::app::{Outcome, Processed, ProducerApp};
use crate::resident::Resident;

type Place<'a> = (&'a TopicPartition, i64);

impl Facts<'_> {
    pub(super) fn of_work(&self, call: &Call) -> Option<Value> {
        let who = call.name(0);
        Some(match call.function.name {
            "sent" => {
                let sent = self.world.resident(who)?.as_producer()?.deliveries().iter();
                let wanted = call.partition(1)?;
                let is_there = |outcome: &Outcome| matches!(outcome, Outcome::Acknowledged { partition, .. } if partition == wanted);
                count(sent.filter(|sent| is_there(&sent.outcome)).count())
            }
            "partitioner" => {
                let kind = self
                    .world
                    .resident(who)?
                    .as_producer()?
                    .settings()
                    .partitioner;
                Value::Word(kind.name().to_owned())
            }
            "worked" => {
                let is_meant = |done: &&Processed| {
                    call.partition(1)
                        .is_none_or(|partition| *partition == done.partition)
                        && call.number(2).is_none_or(|offset| offset == done.offset)
                };
                count(self.journal_of(who).into_iter().filter(is_meant).count())
            }
            "worked_key" => {
                let is_meant = |done: &&Processed| done.key.as_deref() == Some(call.name(1));
                count(self.journal_of(who).into_iter().filter(is_meant).count())
            }
            "in_order" => truth(self.is_in_order(who, call.arguments.get(1).map(|_| call.name(1)))),
            "duplicates" => {
                let all = self.journal_of(who);
                let different: Set<Place<'_>> = all.iter().map(|done| place(done)).collect();
                count(all.len() - different.len())
            }
            "missed" => Value::Number(self.missed(who)),
            _ => return None,
        })
    }

    /// What a consumer, a group's consumers, or all have worked on, in order of time.
    fn journal_of(&self, who: &str) -> Vec<&Processed> {
        let is_one = self.world.resident(who).is_some();
        let apps = self.world.residents();
        let apps = apps.filter_map(|resident| Some((resident.name(), resident.as_consumer()?)));
        let meant = apps.filter(|(name, app)| match is_one {
            true => ***name == *who,
            false => who == "any" || app.settings().group.as_deref() == Some(who),
        });
        let mut journal: Vec<&Processed> =
            meant.flat_map(|(_, app)| app.journal().iter()).collect();
        journal.sort_by_key(|done| done.at);
        journal
    }

    /// Whether records were worked on (for the first time) in the order in which their producers had sent them.
    fn is_in_order(&self, who: &str, key: Option<&str>) -> bool {
        let sent = self.sent_at();
        let mut seen = Set::new();
        let journal = self.journal_of(who).into_iter();
        let meant = journal.filter(|done| key.is_none_or(|key| done.key.as_deref() == Some(key)));
        let moments: Vec<&(Instant, usize)> = meant
            .filter(|done| seen.insert(place(done)))
            .filter_map(|done| sent.get(&place(done)))
            .collect();
        moments.is_sorted()
    }

    /// When each record was sent, and as which of its producer's.
    fn sent_at(&self) -> Map<Place<'_>, (Instant, usize)> {
        let apps = self.world.residents().filter_map(Resident::as_producer);
        apps.flat_map(written).collect()
    }

    /// How many records lie below the group's committed offsets that none of its consumers has worked on.
    fn missed(&self, group: &str) -> i64 {
        let done: Set<Place<'_>> = self.journal_of(group).into_iter().map(place).collect();
        let offsets = self.group(group).map_or(&[][..], |group| &group.offsets);
        let passed_by = offsets.iter().map(|offset| {
            let committed = offset.committed.unwrap_or(0);
            let from = (&offset.partition, 0);
            committed - done.range(from..(&offset.partition, committed)).count() as i64
        });
        passed_by.sum()
    }
}

/// The records of a producer that are written, as far as it knows where: when it sent them, and in which order.
fn written(app: &ProducerApp) -> impl Iterator<Item = (Place<'_>, (Instant, usize))> {
    let sent = app.deliveries().iter().enumerate();
    sent.filter_map(|(index, sent)| match &sent.outcome {
        Outcome::Acknowledged {
            partition,
            offset: Some(offset),
            ..
        } => Some(((partition, *offset), (sent.at, index))),
        _ => None,
    })
}

fn place(done: &Processed) -> Place<'_> {
    (&done.partition, done.offset)
}
