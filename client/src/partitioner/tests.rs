//! Held against the clients: see `tests/vectors/partitioners/README.md`.

use ottla_core::Instant;

use super::{Choice, Partitioner, PartitionerConfig, PartitionerKind, Partitions};

macro_rules! recorded {
    ($file:literal) => {
        include_str!(concat!(
            "../../../tests/vectors/partitioners/",
            $file,
            ".txt"
        ))
    };
}

const START: Instant = Instant(1_000_000);
const COUNTS: [i32; 4] = [3, 12, 100, 999_983];

fn partitioner(kind: PartitionerKind, seed: u64) -> Partitioner {
    let config = PartitionerConfig {
        kind,
        ..PartitionerConfig::default()
    };
    Partitioner::new(config, seed)
}

fn keys() -> Vec<Option<Vec<u8>>> {
    let byte = |hex: &str, at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let key = |hex: &str| (0..hex.len()).step_by(2).map(|at| byte(hex, at)).collect();
    recorded!("keys")
        .lines()
        .map(|hex| Some(key(hex)))
        .collect()
}

fn numbers(line: &str) -> Vec<i32> {
    line.split(' ').map(|it| it.parse().unwrap()).collect()
}

/// Every key goes where the client sent it, with each number of partitions.
fn check(kind: PartitionerKind, recorded: &str, keys: &[Option<Vec<u8>>]) {
    assert_eq!(recorded.lines().count(), keys.len());
    for (key, line) in keys.iter().zip(recorded.lines()) {
        let chosen = COUNTS.map(|count| {
            let partitions = Partitions {
                count,
                with_leader: &[],
            };
            let choice = partitioner(kind, 1).partition(START, key.as_deref(), partitions);
            assert!(!choice.is_sticky);
            choice.partition
        });
        assert_eq!(numbers(line), chosen, "{kind} with {key:02x?}");
    }
}

#[test]
fn keys_go_where_java_sends_them() {
    check(PartitionerKind::Default, recorded!("java"), &keys());
}

#[test]
fn keys_go_where_librdkafka_sends_them() {
    let keys = keys();
    let mut with_none = keys.clone();
    with_none.push(None);
    for (kind, random, recorded) in [
        (
            PartitionerKind::Consistent,
            PartitionerKind::ConsistentRandom,
            recorded!("librdkafka-consistent"),
        ),
        (
            PartitionerKind::Murmur2,
            PartitionerKind::Murmur2Random,
            recorded!("librdkafka-murmur2"),
        ),
        (
            PartitionerKind::Fnv1a,
            PartitionerKind::Fnv1aRandom,
            recorded!("librdkafka-fnv1a"),
        ),
    ] {
        check(kind, recorded, &with_none);
        // The random ones differ for records without a key, `consistent_random` for empty keys too.
        let of_keys = recorded
            .rsplit_once('\n')
            .unwrap()
            .0
            .rsplit_once('\n')
            .unwrap()
            .0;
        let (_, of_full_keys) = of_keys.split_once('\n').unwrap();
        assert_eq!(keys[0], Some(vec![]));
        check(random, of_full_keys, &keys[1..]);
        if random != PartitionerKind::ConsistentRandom {
            check(random, of_keys, &keys);
        }
    }
}

#[test]
fn keys_go_where_kafkajs_sends_them() {
    check(PartitionerKind::KafkaJs, recorded!("kafkajs"), &keys());
    check(
        PartitionerKind::KafkaJsLegacy,
        recorded!("kafkajs-legacy"),
        &keys(),
    );
}

#[test]
fn keys_go_where_kafka_go_sends_them() {
    check(PartitionerKind::KafkaGo, recorded!("kafka-go"), &keys());
}

/// Five partitions, of which 1 and 4 have no leader; then five of which none has.
fn turns(partitioner: &Partitioner, with_leader: &[i32]) -> Vec<i32> {
    let mut partitioner = partitioner.clone();
    let partitions = Partitions {
        count: 5,
        with_leader,
    };
    let mut next = || partitioner.partition(START, None, partitions).partition;
    (0..12).map(|_| next()).collect()
}

#[test]
fn a_round_robin_takes_partitions_in_the_order_of_its_client() {
    let java = partitioner(PartitionerKind::RoundRobin, 1);
    let mut kafkajs = partitioner(PartitionerKind::KafkaJs, 1);
    // Where the recording began, so that it passes the end of the numbers.
    kafkajs.counter = 4_294_967_290;
    for (partitioner, recorded) in [
        (java, recorded!("java-round-robin")),
        (kafkajs, recorded!("kafkajs-keyless")),
    ] {
        let lines: Vec<Vec<i32>> = recorded.lines().map(numbers).collect();
        assert_eq!(lines[0], turns(&partitioner, &[0, 2, 3]));
        assert_eq!(lines[1], turns(&partitioner, &[]));
    }

    let mut kafka_go = partitioner(PartitionerKind::KafkaGo, 1);
    let partitions = Partitions {
        count: 3,
        with_leader: &[1],
    };
    let mut next = || kafka_go.partition(START, None, partitions).partition;
    let turns: Vec<i32> = (0..12).map(|_| next()).collect();
    assert_eq!(numbers(recorded!("kafka-go-keyless").trim_end()), turns);
}

