//! Numbers, names and moments as people write them.

use ottla_core::Timestamp;

use crate::calendar::{self, Civil};

/// A number with its noun: `1 topic`, `3 topics`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A size: `17 B`, `1.2 KiB`.
pub(super) fn size(bytes: i64) -> String {
    let mut size = bytes as f64;
    let mut units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    match unit {
        "B" => format!("{bytes} B"),
        _ => format!("{size:.1} {unit}"),
    }
}

/// How long ago something was, roughly: `3 min ago`.
pub(super) fn age(moment: Timestamp, now: Timestamp) -> String {
    let seconds = (now.0 - moment.0) / 1000;
    match seconds {
        ..0 => "in the future".to_owned(),
        0..100 => format!("{seconds} s ago"),
        100..6_000 => format!("{} min ago", seconds / 60),
        6_000..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// A moment in UTC: `2026-11-21T06:41:43.000Z`.
pub(super) fn utc(moment: Timestamp) -> String {
    Civil::of(moment).to_string()
}

/// A moment as it is typed: a date and time (`2026-11-21T06:41`, UTC unless it names a zone), a date, or how long ago (`90s`, `10m`, `2h`, `3d`).
pub(super) fn parse_moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(ago) = parse_duration_ms(text) {
        return Some(Timestamp(now.0.checked_sub(ago)?));
    }
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, time),
        None => (text, "00:00"),
    };
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let days = calendar::days(
        number(year, 0, 9999)?,
        number(month, 1, 12)?,
        number(day, 1, 31)?,
    )?;
    let (time, zone_minutes) = split_zone(time)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.split(':');
    let hour = number(parts.next()?, 0, 23)?;
    let minute = number(parts.next()?, 0, 59)?;
    let second = number(parts.next().unwrap_or("0"), 0, 59)?;
    if parts.next().is_some() || fraction.len() > 9 {
        return None;
    }
    let ms = number(&format!("{fraction:0<3}")[..3], 0, 999)?;
    let minutes = days * 1440 + hour * 60 + minute - zone_minutes;
    Some(Timestamp((minutes * 60 + second) * 1000 + ms))
}

/// Names that are nearly this one, the nearest first.
pub(super) fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    let name = name.to_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|other| {
            let lower = other.to_lowercase();
            let is_part = name.len() >= 3 && (lower.contains(&name) || name.contains(&lower));
            let distance = distance(&name, &lower);
            (distance <= limit || is_part).then_some((distance, other))
        })
        .collect();
    found.sort();
    found.into_iter().take(3).map(|(_, name)| name).collect()
}

fn parse_duration_ms(text: &str) -> Option<i64> {
    let unit_at = text.find(|digit: char| !digit.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit_ms)
}

/// The time, and its zone in minutes east of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.find(['+', '-']) else {
        return Some((time, 0));
    };
    let (time, zone) = time.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let zone = zone[1..].replace(':', "");
    let (hours, minutes) = zone.split_at_checked(2)?;
    let minutes = match minutes {
        "" => 0,
        minutes => number(minutes, 0, 59)?,
    };
    Some((time, sign * (number(hours, 0, 18)? * 60 + minutes)))
}

fn number(text: &str, least: i64, most: i64) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_digits)?;
    (least..=most).contains(&number).then_some(number)
}

/// How many letters are to be added, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (place, other) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ages_are_short() {
        let sizes = [0, 1023, 1024, 1_500_000, 5 << 40].map(size);
        assert_eq!(sizes, ["0 B", "1023 B", "1.0 KiB", "1.4 MiB", "5.0 TiB"]);
        let ages = [0, 99, 100, 6_000, 172_800]
            .map(|seconds| age(Timestamp(-seconds * 1000), Timestamp(0)));
        assert_eq!(
            ages,
            ["0 s ago", "99 s ago", "1 min ago", "1 h ago", "2 days ago"]
        );
    }

    #[test]
    fn moments_are_read_as_they_are_written() {
        let now = Timestamp(1_700_000_000_000);
        let read = |text: &str| parse_moment(text, now).map(utc);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(utc(now), "2023-11-14T22:13:20.000Z");
        assert_eq!(read("2h"), some("2023-11-14T20:13:20.000Z"));
        assert_eq!(read("2024-02-29"), some("2024-02-29T00:00:00.000Z"));
        assert_eq!(read("2024-02-29T12:30"), some("2024-02-29T12:30:00.000Z"));
        assert_eq!(
            read("2024-02-29 12:30:01.5+02:00"),
            some("2024-02-29T10:30:01.500Z")
        );
        assert_eq!(
            read("1969-12-31T23:59:59Z"),
            some("1969-12-31T23:59:59.000Z")
        );
        for wrong in [
            "",
            "x",
            "12",
            "2023-02-29",
            "2023-13-01",
            "2023-01-01T25:00",
            "2023-01-01T1",
            "99999999999999999999d",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_near() {
        let names = ["orders", "payments", "orders-v2", "x"];
        let near = |name: &str| near(name, names.into_iter());
        assert_eq!(near("ordrs"), ["orders"]);
        assert_eq!(near("Orders"), ["orders", "orders-v2"]);
        assert_eq!(near("orde"), ["orders", "orders-v2"]);
        assert_eq!(near("shipments"), Vec::<&str>::new());
    }
}
