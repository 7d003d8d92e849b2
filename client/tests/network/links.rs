//! The other end of a link: who is there, and how bytes become frames.

use bytes::{Buf, Bytes, BytesMut};
use ottla_client::Address;
use ottla_core::ConnectionId;
use ottla_wire::{Client, Endpoint};

/// What someone does who listens.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// It is the broker.
    Serve,
    /// It says what the made-up cluster says.
    Cluster,
    /// It takes everything and says nothing.
    Silent,
    /// Whatever comes first, it says this.
    Say(Bytes),
    /// It closes the link when something comes.
    HangUp,
    /// It says which versions it speaks, and closes the link at any other request: a listener that asks for SASL.
    OnlyVersions,
}

pub(crate) struct Link {
    pub(crate) behaviour: Behaviour,
    pub(crate) connection: ConnectionId,
    pub(crate) sent: BytesMut,
    pub(crate) breaks_after: Option<usize>,
}

pub(crate) fn client(dialled: &Address) -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: dialled.host.clone(),
            port: dialled.port,
        },
    }
}

pub(crate) fn take_frame(sent: &mut BytesMut) -> Option<Bytes> {
    let size = sent
        .get(..4)?
        .try_into()
        .map(i32::from_be_bytes)
        .expect("four bytes") as usize;
    (sent.len() >= 4 + size).then(|| {
        sent.advance(4);
        sent.split_to(size).freeze()
    })
}
