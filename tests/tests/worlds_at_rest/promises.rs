//! What Kafka promises, whatever happens.

use ottla_core::sorted::{Map, Set};

use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;
use ottla_core::TopicPartition;
use ottla_lab::app::Outcome;
use ottla_lab::{Line, Resident, Teller, World};

/// What has been seen, to be held against what comes.
#[derive(Default)]
pub(crate) struct Promises {
    /// Who owns a partition in a group's generation.
    owners: Map<(String, i32, TopicPartition), String>,
    /// How many entries of a consumer's journal have been looked at.
    looked_at: Map<String, u64>,
}

impl Promises {
    pub(crate) fn hear(&mut self, world: &World, line: &Line) {
        let Teller::Client(Event::Consumer(ConsumerEvent::Assigned {
            generation, all, ..
        })) = &line.what
        else {
            return;
        };
        let resident = world.resident(&line.who);
        let group = resident.and_then(|found| found.as_consumer()?.settings().group.clone());
        let Some(group) = group else {
            return;
        };
        for partition in all {
            let place = (group.clone(), *generation, partition.clone());
            let owner = self
                .owners
                .entry(place)
                .or_insert_with(|| line.who.to_string());
            assert_eq!(
                **owner, *line.who,
                "{partition} has two owners in generation {generation} of {group}"
            );
        }
    }

    /// What is true at any moment.
    pub(crate) fn look(&mut self, world: &World) {
        for resident in world.residents() {
            let Some(app) = resident.as_consumer() else {
                continue;
            };
            let seen = self
                .looked_at
                .entry(resident.name().to_string())
                .or_default();
            for index in *seen..app.journal().count() {
                let Some(done) = app.journal().get(index) else {
                    continue;
                };
                let end = high_watermark(world, &done.partition);
                assert!(
                    done.offset < end,
                    "{} has worked on {} offset {}, and what may be read ends at {end}",
                    resident.name(),
                    done.partition,
                    done.offset
                );
            }
            *seen = app.journal().count();
        }
        for group in world.broker().groups() {
            for (topic, index, committed) in group.offsets().iter() {
                let partition = TopicPartition {
                    topic: topic.clone(),
                    partition: index,
                };
                let end = high_watermark(world, &partition);
                assert!(
                    committed.offset.0 <= end,
                    "{} has committed {} of {partition}, which ends at {end}",
                    group.id(),
                    committed.offset
                );
            }
        }
    }

    /// What is true when everything has come to its end, and an auditor has read all that there is.
    pub(crate) fn settle(&self, world: &World) {
        let log = world.journal("auditor").expect("it was added");
        assert!(log.count() < 4000, "the auditor's journal is whole");
        let mut there = Map::new();
        let mut last: Map<(String, i32), u64> = Map::new();
        let mut once = Set::new();
        for read in log.iter() {
            let key = read.key.as_deref().unwrap_or_default().to_owned();
            let number: u64 = read.value["value-".len()..].parse().expect("a number");
            assert!(
                once.insert((key.clone(), number)),
                "{key} {number} is there twice"
            );
            let before = last.insert((key.clone(), read.partition.partition), number);
            assert!(before < Some(number), "{key} {number} is behind {before:?}");
            there.insert((read.partition.clone(), read.offset), (key, number));
        }
        self.nothing_acknowledged_is_lost(world, &there);
        self.everything_is_worked_on(world, &there);
    }

    fn nothing_acknowledged_is_lost(&self, world: &World, there: &Places) {
        for resident in world.residents() {
            let Some(app) = resident.as_producer() else {
                continue;
            };
            for sent in app.deliveries().iter() {
                let Outcome::Acknowledged {
                    partition,
                    offset: Some(offset),
                    ..
                } = &sent.outcome
                else {
                    continue;
                };
                let number = sent.value["value-".len()..].parse().expect("a number");
                let key = sent.key.as_deref().unwrap_or_default().to_owned();
                let found = there.get(&(partition.clone(), *offset));
                assert_eq!(
                    found,
                    Some(&(key, number)),
                    "{} was told that {sent:?}",
                    resident.name()
                );
            }
        }
    }

    /// In a group that commits after the work, at least once; if any of its members is there.
    fn everything_is_worked_on(&self, world: &World, there: &Places) {
        let of_group = |name: &str| name.starts_with('a') || name.starts_with('c');
        let members = || {
            let residents = world.residents();
            residents.filter(|one| of_group(one.name()) && &**one.name() != "auditor")
        };
        // Who came with another assignor was refused for good.
        let is_at_work = |member: &Resident| {
            let app = member.as_consumer();
            let error = app.and_then(|app| app.consumer().fatal_error());
            member.is_alive() && error.is_none()
        };
        if !members().any(is_at_work) {
            return;
        }
        for group in world
            .broker()
            .groups()
            .filter(|group| &**group.id() == "after")
        {
            let state = group.state().name();
            assert_eq!(state, "Stable", "a group comes to rest");
            for (partition, offset) in there.keys() {
                let committed = group
                    .offsets()
                    .committed(&partition.topic, partition.partition);
                let committed = committed.map_or(0, |committed| committed.offset.0);
                assert!(
                    *offset < committed,
                    "{partition} offset {offset} is not committed, but {committed}"
                );
            }
        }
    }
}

type Places = Map<(TopicPartition, i64), (String, u64)>;

fn high_watermark(world: &World, partition: &TopicPartition) -> i64 {
    let log = world
        .broker()
        .partition_log(&partition.topic, partition.partition);
    log.map_or(0, |log| log.high_watermark().0)
}
