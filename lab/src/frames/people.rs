//! Values for people: the number first, then what it means.

use ottla_client::calendar::Civil;
use ottla_core::{ErrorCode, Timestamp};

use super::api_name;

/// A number in a field of this name.
pub(super) fn number(name: &str, number: i64) -> String {
    match meaning(name, number) {
        Some(meaning) => format!("{number} {meaning}"),
        None => number.to_string(),
    }
}

fn meaning(name: &str, number: i64) -> Option<String> {
    let small = i16::try_from(number).ok();
    let word = match (name, number) {
        ("error_code", _) => small.and_then(ErrorCode::from_number)?.name(),
        ("api_key" | "request_api_key", _) => small.and_then(api_name)?,
        ("acks", -1) => "(all)",
        ("isolation_level", 0) => "(read uncommitted)",
        ("isolation_level", 1) => "(read committed)",
        ("timestamp", -1) => "(latest)",
        ("timestamp", -2) => "(earliest)",
        ("timestamp", -3) => "(largest timestamp)",
        ("log_append_time_ms", -1) => "(the producer's time counts)",
        ("session_epoch", -1) => "(no fetch session)",
        ("session_epoch", 0) => "(a new fetch session)",
        ("key_type", 0) => "(group)",
        ("key_type", 1) => "(transaction)",
        ("resource_type", 2) => "(topic)",
        ("resource_type", 4) => "(broker)",
        ("resource_type", 32) => "(group)",
        (_, _) if name.ends_with("authorized_operations") && number == i64::from(i32::MIN) => {
            "(not asked for)"
        }
        ("timestamp" | "base_timestamp" | "max_timestamp" | "log_append_time_ms", 0..) => {
            return date(number);
        }
        _ => return None,
    };
    Some(word.to_owned())
}

/// A moment as a date, if it lies in the calendar that people use.
fn date(timestamp_ms: i64) -> Option<String> {
    let is_near = (0..DATE_MAX_MS).contains(&timestamp_ms);
    is_near.then(|| format!("({})", Civil::of(Timestamp(timestamp_ms))))
}

/// A text, or its bytes if it is none.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => quoted(text),
        Err(_) => self::bytes(bytes),
    }
}

/// Bytes: as a text if all of them are letters and signs, or else the first few of them.
pub(super) fn bytes(bytes: &[u8]) -> String {
    let is_text = |text: &&str| !text.is_empty() && !text.contains(char::is_control);
    if let Some(text) = std::str::from_utf8(bytes).ok().filter(is_text) {
        return quoted(text);
    }
    let shown = bytes.iter().take(BYTES_SHOWN_MAX);
    let mut value = size(bytes.len());
    value.extend(shown.map(|byte| format!(" {byte:02x}")));
    if bytes.len() > BYTES_SHOWN_MAX {
        value.push_str(" ...");
    }
    value
}

/// As much of a text as a person would read here.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(CHARS_SHOWN_MAX) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?} ... {}", &text[..end], size(text.len())),
    }
}

/// A size in bytes.
pub(super) fn size(size_bytes: usize) -> String {
    match size_bytes {
        1 => "1 byte".into(),
        _ => format!("{size_bytes} bytes"),
    }
}

/// How many of something there are.
pub(super) fn count(count: usize) -> String {
    match count {
        0 => "none".into(),
        _ => count.to_string(),
    }
}

const BYTES_SHOWN_MAX: usize = 16;
const CHARS_SHOWN_MAX: usize = 300;
/// The year 10000.
const DATE_MAX_MS: i64 = 253_402_300_800_000;
