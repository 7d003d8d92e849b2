//! The fields that records are made of: big-endian numbers, texts and bytes with their length before them, and their compact forms.

use bytes::{BufMut, BytesMut};

/// Reads fields one after the other. `None`: the bytes end too early, or are not what they should be.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    is_flexible: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            is_flexible: false,
        }
    }

    /// From here on lengths are compact, and each structure ends in tagged fields.
    pub(super) fn become_flexible(&mut self) {
        self.is_flexible = true;
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        self.chunk().map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.chunk().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.chunk().map(i64::from_be_bytes)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        self.optional_text()?
    }

    pub(super) fn optional_text(&mut self) -> Option<Option<&'a str>> {
        let length = if self.is_flexible {
            self.compact_length()?
        } else {
            self.i16()?.into()
        };
        match length {
            -1 => Some(None),
            _ => self.text_of(length).map(Some),
        }
    }

    pub(super) fn compact_text(&mut self) -> Option<&'a str> {
        let length = self.compact_length()?;
        self.text_of(length)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    /// How many elements or bytes follow.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = if self.is_flexible {
            self.compact_length()?
        } else {
            self.i32()?
        };
        usize::try_from(count).ok()
    }

    pub(super) fn varint(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.chunk()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn skip_tags(&mut self) -> Option<()> {
        if self.is_flexible {
            for _ in 0..self.varint()? {
                let _tag = self.varint()?;
                let length = self.varint()?;
                self.take(usize::try_from(length).ok()?)?;
            }
        }
        Some(())
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// One less than is written, so that 0 means "none".
    fn compact_length(&mut self) -> Option<i32> {
        i32::try_from(self.varint()?).ok().map(|length| length - 1)
    }

    fn text_of(&mut self, length: i32) -> Option<&'a str> {
        let bytes = self.take(usize::try_from(length).ok()?)?;
        std::str::from_utf8(bytes).ok()
    }

    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*chunk)
    }
}

/// The longest text that a record can hold, in bytes.
pub(in crate::group) const TEXT_MAX_BYTES: usize = i16::MAX as usize;

/// Texts longer than the format can say are cut off; who lets texts in sees to it that there are none.
pub(super) fn put_text(buffer: &mut BytesMut, text: &str) {
    let text = &text[..text.floor_char_boundary(TEXT_MAX_BYTES)];
    buffer.put_i16(text.len() as i16);
    buffer.put_slice(text.as_bytes());
}

pub(super) fn put_optional_text(buffer: &mut BytesMut, text: Option<&str>) {
    match text {
        Some(text) => put_text(buffer, text),
        None => buffer.put_i16(-1),
    }
}

pub(super) fn put_bytes(buffer: &mut BytesMut, bytes: &[u8]) {
    buffer.put_i32(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
    buffer.put_slice(bytes);
}

pub(super) fn put_compact(buffer: &mut BytesMut, bytes: &[u8]) {
    let mut length = u32::try_from(bytes.len() + 1).unwrap_or(u32::MAX);
    while length > 0x7f {
        buffer.put_u8((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    buffer.put_u8(length as u8);
    buffer.put_slice(bytes);
}
