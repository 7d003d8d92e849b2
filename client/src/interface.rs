//! What a client and its shell say to each other. The shell owns the links (sockets, or simulated ones); the client owns their meaning.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use crate::event::Event;
use crate::producer::Delivery;

/// A link to a broker, named by the client that asked for it and never used again after its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId {
    /// Which of a program's clients it belongs to: each has its own connections.
    pub owner: u32,
    /// Counted by that client.
    pub serial: u32,
}

/// Where a broker listens: a host name or an IP address, and a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// A name or an address; IPv6 without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl FromStr for Address {
    type Err = String;

    /// `host:port`, with IPv6 addresses in brackets.
    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || format!("{text:?} is not an address: write host:port");
        let (host, port) = text.rsplit_once(':').ok_or_else(invalid)?;
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or_else(invalid)?,
            None if host.contains(':') => return Err(invalid()),
            None => host,
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(invalid());
        }
        let port = port.parse().map_err(|_| invalid())?;
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.owner, self.serial)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// What a client is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Something happened on a link.
    Link(LinkInput),
    /// Time has passed. Ticks may come early, late or for nothing.
    Tick,
}

/// What happens on a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkInput {
    /// The link that [`LinkOp::Connect`] asked for is there.
    Connected(LinkId),
    /// Bytes came, cut anywhere.
    Received(LinkId, Bytes),
    /// The link could not be made, or has ended; nothing more comes from it. The text says why, for people ("connection refused").
    Closed(LinkId, String),
}

impl LinkInput {
    /// The link on which it happens.
    pub fn link(&self) -> LinkId {
        match self {
            Self::Connected(link) | Self::Received(link, _) | Self::Closed(link, _) => *link,
        }
    }
}

/// What a client wants of its shell, and what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To be done with a link.
    Link(LinkOp),
    /// Something happened: for logs and pictures. Nothing depends on it.
    Event(Event),
    /// What became of records that a producer has taken.
    Delivered(Delivery),
}

/// What is to be done with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkOp {
    /// Make it. Answered by `Connected` or `Closed`.
    Connect(LinkId, Address),
    /// Send bytes, behind all that were sent before.
    Send(LinkId, Bytes),
    /// End it, once what was sent is out. Not answered.
    Close(LinkId),
}

impl LinkOp {
    /// The link that is meant.
    pub fn link(&self) -> LinkId {
        match self {
            Self::Connect(link, _) | Self::Send(link, _) | Self::Close(link) => *link,
        }
    }
}
