//! The bytes of a frame, read one after the other without going beyond their end.

use std::ops::Range;

/// A place in a frame.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

/// Why it cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage(pub(super) &'static str);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            end: bytes.len(),
        }
    }

    /// Where the next byte is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is left.
    pub(super) fn left(&self) -> Range<usize> {
        self.at..self.end
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.end
    }

    /// These bytes of the whole frame.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        &self.bytes[range]
    }

    /// A reader of the next bytes, which this one has behind it then.
    pub(super) fn inner(&mut self, size_bytes: usize) -> Result<Self, Damage> {
        let start = self.at;
        self.take(size_bytes)?;
        Ok(Self {
            bytes: self.bytes,
            at: start,
            end: self.at,
        })
    }

    pub(super) fn take(&mut self, size_bytes: usize) -> Result<&'a [u8], Damage> {
        if size_bytes > self.end - self.at {
            return Err(Damage("it ends too early"));
        }
        let start = self.at;
        self.at += size_bytes;
        Ok(&self.bytes[start..self.at])
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let taken = self.take(N)?;
        Ok(taken.try_into().expect("as many as were asked for"))
    }

    /// A length of Kafka's: -1, or 0 in the compact form, is null.
    pub(super) fn length(&mut self, form: LengthForm) -> Result<Option<usize>, Damage> {
        let length = match form {
            LengthForm::Compact => i64::from(self.unsigned_varint()?) - 1,
            LengthForm::Int16 => i16::from_be_bytes(self.array()?).into(),
            LengthForm::Int32 => i32::from_be_bytes(self.array()?).into(),
            LengthForm::Varint => self.varint()?,
        };
        match usize::try_from(length) {
            Ok(length) => Ok(Some(length)),
            Err(_) if length == -1 => Ok(None),
            Err(_) => Err(Damage("a length below -1")),
        }
    }

    pub(super) fn unsigned_varint(&mut self) -> Result<u32, Damage> {
        let number = self.base_128(5)?;
        u32::try_from(number).map_err(|_| Damage("a varint of more than 32 bits"))
    }

    /// A zigzag varint.
    pub(super) fn varint(&mut self) -> Result<i64, Damage> {
        let number = self.base_128(10)?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn base_128(&mut self, bytes_max: u32) -> Result<u64, Damage> {
        let mut number = 0;
        for place in 0..bytes_max {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Damage("a varint without an end"))
    }
}

/// How a length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LengthForm {
    /// One more than it is, as an unsigned varint.
    Compact,
    Int16,
    Int32,
    /// Zigzag, as in records.
    Varint,
}
