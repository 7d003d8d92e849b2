use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, sync_channel};
use std::sync::{Arc, Mutex};

use super::*;

/// A disk of which the test says when it is done, and how it went.
fn slow_disk() -> (ForceFile, Sender<io::Result<()>>, Arc<AtomicUsize>) {
    let (outcomes, wanted) = channel::<io::Result<()>>();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let wanted = Mutex::new(wanted);
    let force = move |_: &File| {
        counter.fetch_add(1, Ordering::SeqCst);
        wanted.lock().unwrap().recv().unwrap_or(Ok(()))
    };
    (Box::new(force), outcomes, calls)
}

fn wait_for_call(calls: &AtomicUsize, count: usize) {
    while calls.load(Ordering::SeqCst) < count {
        std::thread::yield_now();
    }
}

#[test]
fn appends_that_come_while_the_disk_works_share_the_next_turn() {
    let folder = tempfile::tempdir().unwrap();
    let (force, outcomes, calls) = slow_disk();
    let mut world = World::with(folder.path(), 100, force);
    assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    wait_for_call(&calls, 1);
    for _ in 0..100 {
        assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    }
    assert!(world.reports.try_recv().is_err(), "nothing is promised yet");
    outcomes.send(Ok(())).unwrap();
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(1)
        }
    );
    outcomes.send(Ok(())).unwrap();
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(101)
        }
    );
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    drop(outcomes);
}

#[test]
fn an_append_that_need_not_be_forced_waits_for_those_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let (force, outcomes, calls) = slow_disk();
    let mut world = World::with(folder.path(), 100, force);
    assert_eq!(world.append(batch(1, 10, 1)), Applied::Done);
    assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    wait_for_call(&calls, 1);
    assert_eq!(world.append(batch(1, 10, 1)), Applied::Later);
    outcomes.send(Ok(())).unwrap();
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(2)
        }
    );
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(3)
        }
    );
    assert_eq!(
        calls.load(Ordering::SeqCst),
        1,
        "the third needed no turn of its own"
    );
    drop(outcomes);
}

#[test]
fn what_the_disk_fails_to_keep_is_lost_from_there_on_and_can_be_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let (force, outcomes, calls) = slow_disk();
    let mut world = World::with(folder.path(), 100, force);
    world.append(batch(2, 10, 1));
    let (position, next) = (world.position, world.next);
    assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    wait_for_call(&calls, 1);
    // Sent before anybody knows of the failure: it must never be reported as stored.
    assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    outcomes
        .send(Err(io::Error::other("the disk is broken")))
        .unwrap();
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Failed {
            log: ORDERS,
            from: Offset(2)
        }
    );
    (world.position, world.next) = (position, next);
    assert_eq!(world.append_with(batch(7, 10, 1), true), Applied::Later);
    drop(outcomes);
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(9)
        }
    );
    assert_eq!(world.all_batches(), [(0, 2), (2, 7)]);
}

#[test]
fn a_flush_is_not_answered_but_done() {
    let folder = tempfile::tempdir().unwrap();
    let (done, forced) = sync_channel(10);
    let force = Box::new(move |_: &File| done.send(()).map_err(io::Error::other));
    let mut world = World::with(folder.path(), 100, force);
    world.append(batch(1, 10, 1));
    assert_eq!(
        world.store.apply(StoreOp::Flush { log: ORDERS }),
        Applied::Done
    );
    forced.recv().unwrap();
    assert_eq!(world.append(batch(1, 10, 1)), Applied::Done);
    assert!(world.reports.try_recv().is_err());
}

#[test]
fn a_flush_that_fails_does_not_hold_up_later_appends() {
    let folder = tempfile::tempdir().unwrap();
    let (force, outcomes, calls) = slow_disk();
    let mut world = World::with(folder.path(), 100, force);
    world.append(batch(1, 10, 1));
    world.store.apply(StoreOp::Flush { log: ORDERS });
    wait_for_call(&calls, 1);
    outcomes
        .send(Err(io::Error::other("the disk is broken")))
        .unwrap();
    drop(outcomes);
    assert_eq!(world.append_with(batch(1, 10, 1), true), Applied::Later);
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(2)
        }
    );
}

#[test]
fn a_log_that_is_deleted_before_its_append_is_forced_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let (force, outcomes, calls) = slow_disk();
    let mut world = World::with(folder.path(), 100, force);
    world.append_with(batch(1, 10, 1), true);
    wait_for_call(&calls, 1);
    world.store.apply(StoreOp::Delete { log: ORDERS });
    drop(outcomes);
    assert_eq!(
        world.reports.recv().unwrap(),
        Report::Stored {
            log: ORDERS,
            through: Offset(1)
        }
    );
}
