//! Frames as they went over a link, and their fields.

use bytes::Bytes;
use ottla_client::LinkId;
use ottla_core::Instant;

use crate::Direction;

/// A whole frame that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// No other frame of this world has it; the flight of this frame has the same.
    pub id: u64,
    /// When it was sent, and when it arrives.
    pub sent_at: Instant,
    /// When its last byte arrives.
    pub arrives_at: Instant,
    /// On which link, and whose.
    pub link: LinkId,
    /// The client's name.
    pub client: std::sync::Arc<str>,
    /// Which way.
    pub direction: Direction,
    /// API key, version and correlation id: of an answer, those of its request.
    pub api_key: i16,
    /// The version.
    pub api_version: i16,
    /// Pairs a request and its answer.
    pub correlation_id: i32,
    /// All of it, with the four bytes of its size.
    pub bytes: Bytes,
}

/// A field of a frame, with those inside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As Kafka's schema names it: `session_timeout_ms`.
    pub name: String,
    /// Its value, for people; empty if it only holds others.
    pub value: String,
    /// Which bytes of the frame it is.
    pub bytes: std::ops::Range<usize>,
    /// The fields inside.
    pub fields: Vec<Field>,
}
