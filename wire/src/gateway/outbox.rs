use bytes::{BufMut, Bytes, BytesMut};
use ottla_core::{ConnectionId, Event};

/// What comes out of a gateway: answers in the order in which they are to be written, and the story of what happened.
#[derive(Debug, Clone)]
pub struct Outbox<E> {
    answers: Vec<(ConnectionId, Answer<E>)>,
    events: Option<Vec<Event>>,
}

/// What happens to a connection.
#[derive(Debug, Clone)]
pub enum Answer<E> {
    /// Write this.
    Frame(Frame<E>),
    /// A request without an answer is done (`acks=0`).
    Nothing,
    /// Close the connection when everything before is written.
    Close,
}

/// An answer, with its length in front, as pieces that are to be written one after the other.
#[derive(Debug, Clone)]
pub struct Frame<E> {
    /// The pieces; none is empty.
    pub chunks: Vec<Chunk<E>>,
}

/// A piece of a frame.
#[derive(Debug, Clone)]
pub enum Chunk<E> {
    /// These bytes.
    Bytes(Bytes),
    /// Records, where the store has found them.
    Stored(E),
}

impl Frame<Vec<Bytes>> {
    /// The frame in one piece, where the store is memory.
    pub fn into_bytes(self) -> Bytes {
        let mut bytes = BytesMut::new();
        for chunk in self.chunks {
            match chunk {
                Chunk::Bytes(piece) => bytes.put(piece),
                Chunk::Stored(pieces) => pieces.into_iter().for_each(|piece| bytes.put(piece)),
            }
        }
        bytes.freeze()
    }
}

impl<E> Outbox<E> {
    /// An outbox that keeps events too.
    pub fn with_events() -> Self {
        Self {
            answers: Vec::new(),
            events: Some(Vec::new()),
        }
    }

    /// Takes the answers.
    pub fn drain(&mut self) -> impl Iterator<Item = (ConnectionId, Answer<E>)> {
        self.answers.drain(..)
    }

    /// Takes the events. None unless the outbox was made to keep them.
    pub fn drain_events(&mut self) -> impl Iterator<Item = Event> {
        self.events.iter_mut().flat_map(|events| events.drain(..))
    }

    pub(super) fn answer(&mut self, connection: ConnectionId, answer: Answer<E>) {
        self.answers.push((connection, answer));
    }

    pub(super) fn event(&mut self, event: Event) {
        if let Some(events) = &mut self.events {
            events.push(event);
        }
    }
}

impl<E> Default for Outbox<E> {
    fn default() -> Self {
        Self {
            answers: Vec::new(),
            events: None,
        }
    }
}

impl<E> From<Bytes> for Frame<E> {
    fn from(bytes: Bytes) -> Self {
        Self {
            chunks: vec![Chunk::Bytes(bytes)],
        }
    }
}
