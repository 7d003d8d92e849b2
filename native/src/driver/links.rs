//! A program's links as sockets.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use ottla_client::{Address, LinkId, LinkInput, LinkOp};
use tokio::net::TcpStream;

/// All links that there are.
#[derive(Default)]
pub(super) struct Links {
    links: Vec<Link>,
    /// Who is asked first for news: each in its turn.
    turn: usize,
}

struct Link {
    id: LinkId,
    state: State,
    outgoing: VecDeque<Bytes>,
    /// The program is done with it; what is in `outgoing` is still sent.
    closing: bool,
}

enum State {
    Connecting(Pin<Box<dyn Future<Output = io::Result<TcpStream>>>>),
    Open {
        stream: TcpStream,
        incoming: Incoming,
    },
    /// To be told with the next news.
    Failed(String),
}

impl Links {
    pub(super) fn carry_out(&mut self, op: LinkOp) {
        match op {
            LinkOp::Connect(id, address) => self.links.push(Link {
                id,
                state: State::Connecting(Box::pin(connect(address))),
                outgoing: VecDeque::new(),
                closing: false,
            }),
            LinkOp::Send(id, bytes) => {
                if let Some(link) = self.find(id) {
                    link.outgoing.push_back(bytes);
                }
            }
            LinkOp::Close(id) => {
                if let Some(link) = self.find(id) {
                    link.closing = true;
                }
            }
        }
    }

    /// Writes what the sockets take.
    pub(super) fn flush(&mut self) {
        for link in &mut self.links {
            link.flush();
        }
        self.links.retain(|link| !link.is_done());
    }

    /// The next news.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<LinkInput> {
        let count = self.links.len();
        for step in 0..count {
            let index = (self.turn + step) % count;
            let link = &mut self.links[index];
            let Poll::Ready(news) = link.poll(context) else {
                continue;
            };
            let is_wanted = !link.closing;
            if matches!(news, LinkInput::Closed(..)) {
                self.links.remove(index);
            }
            self.turn = index + 1;
            if is_wanted {
                return Poll::Ready(news);
            }
            // The order has changed: from the start.
            return self.poll(context);
        }
        Poll::Pending
    }

    /// Whether everything is out that is to be sent.
    pub(super) fn poll_all_sent(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut all_sent = true;
        for link in &mut self.links {
            let has_more = matches!(link.state, State::Open { .. });
            all_sent &= !has_more || link.poll_sent(context).is_ready();
        }
        match all_sent {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    fn find(&mut self, id: LinkId) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.id == id)
    }
}

impl Link {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<LinkInput> {
        // A link that nobody can write to has nothing more to say either.
        let _ = self.poll_sent(context);
        match &mut self.state {
            State::Connecting(connecting) => {
                let connected = ready!(connecting.as_mut().poll(context));
                match connected {
                    Ok(stream) => {
                        let incoming = Incoming::default();
                        self.state = State::Open { stream, incoming };
                        Poll::Ready(LinkInput::Connected(self.id))
                    }
                    Err(error) => Poll::Ready(LinkInput::Closed(self.id, in_words(&error))),
                }
            }
            State::Open { .. } if self.closing => match self.outgoing.is_empty() {
                true => Poll::Ready(LinkInput::Closed(self.id, String::new())),
                false => Poll::Pending,
            },
            State::Open { stream, incoming } => match ready!(incoming.poll(stream, context)) {
                Ok(bytes) if bytes.is_empty() => Poll::Ready(LinkInput::Closed(
                    self.id,
                    "closed by the other side".to_owned(),
                )),
                Ok(bytes) => Poll::Ready(LinkInput::Received(self.id, bytes)),
                Err(error) => Poll::Ready(LinkInput::Closed(self.id, in_words(&error))),
            },
            State::Failed(why) => Poll::Ready(LinkInput::Closed(self.id, std::mem::take(why))),
        }
    }

    /// Waits until the socket has taken everything.
    fn poll_sent(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            self.flush();
            let State::Open { stream, .. } = &self.state else {
                return Poll::Pending;
            };
            if self.outgoing.is_empty() {
                return Poll::Ready(());
            }
            if let Err(error) = ready!(stream.poll_write_ready(context)) {
                self.state = State::Failed(in_words(&error));
            }
        }
    }

    fn flush(&mut self) {
        let State::Open { stream, .. } = &self.state else {
            return;
        };
        while !self.outgoing.is_empty() {
            let mut slices = [IoSlice::new(&[]); GATHERED];
            let filled = slices.iter_mut().zip(&self.outgoing);
            let count = filled
                .map(|(slice, bytes)| *slice = IoSlice::new(bytes))
                .count();
            match stream.try_write_vectored(&slices[..count]) {
                Ok(sent) => advance(&mut self.outgoing, sent),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => {
                    self.state = State::Failed(in_words(&error));
                    return;
                }
            }
        }
    }

    /// Nothing is left to do, and nobody waits for news.
    fn is_done(&self) -> bool {
        self.closing
            && match self.state {
                State::Open { .. } => self.outgoing.is_empty(),
                // What was to be sent can only be sent once it is connected.
                State::Connecting(_) => self.outgoing.is_empty(),
                State::Failed(_) => true,
            }
    }
}

