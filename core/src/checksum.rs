//! CRC-32C, as batches and snapshots have it.

/// The checksum of these bytes.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    #[cfg(target_arch = "wasm32")]
    return light::crc32c(bytes);
    #[cfg(not(target_arch = "wasm32"))]
    crc32c::crc32c(bytes)
}

/// A browser has to load what the quick one looks up: 8 kB that no compression makes less. This one makes its table itself.
#[cfg(any(target_arch = "wasm32", test))]
mod light {
    use std::sync::LazyLock;

    /// The remainder of each byte.
    static REMAINDERS: LazyLock<[u32; 256]> = LazyLock::new(|| {
        let mut remainders = [0; 256];
        for (remainder, byte) in remainders.iter_mut().zip(0..) {
            *remainder = (0..8).fold(byte, |rest: u32, _| match rest & 1 {
                1 => rest >> 1 ^ POLYNOMIAL,
                _ => rest >> 1,
            });
        }
        remainders
    });
    /// Castagnoli's, its lowest power first.
    const POLYNOMIAL: u32 = 0x82f6_3b78;

    pub(super) fn crc32c(bytes: &[u8]) -> u32 {
        let remainders = &*REMAINDERS;
        !bytes.iter().fold(!0, |crc: u32, byte| {
            remainders[usize::from(crc as u8 ^ byte)] ^ crc >> 8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_one_gives_what_the_quick_one_gives() {
        assert_eq!(light::crc32c(b"123456789"), 0xe306_9283);
        let bytes: Vec<u8> = (0..2000_u32)
            .map(|number| ((number * 7) >> 3) as u8)
            .collect();
        for end in [0, 1, 7, 8, 61, 256, 1999] {
            assert_eq!(light::crc32c(&bytes[..end]), crc32c(&bytes[..end]));
        }
    }
}
