//! A scene that is played by its lines.

use ottla_core::sorted::{Map, Set};

use ottla_core::{Instant, TopicPartition};
use ottla_lab::app::Outcome;
use ottla_lab::{Line, World};

pub(crate) const TOPIC: &str = "employee-topic";

#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) log: Vec<Line>,
}

impl Stage {
    pub(crate) fn begin(seed: u64, lines: &[&str]) -> Self {
        let mut stage = Self {
            world: World::for_scene(seed),
            log: Vec::new(),
        };
        stage.act(lines);
        stage
    }

    pub(crate) fn act(&mut self, lines: &[&str]) {
        for line in lines {
            let action = line
                .parse()
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            let done = self.world.apply(&action);
            done.unwrap_or_else(|why| panic!("{line}: {why}"));
        }
    }

    pub(crate) fn pass_s(&mut self, seconds: u64) {
        let to = self.world.now().mono.0 + seconds * 1_000_000;
        self.world.advance(Instant(to));
        self.log.extend(self.world.take_log());
        self.world.take_frames();
    }

    /// A member of a group, from the start of the topic.
    pub(crate) fn join(&mut self, name: &str, group: &str) {
        self.act(&[&format!("consumer {name} group={group} topics={TOPIC}")]);
    }

    /// What a consumer believes it reads, by index.
    pub(crate) fn reads(&self, name: &str) -> Vec<i32> {
        let app = self
            .world
            .resident(name)
            .and_then(|found| found.as_consumer());
        let own = app.expect("a consumer").consumer().assignment();
        own.iter().map(|partition| partition.partition).collect()
    }

    /// How many partitions each of them reads, largest first; each partition exactly once.
    pub(crate) fn shares(&self, names: &[&str]) -> Vec<usize> {
        let mut all = Set::new();
        let mut shares = Vec::new();
        for name in names {
            let own = self.reads(name);
            shares.push(own.len());
            for partition in own {
                assert!(
                    all.insert(partition),
                    "partition {partition} has two owners"
                );
            }
        }
        assert_eq!(all.len(), 3, "every partition has an owner");
        shares.sort_unstable_by(|one, other| other.cmp(one));
        shares
    }

    /// Sends records and says how many each partition got.
    pub(crate) fn produce(&mut self, line: &str) -> Vec<i64> {
        let before = self.ends();
        self.act(&[line]);
        self.pass_s(3);
        let ends = self.ends().into_iter().zip(before);
        ends.map(|(end, before)| end - before).collect()
    }

    pub(crate) fn ends(&self) -> Vec<i64> {
        let log = |index| self.world.broker().partition_log(TOPIC, index);
        (0..3)
            .filter_map(log)
            .map(|log| log.high_watermark().0)
            .collect()
    }

    /// How many records a consumer has worked on.
    pub(crate) fn worked(&self, name: &str) -> u64 {
        let journal = self.world.journal(name);
        journal.expect("a consumer").count()
    }

    /// Which records these have worked on, and how often.
    pub(crate) fn places(&self, names: &[&str]) -> Map<(TopicPartition, i64), usize> {
        let mut places = Map::new();
        for name in names {
            for done in self.world.journal(name).expect("a consumer").iter() {
                *places
                    .entry((done.partition.clone(), done.offset))
                    .or_default() += 1;
            }
        }
        places
    }

    /// All that a producer has had acknowledged.
    pub(crate) fn acknowledged(&self, producer: &str) -> Set<(TopicPartition, i64)> {
        let deliveries = self.world.deliveries(producer).expect("a producer");
        let places = deliveries.iter().map(|sent| match &sent.outcome {
            Outcome::Acknowledged {
                partition,
                offset: Some(offset),
                ..
            } => (partition.clone(), *offset),
            other => panic!("{sent:?} is {other:?}"),
        });
        places.collect()
    }
}
