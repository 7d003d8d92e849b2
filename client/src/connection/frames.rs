//! Frames out of bytes that come cut anywhere, and what the other side most likely is if they are none.

use bytes::{Buf, Bytes, BytesMut};

/// Cuts a stream of bytes into frames. Memory is taken as bytes arrive, not as they are announced.
#[derive(Debug, Clone)]
pub(super) struct Frames {
    /// The beginning of a frame that has not come as a whole.
    partial: BytesMut,
    /// What came last and is not looked at yet.
    fresh: Bytes,
    size_max_bytes: usize,
}

impl Frames {
    pub(super) fn new(size_max_bytes: usize) -> Self {
        Self {
            partial: BytesMut::new(),
            fresh: Bytes::new(),
            size_max_bytes,
        }
    }

    /// Takes bytes; to be called when [`next`](Self::next) has nothing more.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if self.fresh.is_empty() {
            self.fresh = bytes;
        } else {
            self.partial.extend_from_slice(&self.fresh);
            self.fresh = bytes;
        }
    }

    /// The next whole frame: its correlation id, and what stands behind it.
    pub(super) fn next(&mut self) -> Result<Option<(i32, Bytes)>, String> {
        if !self.gather(SIZE_FIELD_BYTES) {
            return Ok(None);
        }
        let size = self.size()?;
        if !self.gather(SIZE_FIELD_BYTES + size) {
            return Ok(None);
        }
        let mut frame = match self.partial.is_empty() {
            true => self.fresh.split_to(SIZE_FIELD_BYTES + size),
            false => self.partial.split_to(SIZE_FIELD_BYTES + size).freeze(),
        };
        frame.advance(SIZE_FIELD_BYTES);
        Ok(Some((frame.get_i32(), frame)))
    }

    /// Whether a frame's first `count` bytes are there in one piece. A frame that came as a whole is not copied.
    fn gather(&mut self, count: usize) -> bool {
        if self.partial.is_empty() && self.fresh.len() >= count {
            return true;
        }
        let missing = count.saturating_sub(self.partial.len());
        let more = self.fresh.split_to(missing.min(self.fresh.len()));
        self.partial.extend_from_slice(&more);
        self.partial.len() >= count
    }

    fn size(&self) -> Result<usize, String> {
        let head = match self.partial.is_empty() {
            true => &self.fresh[..SIZE_FIELD_BYTES],
            false => &self.partial[..SIZE_FIELD_BYTES],
        };
        let head = [head[0], head[1], head[2], head[3]];
        let size = i32::from_be_bytes(head);
        match usize::try_from(size) {
            Ok(bytes) if (CORRELATION_ID_BYTES..=self.size_max_bytes).contains(&bytes) => Ok(bytes),
            _ => Err(describe(head, self.size_max_bytes)),
        }
    }
}

/// What a stream that begins like this most likely is, for people.
fn describe(head: [u8; 4], size_max_bytes: usize) -> String {
    let size = i32::from_be_bytes(head);
    match head {
        [0x15, 0x03, ..] => "the other side speaks TLS: it sent an alert".into(),
        [0x16, 0x03, ..] => "the other side speaks TLS: it sent a handshake".into(),
        [b'H', b'T', b'T', b'P'] => "not a Kafka broker: the other side speaks HTTP".into(),
        _ if head.iter().all(|byte| (b' '..=b'~').contains(byte)) => format!(
            "not a Kafka broker: the other side sent text, beginning with {:?}",
            String::from_utf8_lossy(&head)
        ),
        _ if size > 0 && size as usize > size_max_bytes => format!(
            "the other side announced an answer of {size} bytes; at most {size_max_bytes} are taken"
        ),
        _ => format!("not a Kafka broker: the other side announced an answer of {size} bytes"),
    }
}

const SIZE_FIELD_BYTES: usize = 4;
const CORRELATION_ID_BYTES: usize = 4;
