//! Time passes.

use super::Broker;
use crate::log::Log;
use crate::{Instant, LogId, Now, Output, Timer};

/// `producer.id.expiration.check.interval.ms`, which Kafka keeps to itself: ten minutes.
const PRODUCER_EXPIRY_INTERVAL_MS: i64 = 10 * 60 * 1000;

impl Broker {
    pub(super) fn tick(&mut self, now: Now, out: &mut Vec<Output>) {
        while let Some(timer) = self.timers.pop_due(now.mono) {
            self.fire(now, &timer, out);
        }
    }

    fn fire(&mut self, now: Now, timer: &Timer, out: &mut Vec<Output>) {
        match timer {
            Timer::Session { .. }
            | Timer::PendingMember { .. }
            | Timer::Rebalance { .. }
            | Timer::PendingSync { .. }
            | Timer::OffsetExpiry => self.group_timer(now, timer, out),
            Timer::FetchWait { request } => self.fetch_timed_out(*request, out),
            Timer::ProduceWait { request } => self.produce_timed_out(*request, out),
            Timer::Flush { log } => {
                if let Some(hosted) = self.logs.get_mut(*log) {
                    hosted.log.flush(out);
                }
            }
            Timer::Retention => {
                for hosted in self.logs.iter_mut() {
                    hosted.log.apply_retention(now, out);
                }
                self.set_housekeeping_timer(Timer::Retention, now.mono);
            }
            Timer::ProducerExpiry => {
                let expiration_ms = self.config().producer_id_expiration_ms;
                for hosted in self.logs.iter_mut() {
                    hosted.log.expire_producers(now, expiration_ms);
                }
                self.set_housekeeping_timer(Timer::ProducerExpiry, now.mono);
            }
        }
    }

    /// Sets the timers that come back for ever.
    pub(super) fn start_housekeeping(&mut self, now: Instant) {
        for timer in [Timer::Retention, Timer::ProducerExpiry] {
            self.set_housekeeping_timer(timer, now);
        }
    }

    /// After an append: `flush.ms` counts from the first record that is not forced to disk.
    pub(super) fn set_flush_timer(&mut self, log: LogId) {
        if let Some(at) = self.log(log).and_then(Log::flush_due) {
            self.timers.set(Timer::Flush { log }, at);
        }
    }

    fn set_housekeeping_timer(&mut self, timer: Timer, now: Instant) {
        let interval_ms = match timer {
            Timer::Retention => self.config().log_retention_check_interval_ms,
            Timer::ProducerExpiry => PRODUCER_EXPIRY_INTERVAL_MS,
            _ => return,
        };
        self.timers.set(timer, now.plus_ms(interval_ms));
    }
}
