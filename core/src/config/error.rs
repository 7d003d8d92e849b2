use super::inert_keys::{INERT_DYNAMIC_KEYS, INERT_KEYS};
use super::key::{Check, Key, Kind};
use super::{BROKER_KEYS, TOPIC_KEYS};

/// What is wrong with a broker's properties, in one line that ends in the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ConfigError {
    #[error("{name} is no configuration key{}", nearest.map_or("; the keys are Kafka's, see https://kafka.apache.org/documentation/#brokerconfigs".to_owned(), |key| format!("; did you mean {key}?")))]
    UnknownKey {
        name: String,
        nearest: Option<&'static str>,
    },
    #[error("{name}={value} is {problem}; {remedy}")]
    InvalidValue {
        name: String,
        value: String,
        problem: String,
        remedy: String,
    },
}

impl ConfigError {
    pub(crate) fn unknown(name: &str) -> Self {
        Self::UnknownKey {
            name: name.to_owned(),
            nearest: nearest(name),
        }
    }

    /// `name` is what the user wrote; `key` is what it stands for.
    pub(crate) fn invalid(name: &str, value: &str, key: &Key) -> Self {
        Self::InvalidValue {
            name: name.to_owned(),
            value: value.to_owned(),
            problem: problem(key, value.trim()),
            remedy: remedy(key),
        }
    }

    pub(crate) fn conflict(name: &str, value: impl ToString, problem: &str, remedy: &str) -> Self {
        Self::InvalidValue {
            name: name.to_owned(),
            value: value.to_string(),
            problem: problem.to_owned(),
            remedy: remedy.to_owned(),
        }
    }
}

fn problem(key: &Key, value: &str) -> String {
    match (key.kind, key.check, value.parse::<i64>()) {
        (Kind::Boolean, ..) => "neither true nor false".to_owned(),
        (Kind::Double, Check::Fraction, _) if value.parse::<f64>().is_ok() => {
            "not between 0 and 1".to_owned()
        }
        (Kind::Double, ..) => "not a number".to_owned(),
        (Kind::String | Kind::List, Check::OneOf(words) | Check::EachOf(words), _) => {
            format!("none of {}", words.join(", "))
        }
        (Kind::String | Kind::List, ..) => "not understood".to_owned(),
        (_, Check::AtLeast(least) | Check::Between(least, _), Ok(number)) if number < least => {
            format!("too small, the least is {least}")
        }
        (_, Check::Between(_, most), Ok(number)) if number > most => {
            format!("too large, the most is {most}")
        }
        (_, Check::GzipLevel, Ok(_)) => "neither -1 nor between 1 and 9".to_owned(),
        (Kind::Int, _, Ok(_)) => format!("too large, the most is {}", i32::MAX),
        (Kind::Short, _, Ok(_)) => format!("too large, the most is {}", i16::MAX),
        _ => format!("not a number{}", unit(key.name)),
    }
}

fn unit(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("ms") => " of milliseconds",
        Some("minutes") => " of minutes",
        Some("hours") => " of hours",
        Some("bytes") => " of bytes",
        _ => "",
    }
}

fn remedy(key: &Key) -> String {
    match (key.name, key.default) {
        ("retention.ms" | "log.retention.ms", _) => {
            "-1 keeps everything, 604800000 is a week".to_owned()
        }
        ("retention.bytes" | "log.retention.bytes", _) => {
            "-1 sets no limit, 1073741824 is a gibibyte".to_owned()
        }
        (_, Some(default)) if !default.is_empty() => format!("the default is {default}"),
        _ => format!("leave {} out if you do not need it", key.name),
    }
}

/// The known key that is most like `name`, if it is like one at all.
fn nearest(name: &str) -> Option<&'static str> {
    let keys = BROKER_KEYS.iter().chain(TOPIC_KEYS).map(|key| key.name);
    let inert = INERT_KEYS.iter().chain(INERT_DYNAMIC_KEYS).copied();
    keys.chain(inert)
        .map(|key| (distance(name, key), key))
        .filter(|(distance, key)| *distance <= 1 + key.len() / 8)
        .min()
        .map(|(_, key)| key)
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(spelling).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().map(spelling).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let change = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

/// `NUM_PARTITIONS` and `num-partitions` are as good as `num.partitions`.
fn spelling(c: char) -> char {
    match c {
        '_' | '-' => '.',
        c => c.to_ascii_lowercase(),
    }
}
