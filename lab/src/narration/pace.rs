//! How often the same kind of thing is told.

use ottla_core::Instant;

/// What goes on and on is told ever more rarely, until something about it is new.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    told_at: Option<Instant>,
    /// How often it was told since something was new.
    times_count: u32,
}

impl Pace {
    /// Whether it is to be told again; if so, it counts as told.
    pub(super) fn is_due(&mut self, at: Instant, is_news: bool) -> bool {
        let quiet_us = (QUIET_US << self.times_count.min(8)).min(QUIET_MAX_US);
        let is_due = is_news || self.told_at.is_none_or(|last| at - last >= quiet_us);
        if is_due {
            self.times_count = if is_news { 0 } else { self.times_count + 1 };
            self.told_at = Some(at);
        }
        is_due
    }
}

const QUIET_US: u64 = 900_000;
const QUIET_MAX_US: u64 = 15_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_and_on_is_told_ever_more_rarely() {
        let mut pace = Pace::default();
        let told =
            (0..100).filter(|second| pace.is_due(Instant(second * 1_000_000), *second == 50));
        let told: Vec<u64> = told.collect();
        assert_eq!(told, [0, 2, 6, 14, 29, 44, 50, 51, 53, 57, 65, 80, 95]);
    }
}
