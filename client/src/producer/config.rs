//! How a producer is configured: Kafka's names, defaults and messages.

use ottla_core::batch::Compression;
use ottla_core::config::{Check, Kind};

use crate::network::NetworkConfig;
use crate::partitioner::{PartitionerConfig, PartitionerKind};
use crate::properties::{ConfigError, Keys, Values};

/// A producer's configuration. Each field is Kafka's key of the same name with `.` for `_`, unless it says otherwise.
#[derive(Debug, Clone)]
pub struct ProducerConfig {
    /// `bootstrap.servers`, `client.id`, `request.timeout.ms`, `max.in.flight.requests.per.connection`, `metadata.max.age.ms`, back-offs.
    pub network: NetworkConfig,
    /// Which copies must have a record before it counts as written.
    pub acks: Acks,
    /// A batch is sent when it has this many bytes; a larger record has a batch of its own.
    pub batch_size: usize,
    /// A batch is sent when its first record has waited this long.
    pub linger_ms: i64,
    /// The most that is kept until the brokers have it, in bytes.
    pub buffer_memory: usize,
    /// `compression.type`.
    pub compression: Compression,
    /// Retries neither double nor reorder records.
    pub enable_idempotence: bool,
    /// How often a batch is sent again.
    pub retries: u32,
    /// After this long a record is given up.
    pub delivery_timeout_ms: i64,
    /// The largest request, and the largest record without compression, in bytes.
    pub max_request_size: usize,
    /// How long records wait for their topic's metadata.
    pub max_block_ms: i64,
    /// `partitioner.class`, `partitioner.ignore.keys`.
    pub partitioner: PartitionerConfig,
    /// The broker may create a topic that is written to. Kafka's producer has no key for it: it always allows it.
    pub allow_auto_create_topics: bool,
}

/// Which copies must have a record before it counts as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    /// None: it counts when it has been sent.
    None,
    /// The leader's.
    Leader,
    /// All that are in sync.
    All,
}

impl Acks {
    /// The number in the protocol.
    pub fn number(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Leader => 1,
            Self::All => -1,
        }
    }
}

impl ProducerConfig {
    /// Reads properties; a later one replaces an earlier one of the same name. The notes tell people which keys are not used, and what follows
    /// from the others.
    ///
    /// # Errors
    /// A value that cannot be, in Kafka's words; or a key whose meaning cannot be had here (TLS, SASL, transactions).
    pub fn from_properties<'a>(
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(Self, Vec<String>), ConfigError> {
        let values = KEYS.read(properties)?;
        values.refuse_security()?;
        let mut notes = Vec::new();
        let acks = match values.text("acks") {
            Some("0") => Acks::None,
            Some("1") => Acks::Leader,
            _ => Acks::All,
        };
        let enable_idempotence = idempotence(&values, acks, &mut notes)?;
        refuse_transactions(&values, enable_idempotence)?;
        let linger_ms = values.long("linger.ms");
        let batch_size = size(values.long("batch.size"));
        let config = Self {
            network: network(&values)?,
            acks,
            batch_size,
            linger_ms,
            buffer_memory: size(values.long("buffer.memory")),
            compression: compression(values.text("compression.type").unwrap_or("none")),
            enable_idempotence,
            retries: values.int("retries").unsigned_abs(),
            delivery_timeout_ms: delivery_timeout_ms(&values, linger_ms)?,
            max_request_size: size(values.long("max.request.size")),
            max_block_ms: values.long("max.block.ms"),
            partitioner: PartitionerConfig {
                kind: partitioner(&values)?,
                ignore_keys: values.flag("partitioner.ignore.keys"),
                batch_size,
                ..PartitionerConfig::default()
            },
            allow_auto_create_topics: true,
        };
        notes.splice(0..0, values.notes());
        Ok((config, notes))
    }
}

/// Idempotence is on unless something else rules it out; asked for, it must not be ruled out.
fn idempotence(
    values: &Values<'_>,
    acks: Acks,
    notes: &mut Vec<String>,
) -> Result<bool, ConfigError> {
    if !values.flag("enable.idempotence") {
        return Ok(false);
    }
    let is_asked_for = values.is_set("enable.idempotence");
    let mut ruled_out = false;
    if values.int("retries") == 0 {
        if is_asked_for {
            return refuse("Must set retries to non-zero when using the idempotent producer.");
        }
        notes.push("Idempotence will be disabled because retries is set to 0.".to_owned());
        ruled_out = true;
    }
    if acks != Acks::All {
        if is_asked_for {
            return refuse(
                "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.",
            );
        }
        notes.push(format!(
            "Idempotence will be disabled because acks is set to {}, not set to 'all'.",
            acks.number()
        ));
        ruled_out = true;
    }
    let in_flight = values.int("max.in.flight.requests.per.connection");
    if in_flight > 5 {
        return refuse(&format!(
            "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. Current value is {in_flight}."
        ));
    }
    Ok(!ruled_out)
}

