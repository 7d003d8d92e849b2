//! The byte streams of connections, where one owner holds them all: cut into frames, answered in order.

use std::collections::VecDeque;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_core::sorted::Map;
use ottla_core::{ConnectionId, Event, Instant, LogId, Now, Offset};

use crate::frame::{Call, Client};
use crate::gateway::{Answer, Gateway, Outbox};
use crate::store::Store;

/// A gateway whose records lie in memory, and the byte streams of its connections.
///
/// The owner brings bytes, and takes whole frames out to look at them before they become calls:
///
/// ```text
///   received ─▶ next_frame ─▶ (the owner: decode, or something else) ─▶ call ─▶ next_frame ─▶ … ─▶ take_output
/// ```
///
/// A frame that was taken holds up its connection until its call is handed in: so an owner can let a request wait.
/// After anything that was brought, [`next_frame`](Self::next_frame) is to be asked until there is none.
#[derive(Debug, Clone)]
pub struct Streams<S: Store<Extent = Vec<Bytes>>> {
    gateway: Gateway<S>,
    outbox: Outbox<Vec<Bytes>>,
    streams: Map<ConnectionId, Stream>,
    /// Answers that have not been looked at.
    answers: VecDeque<(ConnectionId, Answer<Vec<Bytes>>)>,
    /// Connections on which there may be a whole frame, in the order in which they came to it.
    readable: VecDeque<ConnectionId>,
    output: Vec<(ConnectionId, Written)>,
}

/// What a connection is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// These bytes: a whole answer.
    Bytes(Bytes),
    /// The end, when everything before is written. The connection is forgotten already.
    Close,
}

#[derive(Debug, Clone)]
struct Stream {
    client: Client,
    received: BytesMut,
    /// The owner has a frame, and has not handed in its call.
    is_held: bool,
}

impl<S: Store<Extent = Vec<Bytes>>> Streams<S> {
    /// No connections yet. The gateway's events are kept for [`take_events`](Self::take_events).
    pub fn new(gateway: Gateway<S>) -> Self {
        Self {
            gateway,
            outbox: Outbox::with_events(),
            streams: Map::new(),
            answers: VecDeque::new(),
            readable: VecDeque::new(),
            output: Vec::new(),
        }
    }

    /// The gateway, to look at.
    pub fn gateway(&self) -> &Gateway<S> {
        &self.gateway
    }

    /// The store, for its own housekeeping.
    pub fn store_mut(&mut self) -> &mut S {
        self.gateway.store_mut()
    }

    /// Stops in an orderly way: see [`Gateway::close`].
    pub fn close(&mut self) {
        self.gateway.close();
    }

    /// A client has connected.
    pub fn connect(&mut self, client: Client) -> ConnectionId {
        let connection = self.gateway.connect(client.clone());
        let stream = Stream {
            client,
            received: BytesMut::new(),
            is_held: false,
        };
        self.streams.insert(connection, stream);
        connection
    }

    /// A client's bytes. Those of a connection that is closed are dropped.
    pub fn received(&mut self, connection: ConnectionId, bytes: &[u8]) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.received.put(bytes);
            self.readable.push_back(connection);
        }
    }

    /// A client is gone. A frame of its that the owner has is not to be answered any more.
    pub fn disconnect(&mut self, now: Now, connection: ConnectionId) {
        if self.streams.remove(&connection).is_some() {
            self.gateway.disconnect(now, connection, &mut self.outbox);
        }
    }

    /// The client at the other end of a connection that is open.
    pub fn client(&self, connection: ConnectionId) -> Option<&Client> {
        Some(&self.streams.get(&connection)?.client)
    }

    /// The connections that are open.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.streams.keys().copied()
    }

    /// The next whole frame, without its length, of a connection whose turn it is. `None` when everything is done that can be done.
    ///
    /// A length that no frame has closes the connection when everything before is answered.
    pub fn next_frame(&mut self, now: Now) -> Option<(ConnectionId, Bytes)> {
        loop {
            while let Some(connection) = self.readable.front().copied() {
                match self.cut(connection) {
                    Some(Ok(frame)) => return Some((connection, frame)),
                    Some(Err(NoFrame)) => self.call(now, connection, Call::close()),
                    None => {
                        self.readable.pop_front();
                    }
                }
            }
            if self.answers.is_empty() {
                self.answers.extend(self.outbox.drain());
            }
            let (connection, answer) = self.answers.pop_front()?;
            self.write(now, connection, answer);
        }
    }

    /// Hands in the call of the frame that was taken from a connection.
    pub fn call(&mut self, now: Now, connection: ConnectionId, call: Call) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.is_held = false;
            self.gateway
                .receive(now, connection, call, &mut self.outbox);
            if self.readable.front() != Some(&connection) {
                self.readable.push_back(connection);
            }
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: Now) {
        self.gateway.tick(now, &mut self.outbox);
    }

    /// When [`tick`](Self::tick) could next change anything.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.gateway.next_deadline()
    }

    /// The store has kept its promise: see [`Gateway::stored`].
    pub fn stored(&mut self, now: Now, log: LogId, through: Offset) {
        self.gateway.stored(now, log, through, &mut self.outbox);
    }

    /// What is to be written, in order.
    pub fn take_output(&mut self) -> Vec<(ConnectionId, Written)> {
        std::mem::take(&mut self.output)
    }

    /// What has happened, in order.
    pub fn take_events(&mut self) -> impl Iterator<Item = Event> {
        self.outbox.drain_events()
    }

    /// The next frame of a connection that may have one more in flight.
    fn cut(&mut self, connection: ConnectionId) -> Option<Result<Bytes, NoFrame>> {
        let stream = self.streams.get_mut(&connection)?;
        if stream.is_held || !self.gateway.wants_more(connection) {
            return None;
        }
        let size_bytes_max = self.gateway.broker().config().socket_request_max_bytes;
        let size_bytes = stream.received.get(..4)?;
        let size_bytes = i32::from_be_bytes(size_bytes.try_into().expect("four bytes"));
        let Some(size_bytes) = usize::try_from(size_bytes)
            .ok()
            .filter(|_| size_bytes <= size_bytes_max)
        else {
            return Some(Err(NoFrame));
        };
        if stream.received.len() < 4 + size_bytes {
            return None;
        }
        stream.received.advance(4);
        stream.is_held = true;
        Some(Ok(stream.received.split_to(size_bytes).freeze()))
    }

    /// Each answer may let its connection's next request begin.
    fn write(&mut self, now: Now, connection: ConnectionId, answer: Answer<Vec<Bytes>>) {
        if !self.streams.contains_key(&connection) {
            return;
        }
        match answer {
            Answer::Frame(frame) => {
                let written = Written::Bytes(frame.into_bytes());
                self.output.push((connection, written));
                self.readable.push_back(connection);
            }
            Answer::Nothing => self.readable.push_back(connection),
            Answer::Close => {
                self.disconnect(now, connection);
                self.output.push((connection, Written::Close));
            }
        }
    }
}

/// The size in front of it is none.
struct NoFrame;
