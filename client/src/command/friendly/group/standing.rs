//! How far a group has come.

use ottla_core::sorted::{Map, Set};
use ottla_core::{GroupId, TopicPartition};

use super::super::teller::{Halt, Teller};
use crate::admin::{FetchOffsets, ListOffsets, OffsetSpec};

/// A partition of a group: what is committed, and what there is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    pub(super) committed: Option<i64>,
    pub(super) first: Option<i64>,
    pub(super) end: Option<i64>,
}

impl Standing {
    /// How many offsets there are between the committed one and the end.
    pub(super) fn lag(self) -> Option<i64> {
        Some((self.end? - self.committed?).max(0))
    }
}

/// What a group has committed, and the first and last offsets of those partitions and of these.
pub(super) fn standings(
    teller: &mut Teller,
    group: &GroupId,
    also: &Set<TopicPartition>,
) -> Result<Map<TopicPartition, Standing>, Halt> {
    let committed = teller.ask(FetchOffsets {
        group: group.clone(),
        partitions: None,
    })?;
    let mut standings: Map<TopicPartition, Standing> = Map::new();
    for (partition, offset) in committed {
        let committed = offset.ok().map(|offset| offset.offset);
        standings.entry(partition).or_default().committed = committed;
    }
    for partition in also {
        standings.entry(partition.clone()).or_default();
    }
    if standings.is_empty() {
        return Ok(standings);
    }
    let of = |spec: OffsetSpec| ListOffsets {
        partitions: standings.keys().map(|one| (one.clone(), spec)).collect(),
        read_committed: false,
    };
    let first = teller.begin(of(OffsetSpec::Earliest));
    let end = teller.begin(of(OffsetSpec::Latest));
    for (partition, listed) in teller.answer(first)? {
        let first = listed.ok().map(|listed| listed.offset);
        standings.entry(partition).or_default().first = first;
    }
    for (partition, listed) in teller.answer(end)? {
        let end = listed.ok().map(|listed| listed.offset);
        standings.entry(partition).or_default().end = end;
    }
    Ok(standings)
}
