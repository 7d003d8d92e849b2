//! What takes too long is given up: batches after `delivery.timeout.ms`, records without a partition after `max.block.ms`. And what is given up as a
//! whole.

use ottla_core::{ErrorCode, Instant, Now};

use super::record::DeliveryError;
use super::{Place, Producer};
use crate::interface::Output;

impl Producer {
    pub(super) fn expire(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.next_expiry().is_none_or(|moment| moment > now.mono) {
            return;
        }
        for place in self.busy.clone() {
            self.expire_sent(now, place, out);
            self.expire_open(now, place, out);
        }
        for index in 0..self.topics.len() {
            let since = |it: &super::topic::Waiting| it.since.plus_ms(self.config.max_block_ms);
            let waiting = self.topics[index].waiting.iter();
            let count = waiting.take_while(|it| since(it) <= now.mono).count();
            if count > 0 {
                let error = self.not_in_metadata(index);
                self.give_up_waiting(index, count, &error, out);
            }
        }
    }

    /// When something will have taken too long.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        let batches = self.busy.iter().filter_map(|place| {
            let oldest = self.partition(*place).oldest()?;
            Some(oldest.plus_ms(self.config.delivery_timeout_ms))
        });
        let waiting = match self.waiting_count {
            0 => &[][..],
            _ => &self.topics[..],
        };
        let waiting = waiting.iter().filter_map(|topic| {
            let first = topic.waiting.front()?;
            Some(first.since.plus_ms(self.config.max_block_ms))
        });
        batches.chain(waiting).min()
    }

    fn expire_sent(&mut self, now: Now, place: Place, out: &mut Vec<Output>) {
        let timeout_ms = self.config.delivery_timeout_ms;
        loop {
            let sent = &self.partition(place).sent;
            let expired = |created: Instant| created.plus_ms(timeout_ms) <= now.mono;
            let Some(index) = sent.iter().position(|batch| expired(batch.created)) else {
                return;
            };
            let batch = self.take_sent(place, index);
            // A late answer is not waited for.
            self.leave_unresolved(place, &batch);
            let error = self.expired(now, place, batch.records_count(), batch.created);
            self.give_up(place, batch.tickets(), &error, Vec::new(), out);
        }
    }

    fn expire_open(&mut self, now: Now, place: Place, out: &mut Vec<Output>) {
        let timeout_ms = self.config.delivery_timeout_ms;
        loop {
            let partition = self.partition_mut(place);
            let first = partition.open.front();
            if first.is_none_or(|batch| batch.created.plus_ms(timeout_ms) > now.mono) {
                return;
            }
            let batch = partition.open.pop_front().expect("it was looked at");
            let is_idle = partition.is_idle();
            if is_idle {
                self.busy.remove(&place);
            }
            self.buffered_bytes -= batch.size_bytes();
            let error = self.expired(now, place, batch.records_count(), batch.created);
            self.give_up(place, batch.tickets(), &error, Vec::new(), out);
        }
    }

    fn expired(&self, now: Now, place: Place, count: usize, created: Instant) -> DeliveryError {
        let age_ms = (now.mono - created) / 1000;
        let partition = &self.partition(place).name;
        DeliveryError {
            code: ErrorCode::RequestTimedOut,
            message: format!(
                "Expiring {count} record(s) for {partition}:{age_ms} ms has passed since batch creation"
            ),
        }
    }

    /// Gives up all records that are not delivered.
    pub(super) fn fail_everything(&mut self, error: &DeliveryError, out: &mut Vec<Output>) {
        for index in 0..self.topics.len() {
            self.give_up_waiting(index, usize::MAX, error, out);
        }
        for place in self.busy.clone() {
            while !self.partition(place).sent.is_empty() {
                let batch = self.take_sent(place, 0);
                self.leave_unresolved(place, &batch);
                self.give_up(place, batch.tickets(), error, Vec::new(), out);
            }
            while let Some(batch) = self.partition_mut(place).open.pop_front() {
                self.buffered_bytes -= batch.size_bytes();
                self.give_up(place, batch.tickets(), error, Vec::new(), out);
            }
            self.busy.remove(&place);
        }
    }
}
