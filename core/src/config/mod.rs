//! What users can configure: the keys of brokers, topics and groups, and a broker's own configuration.
//!
//! Names, types, limits and messages are Apache Kafka's. A topic's key that nobody sets takes the value of its broker key
//! (`retention.ms` that of `log.retention.ms`, `.minutes` or `.hours`); a broker's key can be set at its start and, some of them,
//! while it runs, for one broker or for all.

mod broker_keys;
mod error;
mod group_keys;
mod inert_keys;
mod key;
mod layers;
mod listeners;
mod topic_keys;

pub use broker_keys::BROKER_KEYS;
pub use error::ConfigError;
pub use group_keys::GROUP_KEYS;
pub use key::{Check, Importance, InvalidValue, Key, Kind, Update};
pub use layers::Values;
pub use topic_keys::TOPIC_KEYS;

pub use group_keys::check_group_limit;
pub(crate) use key::list;
pub(crate) use layers::{Layers, set_log_config};

use std::sync::Arc;

use crate::log::LogConfig;
use inert_keys::{INERT_DYNAMIC_KEYS, INERT_KEYS};

/// A cluster that nobody has named: 16 bytes in base64, as Kafka's ids are.
const DEFAULT_CLUSTER_ID: &str = "ottla-development-000w";

/// A broker's configuration, typed: what was given at its start and what has been changed since.
///
/// Each field is the key of the same name with `.` for `_`, unless it says otherwise; milliseconds and bytes where the name ends so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each field is explained at its key in `BROKER_KEYS`"
)]
pub struct Config {
    pub node_id: i32,
    pub cluster_id: Arc<str>,
    pub listeners: Vec<Arc<str>>,
    /// Empty: the address that the client has dialled.
    pub advertised_listeners: Vec<Arc<str>>,
    pub log_dirs: Option<Arc<str>>,
    pub auto_create_topics_enable: bool,
    pub delete_topic_enable: bool,
    pub num_partitions: i32,
    pub default_replication_factor: i16,
    /// `ottla.replication.factor.strict`.
    pub replication_factor_strict: bool,
    /// What a topic obeys that says nothing itself: the keys `log.*`, `message.max.bytes`, `min.insync.replicas`, `compression.type`.
    pub log: LogConfig,
    pub log_retention_check_interval_ms: i64,
    pub fetch_max_bytes: i32,
    pub max_incremental_fetch_session_cache_slots: usize,
    pub max_request_partition_size_limit: usize,
    pub producer_id_expiration_ms: i64,
    pub group_initial_rebalance_delay_ms: i32,
    pub group_min_session_timeout_ms: i32,
    pub group_max_session_timeout_ms: i32,
    pub group_max_size: usize,
    pub offset_metadata_max_bytes: usize,
    /// `offsets.retention.minutes`, in milliseconds.
    pub offsets_retention_ms: i64,
    pub offsets_retention_check_interval_ms: i64,
    pub offsets_topic_num_partitions: i32,
    pub offsets_topic_replication_factor: i16,
    pub offsets_topic_segment_bytes: i32,
    pub socket_request_max_bytes: i32,
    /// `None`: no limit.
    pub queued_max_request_bytes: Option<i64>,
    pub max_connections: usize,
    /// `ottla.max.topics`.
    pub max_topics: usize,
    /// `ottla.max.partitions.per.topic`.
    pub max_partitions_per_topic: usize,
    /// `None`: never.
    pub connections_max_idle_ms: Option<i64>,
    /// `None`: as many as the machine has processors, at most 4.
    pub num_network_threads: Option<usize>,
    start: Arc<Values>,
}

impl Default for Config {
    fn default() -> Self {
        Self::typed(Arc::default(), &Values::new(), &Values::new())
    }
}

