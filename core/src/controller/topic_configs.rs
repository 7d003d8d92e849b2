use std::sync::Arc;

use super::Metadata;
use crate::config::{TOPIC_KEYS, Values, topic_key};
use crate::{ApiError, ErrorCode};

/// The configuration of a topic that is to be created; of a key that is given twice, the last value.
pub(super) fn new_topic_configs(
    metadata: &Metadata,
    configs: &[(String, Option<String>)],
) -> Result<Values, ApiError> {
    let nulls: Vec<&str> = configs
        .iter()
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| &**name)
        .collect();
    if !nulls.is_empty() {
        return Err(invalid(format!(
            "Null value not supported for topic configs: {}",
            nulls.join(",")
        )));
    }
    let values = configs
        .iter()
        .filter_map(|(name, value)| Some((Arc::from(&**name), Arc::from(value.as_deref()?))))
        .collect();
    check_topic_configs(metadata, &values)?;
    Ok(values)
}

/// Checks a topic's whole configuration; INVALID_CONFIG in Kafka's words if it is wrong.
pub(super) fn check_topic_configs(metadata: &Metadata, values: &Values) -> Result<(), ApiError> {
    for name in values.keys() {
        if topic_key(name).is_none() {
            return Err(invalid(format!("Unknown topic config name: {name}")));
        }
    }
    for (name, value) in values {
        if let Some(Err(refusal)) = topic_key(name).map(|key| key.validate(value)) {
            return Err(invalid(refusal.to_string()));
        }
    }
    let is_remote = |(name, value): (&Arc<str>, &Arc<str>)| {
        &**name == "remote.storage.enable" && value.trim().eq_ignore_ascii_case("true")
    };
    if values.iter().any(is_remote) {
        return Err(invalid(
            "Tiered Storage functionality is disabled in the broker. \
             Topic cannot be configured with remote log storage."
                .to_owned(),
        ));
    }
    let lags = ["min.compaction.lag.ms", "max.compaction.lag.ms"].map(|name| {
        let set = values.get(name).map(|value| value.to_string());
        let value = set.unwrap_or_else(|| default(metadata, name));
        value.trim().parse::<i64>().unwrap_or_default()
    });
    if lags[0] > lags[1] {
        return Err(invalid(format!(
            "conflict topic config setting min.compaction.lag.ms ({}) > max.compaction.lag.ms ({})",
            lags[0], lags[1]
        )));
    }
    Ok(())
}

fn default(metadata: &Metadata, name: &str) -> String {
    let key = TOPIC_KEYS.iter().find(|key| key.name == name);
    key.map(|key| metadata.layers().topic_default(key))
        .unwrap_or_default()
}

fn invalid(message: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidConfig, message)
}
