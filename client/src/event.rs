//! What happens inside a client, told for logs and pictures. Nothing depends on it: a shell may drop every event. `Display` gives a log line.

use std::fmt;

use crate::consumer::ConsumerEvent;
use crate::network::NetworkEvent;
use crate::producer::ProducerEvent;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Between the client and its brokers.
    Network(NetworkEvent),
    /// Inside a consumer.
    Consumer(ConsumerEvent),
    /// Inside a producer.
    Producer(ProducerEvent),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(event) => event.fmt(f),
            Self::Consumer(event) => event.fmt(f),
            Self::Producer(event) => event.fmt(f),
        }
    }
}

impl From<NetworkEvent> for Event {
    fn from(event: NetworkEvent) -> Self {
        Self::Network(event)
    }
}

impl From<ProducerEvent> for Event {
    fn from(event: ProducerEvent) -> Self {
        Self::Producer(event)
    }
}
