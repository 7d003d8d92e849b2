//! Leader epochs: which leader wrote which offsets (KIP-101, KIP-320).

use crate::Offset;

/// Epochs that have records, with the offset of their first one, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Epochs {
    starts: Vec<(i32, Offset)>,
}

impl Epochs {
    pub(super) fn recovered(starts: Vec<(i32, Offset)>) -> Self {
        Self { starts }
    }

    pub(super) fn latest(&self) -> Option<i32> {
        self.starts.last().map(|(epoch, _)| *epoch)
    }

    /// True if the epoch is new: its first record is at `offset`.
    pub(super) fn begin(&mut self, epoch: i32, offset: Offset) -> bool {
        if self.latest().is_some_and(|latest| latest >= epoch) {
            return false;
        }
        self.starts.push((epoch, offset));
        true
    }

    /// Takes the latest epoch back.
    pub(super) fn undo(&mut self) {
        self.starts.pop();
    }

    /// The log begins at `offset` now: the epoch that is in force there is the oldest one.
    pub(super) fn truncate_start(&mut self, offset: Offset) {
        let begun = self.starts.partition_point(|(_, start)| *start <= offset);
        self.starts.drain(..begun.saturating_sub(1));
        if let Some((_, start)) = self.starts.first_mut() {
            *start = offset.max(*start);
        }
    }

    /// Where `epoch` ends, as Apache Kafka's `LeaderEpochFileCache.endOffsetFor` says; the leader's own epoch ends at the log's end, records or not.
    pub(super) fn end_offset(
        &self,
        epoch: i32,
        leader_epoch: i32,
        end_offset: Offset,
    ) -> (i32, Offset) {
        if epoch == leader_epoch {
            return (epoch, end_offset);
        }
        if epoch < 0 || epoch > leader_epoch {
            return (-1, Offset(-1));
        }
        let begun = self.starts.partition_point(|(start, _)| *start <= epoch);
        let next_start = self.starts.get(begun).map_or(end_offset, |(_, at)| *at);
        match begun.checked_sub(1) {
            Some(floor) => (self.starts[floor].0, next_start),
            None => (epoch, next_start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_ends_where_the_next_one_begins() {
        let mut epochs = Epochs::default();
        assert!(epochs.begin(0, Offset(0)));
        assert!(!epochs.begin(0, Offset(5)));
        assert!(epochs.begin(2, Offset(10)));
        assert!(epochs.begin(5, Offset(30)));
        let end = |epoch| epochs.end_offset(epoch, 5, Offset(40));
        assert_eq!(end(0), (0, Offset(10)));
        assert_eq!(end(1), (0, Offset(10)));
        assert_eq!(end(2), (2, Offset(30)));
        assert_eq!(end(4), (2, Offset(30)));
        assert_eq!(end(5), (5, Offset(40)));
        assert_eq!(end(6), (-1, Offset(-1)));
        assert_eq!(end(-1), (-1, Offset(-1)));
    }

    #[test]
    fn a_leader_without_records_knows_its_own_epoch() {
        let epochs = Epochs::default();
        assert_eq!(epochs.end_offset(0, 0, Offset(0)), (0, Offset(0)));
        assert_eq!(epochs.end_offset(1, 0, Offset(0)), (-1, Offset(-1)));
    }

    #[test]
    fn what_lies_before_the_start_of_the_log_is_forgotten() {
        let mut epochs = Epochs::recovered(vec![(1, Offset(0)), (2, Offset(10)), (3, Offset(20))]);
        epochs.truncate_start(Offset(15));
        assert_eq!(epochs.starts, [(2, Offset(15)), (3, Offset(20))]);
        assert_eq!(epochs.end_offset(1, 3, Offset(30)), (1, Offset(15)));
    }
}
