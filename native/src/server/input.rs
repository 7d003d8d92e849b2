//! Bytes from a client, cut into frames. Memory is taken as the bytes arrive, not as they are announced.

use std::io;
use std::sync::Arc;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::limits::{Limits, Refusal};

/// A frame's size comes first, in four bytes.
const SIZE_BYTES: usize = 4;
/// A new connection's buffer.
const SMALL_BYTES: usize = 4 * 1024;
/// The buffer of a connection that sends more than that; a larger frame grows it by doubling.
const LARGE_BYTES: usize = 128 * 1024;

/// What has arrived and is not handed on yet.
#[derive(Debug)]
pub(crate) struct Input {
    buffer: BytesMut,
    limits: Arc<Limits>,
    /// What this buffer counts for in the limits.
    counted_bytes: usize,
}

impl Input {
    pub(crate) fn new(limits: Arc<Limits>) -> Input {
        Input {
            buffer: BytesMut::new(),
            limits,
            counted_bytes: 0,
        }
    }

    /// Waits for bytes; 0 is the end. May be dropped while it waits.
    pub(crate) async fn read(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
    ) -> io::Result<usize> {
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(SMALL_BYTES);
        }
        stream.read_buf(&mut self.buffer).await
    }

    /// The next whole frame, without its size.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Bytes>, Refusal> {
        let Some(first) = self.buffer.first_chunk::<SIZE_BYTES>() else {
            return Ok(None);
        };
        let size = i32::from_be_bytes(*first);
        let limit = self.limits.frame_bytes;
        let frame_bytes = match usize::try_from(size) {
            Ok(bytes) if bytes > limit => {
                let too_large = Refusal::FrameTooLarge {
                    announced: bytes,
                    limit,
                };
                return Err(Refusal::of_other_protocol(*first).unwrap_or(too_large));
            }
            Ok(bytes) if bytes > 0 => bytes,
            _ => return Err(Refusal::NoFrame(size)),
        };
        let whole_bytes = SIZE_BYTES + frame_bytes;
        if self.buffer.len() < whole_bytes {
            self.make_room(whole_bytes)?;
            return Ok(None);
        }
        self.buffer.advance(SIZE_BYTES);
        let frame = self.buffer.split_to(frame_bytes).freeze();
        if self.buffer.is_empty() && self.counted_bytes > 0 {
            // A large frame's buffer goes with the frame.
            self.buffer = BytesMut::new();
            self.limits
                .release_input(std::mem::take(&mut self.counted_bytes));
        }
        Ok(Some(frame))
    }

    /// Makes room for the rest of a frame, but at most for as much again as has come.
    fn make_room(&mut self, whole_bytes: usize) -> Result<(), Refusal> {
        let wanted_bytes = if whole_bytes <= LARGE_BYTES {
            // Several such frames are often on their way: read them by one call.
            if whole_bytes > SMALL_BYTES {
                LARGE_BYTES
            } else {
                SMALL_BYTES
            }
        } else {
            whole_bytes.min((2 * self.buffer.len()).max(LARGE_BYTES))
        };
        if wanted_bytes > LARGE_BYTES && wanted_bytes > self.counted_bytes {
            self.limits.take_input(wanted_bytes - self.counted_bytes)?;
            self.counted_bytes = wanted_bytes;
        }
        if self.buffer.capacity() < wanted_bytes {
            self.buffer.reserve(wanted_bytes - self.buffer.len());
        }
        Ok(())
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.limits.release_input(self.counted_bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use super::*;

    fn input(frame_bytes: usize, input_bytes: u64) -> Input {
        Input::new(Arc::new(Limits {
            frame_bytes,
            input_bytes,
            connections: 1,
            idle: Duration::MAX,
            input_bytes_taken: AtomicU64::new(0),
            connections_open: AtomicUsize::new(0),
        }))
    }

    #[test]
    fn frames_come_out_whole_however_the_bytes_arrive() {
        let mut stream = Vec::new();
        for size in [1_u32, 7, 300, 5000] {
            stream.extend(size.to_be_bytes());
            stream.extend(std::iter::repeat_n(
                u8::try_from(size % 251).unwrap(),
                size as usize,
            ));
        }
        for piece_bytes in [1, 3, 64, 10_000] {
            let mut input = input(10_000, 10_000_000);
            let mut sizes = Vec::new();
            for piece in stream.chunks(piece_bytes) {
                input.buffer.extend_from_slice(piece);
                while let Some(frame) = input.next_frame().unwrap() {
                    sizes.push(frame.len());
                }
            }
            assert_eq!(sizes, [1, 7, 300, 5000], "in pieces of {piece_bytes} bytes");
        }
    }

    #[test]
    fn a_frame_over_the_limit_is_refused_before_its_bytes_come() {
        let mut input = input(100, 1000);
        input.buffer.extend_from_slice(&i32::MAX.to_be_bytes());
        let refusal = input.next_frame().unwrap_err();
        assert_eq!(
            refusal,
            Refusal::FrameTooLarge {
                announced: 2_147_483_647,
                limit: 100
            }
        );
    }

    #[test]
    fn the_usual_visitors_of_a_wrong_port_are_named() {
        for (first, name) in [
            (&b"GET / HTTP/1.1"[..], "HTTP"),
            (&[0x16, 3, 1, 2, 0, 1], "TLS"),
        ] {
            let mut input = input(100, 1000);
            input.buffer.extend_from_slice(first);
            let message = input.next_frame().unwrap_err().to_string();
            assert!(message.contains(&format!("it speaks {name},")), "{message}");
        }
    }

    #[test]
    fn no_size_is_told_apart_from_a_large_one() {
        for bytes in [[0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff]] {
            let mut input = input(100, 1000);
            input.buffer.extend_from_slice(&bytes);
            assert!(matches!(input.next_frame(), Err(Refusal::NoFrame(_))));
        }
    }

    #[test]
    fn memory_is_taken_as_bytes_arrive_not_as_they_are_announced() {
        let mut input = input(100 << 20, 200 << 20);
        input
            .buffer
            .extend_from_slice(&(90_i32 << 20).to_be_bytes());
        input.buffer.extend_from_slice(b"a few bytes");
        assert_eq!(input.next_frame(), Ok(None));
        assert!(input.buffer.capacity() < 1 << 20);
    }

    #[test]
    fn unfinished_frames_share_a_limit() {
        let mut input = input(100 << 20, 1 << 20);
        input
            .buffer
            .extend_from_slice(&(90_i32 << 20).to_be_bytes());
        input.buffer.extend_from_slice(&vec![0; 1 << 20]);
        assert_eq!(input.next_frame(), Err(Refusal::TooManyBytes(1 << 20)));
    }
}
