//! Sequence numbers of one partition, by which a broker recognises repeated and missing batches (idempotence).

/// Who the producer is to the brokers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) id: i64,
    pub(super) epoch: i16,
}

/// A batch's: whose, and the first record's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sequence {
    pub(super) identity: Identity,
    pub(super) base: i32,
}

/// Where a partition's numbers stand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sequences {
    /// In which the numbers count; none before the first batch.
    pub(super) identity: Option<Identity>,
    /// The next batch's.
    pub(super) next: i32,
    /// The last record's that is known to be written.
    pub(super) last_acknowledged: Option<i32>,
    /// Its offset, if it was told.
    pub(super) last_acknowledged_offset: Option<i64>,
    /// A batch below this number was given up, and nobody knows whether it is written: no new batch until the others are answered.
    pub(super) unresolved: Option<i32>,
    /// Batches from this number on are not written and cannot be: there is a gap before them. Their numbers begin again in a new epoch as soon as
    /// those before them are answered.
    pub(super) restart_from: Option<i32>,
}

impl Sequences {
    /// Whether a batch with this first number is the one after the last that is written.
    pub(super) fn is_next(&self, base: i32) -> bool {
        base == self.last_acknowledged.map_or(0, |last| after(last, 1))
    }

    pub(super) fn acknowledge(&mut self, last: i32, last_offset: Option<i64>) {
        if self
            .last_acknowledged
            .is_none_or(|known| is_above(last, known))
        {
            self.last_acknowledged = Some(last);
        }
        self.last_acknowledged_offset = self.last_acknowledged_offset.max(last_offset);
    }

    pub(super) fn mark_unresolved(&mut self, below: i32) {
        if self.unresolved.is_none_or(|known| is_above(below, known)) {
            self.unresolved = Some(below);
        }
    }

    pub(super) fn request_restart(&mut self, from: i32) {
        if self.restart_from.is_none_or(|known| is_above(known, from)) {
            self.restart_from = Some(from);
        }
    }

    /// Whether the gap is behind a batch with this first number.
    pub(super) fn is_before_gap(&self, base: i32) -> bool {
        self.restart_from.is_some_and(|from| is_above(from, base))
    }
}

/// The number `count` after `sequence`: behind the largest comes 0.
pub(super) fn after(sequence: i32, count: i32) -> i32 {
    sequence.wrapping_add(count) & i32::MAX
}

/// Numbers that are compared lie close together, so the shorter way round tells.
fn is_above(number: i32, other: i32) -> bool {
    let distance = number.wrapping_sub(other) & i32::MAX;
    (1..1 << 30).contains(&distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_again_behind_the_largest() {
        assert_eq!(after(i32::MAX, 1), 0);
        assert_eq!(after(i32::MAX - 2, 5), 2);
        let mut sequences = Sequences::default();
        assert!(sequences.is_next(0));
        sequences.acknowledge(i32::MAX, None);
        assert!(sequences.is_next(0));
        sequences.acknowledge(4, Some(9));
        sequences.acknowledge(i32::MAX, Some(7));
        assert!(sequences.is_next(5));
        assert_eq!(sequences.last_acknowledged_offset, Some(9));
    }
}
