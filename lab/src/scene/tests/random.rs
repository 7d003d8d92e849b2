//! Random worlds: whatever is done to one, its scene says what the engine says, and can be read, by whoever has seen it before too.

use ottla_client::assignor::parse_assignment;
use ottla_client::random::Random;
use ottla_core::Instant;

use super::super::{Onlooker, Scene, tables};
use crate::World;
use crate::narration::Narrator;

#[test]
fn a_scene_says_what_the_engine_says_in_random_worlds() {
    for seed in 0..10 {
        println!("seed {seed}");
        live(seed);
    }
}

fn live(seed: u64) {
    let mut random = Random::new(seed);
    let mut world = World::for_scene(seed);
    let (mut narrator, mut onlooker) = (Narrator::new(&[]), Onlooker::default());
    for line in BEGINNING {
        world
            .apply(&line.parse().expect("an action"))
            .expect("it can be done");
    }
    for _ in 0..30 {
        let line = SOMETHING[random.below(SOMETHING.len() as u64) as usize];
        // Not everything can be done at any time: then nothing is.
        let _ = world.apply(&line.parse().expect("an action"));
        let scene = look(&world);
        assert_eq!(onlooker.look(&world), scene, "after {line}");
        let until = Instant(world.now().mono.0 + random.below(6_000_000));
        world.advance(until);
        let scene = look(&world);
        assert_eq!(onlooker.look(&world), scene);
        let (lines, frames) = (world.take_log(), world.take_frames());
        let told = narrator.hear(&world, &lines, &frames);
        assert!(
            told.iter()
                .all(|sentence| sentence.at <= scene.at && !sentence.text().is_empty())
        );
        assert!(told.is_sorted_by_key(|sentence| sentence.at));
    }
}

/// The scene, held against the engine's own views.
fn look(world: &World) -> Scene {
    let scene = Scene::of(world);
    let broker = world.broker();
    for topic in &scene.topics {
        for partition in &topic.partitions {
            let log = broker
                .partition_log(&topic.name, partition.index)
                .expect("a log");
            assert_eq!(partition.high_watermark, log.high_watermark().0);
            assert_eq!(partition.end_offset, log.end_offset().0);
            assert_eq!(partition.start_offset, log.start_offset().0);
            let offsets: Vec<i64> = partition.cells.iter().map(|cell| cell.offset).collect();
            assert!(
                offsets.windows(2).all(|pair| pair[0] + 1 == pair[1]),
                "{offsets:?}"
            );
            let are_inside =
                |offset: &i64| (partition.start_offset..partition.end_offset).contains(offset);
            assert!(offsets.iter().all(are_inside), "{offsets:?}");
            let shown_until = offsets
                .last()
                .map_or(partition.start_offset, |last| last + 1);
            assert!(
                shown_until >= partition.high_watermark,
                "what may be read is shown"
            );
        }
    }
    assert_eq!(scene.groups.len(), broker.groups().count());
    for group in &scene.groups {
        let known = broker.group(&group.id).expect("a group");
        assert_eq!(group.state, known.state().name());
        assert_eq!(group.generation, known.generation_id());
        assert_eq!(group.members.len(), known.members().len());
        for member in &group.members {
            let known = known.member(&member.member_id).expect("a member");
            assert_eq!(
                member.partitions,
                parse_assignment(&known.assignment).expect("an assignment")
            );
        }
        for offset in &group.offsets {
            let (topic, index) = (&offset.partition.topic, offset.partition.partition);
            let committed = known.offsets().committed(topic, index);
            assert_eq!(
                offset.committed,
                committed.map(|committed| committed.offset.0)
            );
        }
    }
    for consumer in &scene.consumers {
        let resident = world.resident(&consumer.name).expect("a resident");
        assert_eq!(consumer.life, resident.life());
    }
    assert!(
        scene
            .flights
            .iter()
            .all(|flight| flight.arrives_at > scene.at && flight.sent_at <= scene.at)
    );
    assert!(!scene.summary().is_empty());
    assert!(tables(&scene).iter().all(|table| {
        table
            .rows
            .iter()
            .all(|row| row.len() == table.columns.len())
    }));
    for later_us in [0, 1_000_000, 20_000_000] {
        scene.expectations(Instant(scene.at.0 + later_us));
    }
    scene
}

const BEGINNING: [&str; 5] = [
    "topic orders partitions=3 retention.ms=20000 segment.ms=5000",
    "producer shop topic=orders rate=3/s",
    "consumer worker-1 group=billing topics=orders work=300ms",
    "consumer worker-2 group=billing topics=orders commit=after assignor=range",
    "consumer mailer topics=orders group=mailing session=6s heartbeat=2s",
];

const SOMETHING: [&str; 36] = [
    "consumer worker-3 group=billing topics=orders instance=third",
    "consumer worker-4 group=billing topics=orders,mails from=latest commit=before",
    "consumer lonely topics=orders",
    "producer poster topic=mails keys=none linger=200ms compression=gzip rate=1/s",
    "producer careless topic=orders acks=0 idempotence=false keys=a,b rate=2/s",
    "send shop key=emp001 count=20",
    "send shop value=poison-1",
    "send poster count=5",
    "crash worker-1",
    "crash worker-2",
    "crash shop",
    "freeze worker-1",
    "freeze mailer",
    "thaw worker-1",
    "thaw mailer",
    "leave worker-2",
    "leave worker-3",
    "restart worker-1",
    "restart worker-2",
    "restart worker-3",
    "restart shop",
    "remove worker-2",
    "pause worker-1",
    "resume worker-1",
    "seek worker-1 orders-0 beginning",
    "commit worker-1",
    "work worker-1 2s",
    "partitions orders 4",
    "broker crash",
    "broker start",
    "broker freeze",
    "broker thaw",
    "cut worker-1",
    "lose-answer shop",
    "disk 40ms",
    "delete-topic mails",
];
