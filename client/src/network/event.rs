//! What happens between a client and its brokers, told for logs and pictures.

use std::fmt;

use kafka_protocol::messages::ApiKey;

use super::call::{BrokerId, CoordinatorKey};
use crate::interface::{Address, LinkId};

/// One of the connections that a client may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// To the how many-th address of `bootstrap.servers`, from 0.
    Bootstrap(usize),
    /// To a broker, for records and questions.
    Broker(BrokerId),
    /// To a broker as a coordinator.
    Coordinator(BrokerId),
}

impl Peer {
    /// The broker's number, if it is known.
    pub fn broker(self) -> Option<BrokerId> {
        match self {
            Self::Bootstrap(_) => None,
            Self::Broker(id) | Self::Coordinator(id) => Some(id),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bootstrap(index) => write!(f, "bootstrap broker {}", index + 1),
            Self::Broker(id) => write!(f, "broker {id}"),
            Self::Coordinator(id) => write!(f, "coordinator {id}"),
        }
    }
}

/// What happens between a client and its brokers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkEvent {
    /// A link is being made.
    Connecting {
        /// The link.
        link: LinkId,
        /// Whose.
        peer: Peer,
        /// Where to.
        address: Address,
    },
    /// The broker has told which versions it speaks: the connection can be used.
    Ready {
        /// The link.
        link: LinkId,
        /// Whose.
        peer: Peer,
    },
    /// A connection has ended, or could not be made.
    Disconnected {
        /// The link.
        link: LinkId,
        /// Whose.
        peer: Peer,
        /// Where to.
        address: Address,
        /// Why, for people.
        reason: String,
        /// How long it will not be tried again, in milliseconds.
        backoff_ms: i64,
    },
    /// A request has been sent.
    RequestSent {
        /// The link.
        link: LinkId,
        /// To whom.
        peer: Peer,
        /// What.
        api: ApiKey,
        /// In which version.
        version: i16,
        /// Its number on the link.
        correlation_id: i32,
        /// The frame's size, with its length.
        size_bytes: usize,
    },
    /// An answer has come.
    ResponseReceived {
        /// The link.
        link: LinkId,
        /// From whom.
        peer: Peer,
        /// To what.
        api: ApiKey,
        /// In which version.
        version: i16,
        /// The request's number on the link.
        correlation_id: i32,
        /// The frame's size, with its length.
        size_bytes: usize,
        /// How long the answer took, in microseconds.
        waited_us: u64,
    },
    /// The cluster has told about itself.
    MetadataUpdated {
        /// How often by now.
        epoch: u64,
        /// How many brokers there are.
        brokers_count: usize,
        /// How many topics were told about.
        topics_count: usize,
    },
    /// The cluster has named a coordinator.
    CoordinatorFound {
        /// Whose.
        key: CoordinatorKey,
        /// Who.
        broker: BrokerId,
        /// Where.
        address: Address,
    },
    /// A coordinator is not, or not reachable, any more.
    CoordinatorForgotten {
        /// Whose.
        key: CoordinatorKey,
    },
}

impl fmt::Display for NetworkEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connecting { peer, address, .. } => {
                write!(f, "connecting to {peer} at {address}")
            }
            Self::Ready { peer, .. } => write!(f, "connected to {peer}"),
            Self::Disconnected {
                peer,
                address,
                reason,
                backoff_ms,
                ..
            } => write!(
                f,
                "disconnected from {peer} at {address}: {reason} (not tried again for {backoff_ms} ms)"
            ),
            Self::RequestSent {
                peer,
                api,
                version,
                correlation_id,
                size_bytes,
                ..
            } => write!(
                f,
                "{api:?} v{version} to {peer}, request {correlation_id}, {size_bytes} bytes"
            ),
            Self::ResponseReceived {
                peer,
                api,
                version,
                correlation_id,
                size_bytes,
                waited_us,
                ..
            } => write!(
                f,
                "{api:?} v{version} answered by {peer}, request {correlation_id}, {size_bytes} bytes, after {waited_us} us"
            ),
            Self::MetadataUpdated {
                epoch,
                brokers_count,
                topics_count,
            } => write!(
                f,
                "metadata {epoch}: {brokers_count} brokers, {topics_count} topics"
            ),
            Self::CoordinatorFound {
                key,
                broker,
                address,
            } => write!(
                f,
                "the coordinator of {key} is broker {broker} at {address}"
            ),
            Self::CoordinatorForgotten { key } => {
                write!(f, "the coordinator of {key} is not known any more")
            }
        }
    }
}
