//! What clients may take: everything has a limit, and going over it closes the connection that does, with a line that names the setting.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use ottla_core::config::Config;

/// All unfinished frames together, where nothing else is configured.
const INPUT_BYTES_MAX: u64 = 1 << 30;
/// A century is never.
const NEVER_MS: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// The limits of a server, and what is taken of them.
#[derive(Debug)]
pub(crate) struct Limits {
    /// `socket.request.max.bytes`.
    pub(crate) frame_bytes: usize,
    /// `queued.max.request.bytes`: all unfinished frames together.
    pub(crate) input_bytes: u64,
    /// `max.connections`.
    pub(crate) connections: usize,
    /// `connections.max.idle.ms`.
    pub(crate) idle: Duration,
    pub(crate) input_bytes_taken: AtomicU64,
    pub(crate) connections_open: AtomicUsize,
}

/// A client went over a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The first four bytes are those of another protocol.
    #[error("it speaks {protocol}, and this port speaks Kafka's protocol in plain text{remedy}")]
    OtherProtocol {
        /// Its name.
        protocol: &'static str,
        /// What the person can do.
        remedy: &'static str,
    },
    /// The first four bytes are no size: this is not the Kafka protocol.
    #[error("{0} is no size of a Kafka request (is this a client of another protocol, or TLS?)")]
    NoFrame(i32),
    /// A frame announces too much.
    #[error("it announced a request of {announced} bytes; socket.request.max.bytes={limit}")]
    FrameTooLarge {
        /// The frame's size.
        announced: usize,
        /// The limit.
        limit: usize,
    },
    /// All unfinished frames together have taken too much.
    #[error("unfinished requests fill queued.max.request.bytes={0}")]
    TooManyBytes(u64),
}

impl Refusal {
    /// Names the usual visitors of a wrong port by the four bytes that they send first.
    pub(crate) fn of_other_protocol(first: [u8; 4]) -> Option<Refusal> {
        let (protocol, remedy) = match &first {
            [0x16, 0x03, ..] => ("TLS", "; the client needs security.protocol=PLAINTEXT"),
            b"GET " | b"HEAD" | b"POST" | b"PUT " | b"OPTI" | b"PRI " => ("HTTP", ""),
            _ => return None,
        };
        Some(Refusal::OtherProtocol { protocol, remedy })
    }
}

impl Limits {
    /// The limits of a configuration, with nothing taken yet.
    pub(crate) fn new(config: &Config) -> Limits {
        let or_none = |limit: Option<i64>| limit.and_then(|limit| u64::try_from(limit).ok());
        Limits {
            frame_bytes: usize::try_from(config.socket_request_max_bytes).unwrap_or(0),
            input_bytes: or_none(config.queued_max_request_bytes).unwrap_or(INPUT_BYTES_MAX),
            connections: config.max_connections,
            idle: Duration::from_millis(
                or_none(config.connections_max_idle_ms).unwrap_or(NEVER_MS),
            ),
            input_bytes_taken: AtomicU64::new(0),
            connections_open: AtomicUsize::new(0),
        }
    }

    /// Counts bytes that a connection wants to hold.
    pub(crate) fn take_input(&self, bytes: usize) -> Result<(), Refusal> {
        let bytes = bytes as u64;
        let before = self.input_bytes_taken.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.input_bytes {
            self.input_bytes_taken.fetch_sub(bytes, Ordering::Relaxed);
            return Err(Refusal::TooManyBytes(self.input_bytes));
        }
        Ok(())
    }

    /// Gives them back.
    pub(crate) fn release_input(&self, bytes: usize) {
        self.input_bytes_taken
            .fetch_sub(bytes as u64, Ordering::Relaxed);
    }
}
