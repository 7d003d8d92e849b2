//! A tap on all links: the whole frames that go over them, however they are cut into pieces or joined.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use ottla_client::LinkId;
use ottla_core::Instant;
use ottla_core::sorted::Map;

use super::Direction;
use super::records::RecordTally;
use crate::World;
use crate::frames::Frame;
use crate::tally::RequestTally;

/// Puts frames together, pairs answers with their requests, and keeps what nobody has taken yet, within bounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tap {
    pub(crate) requests: RequestTally,
    pub(crate) records: RecordTally,
    names: Map<u32, Arc<str>>,
    streams: Map<(LinkId, Direction), Stream>,
    /// What has been asked on a link and not answered, oldest first.
    asked: Map<LinkId, VecDeque<Asked>>,
    frames_count: u64,
    log: VecDeque<Frame>,
    log_bytes: usize,
    /// Frames whose last byte had not arrived when another was sent, oldest first.
    aloft: VecDeque<Frame>,
}

/// One way of a link.
#[derive(Debug, Clone, Default)]
struct Stream {
    /// The beginning of a frame.
    partial: BytesMut,
    /// When its first byte was sent.
    sent_at: Instant,
    /// No frames come any more: what should be a size is none.
    is_garbage: bool,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    correlation_id: i32,
    api_key: i16,
    api_version: i16,
}

impl World {
    /// The whole frames that were sent since this was last asked, oldest first; the newest ten thousand, or fewer if they are large.
    pub fn take_frames(&mut self) -> Vec<Frame> {
        self.links.tap.take()
    }
}

impl Tap {
    /// Whose links these are. The records of those that do not count them themselves are counted here.
    pub(crate) fn introduce(&mut self, owner: u32, name: Arc<str>, counts_itself: bool) {
        self.names.insert(owner, name);
        if !counts_itself {
            self.records.watch(owner);
        }
    }

    /// Bytes are on their way.
    pub(super) fn carried(
        &mut self,
        sent_at: Instant,
        arrives_at: Instant,
        link: LinkId,
        direction: Direction,
        piece: &Bytes,
    ) {
        let stream = self.streams.entry((link, direction)).or_default();
        if stream.is_garbage {
            return;
        }
        if stream.partial.is_empty() {
            stream.sent_at = sent_at;
        }
        let begun_at = stream.sent_at;
        let mut whole = Vec::new();
        let is_sound = match stream.partial.is_empty() {
            // Nearly always a piece is one frame: nothing is copied then.
            true => {
                let mut rest = piece.clone();
                let is_sound = cut(&mut rest, Bytes::split_to, |frame| whole.push(frame));
                stream.partial.extend_from_slice(&rest);
                is_sound
            }
            false => {
                stream.partial.extend_from_slice(piece);
                let split = |partial: &mut BytesMut, size| partial.split_to(size).freeze();
                cut(&mut stream.partial, split, |frame| whole.push(frame))
            }
        };
        if !is_sound {
            stream.partial = BytesMut::new();
            stream.is_garbage = true;
        }
        stream.sent_at = sent_at;
        for (index, bytes) in whole.into_iter().enumerate() {
            let sent_at = if index == 0 { begun_at } else { sent_at };
            self.sent(sent_at, arrives_at, link, direction, bytes);
        }
    }

    fn sent(
        &mut self,
        sent_at: Instant,
        arrives_at: Instant,
        link: LinkId,
        direction: Direction,
        bytes: Bytes,
    ) {
        let Some(asked) = self.pair(link, direction, &bytes) else {
            return;
        };
        self.frames_count += 1;
        let frame = Frame {
            id: self.frames_count,
            sent_at,
            arrives_at,
            link,
            client: self.name(link.owner),
            direction,
            api_key: asked.api_key,
            api_version: asked.api_version,
            correlation_id: asked.correlation_id,
            bytes,
        };
        if direction == Direction::ToBroker {
            self.requests.add(&frame);
        }
        self.records.see(&frame);
        while self
            .aloft
            .front()
            .is_some_and(|old| old.arrives_at < sent_at)
        {
            self.aloft.pop_front();
        }
        if self.aloft.len() == ALOFT_MAX {
            self.aloft.pop_front();
        }
        self.aloft.push_back(frame.clone());
        self.log_bytes += frame.bytes.len();
        self.log.push_back(frame);
        while self.log.len() > FRAMES_MAX || self.log_bytes > LOG_MAX_BYTES {
            let oldest = self.log.pop_front();
            self.log_bytes -= oldest.map_or(0, |frame| frame.bytes.len());
        }
    }