fn advance(outgoing: &mut VecDeque<Bytes>, mut sent: usize) {
    while let Some(first) = outgoing.front_mut() {
        if sent < first.len() {
            first.advance(sent);
            return;
        }
        sent -= first.len();
        outgoing.pop_front();
    }
}

/// Bytes that come. The buffer grows with what there is to read by one call.
struct Incoming {
    buffer: BytesMut,
    read_bytes: usize,
}

impl Default for Incoming {
    fn default() -> Incoming {
        Incoming {
            buffer: BytesMut::new(),
            read_bytes: READ_BYTES_MIN,
        }
    }
}

impl Incoming {
    /// Nothing is the end.
    fn poll(&mut self, stream: &TcpStream, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        loop {
            ready!(stream.poll_read_ready(context))?;
            if self.buffer.capacity() - self.buffer.len() < READ_BYTES_MIN {
                self.buffer.reserve(self.read_bytes);
            }
            let room_bytes = self.buffer.capacity() - self.buffer.len();
            match stream.try_read_buf(&mut self.buffer) {
                Ok(count) => {
                    if count == room_bytes {
                        self.read_bytes = (2 * self.read_bytes).min(READ_BYTES_MAX);
                    }
                    return Poll::Ready(Ok(self.buffer.split().freeze()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

async fn connect(address: Address) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Why a link has ended, for people.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "closed by the other side (connection reset)".to_owned(),
        io::ErrorKind::BrokenPipe => "closed by the other side".to_owned(),
        io::ErrorKind::TimedOut => "no answer from that address".to_owned(),
        io::ErrorKind::HostUnreachable => "no route to that host".to_owned(),
        io::ErrorKind::NetworkUnreachable => "no route to that network".to_owned(),
        // Errors of the resolver come without a kind.
        _ if error.raw_os_error().is_none() => {
            let text = error.to_string();
            match text.split_once("failed to lookup address information: ") {
                Some((_, why)) => format!("the name is not known: {why}"),
                None => text,
            }
        }
        _ => error.to_string(),
    }
}

/// So many pieces go into one system call.
const GATHERED: usize = 64;
const READ_BYTES_MIN: usize = 16 << 10;
const READ_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const ID: LinkId = LinkId {
        owner: 0,
        serial: 7,
    };

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(test);
    }

    async fn news(links: &mut Links) -> LinkInput {
        poll_fn(|context| links.poll(context)).await
    }

    async fn listening() -> (TcpListener, Address) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let host = "127.0.0.1".to_owned();
        (listener, Address { host, port })
    }

    #[test]
    fn a_link_carries_bytes_both_ways_until_it_is_closed() {
        run(async {
            let (listener, address) = listening().await;
            let mut links = Links::default();
            links.carry_out(LinkOp::Connect(ID, address));
            assert_eq!(news(&mut links).await, LinkInput::Connected(ID));
            let (mut broker, _) = listener.accept().await.unwrap();

            let request = Bytes::from(vec![7; 10 << 20]);
            links.carry_out(LinkOp::Send(ID, request.clone()));
            links.carry_out(LinkOp::Send(ID, Bytes::from_static(b"and more")));
            links.flush();
            let mut arrived = vec![0; request.len() + 8];
            let reading = tokio::spawn(async move {
                broker.read_exact(&mut arrived).await.unwrap();
                broker.write_all(b"answer").await.unwrap();
                (broker, arrived)
            });
            let answer = LinkInput::Received(ID, Bytes::from_static(b"answer"));
            assert_eq!(news(&mut links).await, answer);
            let (mut broker, arrived) = reading.await.unwrap();
            assert!(arrived.ends_with(b"and more"));

            links.carry_out(LinkOp::Send(ID, Bytes::from_static(b"last")));
            links.carry_out(LinkOp::Close(ID));
            links.flush();
            let mut rest = Vec::new();
            broker.read_to_end(&mut rest).await.unwrap();
            assert_eq!(rest, b"last");
            assert!(links.links.is_empty());
        });
    }

    #[test]
    fn an_end_is_told_with_its_reason_and_once() {
        run(async {
            let (listener, address) = listening().await;
            let mut links = Links::default();
            links.carry_out(LinkOp::Connect(ID, address.clone()));
            assert_eq!(news(&mut links).await, LinkInput::Connected(ID));
            drop(listener.accept().await.unwrap());
            let closed = LinkInput::Closed(ID, "closed by the other side".to_owned());
            assert_eq!(news(&mut links).await, closed);
            assert!(links.links.is_empty());

            drop(listener);
            links.carry_out(LinkOp::Connect(ID, address));
            let refused = LinkInput::Closed(ID, "connection refused".to_owned());
            assert_eq!(news(&mut links).await, refused);
            let address = Address {
                host: "no-such-host.invalid".to_owned(),
                port: 1,
            };
            links.carry_out(LinkOp::Connect(ID, address));
            let LinkInput::Closed(_, why) = news(&mut links).await else {
                panic!("connected to nowhere");
            };
            assert!(why.starts_with("the name is not known"), "{why}");
        });
    }
}
