//! Standard output. Little is written at once; much is written by a thread, for whoever reads it may be slow.

use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll};

use bytes::Bytes;
use ottla_client::command::ProgramInput;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::FileType;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What goes out, and whether anybody still reads it.
pub(super) struct Stdout {
    /// Not handed on yet.
    queued: Vec<Bytes>,
    queued_bytes: usize,
    writer: Option<Writer>,
    /// Why nothing can be written any more.
    failure: Option<io::Error>,
    /// The program knows of the failure.
    is_told: bool,
    /// The program was told to wait.
    is_full: bool,
    /// Says when the reader of a pipe is gone.
    reader: Option<AsyncFd<OwnedFd>>,
}

struct Writer {
    texts: Sender<Vec<Bytes>>,
    written: UnboundedReceiver<io::Result<usize>>,
    unwritten_bytes: usize,
}

impl Stdout {
    pub(super) fn new() -> Stdout {
        Stdout {
            queued: Vec::new(),
            queued_bytes: 0,
            writer: None,
            failure: None,
            is_told: false,
            is_full: false,
            reader: watched(),
        }
    }

    pub(super) fn push(&mut self, text: Bytes) {
        if self.failure.is_none() && !text.is_empty() {
            self.queued_bytes += text.len();
            self.queued.push(text);
        }
    }

    /// Writes what was pushed, or hands it to the thread.
    pub(super) fn flush(&mut self) {
        if self.queued.is_empty() {
            return;
        }
        let texts = std::mem::take(&mut self.queued);
        let bytes = std::mem::take(&mut self.queued_bytes);
        let is_small = bytes <= AT_ONCE_BYTES && is_writable();
        match &mut self.writer {
            None if is_small => self.failure = write(texts).err(),
            writer => writer
                .get_or_insert_with(Writer::start)
                .hand_on(texts, bytes),
        }
    }

    /// What the program is to know: that the output is closed, that it is full, that there is room again.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<ProgramInput> {
        self.poll_writer(context);
        if self.failure.is_none()
            && let Some(reader) = &self.reader
            && reader.poll_write_ready(context).is_ready()
        {
            self.failure = Some(io::ErrorKind::BrokenPipe.into());
        }
        if self.failure.is_some() {
            return match std::mem::replace(&mut self.is_told, true) {
                false => Poll::Ready(ProgramInput::StdoutClosed),
                true => Poll::Pending,
            };
        }
        let unwritten_bytes = self
            .writer
            .as_ref()
            .map_or(0, |writer| writer.unwritten_bytes);
        let is_full = match self.is_full {
            false => unwritten_bytes > FULL_BYTES,
            true => unwritten_bytes > FULL_BYTES / 2,
        };
        if is_full != std::mem::replace(&mut self.is_full, is_full) {
            return Poll::Ready(match is_full {
                true => ProgramInput::StdoutFull,
                false => ProgramInput::StdoutReady,
            });
        }
        Poll::Pending
    }

    /// Waits until everything is written, or nothing can be any more.
    pub(super) fn poll_all_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flush();
        self.poll_writer(context);
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Err(error));
        }
        match self
            .writer
            .as_ref()
            .is_none_or(|writer| writer.unwritten_bytes == 0)
        {
            true => Poll::Ready(Ok(())),
            false => Poll::Pending,
        }
    }

    fn poll_writer(&mut self, context: &mut Context<'_>) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        while let Poll::Ready(Some(written)) = writer.written.poll_recv(context) {
            match written {
                Ok(bytes) => writer.unwritten_bytes -= bytes,
                Err(error) => drop(self.failure.get_or_insert(error)),
            }
        }
    }
}

impl Writer {
    fn start() -> Writer {
        let (texts, received) = channel();
        let (sender, written) = unbounded_channel();
        // Without a thread nobody answers, and that is the end of the output.
        let _ = std::thread::Builder::new()
            .name("ottla-stdout".to_owned())
            .spawn(move || write_all(&received, &sender));
        Writer {
            texts,
            written,
            unwritten_bytes: 0,
        }
    }

    fn hand_on(&mut self, texts: Vec<Bytes>, bytes: usize) {
        // Who has ended has said why.
        if self.texts.send(texts).is_ok() {
            self.unwritten_bytes += bytes;
        }
    }
}

/// Until an error, or nobody writes any more.
fn write_all(texts: &Receiver<Vec<Bytes>>, written: &UnboundedSender<io::Result<usize>>) {
    while let Ok(mut batch) = texts.recv() {
        batch.extend(texts.try_iter().flatten());
        let bytes = batch.iter().map(Bytes::len).sum();
        let outcome = write(batch);
        let has_failed = outcome.is_err();
        if written.send(outcome.map(|()| bytes)).is_err() || has_failed {
            return;
        }
    }
}

/// Writes texts by as few system calls as may be.
fn write(texts: Vec<Bytes>) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = texts.iter().map(|text| IoSlice::new(text)).collect();
    let mut rest = &mut slices[..];
    while !rest.is_empty() {
        let count = rest.len().min(GATHERED);
        match rustix::io::writev(rustix::stdio::stdout(), &rest[..count]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(sent) => IoSlice::advance_slices(&mut rest, sent),
            Err(rustix::io::Errno::INTR) => {}
            // Somebody else has made the terminal or the pipe non-blocking.
            Err(rustix::io::Errno::AGAIN) => {
                wait_until_writable(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether a small text can be written without waiting.
fn is_writable() -> bool {
    wait_until_writable(Some(&Timespec::default()))
}

fn wait_until_writable(limit: Option<&Timespec>) -> bool {
    let stdout = rustix::stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    rustix::event::poll(&mut fds, limit).is_ok_and(|ready| ready > 0)
}

/// A pipe or a socket, watched for the end of its reader. Files and terminals are not watched: they have none that could go.
fn watched() -> Option<AsyncFd<OwnedFd>> {
    let stdout = rustix::stdio::stdout();
    let file_type = FileType::from_raw_mode(rustix::fs::fstat(stdout).ok()?.st_mode);
    if !matches!(file_type, FileType::Fifo | FileType::Socket) {
        return None;
    }
    let own = stdout.try_clone_to_owned().ok()?;
    #[expect(
        deprecated,
        reason = "what replaces it is unsafe for types that may lie about their descriptor; this one owns it"
    )]
    AsyncFd::with_interest(own, Interest::ERROR).ok()
}

/// As much as any pipe takes at once.
const AT_ONCE_BYTES: usize = 4096;
/// So much may wait for a slow reader.
const FULL_BYTES: usize = 4 << 20;
const GATHERED: usize = 512;
