//! What the user asks for: what to read, and where to go on.

use ottla_core::sorted::Set;
use ottla_core::{Now, Offset, Timestamp, TopicPartition};

use super::partitions::{Place, Position};
use super::reset::{EARLIEST, LATEST};
use super::{
    CommittedOffset, Consumer, ConsumerError, IsolationLevel, Membership, Source, Subscription,
};
use crate::interface::Output;

impl Consumer {
    /// Reads what the group's leader gives. In place of what was read before: if that came of the group too, the next rebalance sees to it.
    ///
    /// # Errors
    /// Without a group there is nobody to give anything.
    pub fn subscribe(
        &mut self,
        now: Now,
        subscription: Subscription,
        out: &mut Vec<Output>,
    ) -> Result<(), ConsumerError> {
        if self.config.group_id.is_none() {
            return Err(ConsumerError::NoGroup);
        }
        if matches!(self.source, Source::User) {
            self.unsubscribe(now, out);
        }
        let topics = match &subscription {
            Subscription::Topics(topics) => topics.clone(),
            Subscription::Pattern(_) => Set::new(),
        };
        let since_epoch = self.network.metadata().epoch;
        self.source = Source::Group {
            subscription,
            topics,
            since_epoch,
        };
        self.match_pattern();
        self.membership.get_or_insert_with(Membership::new);
        self.watch_topics(now, out);
        self.rejoin_if_topics_changed(out);
        self.advance(now, out);
        Ok(())
    }

    /// Reads these partitions, without a share in the work of the group, whose committed offsets count nevertheless. Partitions that were read
    /// before go on where they were.
    pub fn assign(&mut self, now: Now, partitions: Vec<TopicPartition>, out: &mut Vec<Output>) {
        if matches!(self.source, Source::Group { .. }) {
            self.unsubscribe(now, out);
        }
        self.source = Source::User;
        let wanted: Set<TopicPartition> = partitions.into_iter().collect();
        let gone: Set<TopicPartition> = self
            .partitions
            .names()
            .difference(&wanted)
            .cloned()
            .collect();
        self.partitions.remove(&gone);
        self.partitions.add(wanted);
        self.watch_topics(now, out);
        self.advance(now, out);
    }

    /// Reads nothing any more; leaves the group.
    pub fn unsubscribe(&mut self, now: Now, out: &mut Vec<Output>) {
        match self.source {
            Source::Group { .. } => self.give_everything_up(out),
            _ => self.partitions.remove(&self.partitions.names()),
        }
        self.leave(now, "the consumer unsubscribed from all topics", out);
        self.membership = None;
        self.source = Source::Nothing;
        self.watch_topics(now, out);
    }

    /// The partitions that are read.
    pub fn assignment(&self) -> Set<TopicPartition> {
        self.partitions.names()
    }

    /// Goes on at this offset. False: the partition is not read here, or the offset is negative.
    pub fn seek(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        offset: Offset,
        out: &mut Vec<Output>,
    ) -> bool {
        if offset < Offset(0) {
            return false;
        }
        let place = Place {
            offset,
            leader_epoch: None,
        };
        self.move_to(now, partition, Position::At(place), out)
    }

    /// Goes on at the start of the log. False: the partition is not read here.
    pub fn seek_to_beginning(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        out: &mut Vec<Output>,
    ) -> bool {
        self.move_to(now, partition, Position::Lookup(EARLIEST), out)
    }

    /// Goes on at the end of the log (the last stable offset under `read_committed`). False: the partition is not read here.
    pub fn seek_to_end(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        out: &mut Vec<Output>,
    ) -> bool {
        self.move_to(now, partition, Position::Lookup(LATEST), out)
    }

    /// Goes on at the first record that is not older; at the end if there is none. False: the partition is not read here.
    pub fn seek_to_timestamp(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        timestamp: Timestamp,
        out: &mut Vec<Output>,
    ) -> bool {
        self.move_to(now, partition, Position::Lookup(timestamp.0.max(0)), out)
    }

    fn move_to(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        position: Position,
        out: &mut Vec<Output>,
    ) -> bool {
        let is_here = self.partitions.get(partition).is_some();
        self.partitions.set_position(partition, position);
        self.advance(now, out);
        is_here
    }

    /// Hands out no records of these partitions, and fetches none, until [`resume`](Self::resume). What is buffered is kept.
    pub fn pause<'a>(&mut self, partitions: impl IntoIterator<Item = &'a TopicPartition>) {
        for partition in partitions {
            if let Some(found) = self.partitions.get_mut(partition) {
                found.is_paused = true;
            }
        }
    }

    /// Goes on after a [`pause`](Self::pause).
    pub fn resume<'a>(
        &mut self,
        now: Now,
        partitions: impl IntoIterator<Item = &'a TopicPartition>,
        out: &mut Vec<Output>,
    ) {
        for partition in partitions {
            if let Some(found) = self.partitions.get_mut(partition) {
                found.is_paused = false;
            }
        }
        self.advance(now, out);
    }

    /// The partitions that are paused.
    pub fn paused(&self) -> Set<TopicPartition> {
        let paused = self.partitions.iter().filter(|(_, found)| found.is_paused);
        paused.map(|(partition, _)| partition.clone()).collect()
    }

    /// The next record to hand out; `None` while it is not known, or the partition is not read here.
    pub fn position(&self, partition: &TopicPartition) -> Option<Offset> {
        Some(self.partitions.get(partition)?.place()?.offset)
    }

    /// What is committed, as far as it is known here: the coordinator told it when the partition was taken over, or this consumer committed it.
    pub fn committed(&self, partition: &TopicPartition) -> Option<&CommittedOffset> {
        self.partitions.get(partition)?.committed.as_ref()
    }

    /// The offset behind the last record that all replicas have, as the last fetch told it.
    pub fn high_watermark(&self, partition: &TopicPartition) -> Option<Offset> {
        self.partitions.get(partition)?.marks.high_watermark
    }

    /// The offset of the first record that is still there, as the last fetch told it.
    pub fn log_start_offset(&self, partition: &TopicPartition) -> Option<Offset> {
        self.partitions.get(partition)?.marks.log_start_offset
    }

    /// Where the log ends for this consumer, as the last fetch told it: at the high watermark or, under `read_committed`, at the last stable offset.
    pub fn end_offset(&self, partition: &TopicPartition) -> Option<Offset> {
        let marks = self.partitions.get(partition)?.marks;
        match self.config.isolation_level {
            IsolationLevel::ReadCommitted => marks.last_stable_offset,
            IsolationLevel::ReadUncommitted => marks.high_watermark,
        }
    }

    /// How many records lie between the position and the end. `None` before the first fetch.
    pub fn lag(&self, partition: &TopicPartition) -> Option<i64> {
        Some((self.end_offset(partition)? - self.position(partition)?).max(0))
    }
}
