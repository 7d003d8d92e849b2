//! The partitions that a consumer reads, and where it stands in each.

use std::collections::VecDeque;

use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Offset, TopicPartition};

use super::error::ConsumerError;
use super::portion::Portion;

/// A place in a partition: the next record to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The next record's offset.
    pub offset: Offset,
    /// The leader epoch of the record before it, where it is known.
    pub leader_epoch: Option<i32>,
}

/// An offset that is, or is to be, committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The next record to read.
    pub offset: Offset,
    /// The leader epoch of the record before it, where it is known.
    pub leader_epoch: Option<i32>,
    /// A note of whoever committed it.
    pub metadata: String,
}

/// Whence the next record of a partition is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Not known yet. Ends: the coordinator tells the committed offset → `At`, or that there is none → `Lookup`.
    Unknown,
    /// To be asked of the leader: the offset for a timestamp, or for one of ListOffsets' special ones. Ends: it answers → `At`.
    Lookup(i64),
    /// Here. Ends: the broker says that there is no such offset, or the user asks for another place → `Lookup`.
    At(Place),
}

/// What the leader has told of its log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) high_watermark: Option<Offset>,
    pub(super) last_stable_offset: Option<Offset>,
    pub(super) log_start_offset: Option<Offset>,
}

/// One partition that is read.
#[derive(Debug, Clone)]
pub(super) struct Assigned {
    /// Tells this stay in the assignment, and this position, from earlier ones: answers to what was asked before are dropped.
    pub(super) serial: u64,
    pub(super) position: Position,
    /// Whence the next fetch reads: behind what is buffered. Meaningful at a position only.
    pub(super) fetch_from: Place,
    pub(super) portions: VecDeque<Portion>,
    pub(super) buffered_bytes: usize,
    /// When it was last served, counted in answers: who has waited longest is first in the next fetch.
    pub(super) served: u64,
    pub(super) is_paused: bool,
    /// It is about to be given up: nothing more is fetched or handed out.
    pub(super) is_leaving: bool,
    /// Not asked for before.
    pub(super) retry_at: Option<Instant>,
    /// Something is being asked about its position.
    pub(super) is_asked: bool,
    /// Reading stopped for this, until a seek.
    pub(super) error: Option<ConsumerError>,
    pub(super) committed: Option<CommittedOffset>,
    pub(super) marks: Marks,
}

impl Assigned {
    /// The next record to hand out, if that is known.
    pub(super) fn place(&self) -> Option<Place> {
        match self.position {
            Position::At(place) => Some(place),
            Position::Unknown | Position::Lookup(_) => None,
        }
    }

    /// Whether records may be fetched and handed out.
    pub(super) fn is_readable(&self) -> bool {
        !self.is_paused && !self.is_leaving && self.error.is_none() && self.place().is_some()
    }

    pub(super) fn waits(&self, now: Instant) -> bool {
        self.retry_at.is_some_and(|at| at > now)
    }
}

/// All partitions that are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Partitions {
    /// Boxed: a node of a map has room for eleven, and a consumer is often copied.
    map: Map<TopicPartition, Box<Assigned>>,
    /// Partitions with buffered records, in the order in which they came.
    ready: VecDeque<TopicPartition>,
    buffered_bytes: usize,
    last_serial: u64,
}

impl Partitions {
    pub(super) fn get(&self, partition: &TopicPartition) -> Option<&Assigned> {
        self.map.get(partition).map(AsRef::as_ref)
    }

    pub(super) fn get_mut(&mut self, partition: &TopicPartition) -> Option<&mut Assigned> {
        self.map.get_mut(partition).map(AsMut::as_mut)
    }

    /// The partition, if an answer to what was asked at `serial` still concerns it.
    pub(super) fn current(
        &mut self,
        partition: &TopicPartition,
        serial: u64,
    ) -> Option<&mut Assigned> {
        self.map
            .get_mut(partition)
            .map(AsMut::as_mut)
            .filter(|found| found.serial == serial)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&TopicPartition, &Assigned)> {
        self.map.iter().map(|(name, found)| (name, &**found))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&TopicPartition, &mut Assigned)> {
        self.map
            .iter_mut()
            .map(|(name, found)| (name, &mut **found))
    }

