//! Spans and moments of virtual time, as people write them: `250ms`, `6s`, `1m30s`, `0`.

use ottla_core::Instant;

/// The moment that so much after the beginning is.
pub(super) fn parse(text: &str) -> Result<Instant, String> {
    let wrong = || {
        format!(
            "\"{}\" is no time. Allowed: 250ms, 6s, 1m30s, 0.",
            text.chars().take(20).collect::<String>()
        )
    };
    match text {
        "0" => return Ok(Instant(0)),
        "" => return Err(wrong()),
        _ => {}
    }
    let (mut rest, mut micros) = (text, 0u64);
    while !rest.is_empty() {
        let digits = rest
            .find(|char: char| !char.is_ascii_digit())
            .ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let len = rest
            .find(|char: char| char.is_ascii_digit())
            .unwrap_or(rest.len());
        let unit = match &rest[..len] {
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            _ => return Err(wrong()),
        };
        micros = number
            .checked_mul(unit)
            .and_then(|part| micros.checked_add(part))
            .ok_or_else(wrong)?;
        rest = &rest[len..];
    }
    match micros {
        0..=MICROS_MAX => Ok(Instant(micros)),
        _ => Err("a scene lasts an hour at most.".into()),
    }
}

/// An hour.
const MICROS_MAX: u64 = 3_600_000_000;
