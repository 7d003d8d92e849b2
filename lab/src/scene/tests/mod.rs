//! Stories of what there is to see.

mod random;

use expect_test::expect;
use ottla_client::consumer::{ConsumerConfig, Subscription};
use ottla_client::producer::{ProducerConfig, ProducerRecord};
use ottla_core::{Instant, TopicName, TopicPartition};

use super::{Activity, Scene, tables};
use crate::{Conditions, Direction, World};

pub(crate) fn world() -> World {
    let mut world = World::new(Default::default(), 7);
    world.set_conditions(Conditions {
        latency_us: 20_000,
        ..Conditions::default()
    });
    world
}

pub(crate) fn producer(world: &mut World, name: &str) -> u32 {
    let (config, _) =
        ProducerConfig::from_properties([("bootstrap.servers", "lab:9092"), ("linger.ms", "0")])
            .expect("a configuration");
    world.add_producer(name, config)
}

pub(crate) fn send(world: &mut World, producer: u32, key: &str) {
    world.with_producer(producer, |producer, now, out| {
        let record =
            ProducerRecord::new(TopicName::from("orders"), "hello").with_key(key.to_owned());
        producer.send(now, record, out).expect("a record that fits");
    });
}

pub(crate) fn consumer(world: &mut World, name: &str) -> u32 {
    let properties = [
        ("bootstrap.servers", "lab:9092"),
        ("group.id", "billing"),
        ("client.id", name),
        ("auto.offset.reset", "earliest"),
    ];
    let (config, _) = ConsumerConfig::from_properties(properties).expect("a configuration");
    let consumer = world.add_consumer(name, config);
    world.with_consumer(consumer, |consumer, now, out| {
        let topics = Subscription::Topics([TopicName::from("orders")].into());
        consumer
            .subscribe(now, topics, out)
            .expect("it has a group");
    });
    consumer
}

#[test]
fn a_record_is_seen_on_its_way_and_then_in_its_partition() {
    let mut world = world();
    let shop = producer(&mut world, "shop");
    send(&mut world, shop, "emp001");
    let mut flights = Vec::new();
    while world.now().mono < Instant(1_000_000) {
        let next = world.next_event().expect("something goes on");
        world.advance(next);
        flights.extend(Scene::of(&world).flights);
    }
    let flight = flights.iter().find(|flight| flight.records_count > 0);
    let flight = flight.expect("the record flies");
    assert_eq!(flight.client, "shop");
    assert_eq!(
        (flight.api, flight.direction),
        ("Produce", Direction::ToBroker)
    );
    assert_eq!(flight.arrives_at.0 - flight.sent_at.0, 20_000);
    assert_eq!(flight.records.len(), 1);
    assert_eq!(flight.records[0].label, "001");
    assert_eq!(flight.records[0].partition.to_string(), "orders-0");

    let scene = Scene::of(&world);
    let partition = &scene.topics[0].partitions[0];
    assert_eq!((partition.high_watermark, partition.end_offset), (1, 1));
    let cell = &partition.cells[0];
    assert_eq!(cell.key.as_deref(), Some("emp001"));
    assert_eq!(
        (cell.colour, &cell.label),
        (flight.records[0].colour, &flight.records[0].label)
    );
    assert_eq!(cell.value, "hello");
}

#[test]
fn each_record_has_who_wrote_it_also_without_idempotence_and_after_a_restart() {
    let mut world = World::for_scene(7);
    let act = |world: &mut World, line: &str| {
        world.apply(&line.parse().expect("an action")).expect(line);
        world.advance(world.now().mono + 500_000);
    };
    for line in [
        "topic t",
        "producer plain topic=t idempotence=false",
        "producer careless topic=t idempotence=false acks=0",
        "producer shop topic=t",
        "run kafka-console-producer --topic t",
        "send plain count=2",
        "send careless",
        "type hello",
        "broker crash",
        "broker start",
    ] {
        act(&mut world, line);
    }
    world.advance(world.now().mono + 5_000_000);
    act(&mut world, "send shop");
    act(&mut world, "send plain");
    let scene = Scene::of(&world);
    let cells = scene.topics[0].partitions[0].cells.iter();
    let writers: Vec<&str> = cells.filter_map(|cell| cell.producer.as_deref()).collect();
    assert_eq!(
        writers,
        ["plain", "plain", "careless", "terminal", "shop", "plain"]
    );
}

#[test]
fn a_producer_is_counted_in_records_from_outside_as_from_inside() {
    let mut world = world();
    let shop = producer(&mut world, "shop");
    for key in ["a", "b", "c"] {
        send(&mut world, shop, key);
    }
    let counts = |world: &World| {
        let scene = Scene::of(world);
        let shop = scene.producers.first().expect("the shop").clone();
        [shop.sent_count, shop.acknowledged_count, shop.failed_count]
    };
    world.advance(Instant(1_000_000));
    assert_eq!(counts(&world), [3, 3, 0]);
    world.freeze_broker();
    send(&mut world, shop, "d");
    world.advance(Instant(2_000_000));
    assert_eq!(counts(&world), [4, 3, 0], "on its way");
    world.break_links(shop);
    world.advance(Instant(2_010_000));
    assert_eq!(counts(&world), [4, 3, 1], "its answer will never come");
    world.thaw_broker();
    world.advance(Instant(9_000_000));
    assert_eq!(counts(&world), [4, 4, 0], "sent again, and counted once");
}

