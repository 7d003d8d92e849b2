//! Dates and durations as Kafka's tools read them: `SimpleDateFormat` and `Duration.parse`.

use ottla_core::Timestamp;

use crate::calendar;

/// `Utils.getDateTime`: `yyyy-MM-ddTHH:mm:ss.SSS`, with a zone or in UTC, as milliseconds since 1970.
///
/// # Errors
/// As Java's exception says it.
pub(crate) fn parse_date_time(text: &str) -> Result<Timestamp, String> {
    let no_time = "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format";
    let mut parts = text.split('T');
    let time = parts
        .nth(1)
        .filter(|time| !time.is_empty() || parts.next().is_some());
    let time = time.ok_or(no_time)?;
    let has_zone = time.contains(['+', '-', 'Z']);
    let text = if has_zone {
        text.to_owned()
    } else {
        format!("{text}Z")
    };
    let unparseable = || format!("java.text.ParseException: Unparseable date: \"{text}\"");
    read_date_time(&text).ok_or_else(unparseable)
}

/// `Duration.parse`: `PnDTnHnMn.nS`, in milliseconds (rounded down).
pub(crate) fn parse_duration_ms(text: &str) -> Result<i64, String> {
    calendar::parse_duration_ms(text)
        .ok_or_else(|| "Text cannot be parsed to a Duration".to_owned())
}

fn read_date_time(text: &str) -> Option<Timestamp> {
    let mut rest = text;
    let year = number(&mut rest, "-")?;
    let month = number(&mut rest, "-")?;
    let day = number(&mut rest, "T")?;
    let hour = number(&mut rest, ":")?;
    let minute = number(&mut rest, ":")?;
    let second = number(&mut rest, ".")?;
    let millisecond = number(&mut rest, "")?;
    let zone_minutes = zone(rest)?;
    let is_time = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
    if !is_time || !(1..1_000_000).contains(&year) {
        return None;
    }
    let days = calendar::days(year, month, day)?;
    let seconds = (hour * 60 + minute - zone_minutes) * 60 + second;
    Some(Timestamp(
        days * calendar::DAY_MS + seconds * 1000 + millisecond,
    ))
}

/// Digits and what must follow them.
fn number(rest: &mut &str, terminator: &str) -> Option<i64> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, behind) = rest.split_at(length);
    *rest = behind.strip_prefix(terminator)?;
    digits.parse().ok()
}

/// `Z`, `+hh` or `+hh:mm`, as minutes east; what follows is not looked at, as in Java.
fn zone(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'Z' => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let two_digits = |at: usize| -> Option<i64> {
        let digits = text.get(at..at + 2)?;
        digits
            .bytes()
            .all(|digit| digit.is_ascii_digit())
            .then(|| digits.parse().ok())?
    };
    let hours = two_digits(1).filter(|hours| *hours < 24)?;
    let has_minutes = text.get(3..4) == Some(":");
    let minutes = if has_minutes {
        two_digits(4).filter(|minutes| *minutes < 60)
    } else {
        None
    };
    Some(sign * (hours * 60 + minutes.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_a_zone() {
        for (text, at) in [
            ("1970-01-01T00:00:00.000", 0),
            ("2026-11-21T06:27:01.234", 1_795_242_421_234),
            ("2026-11-21T06:27:01.234Z", 1_795_242_421_234),
            ("2026-11-21T08:27:01.234+02:00", 1_795_242_421_234),
            ("2026-11-21T04:27:01.234-02", 1_795_242_421_234),
            ("2024-02-29T00:00:00.5", 1_709_164_800_005),
        ] {
            assert_eq!(parse_date_time(text), Ok(Timestamp(at)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_told_in_javas_words() {
        assert_eq!(
            parse_date_time("2026-11-21").expect_err("no time"),
            "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format"
        );
        for text in [
            "2026-13-01T00:00:00.000",
            "2025-02-29T00:00:00.000",
            "2026-11-21T06:27:01",
            "T:",
        ] {
            let error = format!("java.text.ParseException: Unparseable date: \"{text}Z\"");
            assert_eq!(parse_date_time(text), Err(error));
        }
    }
}
