//! Start-up: an engine over its store, with everything in it that was there before.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use ottla_core::config::Config;
use ottla_core::{Broker, LogId, MemoryStore, Now, Offset, Output};
use ottla_wire::{Gateway, Store as _};

use crate::disk::{DiskStore, Report};
use crate::failure::Failure;
use crate::store::AnyStore;

/// What the disk's thread says at once.
pub(crate) type Reports = Vec<Report>;

/// A broker that keeps nothing.
pub(crate) fn in_memory(config: Config, now: Now) -> Gateway<AnyStore> {
    let mut broker = Broker::new(config, seed(now));
    let mut store = AnyStore::Memory(MemoryStore::new());
    begin(&mut broker, &mut store, now);
    Gateway::new(broker, store)
}

/// A broker with the data of a directory.
pub(crate) fn on_disk(
    config: Config,
    directory: &Path,
    now: Now,
) -> Result<(Gateway<AnyStore>, Receiver<Reports>), Failure> {
    let is_new = !directory.exists();
    let (sender, receiver) = channel();
    let report = move |reports| {
        // Nobody listens any more once the broker ends.
        let _ = sender.send(reports);
    };
    let (mut disk, opened) = DiskStore::open(directory, config.node_id, report).map_err(failure)?;
    if !opened.clean && !is_new {
        tracing::info!("the last ottla did not end in order: checking the logs");
    }
    // Clients are told where it is, and do not know where this process was started.
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let config = config.with_data(&absolute.to_string_lossy(), &opened.cluster_id);
    let mut broker = Broker::new(config, seed(now));
    recover(&mut broker, &mut disk, now)?;
    let mut store = AnyStore::Disk(Box::new(disk));
    begin(&mut broker, &mut store, now);
    Ok((Gateway::new(broker, store), receiver))
}

/// The steps are explained at [`Broker::recover`].
fn recover(broker: &mut Broker, disk: &mut DiskStore, now: Now) -> Result<(), Failure> {
    if let Some(found) = disk.recover(LogId::METADATA).map_err(failure)? {
        broker.recover(LogId::METADATA, found);
    }
    for log in replay(broker, disk, LogId::METADATA, now)? {
        if let Some(found) = disk.recover(log).map_err(failure)? {
            broker.recover(log, found);
        }
    }
    for log in broker.logs_to_replay() {
        replay(broker, disk, log, now)?;
    }
    disk.finish_recovery().map_err(failure)
}

/// Replays a log, and returns the logs that exist by then.
fn replay(
    broker: &mut Broker,
    disk: &mut DiskStore,
    log: LogId,
    now: Now,
) -> Result<Vec<LogId>, Failure> {
    let mut outputs = Vec::new();
    for batch in disk.read(log, Offset(0)).map_err(failure)? {
        broker
            .replay(now, log, &batch.map_err(failure)?, &mut outputs)
            .map_err(failure)?;
    }
    for output in outputs {
        if let Output::Store(op) = output {
            disk.apply(op);
        }
    }
    Ok(broker
        .logs()
        .map(|log| log.id())
        .filter(|id| *id != LogId::METADATA)
        .collect())
}

/// Time counts from now on.
fn begin(broker: &mut Broker, store: &mut AnyStore, now: Now) {
    let mut outputs = Vec::new();
    broker.started(now, &mut outputs);
    for output in outputs {
        if let Output::Store(op) = output {
            store.apply(op);
        }
    }
}

/// Ids differ from start to start.
fn seed(now: Now) -> u64 {
    let process = u64::from(std::process::id()) << 44;
    process ^ now.wall.0.unsigned_abs() ^ now.mono.0.rotate_left(32)
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure::new(error.to_string())
}
