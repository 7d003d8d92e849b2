use std::fmt;

/// A configuration key: what it is called, what it may be, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name, Kafka's.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Its value when nobody sets it; `None` is Kafka's null.
    pub default: Option<&'static str>,
    /// What its value may be.
    pub check: Check,
    /// How much a user should care.
    pub importance: Importance,
    /// Whether it can be changed while the broker runs.
    pub update: Update,
    /// The broker's keys that stand behind it, first wins. For a broker's key: itself and the coarser ones that stand in for it.
    pub synonyms: &'static [&'static str],
    /// What it does, for people.
    pub documentation: &'static str,
}

/// The type of a key's value, as DescribeConfigs tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Boolean,
    String,
    Int,
    Short,
    Long,
    Double,
    List,
}

/// What a value may be, beyond its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Check {
    /// Anything.
    Any,
    /// A number, not below this.
    AtLeast(i64),
    /// A number from the first to the second.
    Between(i64, i64),
    /// A fraction from 0 to 1.
    Fraction,
    /// -1, or from 1 to 9.
    GzipLevel,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words.
    EachOf(&'static [&'static str]),
    /// `*`, or a list of `partition:broker`.
    Replicas,
    /// `earliest`, `latest` or `by_duration:` with an ISO 8601 duration.
    OffsetReset,
}

/// How much a user should care for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Importance {
    High,
    Medium,
    Low,
}

/// Whether a key can be changed while the broker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// Only by a restart.
    ReadOnly,
    /// For one broker or for all.
    ClusterWide,
}

/// Why a value is refused. Its text is Kafka's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// The key.
    pub name: &'static str,
    /// The value, as Kafka shows it.
    pub value: String,
    /// Kafka's words for what is wrong.
    pub reason: String,
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Invalid value {} for configuration {}: {}",
            self.value, self.name, self.reason
        )
    }
}

impl Key {
    /// Whether `value` is one that the key may have.
    pub fn validate(&self, value: &str) -> Result<(), InvalidValue> {
        let value = value.trim();
        match self.kind {
            Kind::Boolean => match value.to_ascii_lowercase().as_str() {
                "true" | "false" => Ok(()),
                _ => self.refuse(value, "Expected value to be either true or false"),
            },
            Kind::Short => self.number::<i16>(value, "SHORT"),
            Kind::Int => self.number::<i32>(value, "INT"),
            Kind::Long => self.number::<i64>(value, "LONG"),
            Kind::Double => match value.parse::<f64>() {
                Ok(number) => self.fraction(number),
                Err(_) => self.refuse(value, "Not a number of type DOUBLE"),
            },
            Kind::String | Kind::List => self.words(value),
        }
    }

    /// A valid value as DescribeConfigs shows it: what it means, not how it was written (` +5 ` is `5`, `TRUE` is `true`).
    pub fn shown(&self, value: &str) -> String {
        let value = value.trim();
        match self.kind {
            Kind::Boolean => value.to_ascii_lowercase(),
            Kind::Short | Kind::Int | Kind::Long => value
                .parse::<i64>()
                .map_or(value.to_owned(), |number| number.to_string()),
            Kind::List => list(value).collect::<Vec<_>>().join(","),
            Kind::Double | Kind::String => value.to_owned(),
        }
    }

    fn number<T: std::str::FromStr + Into<i64>>(
        &self,
        value: &str,
        kind: &str,
    ) -> Result<(), InvalidValue> {
        let Ok(number) = value.parse::<T>() else {
            return self.refuse(value, format!("Not a number of type {kind}"));
        };
        let number: i64 = number.into();
        match self.check {
            Check::AtLeast(least) | Check::Between(least, _) if number < least => {
                self.refuse(value, format!("Value must be at least {least}"))
            }
            Check::Between(_, most) if number > most => {
                self.refuse(value, format!("Value must be no more than {most}"))
            }
            Check::GzipLevel if number != -1 && !(1..=9).contains(&number) => {
                self.refuse(value, "Value must be between 1 and 9 or equal to -1")
            }
            _ => Ok(()),
        }
    }

    fn fraction(&self, number: f64) -> Result<(), InvalidValue> {
        match self.check {
            Check::Fraction if number < 0.0 => {
                self.refuse(double(number), "Value must be at least 0")
            }
            Check::Fraction if number > 1.0 => {
                self.refuse(double(number), "Value must be no more than 1")
            }
            _ => Ok(()),
        }
    }

