//! Programs of learners: unmodified KafkaJS in the worker of the tutorial, run by Node, against the engine in a world.

mod node;

use std::sync::Arc;

use expect_test::expect;
use ottla_core::Instant;
use ottla_lab::code::{Answers, End};
use ottla_lab::scene::Scene;
use ottla_lab::{Conditions, Teller, World};

use node::Node;

#[test]
fn a_producer_and_a_consumer_exchange_records() {
    let Some(mut node) = Node::start() else {
        return;
    };
    let mut answers = Answers::default();
    let mut world = world();
    live(&mut world, &mut answers, &mut node, 6_000);
    expect![[r#"
        0.190 producer.js  created true
        0.260 producer.js  k0 -> 2:0
        0.290 consumer.js  got k0 of 2: order 0
        0.680 producer.js  k1 -> 2:1
        0.680 consumer.js  got k1 of 2: order 1
        1.100 producer.js  k2 -> 0:0
        1.100 consumer.js  got k2 of 0: order 2
        1.520 producer.js  k3 -> 1:0
        1.520 consumer.js  got k3 of 1: order 3
        1.940 producer.js  k4 -> 1:1
        1.940 consumer.js  got k4 of 1: order 4
        2.360 producer.js  k5 -> 0:1
        2.360 consumer.js  got k5 of 0: order 5
        2.780 producer.js  k6 -> 1:2
        2.780 consumer.js  got k6 of 1: order 6
        3.200 producer.js  k7 -> 1:3
        3.220 consumer.js  got k7 of 1: order 7
        3.620 producer.js  k8 -> 2:2
        3.620 consumer.js  got k8 of 2: order 8
        4.040 producer.js  k9 -> 2:3
        4.040 consumer.js  got k9 of 2: order 9
    "#]]
    .assert_eq(&printed(&mut world));
}

#[test]
fn a_life_is_the_same_when_it_is_lived_again_with_the_code_and_without() {
    let (Some(mut first_node), Some(mut second_node)) = (Node::start(), Node::start()) else {
        return;
    };
    let (mut first, mut second, mut replayed) = (world(), world(), world());
    let mut answers = Answers::default();
    live(&mut first, &mut answers, &mut first_node, 8_000);
    live(
        &mut second,
        &mut Answers::default(),
        &mut second_node,
        8_000,
    );
    assert!(answers.advance(&mut replayed, Instant(8_000_000)));
    let (lines, frames) = (first.take_log(), first.take_frames());
    assert!(frames.len() > 50, "{} frames", frames.len());
    assert_eq!(second.take_frames(), frames);
    assert_eq!(second.take_log(), lines);
    assert_eq!(replayed.take_frames(), frames);
    assert_eq!(replayed.take_log(), lines);
}

#[test]
fn another_history_is_lived_by_the_same_program_from_where_the_two_part() {
    let Some(mut node) = Node::start() else {
        return;
    };
    let mut answers = Answers::default();
    let mut world = world();
    live(&mut world, &mut answers, &mut node, 3_000);
    let (mut broken, mut unbroken) = (world.clone(), world);
    live(&mut unbroken, &mut answers, &mut node, 6_000);
    let asked_count = node.asked_count();
    broken.break_links(CONSUMER);
    live(&mut broken, &mut answers, &mut node, 6_000);
    assert!(node.asked_count() > asked_count);
    assert_eq!(
        node.starts_count("consumer.js"),
        2,
        "it is begun again with the turns that it had"
    );
    let end = broken
        .program("consumer.js")
        .and_then(|program| program.end());
    assert_eq!(end, None);
    assert!(
        printed(&mut broken).contains("got k9"),
        "it has connected again"
    );
}

#[test]
fn programs_are_in_the_scene_as_what_they_are() {
    let Some(mut node) = Node::start() else {
        return;
    };
    let mut world = world();
    live(&mut world, &mut Answers::default(), &mut node, 3_000);
    let scene = Scene::of(&world);
    let producer = &scene.producers[0];
    assert_eq!(producer.name, "producer.js");
    let records = scene.topics[0]
        .partitions
        .iter()
        .flat_map(|partition| &partition.cells);
    let writers: Vec<&str> = records
        .filter_map(|record| record.producer.as_deref())
        .collect();
    assert_eq!(writers, ["producer.js"; 7]);
    assert_eq!((producer.sent_count, producer.acknowledged_count), (7, 7));
    let consumer = &scene.consumers[0];
    let group = &scene.groups[0];
    let seen = format!(
        "{} {:?} {:?} {}/{}: {} {} {}",
        consumer.name,
        consumer.group,
        consumer.activity,
        consumer.partitions.len(),
        group.members[0].partitions.len(),
        group.id,
        group.state,
        group.members[0].client,
    );
    assert_eq!(
        seen,
        "consumer.js Some(\"billing\") Waiting 3/3: billing Stable consumer.js"
    );
}

#[test]
fn what_a_program_sees_of_its_world_is_as_its_own_tests_say() {
    node::run_tests();
}

#[test]
fn a_program_makes_no_more_than_an_action_may() {
    let Some(mut node) = Node::start() else {
        return;
    };
    let mut world = World::for_scene(1);
    world.add_program("wide.js", WIDE_JS.into());
    live(&mut world, &mut Answers::default(), &mut node, 3_000);
    expect![[r#"
        0.140 wide.js      Request parameters do not satisfy the configured policy
        0.300 wide.js      Request parameters do not satisfy the configured policy
        0.480 wide.js      Request parameters do not satisfy the configured policy
    "#]]
    .assert_eq(&printed(&mut world));
    assert!(world.broker().metadata().topic("wide").is_none());
    let records_count = Scene::of(&world).topics[0].partitions[0].end_offset;
    assert_eq!(records_count, 1);
}

#[test]
fn who_dials_another_port_is_refused() {
    let Some(mut node) = Node::start() else {
        return;
    };
    let mut world = World::new(Default::default(), 1);
    let source = "require('net').connect(9093).on('error', (error) => console.log(error.message));";
    world.add_program("lost.js", source.into());
    live(&mut world, &mut Answers::default(), &mut node, 1_000);
    let end = world.program("lost.js").and_then(|program| program.end());
    assert_eq!(end.map(|(_, end)| end), Some(End::Done));
    assert!(printed(&mut world).contains("connect ECONNREFUSED localhost:9093"));
}

/// Lets time pass, with Node answering what nobody has answered before.
fn live(world: &mut World, answers: &mut Answers, node: &mut Node, to_ms: u64) {
    while !answers.advance(world, Instant(to_ms * 1000)) {
        for question in world.questions() {
            if !answers.knows(&question) {
                let turns = answers.history(&question);
                let answer = node.answer(&question, &turns);
                answers.keep(&question, answer);
            }
        }
    }
}

fn world() -> World {
    let mut world = World::new(Default::default(), 36);
    world.set_conditions(Conditions {
        latency_us: 10_000,
        ..Conditions::default()
    });
    for (name, source) in [("producer.js", PRODUCER_JS), ("consumer.js", CONSUMER_JS)] {
        world.add_program(name, Arc::from(source));
    }
    world
}

fn printed(world: &mut World) -> String {
    let lines = world.take_log().into_iter();
    let prints = lines.filter_map(|line| match line.what {
        Teller::Code(print) => {
            let (at, name) = (line.at.0 / 1000, line.who);
            let (seconds, millis) = (at / 1000, at % 1000);
            Some(format!("{seconds}.{millis:03} {name:<12} {}\n", print.text))
        }
        _ => None,
    });
    prints.collect()
}

const CONSUMER: u32 = 2;

const PRODUCER_JS: &str = r#"
const { Kafka } = require('kafkajs');
const kafka = new Kafka({ clientId: 'shop', brokers: ['localhost:9092'], logLevel: 1 });
const admin = kafka.admin();
await admin.connect();
console.log('created', await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] }));
await admin.disconnect();
const producer = kafka.producer();
await producer.connect();
for (let i = 0; i < 10; i++) {
  const [{ partition, baseOffset }] = await producer.send({ topic: 'orders', messages: [{ key: `k${i}`, value: `order ${i}` }] });
  console.log(`k${i} -> ${partition}:${baseOffset}`);
  await new Promise((resolve) => setTimeout(resolve, 400)); // Its own pace: timers are the world's too.
}
await producer.disconnect();
"#;

const CONSUMER_JS: &str = r#"
import { Kafka } from 'kafkajs';

const kafka = new Kafka({ clientId: 'billing', brokers: ['localhost:9092'], logLevel: 1 });
const admin = kafka.admin();
await admin.connect();
while (!(await admin.listTopics()).includes('orders')); // The shop makes it, with three partitions.
await admin.disconnect();
const consumer = kafka.consumer({ groupId: 'billing' });
await consumer.connect();
await consumer.subscribe({ topic: 'orders', fromBeginning: true });
await consumer.run({
  eachMessage: async ({ partition, message }) => {
    console.log(`got ${message.key} of ${partition}: ${message.value}`);
  },
});
"#;

const WIDE_JS: &str = r#"
const { Kafka } = require('kafkajs');
const kafka = new Kafka({ clientId: 'wide', brokers: ['localhost:9092'], logLevel: 0 });
const admin = kafka.admin();
await admin.connect();
const make = (topics) => admin.createTopics({ topics, waitForLeaders: false });
const told = (error) => console.log((error.errors ?? [error])[0].message);
await make([{ topic: 'wide', numPartitions: 65 }]).catch(told);
await make([...Array(8).keys()].map((index) => ({ topic: `t${index}`, numPartitions: 1 })));
await make([{ topic: 'ninth', numPartitions: 1 }]).catch(told);
await admin.disconnect();
const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: 't0', messages: [{ value: 'one' }] });
await producer.send({ topic: 'ninth', messages: [{ value: 'by its first use' }] }).catch(told);
await producer.disconnect();
"#;
