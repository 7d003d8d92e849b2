use std::sync::Arc;

use super::key::Key;
use super::{TOPIC_KEYS, broker_key};
use crate::batch::{Compression, TimestampType};
use crate::config::key::list;
use crate::log::{CleanupPolicy, CompressionType, LogConfig};
use crate::sorted::Map;

/// Names and values of one source of configuration.
pub type Values = Map<Arc<str>, Arc<str>>;

/// A broker's configuration in its layers, the strongest first. What none of them says is the key's default.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layers<'a> {
    /// Set while it runs, for this broker.
    pub(crate) broker: &'a Values,
    /// Set while it runs, for all brokers.
    pub(crate) cluster: &'a Values,
    /// Given at its start.
    pub(crate) start: &'a Values,
}

impl<'a> Layers<'a> {
    /// The value that somebody has set.
    pub(crate) fn set(&self, name: &str) -> Option<&'a str> {
        [self.broker, self.cluster, self.start]
            .into_iter()
            .find_map(|values| values.get(name))
            .map(|value| value.trim())
    }

    /// The value that counts.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.set(name)
            .or_else(|| broker_key(name).and_then(|key| key.default))
    }

    /// The number that counts. Values are checked before they get here; one that is none all the same counts as unset.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        let default = || broker_key(name)?.default?.parse().ok();
        self.set(name)
            .and_then(|value| value.parse().ok())
            .or_else(default)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// What a topic obeys that says nothing itself about `key`, in the topic key's unit.
    pub(crate) fn topic_default(&self, key: &Key) -> String {
        let found = key
            .synonyms
            .iter()
            .find_map(|name| Some((name, self.set(name)?)))
            .or_else(|| {
                key.synonyms
                    .iter()
                    .find_map(|name| Some((name, broker_key(name)?.default?)))
            });
        match found {
            Some((name, value)) => in_topic_unit(name, value),
            None => key.default.unwrap_or_default().to_owned(),
        }
    }

    /// What topics obey that say nothing themselves.
    pub(crate) fn log_config(&self) -> LogConfig {
        let mut config = LogConfig::default();
        for key in TOPIC_KEYS {
            set_log_config(&mut config, key.name, &self.topic_default(key));
        }
        config
    }
}

fn in_topic_unit(name: &str, value: &str) -> String {
    let factor = match name.rsplit('.').next() {
        Some("hours") => 60 * 60 * 1000,
        Some("minutes") => 60 * 1000,
        _ if name == "log.retention.ms" => 1,
        _ => return value.to_owned(),
    };
    match value.trim().parse::<i64>() {
        // Any negative retention means "keep everything", as in Kafka.
        Ok(number) if number < 0 => "-1".to_owned(),
        Ok(number) => number.saturating_mul(factor).to_string(),
        Err(_) => value.to_owned(),
    }
}

/// Takes over one key of a topic. Unknown keys and values that are none change nothing.
pub(crate) fn set_log_config(config: &mut LogConfig, name: &str, value: &str) {
    let value = value.trim();
    let long = |field: &mut i64| {
        if let Ok(number) = value.parse() {
            *field = number;
        }
    };
    let size = |field: &mut u32| {
        if let Ok(number) = value.parse::<u32>() {
            *field = number;
        }
    };
    match name {
        "cleanup.policy" => {
            config.cleanup_policy = CleanupPolicy {
                delete: list(value).any(|word| word == "delete"),
                compact: list(value).any(|word| word == "compact"),
            }
        }
        "retention.ms" => long(&mut config.retention_ms),
        "retention.bytes" => long(&mut config.retention_bytes),
        "segment.bytes" | "internal.segment.bytes" => size(&mut config.segment_bytes),
        "segment.ms" => long(&mut config.segment_ms),
        "max.message.bytes" => size(&mut config.max_message_bytes),
        "message.timestamp.type" => {
            config.timestamp_type = match value {
                "LogAppendTime" => TimestampType::LogAppendTime,
                _ => TimestampType::CreateTime,
            }
        }
        "message.timestamp.before.max.ms" => long(&mut config.timestamp_before_max_ms),
        "message.timestamp.after.max.ms" => long(&mut config.timestamp_after_max_ms),
        "compression.type" => config.compression = compression(value),
        "flush.messages" => long(&mut config.flush_messages),
        "flush.ms" => long(&mut config.flush_ms),
        "min.insync.replicas" => {
            if let Ok(number) = value.parse() {
                config.min_insync_replicas = number;
            }
        }
        _ => {}
    }
}

fn compression(value: &str) -> CompressionType {
    match value {
        "uncompressed" => CompressionType::Always(Compression::None),
        "gzip" => CompressionType::Always(Compression::Gzip),
        "snappy" => CompressionType::Always(Compression::Snappy),
        "lz4" => CompressionType::Always(Compression::Lz4),
        "zstd" => CompressionType::Always(Compression::Zstd),
        _ => CompressionType::Producer,
    }
}
