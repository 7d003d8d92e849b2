//! The loop: poll, work on one record after the other, commit.

use std::sync::Arc;

use ottla_client::Output;
use ottla_client::consumer::CommittedOffset;
use ottla_core::sorted::Map;
use ottla_core::{Now, TopicPartition};

use super::consumer::{Owes, Step};
use super::poison::Parker;
use super::{AppEvent, ConsumerApp, Handled, Processed};
use crate::action::CommitPolicy;

impl ConsumerApp {
    /// Goes on in the loop as far as nothing has to be waited for.
    pub(super) fn run(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.owes_commit == Owes::Now {
            self.owes_commit = Owes::Nothing;
            self.commit(now, out);
        }
        while !self.is_dead && !self.consumer.is_closed() {
            match self.step {
                Step::Polling if self.is_leaving => return self.close(now, out),
                Step::Polling if self.must_poll || self.consumer.has_records() => {
                    self.poll(now, out);
                }
                Step::Committing(id) if self.committed_through >= Some(id) => self.next(now),
                Step::Working { until, .. } if until <= now.mono => self.finish(now, out),
                Step::Parking => match self.parker.as_mut().and_then(Parker::take_result) {
                    Some(true) => self.done(now, Handled::Parked, out),
                    Some(false) if self.is_leaving => self.give_up(),
                    Some(false) => self.try_again(now),
                    None => return,
                },
                Step::Polling | Step::Committing(_) | Step::Working { .. } => return,
            }
        }
    }

    fn poll(&mut self, now: Now, out: &mut Vec<Output>) {
        self.must_poll = false;
        let records = self.tell(out, |consumer, out| consumer.poll(now, usize::MAX, out));
        self.batch = records.into();
        if self.batch.is_empty() {
            return;
        }
        match self.settings.commit {
            CommitPolicy::BeforeWork => self.commit_and_wait(now, None, out),
            _ => self.next(now),
        }
    }

    /// Takes the next record in hand, or polls.
    fn next(&mut self, now: Now) {
        match self.batch.is_empty() || self.is_leaving {
            true => (self.step, self.must_poll) = (Step::Polling, true),
            false => self.work(now, 0),
        }
    }

    /// Works on the first record, after a while.
    pub(super) fn work(&mut self, now: Now, pause_us: u64) {
        self.step = Step::Working {
            since: now.mono,
            until: now.mono + pause_us + self.settings.work.0 * 1000,
        };
    }

    /// Waits until the first record is written elsewhere.
    pub(super) fn park(&mut self) {
        self.step = Step::Parking;
    }

    /// The loop is left, with the record in hand as if it had not been taken.
    pub(super) fn give_up(&mut self) {
        (self.step, self.must_poll) = (Step::Polling, true);
    }

    /// The first record is worked on.
    pub(super) fn done(&mut self, now: Now, result: Handled, out: &mut Vec<Output>) {
        let Some(fetched) = self.batch.pop_front() else {
            return self.next(now);
        };
        let (partition, offset) = (fetched.partition.clone(), fetched.record.offset);
        let text = |bytes: &[u8]| Arc::from(String::from_utf8_lossy(bytes));
        self.journal.push(Processed {
            at: now.mono,
            partition: partition.clone(),
            offset: offset.0,
            key: fetched.record.key.as_deref().map(text),
            value: text(fetched.record.value.as_deref().unwrap_or_default()),
            result,
        });
        self.told.push(AppEvent::Worked {
            partition: partition.clone(),
            offset: offset.0,
            result,
        });
        match self.settings.commit {
            CommitPolicy::AfterWork => {
                let behind = CommittedOffset {
                    offset: offset + 1,
                    leader_epoch: fetched.leader_epoch,
                    metadata: String::new(),
                };
                self.commit_and_wait(now, Some([(partition, behind)].into()), out);
            }
            _ => self.next(now),
        }
    }

    fn commit_and_wait(
        &mut self,
        now: Now,
        offsets: Option<Map<TopicPartition, CommittedOffset>>,
        out: &mut Vec<Output>,
    ) {
        match self.tell(out, |consumer, out| consumer.commit(now, offsets, out)) {
            Ok(id) => self.step = Step::Committing(id),
            // Who has no group has nobody to commit to.
            Err(_) => self.next(now),
        }
    }
}