#[test]
fn a_group_is_seen_with_its_members_and_how_far_it_is() {
    let mut world = world();
    let shop = producer(&mut world, "shop");
    send(&mut world, shop, "a");
    world.advance(Instant(1_000_000));
    consumer(&mut world, "worker-1");
    world.advance(Instant(5_000_000));
    let scene = Scene::of(&world);
    let group = &scene.groups[0];
    assert_eq!(
        (&*group.id, &*group.state, group.generation),
        ("billing", "Stable", 1)
    );
    let member = &group.members[0];
    assert_eq!((&*member.client, member.is_leader), ("worker-1", true));
    assert_eq!(member.partitions, [partition("orders", 0)]);
    let heard_at = member.heard_at.expect("it has a session");
    assert_eq!(
        member.session_ends_at.expect("a session").0 - heard_at.0,
        45_000_000
    );
    assert_eq!(group.offsets[0].committed, None);
    assert_eq!(group.offsets[0].lag, 1);
    let consumer = &scene.consumers[0];
    assert_eq!(consumer.activity, Activity::Waiting);
    assert_eq!(consumer.member_id.as_ref(), Some(&member.member_id));
    assert_eq!(consumer.partitions[0].position, Some(0));
}

#[test]
fn frames_are_whole_however_links_cut_them_and_answers_know_their_requests() {
    let mut world = World::new(Default::default(), 3);
    world.set_conditions(Conditions {
        latency_us: 1_000,
        piece_max_bytes: Some(7),
        ..Conditions::default()
    });
    let shop = producer(&mut world, "shop");
    send(&mut world, shop, "a");
    world.advance(Instant(1_000_000));
    let frames = world.take_frames();
    assert!(world.take_frames().is_empty());
    for frame in &frames {
        let size = i32::from_be_bytes(frame.bytes[..4].try_into().expect("four bytes"));
        assert_eq!(frame.bytes.len(), 4 + size as usize);
    }
    let answers = frames
        .iter()
        .filter(|frame| frame.direction == Direction::ToClient);
    for answer in answers {
        let request = frames.iter().find(|frame| {
            frame.direction == Direction::ToBroker
                && (frame.link, frame.correlation_id) == (answer.link, answer.correlation_id)
        });
        let request = request.expect("somebody has asked");
        assert_eq!(
            (request.api_key, request.api_version),
            (answer.api_key, answer.api_version)
        );
    }
    assert!(frames.iter().any(|frame| frame.api_key == 0));
}

fn partition(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: TopicName::from(topic),
        partition,
    }
}

/// A scene as its tables say it.
pub(crate) fn written(scene: &Scene) -> String {
    let mut text = scene.summary() + "\n";
    for table in tables(scene) {
        text += &format!("\n{}\n  {}\n", table.caption, table.columns.join(" | "));
        for row in &table.rows {
            text += &format!("  {}\n", row.join(" | "));
        }
    }
    text
}

#[test]
fn a_scene_can_be_read() {
    let mut world = world();
    let shop = producer(&mut world, "shop");
    for key in ["a", "b", "c"] {
        send(&mut world, shop, key);
    }
    consumer(&mut world, "worker-1");
    world.advance(Instant(5_000_000));
    consumer(&mut world, "worker-2");
    world.advance(Instant(5_230_000));
    let scene = Scene::of(&world);
    expect![[r#"
        A broker with topic orders (1 partition, 3 records). Group billing: PreparingRebalance, generation 1, 2 members, lag 3. Producing: shop.

        Partitions
          Partition | First offset | High watermark | Next offset | Newest records
          orders-0 | 0 | 3 | 3 | 0: key a, 1: key b, 2: key c

        Groups
          Group | State | Generation | Assignor | Members | Lag
          billing | PreparingRebalance | 1 | range | 2 | 3

        Members, as their coordinator knows them
          Member | Group | Partitions | Role | Last heard of | Removed if silent
          worker-1 | billing | orders-0 | leader | 1.9 s ago | in 43 s
          worker-2 | billing | none | member | none | none

        Committed offsets
          Partition | Group | Committed (next to be read) | Lag
          orders-0 | billing | none | 3

        Consumers, as they see themselves
          Consumer | Process | Group | Doing | Reads, and its position | Records done
          worker-1 | running | billing | waits for the rebalance | orders-0 at 0 | 0
          worker-2 | running | billing | waits for the rebalance | none | 0

        Producers
          Producer | Process | Topic | Does | Sent | Acknowledged | Failed | Waiting
          shop | running |  |  | 3 | 3 | 0 | 0
    "#]].assert_eq(&written(&scene));
    let expected = scene.expectations(scene.at);
    let expected: Vec<String> = expected.iter().map(|sentence| sentence.text()).collect();
    expect![
        "The rebalance of group billing waits for worker-1 to join again, for 299.9 s at most."
    ]
    .assert_eq(&expected.join("\n"));
}
