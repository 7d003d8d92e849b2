//! What was promised, and what is there.

use ottla_core::sorted::{Map, Set};

use ottla_client::Event;
use ottla_client::consumer::{ConsumerEvent, Fetched};
use ottla_client::producer::Delivery;
use ottla_core::TopicPartition;
use ottla_lab::{Line, Teller};

/// Where a value is, or is said to be.
pub(crate) type Places = Map<(TopicPartition, i64), String>;

/// All promises of a run.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Values in the order in which each key's were sent, by producer and key.
    sent: Map<(u32, String), Vec<String>>,
    /// The value of each ticket of each producer.
    tickets: Map<(u32, u64), String>,
    /// What was acknowledged, and where it is said to be.
    acknowledged: Places,
    failed_count: usize,
    /// What the group's members have read.
    pub(crate) read: Places,
    /// Who owned which partitions, by generation.
    owners: Map<(i32, TopicPartition), String>,
}

impl Ledger {
    pub(crate) fn sent(&mut self, producer: u32, key: &str, ticket: u64, value: &str) {
        let sent = self.sent.entry((producer, key.to_owned())).or_default();
        sent.push(value.to_owned());
        self.tickets.insert((producer, ticket), value.to_owned());
    }

    pub(crate) fn delivered(&mut self, producer: u32, delivery: &Delivery) {
        let tickets = delivery.tickets.iter();
        let values: Vec<String> = tickets
            .filter_map(|ticket| self.tickets.remove(&(producer, ticket.0)))
            .collect();
        assert_eq!(
            values.len(),
            delivery.tickets.len(),
            "each ticket is told of once"
        );
        match &delivery.result {
            Ok(acknowledged) => {
                let Some(base) = acknowledged.base_offset else {
                    return;
                };
                for (index, value) in values.into_iter().enumerate() {
                    let place = (delivery.partition.clone(), base.0 + index as i64);
                    let before = self.acknowledged.insert(place, value);
                    assert_eq!(before, None, "two records were acknowledged at one place");
                }
            }
            Err(_) => self.failed_count += values.len(),
        }
    }

    /// All that were sent have been told of.
    pub(crate) fn everything_is_told(&self) {
        assert!(
            self.tickets.is_empty(),
            "nothing was told of {:?}",
            self.tickets
        );
    }

    pub(crate) fn nothing_failed(&self) {
        assert_eq!(self.failed_count, 0, "records that were given up");
    }

    pub(crate) fn fetched(&mut self, records: &[Fetched]) {
        for fetched in records {
            let (place, value) = placed(fetched);
            let before = self.read.insert(place.clone(), value.clone());
            assert!(
                before.is_none_or(|before| before == value),
                "{place:?} was read as something else"
            );
        }
    }

    /// Notes who reads what.
    pub(crate) fn heard(&mut self, line: &Line) {
        let Teller::Client(Event::Consumer(ConsumerEvent::Assigned {
            generation, all, ..
        })) = &line.what
        else {
            return;
        };
        if *generation < 0 {
            return;
        }
        for partition in all {
            let owner = self
                .owners
                .entry((*generation, partition.clone()))
                .or_insert_with(|| line.who.to_string());
            assert_eq!(
                **owner, *line.who,
                "two owners of {partition} in generation {generation}"
            );
        }
    }

    /// Holds the promises against what the logs hold.
    pub(crate) fn audit(&self, log: &Places) {
        for (place, value) in &self.acknowledged {
            assert_eq!(log.get(place), Some(value), "acknowledged at {place:?}");
        }
        let distinct: Set<&String> = log.values().collect();
        assert_eq!(distinct.len(), log.len(), "no record is there twice");
        for ((producer, key), sent) in &self.sent {
            let order: Map<&String, usize> = sent
                .iter()
                .enumerate()
                .map(|(index, value)| (value, index))
                .collect();
            let there: Vec<usize> = log
                .values()
                .filter_map(|value| order.get(value).copied())
                .collect();
            assert!(
                there.is_sorted(),
                "key {key} of producer {producer} is out of order: {there:?}"
            );
        }
    }

    /// The group has read everything.
    pub(crate) fn everything_is_read(&self, log: &Places) {
        let unread: Vec<_> = log
            .iter()
            .filter(|(place, _)| !self.read.contains_key(*place))
            .collect();
        assert!(unread.is_empty(), "not read: {unread:?}");
        assert_eq!(self.read, *log, "what was read is what is there");
    }
}

/// A record's place and its value.
pub(crate) fn placed(fetched: &Fetched) -> ((TopicPartition, i64), String) {
    let value = fetched.record.value.clone().unwrap_or_default();
    let value = String::from_utf8(value.to_vec()).expect("text");
    ((fetched.partition.clone(), fetched.record.offset.0), value)
}
