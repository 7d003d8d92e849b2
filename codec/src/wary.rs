//! A buffer that does not let the decoder take memory for what a frame only announces.
//!
//! `kafka-protocol` allocates an array's announced length before it reads the elements. An element takes a byte at least, so that
//! an announcement beyond the rest of the frame is a lie: this buffer makes the decoder fail right there. The decoder's reads tell
//! lengths and plain numbers apart in flexible versions (lengths are varints), but not in older ones (both are four bytes). There
//! the first pass reads every large number as -2, which no array takes, and if anything was large, a second pass reads what is there:
//! the first has shown that all lengths are honest.

use bytes::buf::Buf;
use bytes::{Bytes, TryGetError};
use kafka_protocol::protocol::Decodable;
use kafka_protocol::protocol::buf::ByteBuf;
use std::ops::Range;

/// Decodes the body of a message. `None` if it is not a `T` of this version; surplus bytes are accepted, as Apache Kafka does.
pub fn decode<T: Decodable>(body: &Bytes, version: i16) -> Option<T> {
    let mut first = Wary::new(body.clone(), true);
    let decoded = T::decode(&mut first, version).ok()?;
    if !first.replaced {
        return Some(decoded);
    }
    T::decode(&mut Wary::new(body.clone(), false), version).ok()
}

struct Wary {
    rest: Bytes,
    /// Large numbers read as -2.
    replaces: bool,
    /// One did.
    replaced: bool,
    /// The bytes read one by one just now, newest last, as long as each of them says that a varint goes on.
    varint: [u8; VARINT_BYTES_MAX],
    varint_len: usize,
}

impl Wary {
    fn new(rest: Bytes, replaces: bool) -> Wary {
        Wary {
            rest,
            replaces,
            replaced: false,
            varint: [0; VARINT_BYTES_MAX],
            varint_len: 0,
        }
    }

    /// Whether a varint that ends with `byte` announces more than there is, wherever in the bytes just read it began.
    fn announces_too_much(&mut self, byte: u8) -> bool {
        if self.varint_len == VARINT_BYTES_MAX {
            self.varint.rotate_left(1);
            self.varint_len -= 1;
        }
        self.varint[self.varint_len] = byte;
        self.varint_len += 1;
        let value = |bytes: &[u8]| {
            bytes
                .iter()
                .rev()
                .fold(0u64, |value, byte| value << 7 | u64::from(byte & 0x7f))
        };
        let bytes = &self.varint[..self.varint_len];
        let most = (0..bytes.len()).map(|start| value(&bytes[start..])).max();
        if byte < 0x80 {
            self.varint_len = 0;
        }
        // A length is written as one more than it is, for 0 stands for null.
        most.is_some_and(|most| most > (self.rest.len() as u64 + 1).max(TAGS_MAX))
    }

    fn too_much(&self) -> TryGetError {
        TryGetError {
            requested: usize::MAX,
            available: self.rest.len(),
        }
    }
}

impl Buf for Wary {
    fn remaining(&self) -> usize {
        self.rest.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.rest.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.varint_len = 0;
        self.rest.advance(count);
    }

    /// Booleans and the bytes of varints.
    fn try_get_u8(&mut self) -> Result<u8, TryGetError> {
        let byte = self.rest.try_get_u8()?;
        if self.announces_too_much(byte) {
            return Err(self.too_much());
        }
        Ok(byte)
    }

    /// Numbers, and the lengths of arrays and bytes in versions that are not flexible.
    fn try_get_i32(&mut self) -> Result<i32, TryGetError> {
        self.varint_len = 0;
        let number = self.rest.try_get_i32()?;
        if self.replaces && usize::try_from(number).is_ok_and(|length| length > self.rest.len()) {
            self.replaced = true;
            return Ok(-2);
        }
        Ok(number)
    }
}

impl ByteBuf for Wary {
    fn peek_bytes(&mut self, range: Range<usize>) -> Bytes {
        self.rest.slice(range)
    }

    fn get_bytes(&mut self, size: usize) -> Bytes {
        self.varint_len = 0;
        self.rest.split_to(size)
    }
}

/// Tags of tagged fields are varints too, and need not be small: up to here a varint is let through, for so little memory does no harm.
const TAGS_MAX: u64 = 1 << 16;
/// The longest varint of 32 bits.
const VARINT_BYTES_MAX: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{BufMut, BytesMut};
    use kafka_protocol::messages::{
        ApiVersionsResponse, DescribeGroupsRequest, JoinGroupRequest, MetadataRequest,
        MetadataResponse,
    };
    use kafka_protocol::protocol::Encodable;

    #[test]
    fn an_array_that_announces_more_than_the_frame_holds_is_refused_without_memory() {
        let mut body = BytesMut::new();
        body.put_i32(i32::MAX);
        let body = body.freeze();
        assert!(decode::<MetadataRequest>(&body, 1).is_none());
        assert!(decode::<MetadataResponse>(&body, 1).is_none());
        let flexible = Bytes::from_static(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]);
        assert!(decode::<DescribeGroupsRequest>(&flexible, 5).is_none());
        let flexible = Bytes::from_static(&[0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]);
        assert!(decode::<ApiVersionsResponse>(&flexible, 3).is_none());
    }

    #[test]
    fn a_large_number_that_is_no_length_is_read_as_it_is() {
        let request = JoinGroupRequest::default()
            .with_session_timeout_ms(i32::MAX)
            .with_rebalance_timeout_ms(300_000);
        for version in 1..=9 {
            let mut body = BytesMut::new();
            request.encode(&mut body, version).expect("encodes");
            let decoded: JoinGroupRequest = decode(&body.freeze(), version).expect("decodes");
            assert_eq!(decoded.session_timeout_ms, i32::MAX);
            assert_eq!(decoded.rebalance_timeout_ms, 300_000);
        }
    }

    #[test]
    fn a_strange_boolean_hides_no_length() {
        let mut wary = Wary::new(
            Bytes::from_static(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x0f, 0, 0]),
            true,
        );
        assert!((0..6).any(|_| wary.try_get_u8().is_err()));
    }
}
