//! Standard input, read by a thread: it may be a file, a pipe or a terminal, and only a thread can wait for all of them.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll};

use bytes::Bytes;
use ottla_client::command::ProgramInput;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What comes in. The thread reads only what it was asked for, so nothing is taken from whoever reads after this program.
#[derive(Default)]
pub(super) struct Stdin {
    reader: Option<Reader>,
    ended: bool,
}

struct Reader {
    wanted: Sender<()>,
    chunks: UnboundedReceiver<io::Result<Bytes>>,
    /// So many chunks were asked for and have not come.
    asked: usize,
}

impl Stdin {
    /// The next chunk, or the end, which is told once.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<ProgramInput> {
        if self.ended {
            return Poll::Pending;
        }
        let reader = self.reader.get_or_insert_with(Reader::start);
        while reader.asked < AHEAD {
            // A reader that has ended has said so.
            let _ = reader.wanted.send(());
            reader.asked += 1;
        }
        match reader.chunks.poll_recv(context) {
            Poll::Ready(Some(Ok(chunk))) if !chunk.is_empty() => {
                reader.asked -= 1;
                Poll::Ready(ProgramInput::Stdin(chunk))
            }
            Poll::Ready(end) => {
                if let Some(Err(error)) = end {
                    eprintln!("ottla: cannot read standard input: {error}");
                }
                self.ended = true;
                Poll::Ready(ProgramInput::StdinEnded)
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Reader {
    fn start() -> Reader {
        let (wanted, requests) = channel();
        let (sender, chunks) = unbounded_channel();
        // Without a thread the sender is gone, and that is the end of the input.
        let _ = std::thread::Builder::new()
            .name("ottla-stdin".to_owned())
            .spawn(move || read(&requests, &sender));
        Reader {
            wanted,
            chunks,
            asked: 0,
        }
    }
}

/// Until the end, an error, or nobody wants more.
fn read(requests: &Receiver<()>, chunks: &UnboundedSender<io::Result<Bytes>>) {
    while requests.recv().is_ok() {
        let chunk = read_chunk();
        let is_last = !matches!(&chunk, Ok(bytes) if !bytes.is_empty());
        if chunks.send(chunk).is_err() || is_last {
            return;
        }
    }
}

fn read_chunk() -> io::Result<Bytes> {
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    loop {
        let room = rustix::buffer::spare_capacity(&mut chunk);
        match rustix::io::read(rustix::stdio::stdin(), room) {
            Ok(_) => return Ok(chunk.into()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// While one chunk is worked on, the next is read.
const AHEAD: usize = 2;
const CHUNK_BYTES: usize = 256 << 10;
