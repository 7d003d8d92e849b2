//! One run: who lives in it, and what may happen to them.

use ottla_core::sorted::Map;

use ottla_core::{ErrorCode, LogId, RequestId, Response, TopicPartition};
use ottla_tests::crash::Random;
use ottla_tests::world::{Client, Who, World, topic};

use crate::ledger::Ledger;
use crate::producers::Producer;

const GROUPS: [&str; 2] = ["project", "audit"];
const TOPICS: [(&str, i32); 2] = [("orders", 3), ("payments", 2)];

const LINES_TOLD: usize = 60;

pub(crate) struct Life {
    world: World,
    random: Random,
    ledger: Ledger,
    partitions: Vec<TopicPartition>,
    producers: Vec<Producer>,
    /// Reads and administers.
    observer: Client,
    fetches: Vec<(RequestId, TopicPartition)>,
    commits: Vec<(RequestId, String, TopicPartition, i64)>,
    /// The offsets that are committed only grow, for each group and partition.
    commits_count: Map<(String, TopicPartition), i64>,
    consumers_count: u32,
    story: String,
}

/// If something is wrong, it says how it came to that.
impl Drop for Life {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.story += &self.world.story();
            let lines: Vec<&str> = self.story.lines().collect();
            let last = &lines[lines.len().saturating_sub(LINES_TOLD)..];
            eprintln!("{}", last.join("\n"));
        }
    }
}

impl Life {
    pub(crate) fn new(seed: u64) -> Life {
        let mut random = Random::new(seed);
        let delay_ms = [0, 0, 300, 3_000][random.below(4)].to_string();
        let logs_count = random.between(1, 3).to_string();
        let mut world = World::seeded(
            seed,
            &[
                ("group.initial.rebalance.delay.ms", &delay_ms),
                ("offsets.topic.num.partitions", &logs_count),
            ],
        );
        let observer = world.client("observer");
        let mut partitions = Vec::new();
        for (name, count) in TOPICS {
            let segment_ms = random.between(200, 20_000).to_string();
            let wish = topic(name, Some(count), &[("segment.ms", &segment_ms)]);
            world.create(observer, wish, false).expect("a new topic");
            partitions.extend((0..count).map(|partition| TopicPartition {
                topic: name.into(),
                partition,
            }));
        }
        let kinds = [("plain", false), ("first", true), ("second", true)];
        let producers =
            kinds.map(|(name, is_idempotent)| Producer::new(&mut world, name, is_idempotent));
        Life {
            world,
            random,
            ledger: Ledger::default(),
            partitions,
            producers: producers.into(),
            observer,
            fetches: Vec::new(),
            commits: Vec::new(),
            commits_count: Map::new(),
            consumers_count: 0,
            story: String::new(),
        }
    }

    pub(crate) fn step(&mut self) {
        match self.random.below(40) {
            0..10 => self.produce(),
            10..15 => self.fetch(),
            15..20 => self.commit(),
            20..24 => self.join(),
            24..28 => self.trouble_consumer(),
            28..31 => self.slow_store(),
            31..33 => self.failing_store(),
            33 => self.lose_connection(),
            34 => self.restart(),
            35 => self.delete_records(),
            36 => self.scratch_topic(),
            _ => {}
        }
        self.pass_time();
    }

    fn pass_time(&mut self) {
        let ms = [0, 1, 20, 300, 2_500, 9_000][self.random.below(6)];
        let ms = self.random.between(0, ms);
        self.story += &self.world.advance(&format!("{ms}ms"));
        self.listen();
        if let Some((at, timer)) = self.world.broker.next_deadline() {
            assert!(at > self.world.now().mono, "{timer:?} was due at {at:?}");
        }
    }

