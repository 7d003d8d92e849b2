//! A world with people in it: who sends, who polls.

use ottla_core::sorted::Map;
use std::collections::VecDeque;

use ottla_client::consumer::{Consumer, ConsumerConfig, Subscription};
use ottla_client::producer::{ProducerConfig, ProducerRecord};
use ottla_core::config::Config;
use ottla_core::{Instant, TopicPartition};
use ottla_lab::World;

use crate::ledger::{Ledger, Places, placed};

pub(crate) const TOPIC: &str = "rides";
pub(crate) const PARTITIONS: i32 = 3;

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) ledger: Ledger,
    pub(crate) producers: Map<u32, Producing>,
    /// Consumers whose user polls.
    pub(crate) readers: Vec<u32>,
    /// How long a user works on the records of one poll, in milliseconds; nobody else takes any time.
    pub(crate) work_ms: Map<u32, u64>,
    /// Until when users work.
    busy_until: Map<u32, Instant>,
    story: VecDeque<String>,
}

/// What a producer's user still wants to send.
pub(crate) struct Producing {
    left_count: u32,
    sent_count: u32,
    every_us: u64,
    next_at: Instant,
}

/// If something is wrong, it says how it came to that.
impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.listen_silently();
            let skipped = self.story.len().saturating_sub(LINES_TOLD);
            for line in self.story.iter().skip(skipped) {
                eprintln!("{line}");
            }
        }
    }
}

impl Stage {
    pub(crate) fn new(seed: u64) -> Stage {
        let partitions = PARTITIONS.to_string();
        let properties = [
            ("num.partitions", partitions.as_str()),
            ("group.initial.rebalance.delay.ms", "0"),
            ("offsets.topic.num.partitions", "1"),
        ];
        let (config, _) = Config::from_properties(properties).expect("a configuration");
        Stage {
            world: World::new(config, seed),
            ledger: Ledger::default(),
            producers: Map::new(),
            readers: Vec::new(),
            work_ms: Map::new(),
            busy_until: Map::new(),
            story: VecDeque::new(),
        }
    }

    /// A producer that sends so many records, one each so many milliseconds.
    pub(crate) fn produce(
        &mut self,
        name: &str,
        properties: &[(&str, &str)],
        count: u32,
        every_ms: u64,
    ) -> u32 {
        let with_address = properties
            .iter()
            .copied()
            .chain([("bootstrap.servers", "broker.lab:9092")]);
        let (config, _) = ProducerConfig::from_properties(with_address).expect("a configuration");
        let client = self.world.add_producer(name, config);
        let producing = Producing {
            left_count: count,
            sent_count: 0,
            every_us: every_ms * 1000,
            next_at: self.world.now().mono,
        };
        self.producers.insert(client, producing);
        client
    }

    /// A member of the group, whose user polls.
    pub(crate) fn read(&mut self, name: &str, properties: &[(&str, &str)]) -> u32 {
        let client = self
            .world
            .add_consumer(name, consumer_config(properties, Some("riders")));
        let topics = Subscription::Topics([TOPIC.into()].into());
        let subscribed = self.world.with_consumer(client, |consumer, now, out| {
            consumer.subscribe(now, topics, out)
        });
        subscribed.expect("it has a group");
        self.readers.push(client);
        client
    }

    /// Lets time pass, while people do what they do.
    pub(crate) fn pass_ms(&mut self, ms: u64) {
        let end = self.world.now().mono + ms * 1000;
        loop {
            let sends = self
                .producers
                .values()
                .filter(|producing| producing.left_count > 0);
            let next = sends
                .map(|producing| producing.next_at)
                .chain(self.world.next_event())
                .chain(self.busy_until.values().copied())
                .min();
            let Some(next) = next.filter(|next| *next <= end) else {
                break;
            };
            self.world.advance(next);
            self.act();
        }
        self.world.advance(end);
    }

    /// Lets time pass until this is so.
    pub(crate) fn pass_until(&mut self, what: &str, limit_ms: u64, is_so: impl Fn(&Stage) -> bool) {
        for _ in 0..limit_ms.div_ceil(STEP_MS) {
            if is_so(self) {
                return;
            }
            self.pass_ms(STEP_MS);
        }
        assert!(is_so(self), "not in {limit_ms} ms: {what}");
    }