    pub(super) fn names(&self) -> Set<TopicPartition> {
        self.map.keys().cloned().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Takes partitions in; those that are there stay as they are.
    pub(super) fn add(&mut self, partitions: impl IntoIterator<Item = TopicPartition>) {
        for partition in partitions {
            let serial = &mut self.last_serial;
            self.map.entry(partition).or_insert_with(|| {
                *serial += 1;
                Box::new(Assigned::new(*serial))
            });
        }
    }

    /// Gives partitions up, with what is buffered of them.
    pub(super) fn remove(&mut self, partitions: &Set<TopicPartition>) {
        for partition in partitions {
            if let Some(gone) = self.map.remove(partition) {
                self.buffered_bytes -= gone.buffered_bytes;
            }
        }
        self.ready
            .retain(|partition| !partitions.contains(partition));
    }

    /// Moves to another position. What is buffered, asked and wrong is forgotten.
    pub(super) fn set_position(&mut self, partition: &TopicPartition, position: Position) {
        let Some(found) = self.map.get_mut(partition) else {
            return;
        };
        self.last_serial += 1;
        self.buffered_bytes -= found.buffered_bytes;
        self.ready.retain(|ready| ready != partition);
        found.serial = self.last_serial;
        found.portions.clear();
        found.buffered_bytes = 0;
        found.is_asked = false;
        found.retry_at = None;
        found.error = None;
        found.position = position;
        if let Position::At(place) = position {
            found.fetch_from = place;
        }
    }

    /// Keeps what a fetch has brought; the next one starts at `end`.
    pub(super) fn push(&mut self, partition: &TopicPartition, portion: Portion, end: Offset) {
        let Some(found) = self.map.get_mut(partition) else {
            return;
        };
        let size_bytes = portion.size_bytes();
        found.fetch_from.offset = end;
        found.buffered_bytes += size_bytes;
        self.buffered_bytes += size_bytes;
        if found.portions.is_empty() {
            self.ready.push_back(partition.clone());
        }
        found.portions.push_back(portion);
    }

    /// Everything that is buffered.
    pub(super) fn buffered_bytes(&self) -> usize {
        self.buffered_bytes
    }

    /// Whether there is something to hand out.
    pub(super) fn has_ready(&self) -> bool {
        self.ready
            .iter()
            .any(|partition| self.get(partition).is_some_and(Assigned::is_readable))
    }

    /// The first partition that has something to hand out. It goes to the end of the queue when its first portion is used up.
    pub(super) fn first_ready(&mut self) -> Option<(TopicPartition, &mut Assigned)> {
        let is_readable =
            |partition: &TopicPartition| self.get(partition).is_some_and(Assigned::is_readable);
        let index = self.ready.iter().position(is_readable)?;
        let partition = self.ready.get(index)?.clone();
        let found = self.map.get_mut(&partition)?;
        Some((partition, found))
    }

    /// The partition's first portion is read to its end. Returns what it counted in the buffer.
    pub(super) fn drop_first(&mut self, partition: &TopicPartition) {
        let Some(found) = self.map.get_mut(partition) else {
            return;
        };
        let Some(portion) = found.portions.pop_front() else {
            return;
        };
        found.buffered_bytes -= portion.size_bytes();
        self.buffered_bytes -= portion.size_bytes();
        self.ready.retain(|ready| ready != partition);
        if !found.portions.is_empty() {
            self.ready.push_back(partition.clone());
        }
    }
}

impl Assigned {
    fn new(serial: u64) -> Self {
        Self {
            serial,
            position: Position::Unknown,
            fetch_from: Place {
                offset: Offset(0),
                leader_epoch: None,
            },
            portions: VecDeque::new(),
            buffered_bytes: 0,
            served: 0,
            is_paused: false,
            is_leaving: false,
            retry_at: None,
            is_asked: false,
            error: None,
            committed: None,
            marks: Marks::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ottla_core::Timestamp;
    use ottla_core::batch::BatchBuilder;

    use super::*;

    fn tp(partition: i32) -> TopicPartition {
        TopicPartition {
            topic: "t".into(),
            partition,
        }
    }

    fn at(offset: i64) -> Position {
        Position::At(Place {
            offset: Offset(offset),
            leader_epoch: None,
        })
    }

    fn portion() -> (Portion, Offset) {
        let batch = BatchBuilder::new()
            .push(Timestamp(1), None, Some(b"v"))
            .build();
        let from = Place {
            offset: Offset(0),
            leader_epoch: None,
        };
        Portion::new(batch.bytes().clone(), from, Vec::new()).unwrap()
    }

    fn with_portions(order: &[i32]) -> Partitions {
        let mut partitions = Partitions::default();
        partitions.add([tp(0), tp(1)]);
        for partition in [0, 1] {
            partitions.set_position(&tp(partition), at(0));
        }
        for partition in order {
            let (portion, end) = portion();
            partitions.push(&tp(*partition), portion, end);
        }
        partitions
    }

    fn take(partitions: &mut Partitions) -> Option<i32> {
        let (partition, _) = partitions.first_ready()?;
        partitions.drop_first(&partition);
        Some(partition.partition)
    }

    #[test]
    fn partitions_take_turns() {
        let mut partitions = with_portions(&[0, 0, 1]);
        let order: Vec<_> = std::iter::from_fn(|| take(&mut partitions)).collect();
        assert_eq!(order, [0, 1, 0]);
        assert_eq!(partitions.buffered_bytes(), 0);
    }

    #[test]
    fn a_paused_partition_keeps_its_records_for_later() {
        let mut partitions = with_portions(&[0, 1]);
        partitions.get_mut(&tp(0)).unwrap().is_paused = true;
        assert_eq!(take(&mut partitions), Some(1));
        assert!(!partitions.has_ready());
        partitions.get_mut(&tp(0)).unwrap().is_paused = false;
        assert_eq!(take(&mut partitions), Some(0));
    }

    #[test]
    fn a_seek_or_a_loss_forgets_what_is_buffered() {
        let mut partitions = with_portions(&[0, 1]);
        let serial = partitions.get(&tp(0)).unwrap().serial;
        partitions.set_position(&tp(0), at(7));
        assert!(partitions.current(&tp(0), serial).is_none());
        assert_eq!(partitions.get(&tp(0)).unwrap().fetch_from.offset, Offset(7));
        partitions.remove(&[tp(1)].into());
        assert!(!partitions.has_ready());
        assert_eq!(partitions.buffered_bytes(), 0);
        partitions.add([tp(1)]);
        assert_eq!(partitions.get(&tp(1)).unwrap().position, Position::Unknown);
    }
}
