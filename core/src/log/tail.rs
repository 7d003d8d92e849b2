//! Where the newest batches are, exactly. What is older is for the store's index to find.

use std::collections::VecDeque;

use crate::Offset;

/// The newest batches: first offset, and position in their segment in bytes. Consumers that keep up read here.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    batches: VecDeque<(Offset, u32)>,
}

impl Tail {
    pub(super) fn push(&mut self, base_offset: Offset, position: u32) {
        if self.batches.len() == BATCHES_LIMIT {
            self.batches.pop_front();
        }
        self.batches.push_back((base_offset, position));
    }

    /// The position of the batch that holds `offset`, if it is among them; `offset` must be below the log's end.
    pub(super) fn position(&self, offset: Offset) -> Option<u32> {
        let begun = self.batches.partition_point(|(base, _)| *base <= offset);
        let (_, position) = self.batches.get(begun.checked_sub(1)?)?;
        Some(*position)
    }

    pub(super) fn truncate(&mut self, from: Offset) {
        let kept = self.batches.partition_point(|(base, _)| *base < from);
        self.batches.truncate(kept);
    }
}

/// 2 KiB of memory for a busy log.
const BATCHES_LIMIT: usize = 128;
