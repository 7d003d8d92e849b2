use ottla_core::interface::{FetchPartition, FetchRequest, FetchTopic};
use ottla_core::{Offset, Request, Response, TopicRef};
use ottla_tests::world::World;

#[test]
fn a_partition_with_much_to_read_takes_its_own_limit_and_leaves_the_rest_to_others() {
    let mut world = World::default().with_topic("orders", 2);
    let writer = world.client("writer");
    let value = "x".repeat(1_000);
    for partition in [0, 1] {
        for _ in 0..10 {
            let written = world.write(writer, "orders", partition, &[&value]);
            assert!(written.is_ok());
        }
    }
    assert_eq!(readable(&mut world, 5_000, 2_000), [true, true]);
    assert_eq!(readable(&mut world, 2_000, 2_000), [true, false]);
}

/// Which of the two partitions a fetch finds records of.
fn readable(world: &mut World, max_bytes: i32, partition_max_bytes: i32) -> Vec<bool> {
    let reader = world.client("reader");
    let wish = |partition| FetchPartition {
        partition,
        current_leader_epoch: None,
        fetch_offset: Offset(0),
        last_fetched_epoch: None,
        max_bytes: partition_max_bytes,
    };
    let request = FetchRequest {
        max_wait_ms: 0,
        min_bytes: 1,
        max_bytes,
        topics: vec![FetchTopic {
            topic: TopicRef::Name("orders".into()),
            partitions: vec![wish(0), wish(1)],
        }],
    };
    let Response::Fetch(response) = world.ask(reader, Request::Fetch(request)) else {
        panic!("a fetch is answered with something else")
    };
    let store = &world.disk.store;
    response.topics[0]
        .partitions
        .iter()
        .map(|partition| {
            let slice = partition.records.as_ref();
            let found = slice.and_then(|slice| store.locate(slice));
            found.is_some_and(|pieces| pieces.iter().any(|piece| !piece.is_empty()))
        })
        .collect()
}
