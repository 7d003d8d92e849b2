//! The keys of a consumer, with Kafka's defaults and limits.

use ottla_core::config::{Check, Kind};

use crate::properties::{ConfigError, Keys, Values};

/// What would silently mean something else here.
pub(super) fn refuse_what_is_not_served(values: &Values<'_>) -> Result<(), ConfigError> {
    values.refuse_security()?;
    let protocol = values.text("group.protocol").unwrap_or_default();
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

/// Out of Apache Kafka's `ConsumerConfig`. `auto.offset.reset` has checks of its own.
#[rustfmt::skip]
pub(super) static KEYS: Keys = Keys {
    of: "a consumer",
    rows: &[
        ("allow.auto.create.topics", Kind::Boolean, Some("true"), Check::Any),
        ("auto.commit.interval.ms", Kind::Int, Some("5000"), Check::AtLeast(0)),
        ("auto.offset.reset", Kind::String, Some("latest"), Check::Any),
        ("check.crcs", Kind::Boolean, Some("true"), Check::Any),
        ("client.rack", Kind::String, Some(""), Check::Any),
        ("default.api.timeout.ms", Kind::Int, Some("60000"), Check::AtLeast(0)),
        ("enable.auto.commit", Kind::Boolean, Some("true"), Check::Any),
        ("exclude.internal.topics", Kind::Boolean, Some("true"), Check::Any),
        ("fetch.max.bytes", Kind::Int, Some("52428800"), Check::AtLeast(0)),
        ("fetch.max.wait.ms", Kind::Int, Some("500"), Check::AtLeast(0)),
        ("fetch.min.bytes", Kind::Int, Some("1"), Check::AtLeast(0)),
        ("group.id", Kind::String, None, Check::Any),
        ("group.instance.id", Kind::String, None, Check::Any),
        ("group.protocol", Kind::String, Some("classic"), Check::Any),
        ("heartbeat.interval.ms", Kind::Int, Some("3000"), Check::AtLeast(1)),
        ("isolation.level", Kind::String, Some("read_uncommitted"), Check::OneOf(&["read_committed", "read_uncommitted"])),
        ("max.partition.fetch.bytes", Kind::Int, Some("1048576"), Check::AtLeast(0)),
        ("max.poll.interval.ms", Kind::Int, Some("300000"), Check::AtLeast(1)),
        ("max.poll.records", Kind::Int, Some("500"), Check::AtLeast(1)),
        ("partition.assignment.strategy", Kind::List, Some("range,cooperative-sticky"), Check::Any),
        ("session.timeout.ms", Kind::Int, Some("45000"), Check::AtLeast(1)),
    ],
    inert: &[
        "auto.include.jmx.reporter",
        "group.remote.assignor",
        "key.deserializer",
        "share.acknowledgement.mode",
        "value.deserializer",
    ],
};
