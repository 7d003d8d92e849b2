//! One blocking connection.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::Result;

/// A socket and what was read from it but not yet looked at.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// What is unread lies in `buffer[start..end]`.
    start: usize,
    end: usize,
    sent: i32,
}

impl Connection {
    /// Connects to a broker on this machine. An answer that takes more than half a minute is an error.
    pub fn open(port: u16) -> Result<Connection> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Connection {
            stream,
            buffer: vec![0; 64 * 1024],
            start: 0,
            end: 0,
            sent: 0,
        })
    }

    /// Sends a request and waits for its answer's body.
    pub fn call(&mut self, mut frame: Vec<u8>) -> Result<&[u8]> {
        self.sent += 1;
        frame[8..12].copy_from_slice(&self.sent.to_be_bytes());
        self.send(&frame)?;
        self.receive()
    }

    /// Sends bytes as they are: one frame or several.
    pub fn send(&mut self, frames: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(frames)?)
    }

    /// The next answer, without its size and correlation id.
    pub fn receive(&mut self) -> Result<&[u8]> {
        self.fill(4)?;
        let size = u32::from_be_bytes(self.buffer[self.start..self.start + 4].try_into()?) as usize;
        self.fill(4 + size)?;
        let frame = self.start + 4..self.start + 4 + size;
        self.start = frame.end;
        self.buffer
            .get(frame.start + 4..frame.end)
            .ok_or("an answer without a correlation id".into())
    }

    /// Reads until `bytes` are there.
    fn fill(&mut self, bytes: usize) -> Result<()> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.start + bytes > self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            self.buffer.resize(self.buffer.len().max(bytes), 0);
        }
        while self.end - self.start < bytes {
            match self.stream.read(&mut self.buffer[self.end..])? {
                0 => return Err("the broker closed the connection".into()),
                read => self.end += read,
            }
        }
        Ok(())
    }
}