    /// Trouble ends. Whoever lives gets what it waits for.
    pub(crate) fn come_to_rest(&mut self) {
        self.world.disk.takes_ms(0);
        for log in self.logs() {
            self.world.disk.log_takes_ms(log, 0);
            self.world.disk.fails(log, false);
        }
        for _ in 0..4 {
            self.story += &self.world.advance("40s");
            self.listen();
            for producer in &mut self.producers {
                for to in producer.unheard() {
                    producer.produce(&mut self.world, &mut self.random, &to);
                }
            }
        }
        let consumers: Vec<Client> = self.world.consumers().map(|(client, _)| client).collect();
        for client in consumers {
            self.world.busy(client, false);
        }
        self.world.run_until_quiet();
        self.listen();
        for producer in &self.producers {
            assert!(producer.unheard().is_empty(), "a producer is not heard");
            producer.audit(&self.world, &self.ledger, &self.partitions);
        }
        let unanswered: Vec<RequestId> = self.world.unanswered().collect();
        assert!(unanswered.is_empty(), "{unanswered:?} are not answered");
        self.everything_is_read();
        self.ledger.audit(&mut self.world, self.observer);
        self.world.restart();
        self.ledger.audit(&mut self.world, self.observer);
    }

    /// In each group that has consumers, each partition has one.
    fn everything_is_read(&self) {
        for group in GROUPS {
            // A fenced one has stopped for good: after a crash the coordinator may remember only the id that its static member had before.
            let living = self.world.consumers().map(|(_, c)| c);
            let mut members = living.filter(|c| c.is_reading() && &*c.who.group == group);
            let Some(first) = members.next() else {
                continue;
            };
            let rest = members.flat_map(|c| &c.partitions);
            let mut read: Vec<&TopicPartition> = rest.chain(&first.partitions).collect();
            read.sort();
            assert_eq!(read, self.partitions.iter().collect::<Vec<_>>(), "{group}");
        }
    }

    fn listen(&mut self) {
        self.ledger
            .look(&mut self.world, self.observer, &self.partitions);
        for producer in &mut self.producers {
            producer.listen(&mut self.world, &self.ledger);
        }
        let (world, ledger) = (&mut self.world, &mut self.ledger);
        self.fetches.retain(|(id, partition)| {
            let fetched = world.fetched(*id);
            if let Some(fetched) = &fetched {
                ledger.check_fetched(partition, fetched);
            }
            fetched.is_none()
        });
        self.commits.retain(|(id, group, partition, offset)| {
            let Some(response) = world.take(*id) else {
                return true;
            };
            let Response::CommitOffsets(response) = response else {
                panic!("{response:?}")
            };
            if response.topics[0].1[0].1 == ErrorCode::None {
                ledger.acknowledge_commit(group, partition.clone(), *offset);
            }
            false
        });
        self.ledger
            .look(&mut self.world, self.observer, &self.partitions);
    }

    fn produce(&mut self) {
        let to = self.partition();
        let index = self.random.below(self.producers.len());
        self.producers[index].produce(&mut self.world, &mut self.random, &to);
    }

    fn fetch(&mut self) {
        let from = self.partition();
        let offset = self.random.between(0, self.ledger.end(&from) as usize) as i64;
        let min_bytes = [0, 1, 200, 100_000][self.random.below(4)];
        let id = self.world.fetch(
            self.observer,
            &from.topic,
            (from.partition, offset),
            (min_bytes, self.random.between(0, 5_000) as i32),
        );
        self.fetches.push((id, from));
    }

    /// A consumer commits, as its old self if it has not heard of a new generation.
    fn commit(&mut self) {
        let Some(client) = self.some_consumer() else {
            return;
        };
        let who = self.world.who(client);
        let partition = self.partition();
        let key = (who.group.to_string(), partition.clone());
        let offset = self.commits_count.entry(key).or_default();
        *offset += 1;
        let offset = *offset;
        let place = (partition.partition, offset);
        // A connection of its own: the consumer's is busy with its joins and heartbeats.
        let committer = self.observer;
        let id = self
            .world
            .send_commit(committer, &who, &partition.topic, place);
        self.commits
            .push((id, who.group.to_string(), partition, offset));
    }

