//! Zigzag varints, out of bytes that are there and out of bytes that are still being decompressed.

use std::io::{ErrorKind, Read};

use super::error::Malformed;

/// Bytes that are read once, from front to back.
pub(super) trait Input {
    fn byte(&mut self) -> Result<u8, Malformed>;
    fn skip(&mut self, count: u64) -> Result<(), Malformed>;
    /// How many bytes have been read or skipped.
    fn position(&self) -> u64;
    fn at_end(&mut self) -> Result<bool, Malformed>;

    /// A signed 32-bit number. One and two bytes are what records are full of.
    #[inline]
    fn varint(&mut self) -> Result<i32, Malformed> {
        let mut value = u32::from(self.byte()?);
        if value >= 0x80 {
            let second = u32::from(self.byte()?);
            value = value & 0x7f | (second & 0x7f) << 7;
            if second >= 0x80 {
                value |= rest(self, 14, 28)? as u32;
            }
        }
        Ok((value >> 1) as i32 ^ -((value & 1) as i32))
    }

    /// A signed 64-bit number.
    #[inline]
    fn varlong(&mut self) -> Result<i64, Malformed> {
        let mut value = u64::from(self.byte()?);
        if value >= 0x80 {
            let second = u64::from(self.byte()?);
            value = value & 0x7f | (second & 0x7f) << 7;
            if second >= 0x80 {
                value |= rest(self, 14, 63)?;
            }
        }
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

/// The groups of seven bits from `shift` on; the one at `last` must end the number.
#[cold]
fn rest<I: Input + ?Sized>(input: &mut I, shift: u32, last: u32) -> Result<u64, Malformed> {
    let mut value = 0;
    for shift in (shift..=last).step_by(7) {
        let byte = input.byte()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Malformed::Record("a number in it does not end"))
}

/// Bytes that are there.
pub(super) struct Slice<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Slice<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// Reads from `position` on, which must not be behind the end.
    pub(super) fn from(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }
}

impl Input for Slice<'_> {
    #[inline(always)]
    fn byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self.bytes.get(self.position).ok_or(ENDS_EARLY)?;
        self.position += 1;
        Ok(byte)
    }

    #[inline(always)]
    fn skip(&mut self, count: u64) -> Result<(), Malformed> {
        if count > (self.bytes.len() - self.position) as u64 {
            return Err(ENDS_EARLY);
        }
        self.position += count as usize;
        Ok(())
    }

    #[inline(always)]
    fn position(&self) -> u64 {
        self.position as u64
    }

    fn at_end(&mut self) -> Result<bool, Malformed> {
        Ok(self.position == self.bytes.len())
    }
}

/// Bytes that are decompressed as they are asked for, so that a small batch that unpacks to gigabytes takes no memory.
pub(super) struct Stream<R> {
    reader: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Bytes that came before the buffer.
    before: u64,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            start: 0,
            end: 0,
            before: 0,
        }
    }

    /// False at the end of the stream.
    fn fill(&mut self) -> Result<bool, Malformed> {
        self.before += self.end as u64;
        self.start = 0;
        self.end = loop {
            match self.reader.read(&mut self.buffer) {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Malformed::Compression),
            }
        };
        if self.before + self.end as u64 > DECOMPRESSED_LIMIT_BYTES {
            return Err(TOO_LARGE);
        }
        Ok(self.end > 0)
    }
}

impl<R: Read> Input for Stream<R> {
    #[inline]
    fn byte(&mut self) -> Result<u8, Malformed> {
        if self.start == self.end && !self.fill()? {
            return Err(ENDS_EARLY);
        }
        let byte = self.buffer[self.start];
        self.start += 1;
        Ok(byte)
    }

    fn skip(&mut self, mut count: u64) -> Result<(), Malformed> {
        loop {
            let there = (self.end - self.start) as u64;
            if count <= there {
                self.start += count as usize;
                return Ok(());
            }
            count -= there;
            if !self.fill()? {
                return Err(ENDS_EARLY);
            }
        }
    }

    fn position(&self) -> u64 {
        self.before + self.start as u64
    }

    fn at_end(&mut self) -> Result<bool, Malformed> {
        Ok(self.start == self.end && !self.fill()?)
    }
}

/// Appends a signed 32-bit number.
pub(super) fn put_varint(out: &mut Vec<u8>, value: i32) {
    put_varlong(out, i64::from(value));
}

/// Appends a signed 64-bit number.
pub(super) fn put_varlong(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value << 1 ^ value >> 63) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// How many bytes [`put_varlong`] appends.
#[inline]
pub(super) fn varlong_size(value: i64) -> usize {
    let bits = u64::BITS - ((value << 1 ^ value >> 63) | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// A batch may not unpack to more than this: two and a half times the largest frame that is accepted.
pub(super) const DECOMPRESSED_LIMIT_BYTES: u64 = 256 << 20;
pub(super) const TOO_LARGE: Malformed =
    Malformed::Record("its records unpack to more than 256 MiB");
pub(super) const ENDS_EARLY: Malformed = Malformed::Record("its records end early");
const BUFFER_BYTES: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_writing_and_reading() {
        for value in [
            0,
            1,
            -1,
            63,
            64,
            -64,
            -65,
            8191,
            8192,
            1 << 20,
            i32::MAX,
            i32::MIN,
        ] {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value);
            assert_eq!(Slice::new(&bytes).varint().unwrap(), value);
            assert_eq!(Stream::new(&bytes[..]).varint().unwrap(), value);
        }
        for value in [0, -1, 8192, 1_700_000_000_000, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put_varlong(&mut bytes, value);
            assert_eq!(varlong_size(value), bytes.len());
            assert_eq!(Slice::new(&bytes).varlong().unwrap(), value);
            assert_eq!(Stream::new(&bytes[..]).varlong().unwrap(), value);
        }
    }

    #[test]
    fn a_number_that_does_not_end_is_refused() {
        assert!(Slice::new(&[0x80; 5]).varint().is_err());
        assert!(Slice::new(&[0xff; 4]).varint().is_err());
        assert!(Slice::new(&[0x80; 10]).varlong().is_err());
    }

    #[test]
    fn a_stream_skips_over_its_buffer() {
        let bytes = vec![7; 3 * BUFFER_BYTES + 5];
        let mut stream = Stream::new(&bytes[..]);
        stream.skip(3 * BUFFER_BYTES as u64 + 4).unwrap();
        assert_eq!(stream.position(), 3 * BUFFER_BYTES as u64 + 4);
        assert_eq!(stream.byte().unwrap(), 7);
        assert!(stream.at_end().unwrap());
        assert!(stream.skip(1).is_err());
    }
}
