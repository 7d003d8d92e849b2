//! One client: its frames in, its answers out.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use ottla_core::ConnectionId;
use ottla_wire::Client;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::input::Input;
use super::outgoing::{Flushed, Outgoing};
use super::shared::Shared;

/// What others need of a connection: whoever completes an answer writes it, so that no thread is woken for it.
pub(crate) struct Peer {
    stream: OwnedWriteHalf,
    outgoing: Mutex<Outgoing>,
    /// The connection's own task has something to do: wait until the socket takes more, read on, or close.
    attention: Notify,
    /// The gateway has enough requests of this connection for now.
    paused: AtomicBool,
}

impl Peer {
    /// Where answers are queued. Held while one is written.
    pub(crate) fn outgoing(&self) -> MutexGuard<'_, Outgoing> {
        self.outgoing.lock().expect("no one panics while writing")
    }

    /// Writes what the socket takes. From any thread.
    pub(crate) fn flush(&self) {
        match self.outgoing().flush(self.stream.as_ref()) {
            Ok(Flushed::All) => {}
            Ok(Flushed::Blocked | Flushed::Close) | Err(_) => self.attention.notify_one(),
        }
    }

    /// Says whether the gateway takes more requests.
    pub(crate) fn pause(&self, paused: bool) {
        if self.paused.swap(paused, Ordering::Relaxed) && !paused {
            self.attention.notify_one();
        }
    }
}

/// Serves a client until it is gone.
pub(crate) async fn serve(shared: &Arc<Shared>, stream: TcpStream, address: SocketAddr) {
    let Ok(dialled) = stream.local_addr() else {
        return;
    };
    // A client waits for its answer: nothing is gained by waiting for more to send.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (incoming, stream) = stream.into_split();
    let peer = Arc::new(Peer {
        stream,
        outgoing: Mutex::new(Outgoing::default()),
        attention: Notify::new(),
        paused: AtomicBool::new(false),
    });
    let client = shared.client(address, dialled);
    let id = shared.connect(client.clone(), Arc::clone(&peer));
    let input = Input::new(Arc::clone(shared.limits()));
    let mut connection = Connection {
        id,
        address,
        client,
        peer,
        incoming,
        input,
        shared: Arc::clone(shared),
    };
    match connection.run().await {
        Ok(end) => tracing::debug!("{address}: {end}"),
        Err(error) => tracing::debug!("{address}: {error}"),
    }
    shared.disconnect(id);
}

struct Connection {
    id: ConnectionId,
    /// Whose it is, for messages.
    address: SocketAddr,
    client: Client,
    peer: Arc<Peer>,
    shared: Arc<Shared>,
    incoming: OwnedReadHalf,
    input: Input,
}

/// Why a connection ended without an I/O error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Client,
    Idle,
    Refused,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            End::Client => "the client has closed the connection",
            End::Idle => "closed, for it was idle for connections.max.idle.ms",
            End::Refused => "closed, for what it sent cannot be understood or answered",
        })
    }
}

impl Connection {
    async fn run(&mut self) -> io::Result<End> {
        let idle = self.shared.limits().idle;
        let mut idle_since = Instant::now();
        let alarm = sleep_until(idle_since + idle);
        tokio::pin!(alarm);
        loop {
            if let Some(end) = self.handle_frames()? {
                return Ok(end);
            }
            let (blocked, closing) = {
                let outgoing = self.peer.outgoing();
                (!outgoing.is_empty(), outgoing.is_closing())
            };
            if closing && !blocked {
                return Ok(End::Refused);
            }
            // A client that does not read its answers is not read either.
            let may_read = !blocked && !closing && !self.peer.paused.load(Ordering::Relaxed);
            let peer = Arc::clone(&self.peer);
            tokio::select! {
                biased;
                read = self.input.read(&mut self.incoming), if may_read => {
                    if read? == 0 {
                        return Ok(End::Client);
                    }
                    idle_since = Instant::now();
                }
                () = peer.attention.notified() => {}
                ready = peer.stream.ready(Interest::WRITABLE), if blocked => {
                    ready?;
                    self.peer.outgoing().flush(peer.stream.as_ref())?;
                    idle_since = Instant::now();
                }
                () = &mut alarm => {
                    if idle_since.elapsed() >= idle {
                        return Ok(End::Idle);
                    }
                    alarm.as_mut().reset(idle_since + idle);
                }
            }
        }
    }

    /// Hands complete frames to the gateway, in order, for as long as it takes them.
    fn handle_frames(&mut self) -> io::Result<Option<End>> {
        while !self.peer.paused.load(Ordering::Relaxed) {
            match self.input.next_frame() {
                Ok(Some(frame)) => {
                    if let Err(malformed) = self.shared.receive(self.id, &self.client, frame) {
                        tracing::warn!("closed the connection of {}: {malformed}", self.address);
                    }
                }
                Ok(None) => break,
                Err(refusal) => {
                    // What came before is answered all the same.
                    self.peer.outgoing().flush(self.peer.stream.as_ref())?;
                    tracing::warn!("closed the connection of {}: {refusal}", self.address);
                    return Ok(Some(End::Refused));
                }
            }
        }
        self.peer.outgoing().flush(self.peer.stream.as_ref())?;
        Ok(None)
    }
}
