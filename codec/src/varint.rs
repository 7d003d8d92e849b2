//! Unsigned varints, and the tagged fields that are made of them (KIP-482).

use bytes::{Buf, Bytes};

/// Takes an unsigned varint of 32 bits off the front. `None` if it is cut off or larger than 32 bits.
pub fn unsigned_varint(body: &mut Bytes) -> Option<u32> {
    let mut value = 0u64;
    for shift in [0, 7, 14, 21, 28] {
        let byte = body.try_get_u8().ok()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return u32::try_from(value).ok();
        }
    }
    None
}

/// Steps over tagged fields, whatever they say. `None` if one of them is cut off.
pub fn skip_tagged_fields(body: &mut Bytes) -> Option<()> {
    for _ in 0..unsigned_varint(body)? {
        unsigned_varint(body)?;
        let size = unsigned_varint(body)? as usize;
        (body.len() >= size).then(|| body.advance(size))?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_has_at_most_32_bits() {
        let varint = |bytes: &'static [u8]| unsigned_varint(&mut Bytes::from_static(bytes));
        assert_eq!(varint(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Some(u32::MAX));
        assert_eq!(varint(&[0xff, 0xff, 0xff, 0xff, 0x1f]), None);
        assert_eq!(varint(&[0x80, 0x80, 0x80, 0x80, 0x80, 0]), None);
        assert_eq!(varint(&[0x80]), None);
    }

    #[test]
    fn tagged_fields_are_stepped_over_and_nothing_else() {
        let mut body = Bytes::from_static(&[2, 0, 1, 0xaa, 7, 0, 0xbb]);
        assert_eq!(skip_tagged_fields(&mut body), Some(()));
        assert_eq!(body, [0xbb].as_slice());
    }

    #[test]
    fn a_tagged_field_larger_than_what_is_there_is_malformed() {
        let mut body = Bytes::from_static(&[1, 0, 3, 0xaa]);
        assert_eq!(skip_tagged_fields(&mut body), None);
        let mut endless = Bytes::from_static(&[0xff, 0xff, 0xff, 0xff, 0x0f]);
        assert_eq!(skip_tagged_fields(&mut endless), None);
    }
}
