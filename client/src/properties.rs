//! Reading a client's properties: Kafka's names, defaults and messages.

use ottla_core::config::{Check, Importance, Key, Kind, Update};
use ottla_core::sorted::Map;

use crate::interface::Address;
use crate::network::NetworkConfig;

/// What is wrong with a configuration, for people, in the words of Kafka's `ConfigException` where it has some.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// The keys that a kind of client knows.
pub(crate) struct Keys {
    /// For notes: "a producer".
    pub(crate) of: &'static str,
    /// What is read, besides what all clients have.
    pub(crate) rows: &'static [Row],
    /// What Apache Kafka's client knows and means nothing here, besides what all clients have, and whether or not its value is checked above.
    pub(crate) inert: &'static [&'static str],
}

/// Name, type, default and limits of a key. `None` is Kafka's null.
pub(crate) type Row = (&'static str, Kind, Option<&'static str>, Check);

/// Checked values, by key.
pub(crate) struct Values<'a> {
    keys: &'static Keys,
    given: Map<&'a str, &'a str>,
    notes: Vec<String>,
}

impl Keys {
    /// Reads properties; a later one replaces an earlier one of the same name.
    pub(crate) fn read<'a>(
        &'static self,
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Values<'a>, ConfigError> {
        let mut given = Map::new();
        let mut notes = Vec::new();
        for (name, value) in properties {
            let value = value.trim();
            let row = self.row(name);
            if let Some((name, kind, default, check)) = row {
                let key = key(name, kind, default, check);
                key.validate(value)
                    .map_err(|refusal| ConfigError(refusal.to_string()))?;
                given.insert(name, value);
            }
            let is_inert = self.inert.contains(&name)
                || INERT.contains(&name)
                || INERT_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
            if is_inert {
                notes.push(format!("{name} has no effect here"));
            } else if row.is_none() {
                notes.push(format!("{name} is not a key of {}: ignored", self.of));
            }
        }
        Ok(Values {
            keys: self,
            given,
            notes,
        })
    }

    fn row(&self, name: &str) -> Option<Row> {
        let mut rows = self.rows.iter().chain(ROWS);
        rows.find(|row| row.0 == name).copied()
    }
}

impl<'a> Values<'a> {
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The value, or its default.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let given = self.given.get(name).copied();
        given.or_else(|| self.keys.row(name).and_then(|row| row.2))
    }

    pub(crate) fn long(&self, name: &str) -> i64 {
        self.text(name)
            .and_then(|text| text.parse().ok())
            .expect("a number has been checked, and has a default")
    }

    pub(crate) fn int(&self, name: &str) -> i32 {
        i32::try_from(self.long(name)).expect("an int has been checked")
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let words = self.text(name).unwrap_or_default().split(',');
        words.map(str::trim).filter(|word| !word.is_empty())
    }

    /// `bootstrap.servers`.
    fn bootstrap(&self) -> Result<Vec<Address>, ConfigError> {
        if !self.is_set("bootstrap.servers") {
            return Err(ConfigError(
                "Missing required configuration \"bootstrap.servers\" which has no default value."
                    .to_owned(),
            ));
        }
        let servers = self.list("bootstrap.servers").map(address);
        let addresses: Vec<Address> = servers.collect::<Result<_, _>>()?;
        match addresses.is_empty() {
            true => Err(ConfigError(
                "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value"
                    .to_owned(),
            )),
            false => Ok(addresses),
        }
    }

    /// What a client of any kind is told of its network.
    pub(crate) fn network(&self, client_id: String) -> Result<NetworkConfig, ConfigError> {
        Ok(NetworkConfig {
            client_id,
            request_timeout_ms: self.long("request.timeout.ms"),
            reconnect_backoff_ms: self.long("reconnect.backoff.ms"),
            reconnect_backoff_max_ms: self.long("reconnect.backoff.max.ms"),
            retry_backoff_ms: self.long("retry.backoff.ms"),
            retry_backoff_max_ms: self.long("retry.backoff.max.ms"),
            metadata_max_age_ms: self.long("metadata.max.age.ms"),
            connect_timeout_ms: self.long("socket.connection.setup.timeout.ms"),
            ..NetworkConfig::new(self.bootstrap()?)
        })
    }

    /// `security.protocol`: anything but PLAINTEXT would silently mean something else here.
    pub(crate) fn refuse_security(&self) -> Result<(), ConfigError> {
        let protocol = self.text("security.protocol").unwrap_or("PLAINTEXT");
        match protocol.eq_ignore_ascii_case("plaintext") {
            true => Ok(()),
            false => Err(ConfigError(format!(
                "security.protocol={protocol} is not served here: only PLAINTEXT is"
            ))),
        }
    }

    /// What people should know of keys without use.
    pub(crate) fn notes(self) -> Vec<String> {
        self.notes
    }
}

fn address(text: &str) -> Result<Address, ConfigError> {
    text.parse().map_err(|_| {
        let port = text.rsplit_once(':').map_or("", |(_, port)| port);
        let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let what = if is_number { "port" } else { "url" };
        ConfigError(format!("Invalid {what} in bootstrap.servers: {text}"))
    })
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

/// What all of Kafka's clients have.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    ("bootstrap.servers", Kind::List, None, Check::Any),
    ("client.id", Kind::String, Some(""), Check::Any),
    ("metadata.max.age.ms", Kind::Long, Some("300000"), Check::AtLeast(0)),
    ("reconnect.backoff.max.ms", Kind::Long, Some("1000"), Check::AtLeast(0)),
    ("reconnect.backoff.ms", Kind::Long, Some("50"), Check::AtLeast(0)),
    ("request.timeout.ms", Kind::Int, Some("30000"), Check::AtLeast(0)),
    ("retry.backoff.max.ms", Kind::Long, Some("1000"), Check::AtLeast(0)),
    ("retry.backoff.ms", Kind::Long, Some("100"), Check::AtLeast(0)),
    ("security.protocol", Kind::String, Some("PLAINTEXT"), Check::Any),
    ("socket.connection.setup.timeout.ms", Kind::Long, Some("10000"), Check::Any),
];

/// What means nothing here because there are no classes to load, sockets are the shell's, and nothing is measured.
const INERT: &[&str] = &[
    "client.dns.lookup",
    "config.providers",
    "connections.max.idle.ms",
    "enable.metrics.push",
    "interceptor.classes",
    "metadata.recovery.rebootstrap.trigger.ms",
    "metadata.recovery.strategy",
    "metric.reporters",
    "metrics.num.samples",
    "metrics.recording.level",
    "metrics.sample.window.ms",
    "receive.buffer.bytes",
    "security.providers",
    "send.buffer.bytes",
    "socket.connection.setup.timeout.max.ms",
];

const INERT_PREFIXES: &[&str] = &["sasl.", "ssl."];
