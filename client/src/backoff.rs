//! How long to wait after failures.

use crate::random::Random;

/// How long to wait before the next attempt: twice as long after each failure, up to a limit, and a fifth more or less, so that clients that
/// failed together do not come back together (KIP-144, KIP-580).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backoff {
    pub(crate) base_ms: i64,
    pub(crate) max_ms: i64,
}

impl Backoff {
    /// The wait in milliseconds after so many failures in a row; none before the first.
    pub(crate) fn after(self, failures: u32, random: &mut Random) -> i64 {
        if failures == 0 {
            return 0;
        }
        let base_ms = self.base_ms.max(0);
        let doubled = base_ms.saturating_mul(1 << (failures - 1).min(30));
        let fifth = doubled / 5;
        let jitter = random.below(2 * fifth.unsigned_abs() + 1) as i64 - fifth;
        (doubled + jitter).min(self.max_ms.max(base_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit_and_differ_by_a_fifth() {
        let backoff = Backoff {
            base_ms: 100,
            max_ms: 1000,
        };
        let mut random = Random::new(1);
        assert_eq!(backoff.after(0, &mut random), 0);
        for (failures, expected) in [
            (1, 80..=120),
            (2, 160..=240),
            (3, 320..=480),
            (9, 1000..=1000),
        ] {
            for _ in 0..50 {
                let wait = backoff.after(failures, &mut random);
                assert!(expected.contains(&wait), "{wait} after {failures}");
            }
        }
    }
}
