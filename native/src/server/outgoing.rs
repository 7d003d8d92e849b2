//! What is still to be written to a connection: bytes by `writev`, ranges of files by `sendfile`.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf as _, Bytes};
use rustix::net::SendFlags;
use tokio::io::Interest;
use tokio::net::TcpStream;

use crate::store::FileRange;

/// Something to be written.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Memory(Bytes),
    File(FileRange),
}

/// The queue of a connection.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    chunks: VecDeque<Piece>,
    /// Close the connection once all is written.
    closing: bool,
}

/// How far a flush has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushed {
    /// Everything is written.
    All,
    /// The client must read first.
    Blocked,
    /// Everything is written, and the connection is to be closed.
    Close,
}

/// So many chunks go into one system call.
const GATHERED_CHUNKS: usize = 32;

impl Outgoing {
    pub(crate) fn push(&mut self, chunk: Piece) {
        if self.closing {
            return;
        }
        match &chunk {
            Piece::Memory(bytes) if bytes.is_empty() => {}
            Piece::File(range) if range.len == 0 => {}
            _ => self.chunks.push_back(chunk),
        }
    }

    /// Nothing after what is queued now will be written.
    pub(crate) fn close(&mut self) {
        self.closing = true;
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Writes as much as the socket takes now.
    pub(crate) fn flush(&mut self, stream: &TcpStream) -> io::Result<Flushed> {
        while !self.chunks.is_empty() {
            match stream.try_io(Interest::WRITABLE, || self.write_some(stream)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Flushed::Blocked);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(if self.closing {
            Flushed::Close
        } else {
            Flushed::All
        })
    }

    fn write_some(&mut self, stream: &TcpStream) -> io::Result<()> {
        match self.chunks.front_mut() {
            Some(Piece::File(range)) => {
                let wanted = range.len as usize;
                let sent =
                    rustix::fs::sendfile(stream, &*range.file, Some(&mut range.position), wanted)?;
                if sent == 0 {
                    // The file is shorter than the engine believes: the frame cannot be completed any more.
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "a segment is shorter than its log",
                    ));
                }
                range.len -= u32::try_from(sent).expect("no more is sent than was asked for");
                if range.len == 0 {
                    self.chunks.pop_front();
                }
            }
            _ => {
                let sent = self.write_memory(stream)?;
                self.advance(sent);
            }
        }
        Ok(())
    }

    /// Writes the chunks before the next file range; says so to the kernel when a file follows, that both may share a segment.
    fn write_memory(&self, stream: &TcpStream) -> io::Result<usize> {
        let memory = self.chunks.iter().map_while(|chunk| match chunk {
            Piece::Memory(bytes) => Some(IoSlice::new(bytes)),
            Piece::File(_) => None,
        });
        let slices: Vec<IoSlice<'_>> = memory.take(GATHERED_CHUNKS).collect();
        let flags = if slices.len() < self.chunks.len() {
            SendFlags::NOSIGNAL | SendFlags::MORE
        } else {
            SendFlags::NOSIGNAL
        };
        if let [only] = slices.as_slice() {
            return Ok(rustix::net::send(stream, only, flags)?);
        }
        let mut control = rustix::net::SendAncillaryBuffer::default();
        Ok(rustix::net::sendmsg(stream, &slices, &mut control, flags)?)
    }

    fn advance(&mut self, mut sent: usize) {
        while sent > 0
            && let Some(Piece::Memory(bytes)) = self.chunks.front_mut()
        {
            let part = sent.min(bytes.len());
            bytes.advance(part);
            sent -= part;
            if bytes.is_empty() {
                self.chunks.pop_front();
            }
        }
    }
}
