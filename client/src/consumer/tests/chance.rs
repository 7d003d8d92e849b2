//! Groups to which things happen by chance. A failure names its seed.

use super::world::World;
use crate::random::Random;
use ottla_core::sorted::Map;

const STRATEGIES: [&str; 4] = ["range", "roundrobin", "sticky", "cooperative-sticky"];

/// A group, and what was written for it.
struct Trial {
    world: World,
    random: Random,
    strategy: &'static str,
    /// `max.poll.interval.ms`.
    patience_ms: &'static str,
    members: Vec<usize>,
    written: usize,
    got: Map<String, usize>,
}

impl Trial {
    fn new(seed: u64, patience_ms: &'static str) -> Self {
        let mut random = Random::new(seed);
        let partitions = 1 + random.below(6) as i32;
        let strategy = STRATEGIES[random.below(4) as usize];
        Self {
            world: World::new().topic("t", partitions),
            random,
            strategy,
            patience_ms,
            members: Vec::new(),
            written: 0,
            got: Map::new(),
        }
    }

    fn chance(&mut self, of: u64) -> bool {
        self.random.below(of) == 0
    }

    fn someone(&mut self) -> Option<usize> {
        let index = self.random.below(self.members.len() as u64) as usize;
        self.members.get(index).copied()
    }

    fn join(&mut self) {
        let properties = [
            ("partition.assignment.strategy", self.strategy),
            ("session.timeout.ms", "6000"),
            ("max.poll.interval.ms", self.patience_ms),
            ("max.poll.records", "3"),
            ("auto.commit.interval.ms", "1000"),
        ];
        let member = self.world.member("g", "t", &properties);
        self.members.push(member);
    }

    fn write(&mut self) {
        let partitions = self.world.partitions_count("t");
        let partition = self.random.below(partitions as u64) as i32;
        let values: Vec<String> = (0..1 + self.random.below(5))
            .map(|index| format!("v{}", self.written + index as usize))
            .collect();
        self.written += values.len();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        self.world.produce("t", partition, &values);
    }

    fn leave(&mut self) {
        if let Some(member) = self.someone() {
            self.world.people[member].is_diligent = true;
            self.world.settle();
            self.world
                .act(member, |consumer, now, out| consumer.close(now, out));
            self.members.retain(|other| *other != member);
        }
    }

    /// Someone begins to work on records for a while, or comes back.
    fn change_pace(&mut self) {
        if let Some(member) = self.someone() {
            let person = &mut self.world.people[member];
            person.is_diligent = !person.is_diligent;
            if !person.is_diligent {
                let records = self.world.poll(member, 2);
                self.world.people[member].got.extend(records);
            }
        }
    }

    fn pass(&mut self, most_ms: u64) {
        let ms = self.random.below(most_ms);
        self.world.pass_ms(ms);
        self.collect();
    }

    fn collect(&mut self) {
        for person in 0..self.world.people.len() {
            for fetched in self.world.people[person].got.drain(..) {
                let value = fetched.record.value.unwrap_or_default();
                let value = String::from_utf8(value.to_vec()).expect("text");
                *self.got.entry(value).or_default() += 1;
            }
        }
    }

    /// Everybody is well again, and has time enough.
    fn end(&mut self) {
        if self.members.is_empty() {
            self.join();
        }
        for member in self.members.clone() {
            self.world.people[member].is_diligent = true;
        }
        self.world.pass_ms(60_000);
        self.collect();
    }

    fn assert_shared(&self, seed: u64) {
        let mut read: Vec<i32> = self
            .members
            .iter()
            .flat_map(|member| self.world.reads(*member))
            .collect();
        read.sort_unstable();
        let all: Vec<i32> = (0..self.world.partitions_count("t")).collect();
        assert_eq!(read, all, "seed {seed}: each partition has one reader");
        for member in &self.members {
            let consumer = &self.world.people[*member].consumer;
            assert_eq!(consumer.fatal_error(), None, "seed {seed}");
        }
    }
}

#[test]
fn whoever_comes_and_goes_in_an_orderly_way_every_record_is_read_once() {
    for seed in 0..60 {
        let mut trial = Trial::new(seed, "1000000");
        for _ in 0..40 {
            match trial.random.below(8) {
                0 if trial.members.len() < 5 => trial.join(),
                1 if trial.members.len() > 1 => trial.leave(),
                2 => trial.change_pace(),
                3..=5 => trial.write(),
                _ => {}
            }
            trial.pass(3_000);
            if trial.chance(3) {
                for member in trial.members.clone() {
                    trial.world.people[member].is_diligent = true;
                }
                trial.pass(1_000);
            }
        }
        trial.end();
        trial.assert_shared(seed);
        let repeated: Vec<_> = trial.got.iter().filter(|(_, times)| **times != 1).collect();
        assert!(
            repeated.is_empty(),
            "seed {seed}, {}: {repeated:?}",
            trial.strategy
        );
        assert_eq!(
            trial.got.len(),
            trial.written,
            "seed {seed}, {}",
            trial.strategy
        );
    }
}

#[test]
fn whatever_happens_no_record_is_missed() {
    for seed in 0..15 {
        let mut trial = Trial::new(seed, "20000");
        for _ in 0..40 {
            match trial.random.below(10) {
                0 if trial.members.len() < 5 => trial.join(),
                1 if trial.members.len() > 1 => trial.leave(),
                2 => trial.change_pace(),
                3..=5 => trial.write(),
                6 => {
                    if let Some(member) = trial.someone() {
                        trial.world.cut(member);
                    }
                }
                7 if trial.members.len() > 1 => {
                    if let Some(member) = trial.someone() {
                        trial.world.crash(member);
                        trial.members.retain(|other| *other != member);
                    }
                }
                8 if trial.world.partitions_count("t") < 8 => {
                    let more = trial.world.partitions_count("t") + 1;
                    trial.world.add_partitions("t", more);
                }
                _ => {}
            }
            trial.pass(8_000);
        }
        trial.world.pass_ms(400_000);
        trial.end();
        trial.assert_shared(seed);
        assert_eq!(
            trial.got.len(),
            trial.written,
            "seed {seed}, {}",
            trial.strategy
        );
    }
}