    fn join(&mut self) {
        self.consumers_count += 1;
        let group = GROUPS[self.random.below(2)];
        let topics: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
        let name = format!("c{}", self.consumers_count);
        let instance = ["kitchen", "cellar"][self.random.below(2)];
        let is_taken = self.world.consumers().any(|(_, consumer)| {
            let who = &consumer.who;
            &*who.group == group && who.instance_id.as_deref() == Some(instance)
        });
        let is_static = !is_taken && self.random.below(3) == 0;
        let joining = self.world.consumer(&name, group, &topics);
        let joining = joining
            .session_timeout_ms(self.random.between(6_000, 12_000) as i32)
            .rebalance_timeout_ms(self.random.between(5_000, 30_000) as i32);
        if is_static {
            joining.instance(instance).join();
        } else {
            joining.join();
        }
    }

    fn trouble_consumer(&mut self) {
        let Some(client) = self.some_consumer() else {
            return;
        };
        match self.random.below(5) {
            0 => self.world.crash(client),
            1 => {
                let who: Who = self.world.who(client);
                self.world.crash(client);
                self.world.begin_leave(self.observer, &who);
            }
            2 => self.world.busy(client, true),
            3 => self.world.busy(client, false),
            _ => {
                self.world.disconnect(client);
                self.world.lost_connection(client);
            }
        }
    }

    fn slow_store(&mut self) {
        let ms = [0, 1, 40, 700][self.random.below(4)];
        self.world.disk.takes_ms(ms);
        let logs = self.logs();
        let log = logs[self.random.below(logs.len())];
        let ms = [0, 5, 100, 4_000][self.random.below(4)];
        self.world.disk.log_takes_ms(log, ms);
    }

    /// A log cannot be written for a while.
    fn failing_store(&mut self) {
        let logs = self.logs();
        let log = logs[self.random.below(logs.len())];
        self.world.disk.fails(log, true);
        for _ in 0..self.random.between(1, 3) {
            self.produce();
            self.commit();
            self.pass_time();
        }
        self.world.disk.fails(log, false);
    }

    fn lose_connection(&mut self) {
        let index = self.random.below(self.producers.len());
        self.world.disconnect(self.producers[index].client);
        self.producers[index].lost_connection();
    }

    fn restart(&mut self) {
        if self.random.below(2) == 0 {
            self.world.restart();
        } else {
            self.world.stop_and_start();
        }
        for producer in &mut self.producers {
            producer.lost_connection();
        }
        self.fetches.clear();
        self.commits.clear();
        self.listen();
        self.ledger.audit(&mut self.world, self.observer);
    }

    fn delete_records(&mut self) {
        let partition = self.partition();
        let before = self.random.below(self.ledger.end(&partition) as usize + 1) as i64;
        let (topic, index) = (&partition.topic, partition.partition);
        let deleted = self
            .world
            .delete_records(self.observer, topic, index, before);
        assert!(deleted.is_ok_and(|start| start.0 >= before), "{deleted:?}");
    }

    fn scratch_topic(&mut self) {
        let exists = self.world.broker.metadata().topic("scratch").is_some();
        if exists {
            self.world.begin_deletion(self.observer, "scratch");
        } else {
            self.world
                .begin_creation(self.observer, topic("scratch", Some(2), &[]));
        }
    }

    fn partition(&mut self) -> TopicPartition {
        self.partitions[self.random.below(self.partitions.len())].clone()
    }

    fn some_consumer(&mut self) -> Option<Client> {
        let consumers: Vec<Client> = self.world.consumers().map(|(client, _)| client).collect();
        let index = self.random.below(consumers.len().max(1));
        consumers.get(index).copied()
    }

    fn logs(&self) -> Vec<LogId> {
        self.world.broker.logs().map(|log| log.id()).collect()
    }
}
