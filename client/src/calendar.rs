//! Moments, days and durations in the calendar that everybody uses.

use std::fmt;

use ottla_core::Timestamp;

/// A moment in the proleptic Gregorian calendar, UTC. `Display` writes it as `2026-11-21T06:41:43.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999.
    pub millisecond: u16,
}

impl Civil {
    /// From the milliseconds since 1970.
    pub fn of(at: Timestamp) -> Self {
        let (days, of_day) = (at.0.div_euclid(DAY_MS), at.0.rem_euclid(DAY_MS));
        let (year, month, day) = date(days);
        Self {
            year,
            month: month as u8,
            day: day as u8,
            hour: (of_day / 3_600_000) as u8,
            minute: (of_day / 60_000 % 60) as u8,
            second: (of_day / 1000 % 60) as u8,
            millisecond: (of_day % 1000) as u16,
        }
    }
}

impl fmt::Display for Civil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            self.year, self.month, self.day, self.hour, self.minute, self.second, self.millisecond
        )
    }
}

/// Days since 1970-01-01, if there is such a day. The year has at most six digits.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    // Years that begin in March have their leap day at the end.
    let (shifted, month_from_march) = match month {
        1 | 2 => (year - 1, month + 9),
        3..=12 => (year, month - 3),
        _ => return None,
    };
    let day = Some(day).filter(|day| (1..=31).contains(day))?;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = shifted.div_euclid(4) - shifted.div_euclid(100) + shifted.div_euclid(400);
    let days = shifted * 365 + leap_days + day_of_year - DAYS_TO_1970;
    (date(days) == (year, month, day)).then_some(days)
}

/// The year, month and day that is so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_1970;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// An ISO 8601 duration, as Java's `Duration.parse` reads it: `P1DT2H3M4.5S`, in milliseconds (rounded down).
pub(crate) fn parse_duration_ms(text: &str) -> Option<i64> {
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

/// The milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// From the first of March of the year 0.
const DAYS_TO_1970: i64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_its_date_agree() {
        for at in [
            0,
            -1,
            951_782_400_000,
            1_795_242_421_234,
            253_402_300_799_999,
        ] {
            let civil = Civil::of(Timestamp(at));
            let day = days(civil.year, i64::from(civil.month), i64::from(civil.day));
            assert_eq!(day, Some(at.div_euclid(DAY_MS)), "{civil}");
        }
    }

    #[test]
    fn there_is_no_thirtieth_of_february() {
        assert_eq!(days(2024, 2, 29), Some(19_782));
        for (year, month, day) in [
            (2023, 2, 29),
            (2024, 2, 30),
            (2024, 4, 31),
            (2024, 13, 1),
            (2024, 1, 0),
        ] {
            assert_eq!(days(year, month, day), None, "{year}-{month}-{day}");
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
            assert_eq!(parse_duration_ms(text), Some(ms), "{text}");
        }
        for text in [
            "", "P", "PT", "1D", "P1H", "PT1", "P1DT", "PT1S2M", "PT1.5M", "PTS",
        ] {
            assert!(parse_duration_ms(text).is_none(), "{text}");
        }
    }
}
