//! How a consumer is configured: Kafka's names, defaults and messages.

#[cfg(test)]
mod tests;

use ottla_core::{GroupId, Timestamp};

use super::keys::{KEYS, refuse_what_is_not_served};
use crate::assignor::Assignor;
use crate::calendar::parse_duration_ms;
use crate::network::NetworkConfig;
use crate::properties::{ConfigError, Values};

/// A consumer's configuration. Each field is Kafka's key of the same name with `.` for `_`, unless it says otherwise.
#[derive(Debug, Clone)]
pub struct ConsumerConfig {
    /// `bootstrap.servers`, `client.id`, `request.timeout.ms`, `metadata.max.age.ms`, back-offs.
    pub network: NetworkConfig,
    /// The group; without one there is neither membership nor commit.
    pub group_id: Option<GroupId>,
    /// Makes a static member (KIP-345).
    pub group_instance_id: Option<String>,
    /// `partition.assignment.strategy`, in order of preference.
    pub assignors: Vec<Assignor>,
    /// After how long without a heartbeat the coordinator removes the member.
    pub session_timeout_ms: i32,
    /// How often a member says that it lives.
    pub heartbeat_interval_ms: i32,
    /// How long records may be worked on before the member leaves; also how long the group waits for it in a rebalance.
    pub max_poll_interval_ms: i32,
    /// Where to begin without a committed offset, and when it is out of range.
    pub auto_offset_reset: OffsetReset,
    /// Positions are committed in the background, before a rebalance and at the end.
    pub enable_auto_commit: bool,
    /// How often.
    pub auto_commit_interval_ms: i32,
    /// Whether records of open and aborted transactions are seen.
    pub isolation_level: IsolationLevel,
    /// A fetch is answered when there is this much,
    pub fetch_min_bytes: i32,
    /// or after this time.
    pub fetch_max_wait_ms: i32,
    /// The most in one answer, and the most that is kept for a slow user.
    pub fetch_max_bytes: i32,
    /// The most of one partition in one answer.
    pub max_partition_fetch_bytes: i32,
    /// The most that one poll returns.
    pub max_poll_records: i32,
    /// A batch's CRC is checked before its records are handed out.
    pub check_crcs: bool,
    /// The broker may create a topic that is asked for.
    pub allow_auto_create_topics: bool,
    /// A pattern does not match internal topics.
    pub exclude_internal_topics: bool,
    /// Where the consumer is, for assignors that look at it.
    pub client_rack: Option<String>,
    /// How long a commit is tried.
    pub default_api_timeout_ms: i32,
}

/// Where to begin without a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the log's start.
    Earliest,
    /// At the log's end.
    Latest,
    /// Nowhere: it is an error.
    None,
    /// At the first record that is not older than this many milliseconds (KIP-1106).
    ByDuration(i64),
}

/// Which records of transactions are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsolationLevel {
    /// All.
    ReadUncommitted,
    /// Those of committed ones, up to the first that is still open.
    ReadCommitted,
}

impl IsolationLevel {
    /// The number in the protocol.
    pub(super) fn number(self) -> i8 {
        match self {
            Self::ReadUncommitted => 0,
            Self::ReadCommitted => 1,
        }
    }
}

