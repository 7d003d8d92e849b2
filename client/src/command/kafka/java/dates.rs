//! Dates and durations as Kafka's tools read them: `SimpleDateFormat` and `Duration.parse`.

use ottla_core::Timestamp;

/// A moment in the proleptic Gregorian calendar, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(crate) millisecond: u16,
}

impl Civil {
    /// From the milliseconds since 1970.
    pub(crate) fn of(at: Timestamp) -> Self {
        let (days, of_day) = (at.0.div_euclid(DAY_MS), at.0.rem_euclid(DAY_MS));
        // Years begin in March, so that the leap day is their last one; 400 of them are an era of 146 097 days.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (of_day / 3_600_000) as u8,
            minute: (of_day / 60_000 % 60) as u8,
            second: (of_day / 1000 % 60) as u8,
            millisecond: (of_day % 1000) as u16,
        }
    }
}

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
    read_duration_ms(text).ok_or_else(|| "Text cannot be parsed to a Duration".to_owned())
}

const DAY_MS: i64 = 86_400_000;

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
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let is_date = (1..=days_in_month).contains(&day) && (1..1_000_000).contains(&year);
    let is_time = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
    if !is_date || !is_time {
        return None;
    }
    let shifted_year = year - i64::from(month <= 2);
    let (era, year_of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    let days = era * 146_097 + of_era - 719_468;
    let seconds = (hour * 60 + minute - zone_minutes) * 60 + second;
    Some(Timestamp(days * DAY_MS + seconds * 1000 + millisecond))
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

fn read_duration_ms(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text.as_str()),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut nanoseconds: i128 = 0;
    let mut rest = date;
    nanoseconds += amount(&mut rest, 'D')?.unwrap_or(0) * 86_400;
    if !rest.is_empty() {
        return None;
    }
    rest = time;
    nanoseconds += amount(&mut rest, 'H')?.unwrap_or(0) * 3600;
    nanoseconds += amount(&mut rest, 'M')?.unwrap_or(0) * 60;
    nanoseconds += amount(&mut rest, 'S')?.unwrap_or(0);
    if !rest.is_empty() {
        return None;
    }
    i64::try_from((sign * nanoseconds).div_euclid(1_000_000)).ok()
}

/// A number before `unit`, in billionths, if it is there; None if it is not a number. Only seconds have a fraction.
fn amount(rest: &mut &str, unit: char) -> Option<Option<i128>> {
    let Some((text, behind)) = rest.split_once(unit) else {
        return Some(None);
    };
    *rest = behind;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once(['.', ',']) {
        Some((whole, fraction)) if unit == 'S' && fraction.len() <= 9 => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<9}").parse().ok()?;
    Some(Some(sign * (whole * 1_000_000_000 + fraction)))
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

    #[test]
    fn a_moment_and_its_date_agree() {
        for at in [
            0,
            -1,
            951_782_400_000,
            1_795_242_421_234,
            253_402_300_799_999,
        ] {
            let civil = Civil::of(Timestamp(at));
            let text = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}",
                civil.year,
                civil.month,
                civil.day,
                civil.hour,
                civil.minute,
                civil.second,
                civil.millisecond
            );
            assert_eq!(parse_date_time(&text), Ok(Timestamp(at)), "{text}");
        }
    }

    #[test]
    fn durations_are_read_as_iso_8601_has_them() {
        for (text, ms) in [
            ("PT0S", 0),
            ("PT1M", 60_000),
            ("P1DT2H3M4.5S", 93_784_500),
            ("-PT1S", -1000),
            ("pt-1.5s", -1500),
            ("P2D", 172_800_000),
        ] {
            assert_eq!(parse_duration_ms(text), Ok(ms), "{text}");
        }
        for text in [
            "", "P", "PT", "1D", "P1H", "PT1", "P1DT", "PT1S2M", "PT1.5M", "PTS",
        ] {
            assert!(parse_duration_ms(text).is_err(), "{text}");
        }
    }
}