#[test]
fn javas_round_robin_counts_records_with_keys_too() {
    let mut java = partitioner(PartitionerKind::RoundRobin, 1);
    let partitions = Partitions {
        count: 3,
        with_leader: &[0, 1, 2],
    };
    let mut next = |key| java.partition(START, key, partitions).partition;
    assert_eq!(
        [next(Some(&b"a"[..])), next(None), next(Some(b"a"))],
        [0, 1, 2]
    );
}

const FOUR: Partitions<'_> = Partitions {
    count: 4,
    with_leader: &[0, 1, 3],
};

#[test]
fn javas_records_without_a_key_switch_partitions_after_a_batch_of_bytes() {
    let mut visited = [0; 4];
    for seed in 0..50 {
        let mut java = partitioner(PartitionerKind::Default, seed);
        let Choice {
            partition,
            is_sticky,
        } = java.partition(START, None, FOUR);
        assert!(is_sticky, "seed {seed}");
        assert!(!java.appended(START, 16_383, true, FOUR));
        assert_eq!(java.partition(START, None, FOUR).partition, partition);
        // Enough, but the batch is not yet full; then it is.
        assert!(!java.appended(START, 1, false, FOUR));
        assert!(java.appended(START, 0, true, FOUR));
        let next = java.partition(START, None, FOUR).partition;
        // Twice enough: not even an unfinished batch keeps it.
        assert!(!java.appended(START, 32_767, false, FOUR));
        assert!(java.appended(START, 1, false, FOUR));
        visited[partition as usize] += 1;
        visited[next as usize] += 1;
    }
    assert_eq!(visited[2], 0, "it has no leader");
    assert!(
        visited.iter().filter(|count| **count > 15).count() == 3,
        "{visited:?}"
    );
}

#[test]
fn a_sticky_partition_that_is_gone_is_left() {
    for seed in 0..20 {
        let mut java = partitioner(PartitionerKind::Default, seed);
        java.partition(START, None, FOUR);
        let one = Partitions {
            count: 1,
            with_leader: &[0],
        };
        assert_eq!(java.partition(START, None, one).partition, 0, "seed {seed}");
    }
}

#[test]
fn keys_can_be_ignored() {
    let config = PartitionerConfig {
        ignore_keys: true,
        ..PartitionerConfig::default()
    };
    let mut java = Partitioner::new(config, 1);
    let first = java.partition(START, Some(b"a"), FOUR);
    assert!(first.is_sticky);
    assert_eq!(java.partition(START, Some(b"b"), FOUR), first);
}

#[test]
fn librdkafkas_records_without_a_key_stick_to_a_partition_for_ten_milliseconds() {
    let mut librdkafka = partitioner(PartitionerKind::ConsistentRandom, 7);
    let all = Partitions {
        count: 4,
        with_leader: &[0, 1, 2, 3],
    };
    let mut partitions = Vec::new();
    for ms in 0..220 {
        let now = START.plus_ms(ms);
        let none = librdkafka.partition(now, None, all).partition;
        assert_eq!(librdkafka.partition(now, Some(b""), all).partition, none);
        partitions.push(none);
    }
    // The eleventh millisecond is the first after the tenth.
    assert!(
        partitions
            .chunks(11)
            .all(|same| same.iter().all(|it| *it == same[0]))
    );
    assert!(partitions.chunks(11).any(|same| same[0] != partitions[0]));

    // Its leader is gone: it is left at once.
    let last = librdkafka
        .partition(START.plus_ms(200), None, FOUR)
        .partition;
    let others: Vec<i32> = (0..4).filter(|it| *it != last).collect();
    let partitions = Partitions {
        count: 4,
        with_leader: &others,
    };
    let mut sticky_since_then = librdkafka.clone();
    sticky_since_then.partition(START.plus_ms(201), None, partitions);
    assert_eq!(
        sticky_since_then.sticky.map(|it| it.since),
        Some(START.plus_ms(201))
    );
}

#[test]
fn a_random_partitioner_ignores_keys() {
    let mut random = partitioner(PartitionerKind::Random, 3);
    let mut visited = [0; 4];
    for _ in 0..200 {
        visited[random.partition(START, Some(b"same"), FOUR).partition as usize] += 1;
    }
    assert!(visited.iter().all(|count| *count > 0), "{visited:?}");
    assert!(
        visited[2] < visited[0].min(visited[1]).min(visited[3]),
        "{visited:?}"
    );
}

#[test]
fn partitioners_are_named_as_people_name_them() {
    for kind in PartitionerKind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
        assert_eq!(kind.name().replace('_', "-").parse(), Ok(kind));
    }
    assert_eq!(
        "org.apache.kafka.clients.producer.RoundRobinPartitioner".parse(),
        Ok(PartitionerKind::RoundRobin)
    );
    assert_eq!("Java".parse(), Ok(PartitionerKind::Default));
    assert_eq!(
        "best".parse::<PartitionerKind>().unwrap_err().to_string(),
        "there is no partitioner named best"
    );
}
