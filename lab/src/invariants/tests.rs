use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;
use ottla_core::Instant;

use super::Invariants;
use crate::app::{AppEvent, Handled};
use crate::{Line, Teller, TopicPartition, World};

/// Two members that have worked on three records, and what has been told of it.
fn world() -> (World, Invariants) {
    let (mut world, mut invariants) = (World::for_scene(1), Invariants::default());
    for line in [
        "topic orders",
        "consumer a group=g topics=orders commit=after",
        "consumer b group=g topics=orders commit=after",
        "producer shop topic=orders",
        "send shop count=3",
    ] {
        let action = line.parse().expect("an action");
        world.apply(&action).expect("it can be done");
    }
    world.advance(Instant(10_000_000));
    let lines = world.take_log();
    invariants.check(&world, &lines).expect("all is well");
    (world, invariants)
}

fn line(world: &World, who: &str, what: Teller) -> Line {
    Line {
        at: world.now().mono,
        who: who.into(),
        what,
    }
}

fn orders() -> TopicPartition {
    TopicPartition {
        topic: "orders".into(),
        partition: 0,
    }
}

#[test]
fn two_owners_of_a_partition_are_found() {
    let (world, mut invariants) = world();
    let generation = world.broker().group("g").expect("a group").generation_id();
    let lines = ["a", "b"].map(|who| {
        let all = [orders()].into();
        let added = [orders()].into();
        let assigned = ConsumerEvent::Assigned {
            generation,
            added,
            all,
        };
        line(&world, who, Teller::Client(Event::Consumer(assigned)))
    });
    let broken = invariants.check(&world, &lines).expect_err("two owners");
    assert!(broken.to_string().ends_with("read orders-0"), "{broken}");
}

#[test]
fn a_record_that_nobody_may_read_yet_is_found() {
    let (world, mut invariants) = world();
    let worked = |offset| AppEvent::Worked {
        partition: orders(),
        offset,
        result: Handled::Done,
    };
    let sound = line(&world, "a", Teller::App(worked(2)));
    assert_eq!(invariants.check(&world, &[sound]), Ok(()));
    let early = line(&world, "a", Teller::App(worked(3)));
    let broken = invariants
        .check(&world, &[early])
        .expect_err("not there yet");
    assert_eq!(
        broken.to_string(),
        "a worked on orders-0 offset 3, above the high watermark 3"
    );
}

#[test]
fn a_commit_without_work_is_found() {
    let (world, _) = world();
    // One that was not told of the work sees a commit only.
    let mut deaf = Invariants::default();
    let committed = world.broker().group("g").expect("a group").offsets();
    assert_eq!(
        committed
            .committed("orders", 0)
            .expect("it was committed")
            .offset
            .0,
        3
    );
    let lines = [line(
        &world,
        "a",
        Teller::App(AppEvent::Worked {
            partition: orders(),
            offset: 0,
            result: Handled::Done,
        }),
    )];
    let broken = deaf
        .check(&world, &lines)
        .expect_err("records were passed over");
    assert_eq!(
        broken.to_string(),
        "g has committed 3 of orders-0, and nobody worked on offset 1"
    );
}