impl ConsumerConfig {
    /// Reads properties; a later one replaces an earlier one of the same name. The notes tell people which keys are not used.
    ///
    /// # Errors
    /// A value that cannot be, in Kafka's words; or a key whose meaning cannot be had here (TLS, SASL, KIP-848's protocol).
    pub fn from_properties<'a>(
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(Self, Vec<String>), ConfigError> {
        let values = KEYS.read(properties)?;
        refuse_what_is_not_served(&values)?;
        let group_id = values.text("group.id").map(GroupId::from);
        let auto_commit_is_set = values.is_set("enable.auto.commit");
        let auto_commit = values.flag("enable.auto.commit");
        if group_id.is_none() && auto_commit_is_set && auto_commit {
            return Err(ConfigError(
                "enable.auto.commit cannot be set to true when default group id (null) is used."
                    .to_owned(),
            ));
        }
        let session_timeout_ms = values.int("session.timeout.ms");
        let heartbeat_interval_ms = values.int("heartbeat.interval.ms");
        if heartbeat_interval_ms >= session_timeout_ms {
            return Err(ConfigError(
                "Heartbeat must be set lower than the session timeout".to_owned(),
            ));
        }
        let group_instance_id = values.text("group.instance.id").map(str::to_owned);
        if let Some(id) = &group_instance_id {
            check_instance_id(id)?;
        }
        let isolation_level = match values.text("isolation.level") {
            Some("read_committed") => IsolationLevel::ReadCommitted,
            _ => IsolationLevel::ReadUncommitted,
        };
        let config = Self {
            network: network(&values, group_id.as_ref(), group_instance_id.as_deref())?,
            assignors: assignors(values.list("partition.assignment.strategy"))?,
            session_timeout_ms,
            heartbeat_interval_ms,
            max_poll_interval_ms: values.int("max.poll.interval.ms"),
            auto_offset_reset: offset_reset(values.text("auto.offset.reset").unwrap_or("latest"))?,
            enable_auto_commit: auto_commit && group_id.is_some(),
            auto_commit_interval_ms: values.int("auto.commit.interval.ms"),
            isolation_level,
            fetch_min_bytes: values.int("fetch.min.bytes"),
            fetch_max_wait_ms: values.int("fetch.max.wait.ms"),
            fetch_max_bytes: values.int("fetch.max.bytes"),
            max_partition_fetch_bytes: values.int("max.partition.fetch.bytes"),
            max_poll_records: values.int("max.poll.records"),
            check_crcs: values.flag("check.crcs"),
            allow_auto_create_topics: values.flag("allow.auto.create.topics"),
            exclude_internal_topics: values.flag("exclude.internal.topics"),
            client_rack: values
                .text("client.rack")
                .filter(|rack| !rack.is_empty())
                .map(str::to_owned),
            default_api_timeout_ms: values.int("default.api.timeout.ms"),
            group_id,
            group_instance_id,
        };
        Ok((config, values.notes()))
    }

    /// All assignors can do without taking away what stays (KIP-429): only then does the group rebalance so.
    pub(super) fn is_cooperative(&self) -> bool {
        self.assignors
            .iter()
            .all(|assignor| assignor.is_cooperative())
    }
}

impl OffsetReset {
    /// The timestamp that asks ListOffsets for it, as the wall clock stands.
    pub(super) fn timestamp(self, wall: Timestamp) -> Option<i64> {
        match self {
            Self::Earliest => Some(super::reset::EARLIEST),
            Self::Latest => Some(super::reset::LATEST),
            Self::ByDuration(ms) => Some(wall.0.saturating_sub(ms).max(0)),
            Self::None => None,
        }
    }
}

fn network(
    values: &Values<'_>,
    group_id: Option<&GroupId>,
    instance_id: Option<&str>,
) -> Result<NetworkConfig, ConfigError> {
    let client_id = match values.text("client.id").filter(|id| !id.is_empty()) {
        Some(id) => id.to_owned(),
        None => format!(
            "consumer-{}-{}",
            group_id.map_or("null", |id| id.as_str()),
            instance_id.unwrap_or("1")
        ),
    };
    values.network(client_id)
}

/// Java's class names and the protocol's names.
fn assignors<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<Assignor>, ConfigError> {
    let mut found = Vec::new();
    for name in names {
        let assignor = Assignor::named(name).ok_or_else(|| {
            ConfigError(format!(
                "{name} is not one of the assignors that there are here: range, roundrobin, sticky, cooperative-sticky"
            ))
        })?;
        if found.contains(&assignor) {
            return Err(ConfigError(format!(
                "The assignor name: '{}' is used in more than one assignor: {name}",
                assignor.name()
            )));
        }
        found.push(assignor);
    }
    Ok(found)
}

fn offset_reset(text: &str) -> Result<OffsetReset, ConfigError> {
    let refuse = || {
        ConfigError(format!(
            "Invalid value {text} for configuration auto.offset.reset: Invalid value `{text}` for configuration auto.offset.reset. \
             The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'."
        ))
    };
    match text.to_ascii_lowercase().as_str() {
        "earliest" => Ok(OffsetReset::Earliest),
        "latest" => Ok(OffsetReset::Latest),
        "none" => Ok(OffsetReset::None),
        other => other
            .strip_prefix("by_duration:")
            .and_then(parse_duration_ms)
            .filter(|ms| *ms >= 0)
            .map(OffsetReset::ByDuration)
            .ok_or_else(refuse),
    }
}

/// As a topic's name: 249 characters of letters, digits, `.`, `_` and `-`.
fn check_instance_id(id: &str) -> Result<(), ConfigError> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let reason = match id {
        "" => "the empty string is not allowed".to_owned(),
        "." | ".." => format!("'{id}' is not allowed"),
        _ if id.len() > 249 => {
            format!("the length of '{id}' is longer than the max allowed length 249")
        }
        _ if !id.chars().all(is_legal) => format!(
            "'{id}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        ),
        _ => return Ok(()),
    };
    Err(ConfigError(format!(
        "Group instance id is invalid: {reason}"
    )))
}
