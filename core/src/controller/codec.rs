//! The primitives of the flexible format, as far as the metadata log needs them.

use bytes::{BufMut, BytesMut};

use super::RecordError;
use crate::Uuid;

pub(super) fn put_text(out: &mut BytesMut, text: Option<&str>) {
    match text {
        Some(text) => {
            put_varint(out, length(text.len()) + 1);
            out.put_slice(text.as_bytes());
        }
        None => put_varint(out, 0),
    }
}

pub(super) fn put_ids(out: &mut BytesMut, ids: &[i32]) {
    put_varint(out, length(ids.len()) + 1);
    for id in ids {
        out.put_i32(*id);
    }
}

pub(super) fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a request, and so each of its parts, is shorter than 2 GiB")
}

pub(super) fn put_varint(out: &mut BytesMut, mut number: u32) {
    while number >= 0x80 {
        out.put_u8((number as u8) | 0x80);
        number >>= 7;
    }
    out.put_u8(number as u8);
}

pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], RecordError> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(RecordError::Damaged)?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        self.take(N)?.try_into().map_err(|_| RecordError::Damaged)
    }

    pub(super) fn int(&mut self) -> Result<i32, RecordError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub(super) fn uuid(&mut self) -> Result<Uuid, RecordError> {
        Ok(Uuid(self.array()?))
    }

    pub(super) fn varint(&mut self) -> Result<u32, RecordError> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let [byte] = self.array()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(RecordError::Damaged)
    }

    /// An array's length. Never more than there are bytes left, so that nothing is reserved on a damaged record's word.
    pub(super) fn count(&mut self) -> Result<usize, RecordError> {
        let count = self.varint()?.checked_sub(1).ok_or(RecordError::Damaged)? as usize;
        (count <= self.0.len())
            .then_some(count)
            .ok_or(RecordError::Damaged)
    }

    pub(super) fn ids(&mut self) -> Result<Vec<i32>, RecordError> {
        (0..self.count()?).map(|_| self.int()).collect()
    }

    pub(super) fn text(&mut self) -> Result<Option<&'a str>, RecordError> {
        let Some(length) = self.varint()?.checked_sub(1) else {
            return Ok(None);
        };
        let bytes = self.take(length as usize)?;
        std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|_| RecordError::Damaged)
    }

    pub(super) fn required_text(&mut self) -> Result<&'a str, RecordError> {
        self.text()?.ok_or(RecordError::Damaged)
    }
}