fn refuse_transactions(values: &Values<'_>, is_idempotent: bool) -> Result<(), ConfigError> {
    match values.text("transactional.id") {
        None => Ok(()),
        Some("") => {
            refuse("Invalid value  for configuration transactional.id: String must be non-empty")
        }
        Some(_) if !is_idempotent => {
            refuse("Cannot set a transactional.id without also enabling idempotence.")
        }
        Some(id) => refuse(&format!(
            "transactional.id={id} is not served here: there are no transactions"
        )),
    }
}

/// Kafka stretches the time-out to what the others need, unless it is set: then they must fit in.
fn delivery_timeout_ms(values: &Values<'_>, linger_ms: i64) -> Result<i64, ConfigError> {
    let timeout_ms = values.long("delivery.timeout.ms");
    let needed_ms = linger_ms.saturating_add(values.long("request.timeout.ms"));
    if timeout_ms >= needed_ms.min(i64::from(i32::MAX)) {
        return Ok(timeout_ms);
    }
    if values.is_set("delivery.timeout.ms") {
        return refuse(
            "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
        );
    }
    Ok(needed_ms.min(i64::from(i32::MAX)))
}

fn network(values: &Values<'_>) -> Result<NetworkConfig, ConfigError> {
    let client_id = values.text("client.id").unwrap_or_default();
    let client_id = if values.is_set("client.id") {
        client_id
    } else {
        "producer-1"
    };
    Ok(NetworkConfig {
        max_in_flight: size(values.long("max.in.flight.requests.per.connection")),
        ..values.network(client_id.to_owned())?
    })
}

fn partitioner(values: &Values<'_>) -> Result<PartitionerKind, ConfigError> {
    let Some(name) = values.text("partitioner.class") else {
        return Ok(PartitionerKind::Default);
    };
    name.parse().map_err(|_| {
        ConfigError(format!(
            "Invalid value {name} for configuration partitioner.class: Class {name} could not be found."
        ))
    })
}

fn compression(name: &str) -> Compression {
    match name {
        "gzip" => Compression::Gzip,
        "snappy" => Compression::Snappy,
        "lz4" => Compression::Lz4,
        "zstd" => Compression::Zstd,
        _ => Compression::None,
    }
}

fn refuse<T>(text: &str) -> Result<T, ConfigError> {
    Err(ConfigError(text.to_owned()))
}

fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Out of Apache Kafka 4.3's `ProducerConfig`.
#[rustfmt::skip]
static KEYS: Keys = Keys {
    of: "a producer",
    rows: &[
        ("acks", Kind::String, Some("all"), Check::OneOf(&["all", "-1", "0", "1"])),
        ("batch.size", Kind::Int, Some("16384"), Check::AtLeast(0)),
        ("buffer.memory", Kind::Long, Some("33554432"), Check::AtLeast(0)),
        ("compression.gzip.level", Kind::Int, Some("-1"), Check::GzipLevel),
        ("compression.lz4.level", Kind::Int, Some("9"), Check::Between(1, 17)),
        ("compression.type", Kind::String, Some("none"), Check::OneOf(&["none", "gzip", "snappy", "lz4", "zstd"])),
        ("compression.zstd.level", Kind::Int, Some("3"), Check::Between(-131_072, 22)),
        ("delivery.timeout.ms", Kind::Int, Some("120000"), Check::AtLeast(0)),
        ("enable.idempotence", Kind::Boolean, Some("true"), Check::Any),
        ("linger.ms", Kind::Long, Some("5"), Check::AtLeast(0)),
        ("max.block.ms", Kind::Long, Some("60000"), Check::AtLeast(0)),
        ("max.in.flight.requests.per.connection", Kind::Int, Some("5"), Check::AtLeast(1)),
        ("max.request.size", Kind::Int, Some("1048576"), Check::AtLeast(0)),
        ("partitioner.adaptive.partitioning.enable", Kind::Boolean, Some("true"), Check::Any),
        ("partitioner.availability.timeout.ms", Kind::Long, Some("0"), Check::AtLeast(0)),
        ("partitioner.class", Kind::String, None, Check::Any),
        ("partitioner.ignore.keys", Kind::Boolean, Some("false"), Check::Any),
        ("retries", Kind::Int, Some("2147483647"), Check::AtLeast(0)),
        ("transactional.id", Kind::String, None, Check::Any),
    ],
    inert: &[
        "compression.gzip.level",
        "compression.lz4.level",
        "compression.zstd.level",
        "key.serializer",
        "metadata.max.idle.ms",
        "partitioner.adaptive.partitioning.enable",
        "partitioner.availability.timeout.ms",
        "transaction.timeout.ms",
        "transaction.two.phase.commit.enable",
        "value.serializer",
    ],
};
