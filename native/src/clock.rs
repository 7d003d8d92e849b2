//! The two clocks of the machine.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ottla_core::{Instant as Moment, Now, Timestamp};

/// Reads both clocks; the monotonic one counts from the clock's making.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock {
            start: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> Now {
        let mono = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        Now {
            mono: Moment(mono),
            wall: Timestamp(i64::try_from(wall).unwrap_or(i64::MAX)),
        }
    }

    /// The machine's moment for one of the engine's.
    pub(crate) fn instant(&self, moment: Moment) -> Instant {
        self.start + std::time::Duration::from_micros(moment.0)
    }
}
