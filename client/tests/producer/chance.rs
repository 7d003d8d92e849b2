//! Random clients, brokers that refuse, forget to answer and hang up, leaders that move: whatever happens, each record is told about once, what
//! is said to be written is there, nothing is there twice, and a partition's records keep their order.

use ottla_client::producer::{ProducerRecord, SendError};
use ottla_core::ErrorCode;
use ottla_core::sorted::{Map, Set};

use crate::brokers::Trick;
use crate::support::World;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.roll(things.len() as u64) as usize].clone()
    }
}

fn trick(dice: &mut Dice) -> Trick {
    let passing = [
        ErrorCode::NotEnoughReplicas,
        ErrorCode::NotLeaderOrFollower,
        ErrorCode::CorruptMessage,
        ErrorCode::UnknownTopicOrPartition,
        ErrorCode::KafkaStorageError,
    ];
    let staying = [
        ErrorCode::InvalidTimestamp,
        ErrorCode::PolicyViolation,
        ErrorCode::UnknownServerError,
    ];
    match dice.roll(20) {
        0 | 1 => Trick::Refuse(dice.one_of(&passing)),
        2 => Trick::Refuse(dice.one_of(&staying)),
        3 | 4 => Trick::ServeAndHangUp,
        5 => Trick::HangUp,
        6 => Trick::ServeAndSay(ErrorCode::RequestTimedOut),
        7 => Trick::ServeAndSay(ErrorCode::NotEnoughReplicasAfterAppend),
        8 => Trick::Silence,
        9 => Trick::SayNothing,
        10 => Trick::RefusePartition(dice.roll(3) as i32, dice.one_of(&passing)),
        11 => Trick::RefusePartition(dice.roll(3) as i32, dice.one_of(&staying)),
        _ => Trick::Serve,
    }
}

const PROPERTIES: [&[(&str, &str)]; 5] = [
    &[("linger.ms", "5")],
    &[("linger.ms", "0"), ("batch.size", "150")],
    &[
        ("linger.ms", "20"),
        ("compression.type", "lz4"),
        ("buffer.memory", "4000"),
    ],
    &[
        ("request.timeout.ms", "500"),
        ("delivery.timeout.ms", "1500"),
        ("retry.backoff.ms", "10"),
    ],
    &[
        ("retries", "2"),
        ("max.in.flight.requests.per.connection", "3"),
    ],
];

/// What was given to the producer: for each ticket the partition (if it was named) and the value.
fn play(seed: u64, world: &mut World, dice: &mut Dice) -> Map<u64, String> {
    let mut given = Map::new();
    for number in 0..200 {
        let value = format!("{number}-{}", "x".repeat(dice.roll(60) as usize));
        let record = ProducerRecord {
            partition: (dice.roll(3) > 0).then(|| dice.roll(3) as i32),
            key: (dice.roll(2) == 0).then(|| format!("key {}", dice.roll(9)).into()),
            ..ProducerRecord::new("t".into(), value.clone())
        };
        match world.try_send(record) {
            Ok(ticket) => {
                given.insert(ticket.0, value);
            }
            Err(SendError::BufferFull { .. }) => {}
            Err(error) => panic!("seed {seed}: {error}"),
        }
        let next = trick(dice);
        if world.brokers.tricks.len() < 3 {
            world.tricks([next]);
        }
        match dice.roll(12) {
            0 => world.pass_ms(dice.roll(30) as i64),
            1 => world.pass_ms(dice.roll(2_000) as i64),
            2 => world.holds = true,
            3 | 4 => {
                world.holds = dice.roll(2) == 0;
                world.release();
            }
            5 => {
                world.brokers.leader = dice.one_of(&[0, 1, 2, 2, 1]);
                world.brokers.leader_epoch += 1;
            }
            6 => world.cut_any(dice.roll(5) as usize),
            _ => {}
        }
    }
    given
}

#[test]
fn whatever_happens_records_are_told_about_once_and_written_in_order() {
    let only = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse::<u64>().ok());
    let seeds = only.map_or(0..100, |seed| seed..seed + 1);
    let mut written_count = 0;
    for seed in seeds {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 77);
        let properties = PROPERTIES[seed as usize % PROPERTIES.len()];
        let limit = ["1000012", "300"][seed as usize / PROPERTIES.len() % 2];
        let broker = [("num.partitions", "3"), ("message.max.bytes", limit)];
        let mut world = World::with_broker(properties, &broker);
        let given = play(seed, &mut world, &mut dice);
        world.holds = false;
        world.release();
        world.brokers.tricks.clear();
        world.brokers.leader = 1;
        world.brokers.leader_epoch += 1;
        world.finish();

        let results = world.results();
        let told: Set<u64> = results.keys().copied().collect();
        assert_eq!(told, given.keys().copied().collect(), "seed {seed}");
        assert_eq!(world.producer.buffered_bytes(), 0, "seed {seed}");

        let tickets: Map<&str, u64> = given.iter().map(|(t, v)| (&v[..], *t)).collect();
        let mut there = Map::new();
        for partition in 0..3 {
            let values = world.values(partition);
            let order: Vec<u64> = values.iter().map(|value| tickets[&value[..]]).collect();
            let offsets = (0..).zip(order.iter().copied());
            let by_ticket: Map<u64, i64> = offsets.map(|(offset, it)| (it, offset)).collect();
            assert!(
                order.is_sorted(),
                "seed {seed}, partition {partition}: {order:?}\n{}",
                world.log()
            );
            assert_eq!(
                by_ticket.len(),
                order.len(),
                "seed {seed}: some are there twice"
            );
            there.extend(by_ticket);
        }
        for (ticket, result) in &results {
            let Ok(told) = result else { continue };
            let offset = there.get(ticket);
            assert!(
                offset.is_some(),
                "seed {seed}: {ticket} is lost\n{}",
                world.log()
            );
            assert!(
                told.is_none() || told.as_ref() == offset,
                "seed {seed}: {ticket} is not at {told:?}"
            );
            written_count += 1;
        }
    }
    assert!(only.is_some() || written_count > 5_000, "{written_count}");
}
