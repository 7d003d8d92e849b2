//! Moments and spans, as people read them.

use ottla_lab::{Instant, World};

/// The moment of a scene: `00:14.200`; from an hour on `1:00:00.000`.
pub(crate) fn clock(at: Instant) -> String {
    let millis = at.0 / 1000;
    let rest = minutes(millis);
    match millis / HOUR_MS {
        0 => rest,
        hours => format!("{hours}:{rest}"),
    }
}

/// A record's timestamp, in milliseconds since 1970, with the scene's moment; with its time of day, if it was made up.
pub(crate) fn timestamp(millis: i64) -> String {
    let since = u64::try_from(millis.saturating_sub(World::beginning().0)).ok();
    if let Some(since) = since.filter(|since| *since < 24 * HOUR_MS) {
        return format!("{millis} ({} of this scene)", clock(Instant(since * 1000)));
    }
    let of_day = millis.rem_euclid(24 * HOUR_MS as i64).unsigned_abs();
    format!("{millis} ({:02}:{} UTC)", of_day / HOUR_MS, minutes(of_day))
}

/// Microseconds as seconds with a tenth: `4.2 s`.
pub(crate) fn seconds(micros: u64) -> String {
    format!("{:.1} s", micros as f64 / 1e6)
}

/// Minutes and what is below them.
fn minutes(millis: u64) -> String {
    let (minutes, seconds) = (millis / 60_000 % 60, millis / 1000 % 60);
    format!("{minutes:02}:{seconds:02}.{:03}", millis % 1000)
}

const HOUR_MS: u64 = 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_read_alike_everywhere() {
        assert_eq!(clock(Instant(14_200_999)), "00:14.200");
        assert_eq!(clock(Instant(3_600_000_000)), "1:00:00.000");
        assert_eq!(timestamp(90_061_001), "90061001 (01:01:01.001 UTC)");
        assert_eq!(
            timestamp(World::beginning().0 + 1100),
            "1700000001100 (00:01.100 of this scene)"
        );
        assert_eq!(timestamp(-1), "-1 (23:59:59.999 UTC)");
        assert_eq!(seconds(4_249_000), "4.2 s");
    }
}
