use ottla_core::ErrorCode;
use ottla_tests::world::World;

#[test]
fn a_fetch_that_finds_nothing_is_answered_after_max_wait_and_not_before() {
    let mut world = World::default().with_topic("orders", 1);
    let reader = world.client("reader");
    let fetch = world.fetch(reader, "orders", (0, 0), (1, 500));
    world.advance("499ms");
    assert!(world.fetched(fetch).is_none());
    world.advance("1ms");
    let fetched = world.fetched(fetch).expect("the wait is over");
    assert_eq!(fetched.error, ErrorCode::None);
    assert_eq!((fetched.high_watermark, fetched.records.len()), (0, 0));
}

#[test]
fn a_fetch_beyond_the_end_is_told_so_at_once() {
    let mut world = World::default().with_topic("orders", 1);
    let reader = world.client("reader");
    let fetch = world.fetch(reader, "orders", (0, 1), (1, 500));
    let fetched = world.fetched(fetch).expect("an error does not wait");
    assert_eq!(fetched.error, ErrorCode::OffsetOutOfRange);
}

#[test]
fn who_waits_for_a_topic_that_is_deleted_is_told_so() {
    let mut world = World::default().with_topic("orders", 1);
    let (reader, admin) = (world.client("reader"), world.client("admin"));
    let fetch = world.fetch(reader, "orders", (0, 0), (1, 60_000));
    world.delete_topic(admin, "orders").expect("it is there");
    let fetched = world.fetched(fetch).expect("an error does not wait");
    assert_eq!(fetched.error, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(world.unanswered().count(), 0);
}
