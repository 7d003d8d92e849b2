//! Records for the user.

use ottla_core::{Now, TopicPartition};

use super::partitions::Position;
use super::portion::Reading;
use super::{Consumer, Fetched, IsolationLevel};
use crate::interface::Output;

impl Consumer {
    /// Up to `max_records` records (and no more than `max.poll.records`), those of one fetch together and in order.
    ///
    /// Whoever polls is done with the records of the poll before: that is the moment for commits, rebalances and giving partitions up. With
    /// records in hand, the next poll has to come within `max.poll.interval.ms`.
    pub fn poll(&mut self, now: Now, max_records: usize, out: &mut Vec<Output>) -> Vec<Fetched> {
        if self.is_closed() {
            return Vec::new();
        }
        let was_busy = std::mem::take(&mut self.user.is_busy);
        self.user.poll_until = None;
        if was_busy && self.was_waited_for(now) {
            self.advance(now, out);
        }
        if !self.is_reading() {
            return Vec::new();
        }
        let max_records =
            max_records.min(usize::try_from(self.config.max_poll_records).unwrap_or(1));
        let mut records = Vec::new();
        let has_room = self.take_records(max_records, &mut records, out);
        if !records.is_empty() {
            self.user.is_busy = true;
            self.user.poll_until = Some(self.poll_deadline(now));
        }
        if has_room {
            self.fetch(now, out);
        }
        records
    }

    /// Whether a poll would return records.
    pub fn has_records(&self) -> bool {
        self.is_reading() && self.partitions.has_ready()
    }

    /// Whether something could not be done because the user worked on records.
    fn was_waited_for(&self, now: Now) -> bool {
        let of_membership = |membership: &super::Membership| {
            membership.rejoin.is_some() || membership.given.is_some()
        };
        self.membership.as_ref().is_some_and(of_membership) || self.is_auto_commit_due(now)
    }

    /// Reads on in what is buffered. Says whether a portion has been used up, so that there is room for another.
    fn take_records(
        &mut self,
        max_records: usize,
        records: &mut Vec<Fetched>,
        out: &mut Vec<Output>,
    ) -> bool {
        let reading = Reading {
            check_crcs: self.config.check_crcs,
            committed_only: self.config.isolation_level == IsolationLevel::ReadCommitted,
        };
        let mut has_room = false;
        while records.len() < max_records {
            let Some((name, found)) = self.partitions.first_ready() else {
                break;
            };
            let Some(portion) = found.portions.front_mut() else {
                break;
            };
            let read = portion.read(&name, max_records - records.len(), reading, records);
            let place = portion.next();
            found.position = Position::At(place);
            let is_used_up = portion.is_used_up();
            if let Err(unreadable) = read {
                self.unreadable(&name, place.offset, unreadable.0, out);
            } else if is_used_up {
                self.finish_portion(&name);
                has_room = true;
            }
        }
        has_room
    }

    fn finish_portion(&mut self, name: &TopicPartition) {
        self.partitions.drop_first(name);
    }
}
