//! How a client deals with its brokers.

use crate::backoff::Backoff;
use crate::interface::Address;

/// How a client deals with its brokers. Field for field Kafka's client configuration, with its defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkConfig {
    /// `bootstrap.servers`: whom to ask who is there. Not empty.
    pub bootstrap: Vec<Address>,
    /// `client.id`.
    pub client_id: String,
    /// `request.timeout.ms`: how long to wait until a request can be sent, and then for its answer.
    pub request_timeout_ms: i64,
    /// `reconnect.backoff.ms`: the wait after a first failure to connect; it doubles from there.
    pub reconnect_backoff_ms: i64,
    /// `reconnect.backoff.max.ms`.
    pub reconnect_backoff_max_ms: i64,
    /// `retry.backoff.ms`: the wait before metadata or a coordinator is asked for again; it doubles from there.
    pub retry_backoff_ms: i64,
    /// `retry.backoff.max.ms`.
    pub retry_backoff_max_ms: i64,
    /// `metadata.max.age.ms`: after this long metadata is fetched anew without a reason.
    pub metadata_max_age_ms: i64,
    /// `max.in.flight.requests.per.connection`: at least 1.
    pub max_in_flight: usize,
    /// The largest answer that is taken (Kafka's clients have no limit; its brokers' `socket.request.max.bytes` is 100 MiB).
    pub frame_max_bytes: usize,
    /// `socket.connection.setup.timeout.ms`: how long a link may take to be made.
    pub connect_timeout_ms: i64,
}

impl NetworkConfig {
    /// How long someone with whom a connection was made may take to say which versions it speaks: whoever takes longer is no broker.
    pub(super) fn setup_timeout_ms(&self) -> i64 {
        self.request_timeout_ms.min(self.connect_timeout_ms)
    }

    /// Kafka's defaults.
    pub fn new(bootstrap: Vec<Address>) -> Self {
        Self {
            bootstrap,
            client_id: String::new(),
            request_timeout_ms: 30_000,
            reconnect_backoff_ms: 50,
            reconnect_backoff_max_ms: 1000,
            retry_backoff_ms: 100,
            retry_backoff_max_ms: 1000,
            metadata_max_age_ms: 300_000,
            max_in_flight: 5,
            frame_max_bytes: 100 << 20,
            connect_timeout_ms: 10_000,
        }
    }

    /// Reads `bootstrap.servers`: addresses separated by commas. The error is a sentence for people.
    pub fn parse_bootstrap(text: &str) -> Result<Vec<Address>, String> {
        let addresses = text
            .split(',')
            .map(str::trim)
            .filter(|address| !address.is_empty());
        let addresses: Vec<Address> = addresses.map(str::parse).collect::<Result<_, _>>()?;
        match addresses.is_empty() {
            true => Err("no bootstrap broker is named: write host:port".into()),
            false => Ok(addresses),
        }
    }

    pub(super) fn reconnect_backoff(&self) -> Backoff {
        Backoff {
            base_ms: self.reconnect_backoff_ms,
            max_ms: self.reconnect_backoff_max_ms,
        }
    }

    pub(super) fn retry_backoff(&self) -> Backoff {
        Backoff {
            base_ms: self.retry_backoff_ms,
            max_ms: self.retry_backoff_max_ms,
        }
    }
}
