use ottla_client::assignor::Assignor;
use ottla_client::partitioner::PartitionerKind;
use ottla_client::random::Random;
use ottla_core::TopicPartition;

use crate::action::*;

#[test]
fn every_kind_of_line_is_written_as_it_was_read() {
    for line in LINES {
        let action: Action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(action.to_string(), *line);
    }
}

#[test]
fn what_is_as_usual_is_not_written() {
    for (long, short) in [
        ("topic orders partitions=1", "topic orders"),
        (
            "  producer  shop topic=orders keys=0..9 rate=0 acks=all linger=5ms idempotence=true ",
            "producer shop topic=orders",
        ),
        (
            "producer shop topic=orders rate=0.1/s",
            "producer shop topic=orders rate=1/10s",
        ),
        (
            "producer shop topic=orders rate=10/2s",
            "producer shop topic=orders rate=5/s",
        ),
        (
            "consumer c topics=orders from=earliest session=10s commit=auto max-poll-interval=300s",
            "consumer c topics=orders",
        ),
        ("links", "links latency=20ms"),
        ("disk 90s", "disk 1m30s"),
        ("disk 3600000ms", "disk 1h"),
        ("send shop count=1 value=\"plain\"", "send shop value=plain"),
    ] {
        let action: Action = long.parse().unwrap();
        assert_eq!(action.to_string(), short);
    }
}

#[test]
fn an_error_names_the_column_the_word_and_what_is_allowed() {
    for (line, error) in [
        ("", "column 1: an action is missing"),
        (
            "explode worker-1",
            "column 1: `explode` is no action; allowed are topic, partitions",
        ),
        ("topic", "column 6: the topic's name is missing"),
        (
            "topic ord€rs",
            "column 7: `ord€rs` is no name: up to 60 letters, digits, `.`, `_` and `-` are allowed",
        ),
        (
            "topic orders partitions=100",
            "column 25: `100` is no number from 1 to 64",
        ),
        (
            "topic orders partitions=1 partitions=2",
            "column 27: `partitions` is said twice: once is allowed",
        ),
        (
            "crash worker-1 now",
            "column 16: `now` is one word too many",
        ),
        ("producer shop", "column 14: topic=... is missing"),
        (
            "producer shop topic=orders speed=3",
            "column 28: `speed` is not known here; allowed are topic, keys, value",
        ),
        (
            "producer shop topic=orders value=\"x",
            "column 34: this quote is not closed",
        ),
        (
            "producer shop topic=orders rate=fast",
            "column 33: `fast` is no rate: write 5/s, 1/10s or 0, up to 100/s",
        ),
        (
            "producer shop topic=orders rate=101/s",
            "column 33: `101/s` is no rate",
        ),
        (
            "producer shop topic=orders keys=9..0",
            "column 33: `9..0` runs backwards",
        ),
        ("producer é topic=orders", "column 10: `é` is no name"),
        ("consumer c topics=orders,", "column 26: `` is no name"),
        (
            "consumer c topics=orders commit=auto:soon",
            "column 38: `soon` is no span of time",
        ),
        (
            "consumer c topics=orders work=2h",
            "column 31: `2h` is too long: up to 1h are allowed",
        ),
        (
            "seek c orders 5",
            "column 8: `orders` is no partition: write topic-number, such as orders-0",
        ),
        (
            "seek c orders-0 -5",
            "column 17: `-5` is no place: an offset, beginning or end are allowed",
        ),
        (
            "links latency=0",
            "column 15: `0` is too short: 1ms or more are allowed",
        ),
        (
            "run",
            "column 4: `` stands for nothing: a command is missing",
        ),
        (
            "type \"a\" b",
            "column 6: `\"a\" b` goes on behind its quote",
        ),
        (
            "send shop value=\"\\x\"",
            "column 17: `\"\\x\"` has an unknown escape",
        ),
    ] {
        let found = line.parse::<Action>().unwrap_err().to_string();
        assert!(found.starts_with(error), "{line}\n  {found}\n  {error}");
    }
}