impl Config {
    /// A broker's configuration out of names and values, as a properties file or the command line has them; the last one of a name wins.
    /// Beside it come notes for people, about keys of Kafka's that have no effect here.
    ///
    /// A topic's key stands for the broker's key that is its default: `retention.ms` for `log.retention.ms`.
    pub fn from_properties<N: AsRef<str>, V: AsRef<str>>(
        properties: impl IntoIterator<Item = (N, V)>,
    ) -> Result<(Self, Vec<String>), ConfigError> {
        let mut values = Values::new();
        let mut inert = Values::new();
        for (name, value) in properties {
            let (name, value) = (name.as_ref().trim(), value.as_ref().trim());
            match find(name)? {
                Some(key) if key.validate(value).is_err() => {
                    return Err(ConfigError::invalid(name, value, key));
                }
                Some(key) => {
                    let name = key.synonyms.first().filter(|_| broker_key(name).is_none());
                    values.insert(Arc::from(*name.unwrap_or(&key.name)), Arc::from(value));
                }
                None => {
                    inert.insert(Arc::from(name), Arc::from(value));
                }
            }
        }
        let mut notes = Vec::new();
        if !inert.is_empty() {
            let names: Vec<&str> = inert.keys().map(|name| &**name).collect();
            notes.push(format!("without effect in Ottla: {}", names.join(", ")));
        }
        listeners::keep_that_of_clients(&mut values, &inert, &mut notes);
        let config = Self::typed(Arc::new(values), &Values::new(), &Values::new());
        config.check()?;
        Ok((config, notes))
    }

    /// The configuration with what has been set while the broker runs: for all brokers, and for this one.
    pub fn with_dynamic(&self, cluster: &Values, broker: &Values) -> Self {
        Self::typed(self.start.clone(), cluster, broker)
    }

    /// The configuration of a broker whose data lies in a directory and belongs to a cluster.
    #[must_use]
    pub fn with_data(&self, directory: &str, cluster_id: &str) -> Self {
        let mut start = Values::clone(&self.start);
        start.insert(Arc::from("log.dirs"), Arc::from(directory));
        start.insert(Arc::from("cluster.id"), Arc::from(cluster_id));
        Self::typed(Arc::new(start), &Values::new(), &Values::new())
    }

    /// What was given at the start.
    pub fn start_values(&self) -> &Values {
        &self.start
    }

    fn typed(start: Arc<Values>, cluster: &Values, broker: &Values) -> Self {
        let layers = Layers {
            broker,
            cluster,
            start: &start,
        };
        let long = |name| layers.number(name).unwrap_or_default();
        let int = |name| long(name).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let short = |name| long(name).clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        let count = |name| usize::try_from(long(name)).unwrap_or_default();
        let words = |name| {
            list(layers.get(name).unwrap_or_default())
                .map(Arc::from)
                .collect()
        };
        let positive = |name| Some(long(name)).filter(|number| *number > 0);
        Self {
            node_id: match int("broker.id") {
                id if id >= 0 && layers.set("node.id").is_none() => id,
                _ => int("node.id"),
            },
            cluster_id: Arc::from(layers.text("cluster.id").unwrap_or(DEFAULT_CLUSTER_ID)),
            listeners: words("listeners"),
            advertised_listeners: words("advertised.listeners"),
            log_dirs: layers
                .text("log.dirs")
                .or_else(|| layers.text("log.dir"))
                .map(Arc::from),
            auto_create_topics_enable: layers.is_true("auto.create.topics.enable"),
            delete_topic_enable: layers.is_true("delete.topic.enable"),
            num_partitions: int("num.partitions"),
            default_replication_factor: short("default.replication.factor"),
            replication_factor_strict: layers.is_true("ottla.replication.factor.strict"),
            log: layers.log_config(),
            log_retention_check_interval_ms: long("log.retention.check.interval.ms"),
            fetch_max_bytes: int("fetch.max.bytes"),
            max_incremental_fetch_session_cache_slots: count(
                "max.incremental.fetch.session.cache.slots",
            ),
            max_request_partition_size_limit: count("max.request.partition.size.limit"),
            producer_id_expiration_ms: long("producer.id.expiration.ms"),
            group_initial_rebalance_delay_ms: int("group.initial.rebalance.delay.ms"),
            group_min_session_timeout_ms: int("group.min.session.timeout.ms"),
            group_max_session_timeout_ms: int("group.max.session.timeout.ms"),
            group_max_size: count("group.max.size"),
            offset_metadata_max_bytes: count("offset.metadata.max.bytes"),
            offsets_retention_ms: long("offsets.retention.minutes").saturating_mul(60 * 1000),
            offsets_retention_check_interval_ms: long("offsets.retention.check.interval.ms"),
            offsets_topic_num_partitions: int("offsets.topic.num.partitions"),
            offsets_topic_replication_factor: short("offsets.topic.replication.factor"),
            offsets_topic_segment_bytes: int("offsets.topic.segment.bytes"),
            socket_request_max_bytes: int("socket.request.max.bytes"),
            queued_max_request_bytes: positive("queued.max.request.bytes"),
            max_connections: count("max.connections"),
            max_topics: count("ottla.max.topics"),
            max_partitions_per_topic: count("ottla.max.partitions.per.topic"),
            connections_max_idle_ms: positive("connections.max.idle.ms"),
            num_network_threads: layers
                .number("num.network.threads")
                .and_then(|count| usize::try_from(count).ok()),
            start,
        }
    }