    /// What a frame is, or is the answer to. `None` for an answer that nobody has asked for.
    fn pair(&mut self, link: LinkId, direction: Direction, frame: &Bytes) -> Option<Asked> {
        let mut header = frame.get(4..)?;
        let asked = self.asked.entry(link).or_default();
        match direction {
            Direction::ToBroker => {
                let request = Asked {
                    api_key: header.try_get_i16().ok()?,
                    api_version: header.try_get_i16().ok()?,
                    correlation_id: header.try_get_i32().ok()?,
                };
                if asked.len() == ASKED_MAX {
                    asked.pop_front();
                }
                asked.push_back(request);
                Some(request)
            }
            Direction::ToClient => {
                let correlation_id = header.try_get_i32().ok()?;
                // Answers come in order: what is before this one will have none (a Produce with acks=0).
                let place = asked
                    .iter()
                    .position(|asked| asked.correlation_id == correlation_id)?;
                asked.drain(..=place).next_back()
            }
        }
    }

    pub(crate) fn name(&self, owner: u32) -> Arc<str> {
        let name = self.names.get(&owner).cloned();
        name.unwrap_or_else(|| format!("client {owner}").into())
    }

    /// A link has ended. What one end sent before its end still arrives; nothing arrives any more at an end that `closed` it.
    pub(super) fn ended(&mut self, link: LinkId, closed: Option<Direction>) {
        for direction in [Direction::ToBroker, Direction::ToClient] {
            self.streams.remove(&(link, direction));
        }
        self.asked.remove(&link);
        self.records.ended(link);
        if let Some(direction) = closed {
            self.aloft
                .retain(|frame| frame.link != link || frame.direction == direction);
        }
    }

    /// The frames of which something has not arrived yet, oldest first.
    pub(crate) fn aloft(&self, now: Instant) -> impl Iterator<Item = &Frame> {
        self.aloft
            .iter()
            .filter(move |frame| frame.arrives_at > now)
    }

    /// All frames that were sent since this was last asked, oldest first, within the bounds.
    pub(crate) fn take(&mut self) -> Vec<Frame> {
        self.log_bytes = 0;
        self.log.drain(..).collect()
    }
}

/// Cuts whole frames off the front. False if something there is no size.
fn cut<B: Buf + AsRef<[u8]>>(
    bytes: &mut B,
    split: impl Fn(&mut B, usize) -> Bytes,
    mut whole: impl FnMut(Bytes),
) -> bool {
    while let Some(size) = bytes.as_ref().first_chunk::<4>() {
        let Ok(size) = usize::try_from(i32::from_be_bytes(*size)) else {
            return false;
        };
        if size > FRAME_MAX_BYTES {
            return false;
        }
        if bytes.remaining() < 4 + size {
            break;
        }
        whole(split(bytes, 4 + size));
    }
    true
}

/// The largest frame that is put together.
const FRAME_MAX_BYTES: usize = 16 << 20;
/// Whoever does not take the frames finds at most the newest of them, in number
const FRAMES_MAX: usize = 10_000;
/// and in size.
const LOG_MAX_BYTES: usize = 8 << 20;
/// How many frames can be seen on their way.
const ALOFT_MAX: usize = 4096;
/// How many requests of a link wait for their answers.
const ASKED_MAX: usize = 256;
