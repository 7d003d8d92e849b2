//! Moments of virtual time in a lesson: `250ms`, `6s`, `1m30s`, `0`.

use ottla_core::Instant;

use crate::action::{LIMITS, Millis};

/// The moment that so much after the beginning is.
pub(super) fn parse(text: &str) -> Result<Instant, String> {
    let Ok(Millis(span_ms)) = text.parse() else {
        let shown: String = text.chars().take(SHOWN_MAX).collect();
        return Err(format!(
            "\"{shown}\" is no time. Allowed: 250ms, 6s, 1m30s, 0."
        ));
    };
    match span_ms <= LIMITS.time_ms {
        true => Ok(Instant(span_ms * 1000)),
        false => Err("a scene lasts an hour at most.".into()),
    }
}

/// As much of a strange word is shown, in characters.
const SHOWN_MAX: usize = 20;
