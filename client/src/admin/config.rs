//! Which cluster is asked, and how long.

use crate::interface::Address;

/// How an [`Admin`](super::Admin) asks. Kafka's keys and defaults, but for `patience_ms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminConfig {
    /// `bootstrap.servers`: where to begin.
    pub bootstrap: Vec<Address>,
    /// `client.id`.
    pub client_id: String,
    /// `socket.connection.setup.timeout.ms`: how long a broker may take until it says which versions it speaks.
    pub connect_timeout_ms: i64,
    /// `request.timeout.ms`: how long one answer may take.
    pub request_timeout_ms: i64,
    /// `default.api.timeout.ms`: how long a question is tried, from asking to answer.
    pub api_timeout_ms: i64,
    /// How long to go on trying while no broker can be reached at all. Kafka's tools try for `api_timeout_ms`; a person at a terminal who
    /// has forgotten to start the broker is told at once (0).
    pub patience_ms: i64,
}

impl AdminConfig {
    /// Kafka's defaults.
    pub fn new(bootstrap: Vec<Address>) -> Self {
        Self {
            bootstrap,
            client_id: "ottla".to_owned(),
            connect_timeout_ms: 10_000,
            request_timeout_ms: 30_000,
            api_timeout_ms: 60_000,
            patience_ms: 60_000,
        }
    }
}
