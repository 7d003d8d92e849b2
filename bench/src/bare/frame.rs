//! Requests into bytes, and bytes into the fields of an answer.

use crate::Result;

/// A request in the making: size, header, then the fields in their order.
pub struct Frame(Vec<u8>);

impl Frame {
    /// Header version 1: key, version, correlation id (set when it is sent), client id.
    pub fn new(key: i16, version: i16) -> Frame {
        Frame(vec![0; 4])
            .i16(key)
            .i16(version)
            .i32(0)
            .string("bench")
    }

    /// Fields inside a field of bytes: they have no size and no header.
    pub fn headless() -> Frame {
        Frame(Vec::new())
    }

    pub fn i8(self, value: i8) -> Frame {
        self.raw(&value.to_be_bytes())
    }

    pub fn i16(self, value: i16) -> Frame {
        self.raw(&value.to_be_bytes())
    }

    pub fn i32(self, value: i32) -> Frame {
        self.raw(&value.to_be_bytes())
    }

    pub fn i64(self, value: i64) -> Frame {
        self.raw(&value.to_be_bytes())
    }

    pub fn string(self, value: &str) -> Frame {
        self.i16(value.len() as i16).raw(value.as_bytes())
    }

    pub fn null_string(self) -> Frame {
        self.i16(-1)
    }

    pub fn bytes(self, value: &[u8]) -> Frame {
        self.i32(value.len() as i32).raw(value)
    }

    /// An array: its length and each of its elements.
    pub fn array<T>(self, items: &[T], each: impl Fn(Frame, &T) -> Frame) -> Frame {
        items.iter().fold(self.i32(items.len() as i32), each)
    }

    pub fn raw(mut self, bytes: &[u8]) -> Frame {
        self.0.extend_from_slice(bytes);
        self
    }

    /// What was put into a headless frame.
    pub fn fields(self) -> Vec<u8> {
        self.0
    }

    /// The whole frame with its size in front.
    pub fn finish(mut self) -> Vec<u8> {
        let size = (self.0.len() - 4) as u32;
        self.0[..4].copy_from_slice(&size.to_be_bytes());
        self.0
    }
}

/// The fields of an answer, read one after the other.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(body: &'a [u8]) -> Reader<'a> {
        Reader(body)
    }

    pub fn i16(&mut self) -> Result<i16> {
        Ok(i16::from_be_bytes(self.take(2)?.try_into()?))
    }

    pub fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_be_bytes(self.take(4)?.try_into()?))
    }

    pub fn i64(&mut self) -> Result<i64> {
        Ok(i64::from_be_bytes(self.take(8)?.try_into()?))
    }

    /// A null string reads as the empty one.
    pub fn string(&mut self) -> Result<&'a str> {
        let length = usize::try_from(self.i16()?).unwrap_or(0);
        Ok(std::str::from_utf8(self.take(length)?)?)
    }

    /// Null reads as no bytes.
    pub fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.i32()?).unwrap_or(0);
        self.take(length)
    }

    /// The length of an array; null reads as an empty one.
    pub fn count(&mut self) -> Result<usize> {
        Ok(usize::try_from(self.i32()?).unwrap_or(0))
    }

    pub fn skip(&mut self, bytes: usize) -> Result<()> {
        self.take(bytes).map(drop)
    }

    fn take(&mut self, bytes: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(bytes)
            .ok_or("an answer ends too early")?;
        self.0 = rest;
        Ok(taken)
    }
}