    fn act(&mut self) {
        let now = self.world.now().mono;
        for (client, producing) in &mut self.producers {
            while producing.left_count > 0 && producing.next_at <= now {
                producing.left_count -= 1;
                producing.sent_count += 1;
                producing.next_at = producing.next_at + producing.every_us;
                let key = format!("key-{}", producing.sent_count % 5);
                let value = format!("{client}/{}", producing.sent_count);
                let record = ProducerRecord::new(TOPIC.into(), value.clone()).with_key(key.clone());
                let ticket = self.world.with_producer(*client, |producer, now, out| {
                    let sent = producer.send(now, record, out);
                    sent.map_err(|(error, _)| error)
                });
                let ticket = ticket.expect("there is room");
                self.ledger.sent(*client, &key, ticket.0, &value);
            }
            for delivery in self.world.take_deliveries(*client) {
                self.ledger.delivered(*client, &delivery);
            }
        }
        self.busy_until.retain(|_, until| *until > now);
        for client in &self.readers {
            let work_ms = self.work_ms.get(client).copied().unwrap_or(0);
            while !self.busy_until.contains_key(client) {
                let poll =
                    |consumer: &mut Consumer, now, out: &mut Vec<_>| consumer.poll(now, 100, out);
                let records = self.world.with_consumer(*client, poll);
                if records.is_empty() {
                    break;
                }
                self.ledger.fetched(&records);
                if work_ms > 0 {
                    self.busy_until.insert(*client, now + work_ms * 1000);
                }
            }
        }
        self.listen();
    }

    fn listen(&mut self) {
        for line in self.world.take_log() {
            self.story.push_back(line.to_string());
            self.ledger.heard(&line);
        }
        let surplus = self.story.len().saturating_sub(LINES_TOLD);
        self.story.drain(..surplus);
    }

    /// The rest of the story, after something has gone wrong already.
    fn listen_silently(&mut self) {
        let lines = self.world.take_log();
        self.story.extend(lines.iter().map(ToString::to_string));
    }

    pub(crate) fn nothing_is_under_way(&self) -> bool {
        let mut producers = self.producers.iter();
        producers.all(|(client, producing)| {
            producing.left_count == 0 && self.world.producer(*client).is_idle()
        })
    }

    /// Everything that the logs hold, as a new consumer without a group reads it.
    pub(crate) fn log(&mut self) -> Places {
        let auditor = self
            .world
            .add_consumer("auditor", consumer_config(&[], None));
        let partitions: Vec<TopicPartition> = (0..PARTITIONS).map(partition).collect();
        self.world.with_consumer(auditor, |consumer, now, out| {
            consumer.assign(now, partitions, out)
        });
        let mut found = Places::new();
        for _ in 0..3000 {
            self.pass_ms(10);
            let records = self.world.with_consumer(auditor, |consumer, now, out| {
                consumer.poll(now, 10_000, out)
            });
            found.extend(records.iter().map(placed));
            let consumer = self.world.consumer(auditor);
            if (0..PARTITIONS).all(|index| consumer.lag(&partition(index)) == Some(0)) {
                self.world.kill(auditor);
                return found;
            }
        }
        panic!("the auditor does not come to an end");
    }

    /// What the group has committed, by partition; -1 where it has not.
    pub(crate) fn committed(&self) -> Vec<i64> {
        let group = self.world.broker().group("riders");
        let offset = |index| {
            let committed = group.and_then(|group| group.offsets().committed(TOPIC, index));
            committed.map_or(-1, |committed| committed.offset.0)
        };
        (0..PARTITIONS).map(offset).collect()
    }

    /// The ends of the logs, by partition.
    pub(crate) fn ends(&self) -> Vec<i64> {
        let end = |index| {
            let log = self.world.broker().partition_log(TOPIC, index);
            log.map_or(0, |log| log.high_watermark().0)
        };
        (0..PARTITIONS).map(end).collect()
    }

    /// All members leave, as people end programs.
    pub(crate) fn close_readers(&mut self) {
        for client in self.readers.clone() {
            self.world
                .with_consumer(client, |consumer, now, out| consumer.close(now, out));
        }
        let readers = self.readers.clone();
        self.pass_until("the consumers close", 60_000, |stage| {
            let mut readers = readers.iter();
            readers.all(|client| stage.world.consumer(*client).is_closed())
        });
        self.readers.clear();
        self.busy_until.clear();
    }
}

pub(crate) fn partition(index: i32) -> TopicPartition {
    TopicPartition {
        topic: TOPIC.into(),
        partition: index,
    }
}

fn consumer_config(properties: &[(&str, &str)], group: Option<&str>) -> ConsumerConfig {
    let group = group.map(|group| ("group.id", group));
    let fixed = [
        ("bootstrap.servers", "broker.lab:9092"),
        ("auto.offset.reset", "earliest"),
    ];
    let properties = fixed
        .into_iter()
        .chain(group)
        .chain(properties.iter().copied());
    ConsumerConfig::from_properties(properties)
        .expect("a configuration")
        .0
}

const STEP_MS: u64 = 50;
const LINES_TOLD: usize = 120;