    /// What only goes wrong together.
    fn check(&self) -> Result<(), ConfigError> {
        if self.group_min_session_timeout_ms > self.group_max_session_timeout_ms {
            return Err(ConfigError::conflict(
                "group.min.session.timeout.ms",
                self.group_min_session_timeout_ms,
                "above group.max.session.timeout.ms",
                "make it smaller, or that one larger",
            ));
        }
        if self
            .log_dirs
            .as_deref()
            .is_some_and(|dirs| dirs.contains(','))
        {
            return Err(ConfigError::conflict(
                "log.dirs",
                self.log_dirs.as_deref().unwrap_or_default(),
                "more than one directory",
                "Ottla keeps its data in one",
            ));
        }
        let listeners = [
            ("listeners", &self.listeners),
            ("advertised.listeners", &self.advertised_listeners),
        ];
        for (name, addresses) in listeners {
            if let Some(address) = addresses.iter().find(|address| !is_listener(address)) {
                return Err(ConfigError::conflict(
                    name,
                    address,
                    "no address of the form PLAINTEXT://host:port",
                    "Ottla speaks no other protocol",
                ));
            }
        }
        Ok(())
    }
}

/// A broker's key.
pub fn broker_key(name: &str) -> Option<&'static Key> {
    by_name(BROKER_KEYS, name)
}

/// A topic's key.
pub fn topic_key(name: &str) -> Option<&'static Key> {
    if name == topic_keys::INTERNAL_SEGMENT_BYTES.name {
        return Some(&topic_keys::INTERNAL_SEGMENT_BYTES);
    }
    by_name(TOPIC_KEYS, name)
}

/// A group's key.
pub fn group_key(name: &str) -> Option<&'static Key> {
    by_name(GROUP_KEYS, name)
}

/// Whether Kafka knows this broker's key and Ottla has nothing to obey it with; and if so, whether Kafka changes it while it runs.
pub fn inert_key(name: &str) -> Option<Update> {
    if INERT_DYNAMIC_KEYS.contains(&name) {
        return Some(Update::ClusterWide);
    }
    let inert = INERT_KEYS.contains(&name) || name.starts_with("listener.name.");
    inert.then_some(Update::ReadOnly)
}

/// Whether a name is neither a key of Kafka's nor like one: a file may carry it for an older Kafka or for a plugin.
pub fn is_foreign_key(name: &str) -> bool {
    matches!(
        find(name),
        Err(ConfigError::UnknownKey { nearest: None, .. })
    )
}

fn by_name(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    let index = keys.binary_search_by(|key| key.name.cmp(name)).ok()?;
    keys.get(index)
}

/// The key that a property sets, or `None` if it is one of Kafka's without an effect.
fn find(name: &str) -> Result<Option<&'static Key>, ConfigError> {
    if let Some(key) = broker_key(name) {
        return Ok(Some(key));
    }
    match topic_key(name) {
        Some(key) if !key.synonyms.is_empty() => Ok(Some(key)),
        None if inert_key(name).is_none() => Err(ConfigError::unknown(name)),
        _ => Ok(None),
    }
}

fn is_listener(address: &str) -> bool {
    address
        .strip_prefix("PLAINTEXT://")
        .and_then(|rest| rest.rsplit_once(':'))
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests;
