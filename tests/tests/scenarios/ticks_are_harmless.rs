use ottla_core::{Input, Instant, Now, Timestamp};
use ottla_tests::world::{BEGINNING, World};

/// A group, a parked fetch and a parked produce: much that waits for time.
fn waiting() -> World {
    let mut world = World::default().with_topic("orders", 2);
    let (reader, writer) = (world.client("reader"), world.client("writer"));
    let b = world.consumer("b", "project", &["orders"]).join();
    world.run_until_quiet();
    world.story();
    world.crash(b);
    world.fetch(reader, "orders", (0, 0), (1, 2_000));
    world.disk.takes_ms(50);
    world.produce(writer, "orders", 1, world.batch(&["one"]));
    world
}

#[test]
fn ticks_that_come_early_or_for_nothing_change_nothing() {
    let mut quiet = waiting();
    let mut ticked = quiet.clone();
    let mut stories = (String::new(), String::new());
    for _ in 0..100 {
        stories.0 += &quiet.advance("100ms");
        for _ in 0..10 {
            ticked.input(Input::Tick);
            stories.1 += &ticked.advance("10ms");
        }
    }
    assert!(stories.0.contains("b is gone"), "{}", stories.0);
    assert_eq!(stories.0, stories.1);
    let state = |world: &World| format!("{:?}", world.broker);
    assert_eq!(state(&quiet), state(&ticked));
}

#[test]
fn one_late_tick_does_all_that_was_due() {
    let world = waiting();
    let mut broker = world.broker.clone();
    let late = Now {
        mono: Instant(60_000_000),
        wall: Timestamp(BEGINNING.0 + 60_000),
    };
    let mut out = Vec::new();
    broker.handle(late, Input::Tick, &mut out);
    let replies = out
        .iter()
        .filter(|output| matches!(output, ottla_core::Output::Reply { .. }));
    assert_eq!(
        replies.count(),
        2,
        "the fetch and the produce have waited long enough"
    );
    let group = broker
        .group("project")
        .expect("it has a generation to remember");
    assert_eq!((group.state().name(), group.members().len()), ("Empty", 0));
    assert!(broker.next_deadline().is_none_or(|(at, _)| at > late.mono));

    let before = format!("{broker:?}");
    broker.handle(late, Input::Tick, &mut Vec::new());
    assert_eq!(format!("{broker:?}"), before);
}
