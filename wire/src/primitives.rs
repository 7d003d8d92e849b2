//! The protocol's primitives, for the messages that are read and written by hand because every record passes through them, or every commit.

use bytes::{Buf, Bytes};
use ottla_codec::{skip_tagged_fields, unsigned_varint};
use ottla_core::{TopicName, TopicRef, Uuid};

/// Reads a body. `None` means that it is malformed; nothing is allocated that is not there.
pub(crate) struct Reader {
    rest: Bytes,
    flexible: bool,
}

impl Reader {
    pub(crate) fn new(body: Bytes, flexible: bool) -> Reader {
        Reader {
            rest: body,
            flexible,
        }
    }

    pub(crate) fn i8(&mut self) -> Option<i8> {
        self.rest.try_get_i8().ok()
    }

    pub(crate) fn i16(&mut self) -> Option<i16> {
        self.rest.try_get_i16().ok()
    }

    pub(crate) fn i32(&mut self) -> Option<i32> {
        self.rest.try_get_i32().ok()
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.rest.try_get_i64().ok()
    }

    pub(crate) fn uuid(&mut self) -> Option<Uuid> {
        let mut id = [0; 16];
        self.rest.try_copy_to_slice(&mut id).ok()?;
        Some(Uuid(id))
    }

    /// A topic's name, or its id in versions that have ids.
    pub(crate) fn topic(&mut self, by_id: bool) -> Option<TopicRef> {
        if by_id {
            return self.uuid().map(TopicRef::Id);
        }
        let size = self.string_size()??;
        let name = TopicName::from(str::from_utf8(self.rest.get(..size)?).ok()?);
        self.rest.advance(size);
        Some(TopicRef::Name(name))
    }

    /// A text, or null.
    pub(crate) fn text(&mut self) -> Option<Option<String>> {
        let Some(size) = self.string_size()? else {
            return Some(None);
        };
        let text = str::from_utf8(self.rest.get(..size)?).ok()?.to_owned();
        self.rest.advance(size);
        Some(Some(text))
    }

    /// A text that nobody here needs, null or not.
    pub(crate) fn skip_string(&mut self) -> Option<()> {
        let size = self.string_size()?.unwrap_or(0);
        str::from_utf8(self.rest.get(..size)?).ok()?;
        self.rest.advance(size);
        Some(())
    }

    /// The length of an array, or null.
    pub(crate) fn optional_array(&mut self) -> Option<Option<usize>> {
        let size = if self.flexible {
            i64::from(unsigned_varint(&mut self.rest)?) - 1
        } else {
            i64::from(self.i32()?)
        };
        if size == -1 {
            return Some(None);
        }
        let size = usize::try_from(size).ok()?;
        (size <= self.rest.len()).then_some(Some(size))
    }

    /// The length of an array that must not be null. Each element takes a byte at least, so that a frame cannot announce more than it holds.
    pub(crate) fn array(&mut self) -> Option<usize> {
        self.optional_array()?
    }

    /// Bytes, or null.
    pub(crate) fn bytes(&mut self) -> Option<Option<Bytes>> {
        let size = if self.flexible {
            i64::from(unsigned_varint(&mut self.rest)?) - 1
        } else {
            i64::from(self.i32()?)
        };
        self.take(size)
    }

    /// Tagged fields, none of which matters here. There are none in versions that are not flexible.
    pub(crate) fn skip_tags(&mut self) -> Option<()> {
        if self.flexible {
            skip_tagged_fields(&mut self.rest)
        } else {
            Some(())
        }
    }

    fn string_size(&mut self) -> Option<Option<usize>> {
        let size = if self.flexible {
            i64::from(unsigned_varint(&mut self.rest)?) - 1
        } else {
            i64::from(self.i16()?)
        };
        match size {
            -1 => Some(None),
            size => Some(Some(usize::try_from(size).ok()?)),
        }
    }

    fn take(&mut self, size: i64) -> Option<Option<Bytes>> {
        if size == -1 {
            return Some(None);
        }
        let size = usize::try_from(size).ok()?;
        (size <= self.rest.len()).then(|| Some(self.rest.split_to(size)))
    }
}

/// Writes a frame.
pub(crate) struct Writer {
    frame: Vec<u8>,
    flexible: bool,
}

impl Writer {
    /// A frame with its header; the length in front is set by [`finish`](Self::finish).
    pub(crate) fn new(correlation_id: i32, flexible: bool, capacity: usize) -> Writer {
        let mut frame = Vec::with_capacity(capacity);
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(&correlation_id.to_be_bytes());
        let mut writer = Writer { frame, flexible };
        writer.tags();
        writer
    }

    /// How much is written.
    pub(crate) fn len(&self) -> usize {
        self.frame.len()
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.frame.push(value);
    }

    pub(crate) fn i16(&mut self, value: i16) {
        self.frame.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.frame.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.frame.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn topic(&mut self, topic: &TopicRef) {
        match topic {
            TopicRef::Name(name) => self.string(Some(name)),
            TopicRef::Id(id) => self.frame.extend_from_slice(&id.0),
        }
    }

    /// A text, or null. One that is too long for its length's two bytes is cut.
    pub(crate) fn string(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            return if self.flexible {
                self.varint(0)
            } else {
                self.i16(-1)
            };
        };
        let text = &text[..text.floor_char_boundary(i16::MAX as usize)];
        if self.flexible {
            self.varint(text.len() as u32 + 1);
        } else {
            self.i16(text.len() as i16);
        }
        self.frame.extend_from_slice(text.as_bytes());
    }

    /// The length of an array or of bytes that follow.
    pub(crate) fn length(&mut self, size: usize) {
        if self.flexible {
            self.varint(size as u32 + 1);
        } else {
            self.i32(size as i32);
        }
    }

    /// No array, no bytes.
    pub(crate) fn null(&mut self) {
        if self.flexible {
            self.varint(0)
        } else {
            self.i32(-1)
        }
    }

    /// The end of a structure without tagged fields.
    pub(crate) fn tags(&mut self) {
        if self.flexible {
            self.u8(0);
        }
    }

    /// The frame, with its length: `more_bytes` are written elsewhere.
    pub(crate) fn finish(mut self, more_bytes: usize) -> Bytes {
        let size = self.frame.len() - 4 + more_bytes;
        self.frame[..4].copy_from_slice(&(size as u32).to_be_bytes());
        Bytes::from(self.frame)
    }

    fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.frame.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.frame.push(value as u8);
    }
}
