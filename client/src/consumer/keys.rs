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

/// Out of Apache Kafka's `ConsumerConfig`. `auto.offset.reset` has checks of its own; what means nothing here does so because there are no classes to
/// load, sockets are the shell's, and nothing is measured.
#[rustfmt::skip]
pub(super) static KEYS: Keys = Keys {
    of: "a consumer",
    rows: &[
        ("allow.auto.create.topics", Kind::Boolean, Some("true"), Check::Any),
        ("auto.commit.interval.ms", Kind::Int, Some("5000"), Check::AtLeast(0)),
        ("auto.offset.reset", Kind::String, Some("latest"), Check::Any),
        ("bootstrap.servers", Kind::List, None, Check::Any),
        ("check.crcs", Kind::Boolean, Some("true"), Check::Any),
        ("client.id", Kind::String, Some(""), Check::Any),
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
        ("metadata.max.age.ms", Kind::Long, Some("300000"), Check::AtLeast(0)),
        ("partition.assignment.strategy", Kind::List, Some("range,cooperative-sticky"), Check::Any),
        ("reconnect.backoff.max.ms", Kind::Long, Some("1000"), Check::AtLeast(0)),
        ("reconnect.backoff.ms", Kind::Long, Some("50"), Check::AtLeast(0)),
        ("request.timeout.ms", Kind::Int, Some("30000"), Check::AtLeast(0)),
        ("retry.backoff.max.ms", Kind::Long, Some("1000"), Check::AtLeast(0)),
        ("retry.backoff.ms", Kind::Long, Some("100"), Check::AtLeast(0)),
        ("security.protocol", Kind::String, Some("PLAINTEXT"), Check::Any),
        ("session.timeout.ms", Kind::Int, Some("45000"), Check::AtLeast(1)),
        ("socket.connection.setup.timeout.ms", Kind::Long, Some("10000"), Check::AtLeast(0)),
    ],
    inert: &[
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
    ],
};
