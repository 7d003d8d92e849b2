//! Topics, partitions, and the records in them.

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::batch::{BatchHeader, Record, shared_records};
use ottla_core::log::Log;
use ottla_core::sorted::Map;
use ottla_core::{LogId, Offset};

use super::keys::{NO_KEY_LABEL, colour, label};
use super::{CELLS_MAX, Cell, PartitionView, TopicView};
use crate::World;
use crate::brief::shortened;

/// The records that were shown last, as long as the broker's process is the same: what is in its store stays there and never changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    starts_count: u64,
    logs: Map<LogId, ShownLog>,
}

/// The records of a log from an offset on, as far as they were in the store.
#[derive(Debug, Clone)]
struct ShownLog {
    from: Offset,
    cells: Vec<Arc<Cell>>,
}

/// All topics. Records that were shown before are not read again.
pub(super) fn topics(world: &World, shown: &mut Shown) -> Vec<TopicView> {
    let starts_count = world.server.starts_count();
    let mut former = match shown.starts_count == starts_count {
        true => std::mem::take(&mut shown.logs),
        false => Map::new(),
    };
    shown.starts_count = starts_count;
    let broker = world.broker();
    let topics = || {
        let all = broker.metadata().topics();
        all.filter(|topic| !topic.is_internal())
    };
    let partitions_count: usize = topics().map(|topic| topic.partitions.len()).sum();
    let cells_max = (ALL_CELLS_MAX / partitions_count.max(1)).clamp(CELLS_MIN, CELLS_MAX);
    let mut view = |log: &Log| {
        let newest = newest(world, log, cells_max, former.remove(&log.id()));
        let cells = newest.cells.clone();
        shown.logs.insert(log.id(), newest);
        PartitionView {
            index: log.partition().partition,
            start_offset: log.start_offset().0,
            high_watermark: log.high_watermark().0,
            end_offset: log.end_offset().0,
            cells,
        }
    };
    topics()
        .map(|topic| {
            let logs = topic.partitions.iter();
            let logs = logs.filter_map(|partition| broker.log(partition.log));
            TopicView {
                name: topic.name.to_string(),
                partitions: logs.map(&mut view).collect(),
            }
        })
        .collect()
}

/// The newest records that are in the store.
fn newest(world: &World, log: &Log, cells_max: usize, former: Option<ShownLog>) -> ShownLog {
    let end = log.end_offset();
    let from = log.start_offset().max(Offset(end.0 - cells_max as i64));
    let former = former.filter(|former| former.from <= from);
    let mut cells = former.map_or(Vec::new(), |former| former.cells);
    cells.drain(..cells.partition_point(|cell| cell.offset < from.0));
    let next = cells.last().map_or(from, |cell| Offset(cell.offset + 1));
    if next < end {
        let authors = world.server.authors().of(log.partition());
        for batch in world.server.store().read(log.id(), next) {
            let records = readable(batch).filter(|record| record.offset >= next);
            cells.extend(records.map(|record| {
                let owner = authors.who(record.offset);
                let producer = owner.map(|owner| world.links.tap.name(owner));
                Arc::new(cell(record, producer))
            }));
        }
    }
    ShownLog { from, cells }
}

/// The records of a stored batch that are for consumers.
pub(crate) fn readable(batch: Bytes) -> impl Iterator<Item = Record> {
    let is_control = BatchHeader::parse(&batch).is_some_and(|header| header.is_control);
    let records = match is_control {
        true => None,
        false => shared_records(batch).ok(),
    };
    records.into_iter().flatten().map_while(Result::ok)
}

fn cell(record: Record, producer: Option<Arc<str>>) -> Cell {
    let key = record.key.as_deref().map(|key| text(key, KEY_MAX_CHARS));
    Cell {
        offset: record.offset.0,
        label: key.as_deref().map_or_else(|| NO_KEY_LABEL.into(), label),
        colour: key.as_deref().map(colour),
        key,
        value: text(record.value.as_deref().unwrap_or_default(), VALUE_MAX_CHARS),
        timestamp_ms: record.timestamp.0,
        producer,
    }
}

/// Bytes as text of bounded length.
pub(crate) fn text(bytes: &[u8], max_chars: usize) -> String {
    // A character has at most four bytes.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * max_chars + 4)]);
    shortened(&text, max_chars).into_owned()
}

/// How many records all partitions show together: beyond, each shows fewer,
const ALL_CELLS_MAX: usize = 1600;
/// but not fewer than these.
const CELLS_MIN: usize = 16;
pub(crate) const KEY_MAX_CHARS: usize = 60;
const VALUE_MAX_CHARS: usize = 200;