    fn words(&self, value: &str) -> Result<(), InvalidValue> {
        match self.check {
            Check::OneOf(words) if !words.contains(&value) => self.refuse(value, one_of(words)),
            Check::EachOf(words) => match list(value).find(|word| !words.contains(word)) {
                Some(word) => self.refuse(word, one_of(words)),
                None => Ok(()),
            },
            Check::Replicas if !are_replicas(value) => self.refuse(
                format!("[{}]", list(value).collect::<Vec<_>>().join(", ")),
                format!(
                    "{} must be the literal '*' or a list of replicas in the following format: \
                     [partitionId]:[brokerId],[partitionId]:[brokerId],...",
                    self.name
                ),
            ),
            Check::OffsetReset if !is_offset_reset(value) => self.refuse(
                value,
                format!(
                    "Invalid value `{value}` for configuration {}. The value must be either \
                     'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.",
                    self.name
                ),
            ),
            _ => Ok(()),
        }
    }

    fn refuse(
        &self,
        value: impl Into<String>,
        reason: impl Into<String>,
    ) -> Result<(), InvalidValue> {
        Err(InvalidValue {
            name: self.name,
            value: value.into(),
            reason: reason.into(),
        })
    }
}

/// The words of a list's value.
pub(crate) fn list(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

fn one_of(words: &[&str]) -> String {
    format!("String must be one of: {}", words.join(", "))
}

fn are_replicas(value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    value == "*"
        || list(value).all(|pair| {
            pair.split_once(':')
                .is_some_and(|(partition, broker)| is_number(partition) && is_number(broker))
        })
}

fn is_offset_reset(value: &str) -> bool {
    matches!(value, "earliest" | "latest")
        || value.strip_prefix("by_duration:").is_some_and(|duration| {
            duration.len() > 2
                && duration.starts_with('P')
                && duration[1..]
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b"TDHMS.".contains(&b))
        })
}

/// As Java writes it: never without a decimal place.
fn double(number: f64) -> String {
    let text = number.to_string();
    match number.is_finite() && !text.contains('.') {
        true => text + ".0",
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{broker_key, group_key, topic_key};

    fn refusal(name: &str, value: &str) -> String {
        let key = topic_key(name)
            .or_else(|| group_key(name))
            .or_else(|| broker_key(name))
            .unwrap();
        key.validate(value).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_says_it_in_kafkas_words() {
        for (name, value, text) in [
            (
                "retention.ms",
                "soon",
                "Invalid value soon for configuration retention.ms: Not a number of type LONG",
            ),
            (
                "retention.ms",
                "-2",
                "Invalid value -2 for configuration retention.ms: Value must be at least -1",
            ),
            (
                "segment.bytes",
                "99999999999",
                "Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT",
            ),
            (
                "segment.bytes",
                "10",
                "Invalid value 10 for configuration segment.bytes: Value must be at least 1048576",
            ),
            (
                "cleanup.policy",
                "delete,nope",
                "Invalid value nope for configuration cleanup.policy: String must be one of: compact, delete",
            ),
            (
                "compression.type",
                "zip",
                "Invalid value zip for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer",
            ),
            (
                "preallocate",
                "maybe",
                "Invalid value maybe for configuration preallocate: Expected value to be either true or false",
            ),
            (
                "min.cleanable.dirty.ratio",
                "2",
                "Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1",
            ),
            (
                "min.cleanable.dirty.ratio",
                "x",
                "Invalid value x for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE",
            ),
            (
                "compression.gzip.level",
                "0",
                "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
            ),
            (
                "compression.zstd.level",
                "99",
                "Invalid value 99 for configuration compression.zstd.level: Value must be no more than 22",
            ),
            (
                "leader.replication.throttled.replicas",
                "x",
                "Invalid value [x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
            ),
            (
                "share.auto.offset.reset",
                "q",
                "Invalid value q for configuration share.auto.offset.reset: Invalid value `q` for configuration share.auto.offset.reset. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.",
            ),
        ] {
            assert_eq!(refusal(name, value), text);
        }
    }

    #[test]
    fn what_kafka_accepts_is_accepted() {
        for (name, value) in [
            ("retention.ms", " 5 "),
            ("retention.ms", "+5"),
            ("preallocate", "TRUE"),
            ("cleanup.policy", ""),
            ("cleanup.policy", " delete , compact "),
            ("cleanup.policy", "delete,delete"),
            ("leader.replication.throttled.replicas", "*"),
            ("leader.replication.throttled.replicas", "0:1,1:1"),
            ("leader.replication.throttled.replicas", ""),
        ] {
            assert_eq!(
                topic_key(name).unwrap().validate(value),
                Ok(()),
                "{name}={value}"
            );
        }
    }
}
