//! The keys of a consumer, with Kafka's defaults and limits.

use std::collections::BTreeMap;

use ottla_core::config::{Check, Importance, Key, Kind, Update};

/// What is wrong with a configuration, for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Checked values, by key.
pub(super) struct Values<'a> {
    given: BTreeMap<&'a str, &'a str>,
    notes: Vec<String>,
}

impl<'a> Values<'a> {
    pub(super) fn read(
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let mut given = BTreeMap::new();
        let mut notes = Vec::new();
        for (name, value) in properties {
            let value = value.trim();
            match KEYS.iter().find(|key| key.0 == name) {
                Some(&(name, kind, default, check)) => {
                    let key = key(name, kind, default, check);
                    key.validate(value)
                        .map_err(|refusal| ConfigError(refusal.to_string()))?;
                    given.insert(name, value);
                }
                None if INERT.contains(&name)
                    || INERT_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) =>
                {
                    notes.push(format!("{name} has no effect here"));
                }
                None => notes.push(format!("{name} is not a key of a consumer: ignored")),
            }
        }
        Ok(Self { given, notes })
    }

    /// What would silently mean something else here.
    pub(super) fn refuse_what_is_not_served(&self) -> Result<(), ConfigError> {
        let protocol = self.text("security.protocol").unwrap_or_default();
        if !protocol.eq_ignore_ascii_case("plaintext") {
            return Err(ConfigError(format!(
                "security.protocol={protocol} is not served here: only PLAINTEXT is"
            )));
        }
        let protocol = self.text("group.protocol").unwrap_or_default();
        match protocol.to_ascii_lowercase().as_str() {
            "classic" => Ok(()),
            "consumer" => Err(ConfigError(
                "group.protocol=consumer (KIP-848) is not served here: only classic is".to_owned(),
            )),
            _ => Err(ConfigError(format!(
                "Invalid value {protocol} for configuration group.protocol: String must be one of (case insensitive): CONSUMER, CLASSIC"
            ))),
        }
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The value, or its default.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        let default = || KEYS.iter().find(|key| key.0 == name).and_then(|key| key.2);
        self.given.get(name).copied().or_else(default)
    }

    pub(super) fn long(&self, name: &str) -> i64 {
        self.text(name)
            .and_then(|text| text.parse().ok())
            .expect("a number has been checked, and has a default")
    }

    pub(super) fn int(&self, name: &str) -> i32 {
        i32::try_from(self.long(name)).expect("an int has been checked")
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let words = self.text(name).unwrap_or_default().split(',');
        words.map(str::trim).filter(|word| !word.is_empty())
    }

    pub(super) fn notes(self) -> Vec<String> {
        self.notes
    }
}

fn key(name: &'static str, kind: Kind, default: Option<&'static str>, check: Check) -> Key {
    Key {
        name,
        kind,
        default,
        check,
        importance: Importance::Medium,
        update: Update::ReadOnly,
        synonyms: &[],
        documentation: "",
    }
}

type Row = (&'static str, Kind, Option<&'static str>, Check);

/// Out of Apache Kafka's `ConsumerConfig`. `auto.offset.reset` has checks of its own.
const KEYS: &[Row] = &[
    (
        "allow.auto.create.topics",
        Kind::Boolean,
        Some("true"),
        Check::Any,
    ),
    (
        "auto.commit.interval.ms",
        Kind::Int,
        Some("5000"),
        Check::AtLeast(0),
    ),
    (
        "auto.offset.reset",
        Kind::String,
        Some("latest"),
        Check::Any,
    ),
    ("bootstrap.servers", Kind::List, Some(""), Check::Any),
    ("check.crcs", Kind::Boolean, Some("true"), Check::Any),
    ("client.id", Kind::String, Some(""), Check::Any),
    ("client.rack", Kind::String, Some(""), Check::Any),
    (
        "default.api.timeout.ms",
        Kind::Int,
        Some("60000"),
        Check::AtLeast(0),
    ),
    (
        "enable.auto.commit",
        Kind::Boolean,
        Some("true"),
        Check::Any,
    ),
    (
        "exclude.internal.topics",
        Kind::Boolean,
        Some("true"),
        Check::Any,
    ),
    (
        "fetch.max.bytes",
        Kind::Int,
        Some("52428800"),
        Check::AtLeast(0),
    ),
    (
        "fetch.max.wait.ms",
        Kind::Int,
        Some("500"),
        Check::AtLeast(0),
    ),
    ("fetch.min.bytes", Kind::Int, Some("1"), Check::AtLeast(0)),
    ("group.id", Kind::String, None, Check::Any),
    ("group.instance.id", Kind::String, None, Check::Any),
    ("group.protocol", Kind::String, Some("classic"), Check::Any),
    (
        "heartbeat.interval.ms",
        Kind::Int,
        Some("3000"),
        Check::AtLeast(1),
    ),
    (
        "isolation.level",
        Kind::String,
        Some("read_uncommitted"),
        Check::OneOf(&["read_committed", "read_uncommitted"]),
    ),
    (
        "max.partition.fetch.bytes",
        Kind::Int,
        Some("1048576"),
        Check::AtLeast(0),
    ),
    (
        "max.poll.interval.ms",
        Kind::Int,
        Some("300000"),
        Check::AtLeast(1),
    ),
    (
        "max.poll.records",
        Kind::Int,
        Some("500"),
        Check::AtLeast(1),
    ),
    (
        "metadata.max.age.ms",
        Kind::Long,
        Some("300000"),
        Check::AtLeast(0),
    ),
    (
        "partition.assignment.strategy",
        Kind::List,
        Some("range,cooperative-sticky"),
        Check::Any,
    ),
    (
        "reconnect.backoff.max.ms",
        Kind::Long,
        Some("1000"),
        Check::AtLeast(0),
    ),
    (
        "reconnect.backoff.ms",
        Kind::Long,
        Some("50"),
        Check::AtLeast(0),
    ),
    (
        "request.timeout.ms",
        Kind::Int,
        Some("30000"),
        Check::AtLeast(0),
    ),
    (
        "retry.backoff.max.ms",
        Kind::Long,
        Some("1000"),
        Check::AtLeast(0),
    ),
    (
        "retry.backoff.ms",
        Kind::Long,
        Some("100"),
        Check::AtLeast(0),
    ),
    (
        "security.protocol",
        Kind::String,
        Some("PLAINTEXT"),
        Check::Any,
    ),
    (
        "session.timeout.ms",
        Kind::Int,
        Some("45000"),
        Check::AtLeast(1),
    ),
    (
        "socket.connection.setup.timeout.ms",
        Kind::Long,
        Some("10000"),
        Check::AtLeast(0),
    ),
];

/// Keys of Apache Kafka's consumer that mean nothing here: there are no classes to load, sockets are the shell's, nothing is measured.
const INERT: &[&str] = &[
    "auto.include.jmx.reporter",
    "client.dns.lookup",
    "config.providers",
    "connections.max.idle.ms",
    "enable.metrics.push",
    "group.remote.assignor",
    "interceptor.classes",
    "key.deserializer",
    "metadata.recovery.rebootstrap.trigger.ms",
    "metadata.recovery.strategy",
    "metric.reporters",
    "metrics.num.samples",
    "metrics.recording.level",
    "metrics.sample.window.ms",
    "receive.buffer.bytes",
    "security.providers",
    "send.buffer.bytes",
    "share.acknowledgement.mode",
    "socket.connection.setup.timeout.max.ms",
    "value.deserializer",
];

const INERT_PREFIXES: &[&str] = &["sasl.", "ssl."];