#[test]
fn any_action_comes_back_from_its_line() {
    for seed in 0..5000 {
        let action = Chance(Random::new(seed)).action();
        let line = action.to_string();
        assert!(!line.contains('\n'), "seed {seed}: {line:?}");
        assert_eq!(line.parse(), Ok(action), "seed {seed}: {line}");
    }
}

#[test]
fn no_line_of_chance_brings_the_reader_down() {
    for seed in 0..20_000 {
        let mut chance = Chance(Random::new(seed));
        let line = LINES[chance.below(LINES.len())];
        let mut chars: Vec<char> = line.chars().collect();
        for _ in 0..1 + chance.below(3) {
            let at = chance.below(chars.len() + 1);
            match chance.below(3) {
                0 => chars.truncate(at),
                1 => chars.insert(
                    at,
                    ['"', '\\', ' ', '=', ',', 'é', '-', '9', '\n'][chance.below(9)],
                ),
                _ => drop(chars.drain(at..(at + 2).min(chars.len()))),
            }
        }
        let line: String = chars.into_iter().collect();
        if let Ok(action) = line.parse::<Action>() {
            assert_eq!(
                action.to_string().parse(),
                Ok(action),
                "seed {seed}: {line}"
            );
        }
    }
}

pub(crate) struct Chance(pub(crate) Random);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.below(end as u64) as usize
    }

    fn name(&mut self) -> String {
        ["orders", "worker-1", "a.b_c", "X", "0"][self.below(5)].to_owned()
    }

    fn text(&mut self) -> String {
        let letters = [
            'a', ' ', '"', '\\', '\n', '\t', ',', '=', 'é', '.', '\u{1}', '\u{3000}',
        ];
        let length = self.below(6);
        (0..length)
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }

    fn millis(&mut self) -> Millis {
        Millis([1, 250, 6000, 61_000, 3_600_000, 1001][self.below(6)])
    }

    fn keys(&mut self) -> Keys {
        match self.below(4) {
            0 => Keys::None,
            1 => Keys::Range(2, 7),
            2 => Keys::Of(vec![["none", "1..2", "", "x"][self.below(4)].to_owned()]),
            _ => Keys::Of((0..1 + self.below(3)).map(|_| self.text()).collect()),
        }
    }

    fn rate(&mut self) -> Rate {
        let per_1000_s = [0, 1, 3, 100, 333, 1000, 1600, 5000, 100_000][self.below(9)];
        Rate { per_1000_s }
    }

    fn partition(&mut self) -> TopicPartition {
        TopicPartition {
            topic: self.name().into(),
            partition: self.below(64) as i32,
        }
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn producer(&mut self) -> ProducerSettings {
        ProducerSettings {
            topic: self.name(),
            keys: self.keys(),
            value: self.maybe(Self::text),
            rate: self.rate(),
            count: self.maybe(|chance| chance.below(100) as u32),
            partitioner: PartitionerKind::ALL[self.below(12)],
            acks: [-1, 0, 1][self.below(3)],
            linger: Millis(self.below(2000) as u64),
            batch_size: self.below(20_000) as u32,
            compression: ["none", "gzip", "zstd"][self.below(3)].to_owned(),
            enable_idempotence: self.below(2) == 0,
        }
    }

    fn consumer(&mut self) -> ConsumerSettings {
        ConsumerSettings {
            group: self.maybe(Self::name),
            topics: (0..1 + self.below(2)).map(|_| self.name()).collect(),
            from_beginning: self.below(2) == 0,
            assignor: Assignor::ALL[self.below(4)],
            session_timeout: self.millis(),
            heartbeat_interval: self.millis(),
            max_poll_interval: self.millis(),
            max_poll_records: 1 + self.below(600) as u32,
            work: self.millis(),
            commit: match self.below(4) {
                0 => CommitPolicy::Auto(self.millis()),
                1 => CommitPolicy::BeforeWork,
                2 => CommitPolicy::AfterWork,
                _ => CommitPolicy::Never,
            },
            group_instance_id: self.maybe(Self::name),
            on_poison: match self.below(4) {
                0 => FailurePolicy::Crash,
                1 => FailurePolicy::Retry,
                2 => FailurePolicy::Skip,
                _ => FailurePolicy::Park(self.name()),
            },
        }
    }

    pub(crate) fn action(&mut self) -> Action {
        let name = self.name();
        match self.below(21) {
            0 => Action::CreateTopic {
                name,
                partitions_count: 1 + self.below(64) as u32,
                configs: (self.maybe(|chance| ("retention.ms".to_owned(), chance.text())))
                    .into_iter()
                    .collect(),
            },
            1 => Action::ConfigureTopic {
                topic: name,
                configs: vec![("retention.ms".to_owned(), self.maybe(Self::text))],
            },
            2 | 3 => Action::AddProducer {
                name,
                settings: Box::new(self.producer()),
            },
            4 | 5 => Action::AddConsumer {
                name,
                settings: Box::new(self.consumer()),
            },
            6 => Action::Send {
                producer: name,
                topic: self.maybe(Self::name),
                partition: self.maybe(|chance| chance.below(64) as i32),
                keys: self.maybe(Self::keys),
                value: self.maybe(Self::text),
                count: 1 + self.below(1000) as u32,
            },
            7 => Action::SetRate {
                producer: name,
                rate: self.rate(),
            },
            8 => Action::SetWork {
                consumer: name,
                work: self.millis(),
            },
            9 => Action::Pause(name, (0..self.below(3)).map(|_| self.partition()).collect()),
            10 => Action::Resume(name, (0..self.below(3)).map(|_| self.partition()).collect()),
            11 => Action::Seek {
                consumer: name,
                partition: self.partition(),
                to: [SeekTo::Beginning, SeekTo::End, SeekTo::Offset(7)][self.below(3)],
            },
            12 => Action::Links {
                latency: self.millis(),
                jitter: self.millis(),
            },
            13 => Action::Disk(self.millis()),
            14 => Action::Run(self.text()),
            15 => Action::Type(self.text()),
            16 => Action::Restart(name),
            17 => Action::AddPartitions {
                topic: name,
                partitions_count: 4,
            },
            18 => Action::LoseAnswer(name),
            19 => Action::Code {
                name,
                source: self.text().into(),
            },
            _ => Action::Broker(BrokerFault::Thaw),
        }
    }
}

const LINES: &[&str] = &[
    "topic orders",
    "topic orders partitions=3 retention.ms=60000",
    "partitions orders 4",
    "delete-topic orders",
    "configure orders retention.ms=60000 cleanup.policy=",
    "configure orders retention.ms=\"\"",
    "producer shop topic=orders",
    "producer shop topic=orders keys=none value=\"a b\" rate=1/s count=10 partitioner=kafkajs_legacy acks=1 linger=0 batch-size=1 compression=gzip idempotence=false",
    "producer shop topic=orders keys=emp001 rate=1/10s",
    "producer shop topic=orders keys=a,b,\"c d\" rate=2.5/s",
    "consumer worker-1 topics=orders",
    "consumer worker-1 group=billing topics=orders,payments from=latest assignor=cooperative-sticky session=6s heartbeat=2s max-poll-interval=1m30s max-poll-records=1 work=100ms commit=auto:1s instance=worker-1 on-poison=park:orders.retry",
    "consumer worker-1 group=billing topics=orders commit=before on-poison=skip",
    "send shop",
    "send shop key=emp001 value=hello topic=other partition=1 count=10",
    "rate shop 5/s",
    "rate shop 0",
    "work worker-1 2s",
    "code shop.js \"console.log(\\\"hello\\\")\\n// ü\"",
    "crash worker-1",
    "freeze worker-1",
    "thaw worker-1",
    "leave worker-1",
    "restart worker-1",
    "remove worker-1",
    "pause worker-1",
    "pause worker-1 orders-0 my-orders-1",
    "resume worker-1",
    "seek worker-1 orders-0 5",
    "seek worker-1 orders-0 beginning",
    "seek worker-1 orders-0 end",
    "commit worker-1",
    "broker crash",
    "broker stop",
    "broker start",
    "broker freeze",
    "broker thaw",
    "links latency=20ms jitter=5ms",
    "cut worker-1",
    "lose-answer shop",
    "disk 5ms",
    "run kafka-topics --list",
    "run kafka-console-producer --topic \"my topic\"",
    "type key:value",
    "type \" two\\nlines \"",
    "ctrl-d",
    "ctrl-c",
];
