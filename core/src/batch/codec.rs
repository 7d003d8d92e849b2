//! Compression and decompression, as the clients do it.

use std::io::{self, Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use lz4_flex::frame::{FrameDecoder, FrameEncoder};
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::Compression;
use super::error::Malformed;
use super::snappy;
use super::varint::{DECOMPRESSED_LIMIT_BYTES, TOO_LARGE};

/// Compresses the records of a batch: everything after its header.
pub(super) fn compress(compression: Compression, records: &[u8]) -> Vec<u8> {
    match compression {
        Compression::None => records.to_vec(),
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder
                .write_all(records)
                .and_then(|()| encoder.finish())
                .expect("writing to a Vec cannot fail")
        }
        Compression::Snappy => snappy::compress(records),
        Compression::Lz4 => {
            let mut encoder = FrameEncoder::new(Vec::new());
            encoder
                .write_all(records)
                .expect("writing to a Vec cannot fail");
            encoder.finish().expect("writing to a Vec cannot fail")
        }
        Compression::Zstd => compress_to_vec(records, CompressionLevel::Fastest),
    }
}

/// Decompresses as it is read. Takes memory in proportion to `records` and to the codec's window, never to what is inside.
pub(super) fn reader(
    compression: Compression,
    records: &[u8],
) -> Result<Box<dyn Read + '_>, Malformed> {
    if records.is_empty() && compression != Compression::Zstd {
        return Err(Malformed::Compression);
    }
    Ok(match compression {
        Compression::None => Box::new(records),
        Compression::Gzip => Box::new(MultiGzDecoder::new(records)),
        Compression::Snappy => Box::new(snappy::Reader::new(records)),
        Compression::Lz4 => {
            let end = lz4_frame_end(records).ok_or(Malformed::Compression)?;
            Box::new(FrameDecoder::new(&records[..end]))
        }
        Compression::Zstd => Box::new(ZstdReader {
            rest: records,
            frame: None,
        }),
    })
}

/// Decompresses all at once.
pub(super) fn decompress(compression: Compression, records: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    reader(compression, records)?
        .take(DECOMPRESSED_LIMIT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Malformed::Compression)?;
    if bytes.len() as u64 > DECOMPRESSED_LIMIT_BYTES {
        return Err(TOO_LARGE);
    }
    Ok(bytes)
}

/// Where the first lz4 frame ends, if it does: a reader in Java fails on one without an end mark, but `FrameDecoder` does not.
fn lz4_frame_end(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(4)?;
    let has_content_size = flags & 0x08 != 0;
    let has_dictionary_id = flags & 0x01 != 0;
    let checksum_size = |flag: u8| if flags & flag == 0 { 0 } else { 4 };
    // Magic, flags, block size, content size, dictionary, header checksum.
    let mut at =
        6 + if has_content_size { 8 } else { 0 } + if has_dictionary_id { 4 } else { 0 } + 1;
    loop {
        let block_size = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        at += 4;
        if block_size == 0 {
            let end = at + checksum_size(0x04);
            return (end <= bytes.len()).then_some(end);
        }
        at += (block_size & 0x7fff_ffff) as usize + checksum_size(0x10);
    }
}

/// One zstd frame after the other.
struct ZstdReader<'a> {
    rest: &'a [u8],
    frame: Option<Box<StreamingDecoder<&'a [u8], ruzstd::decoding::FrameDecoder>>>,
}

impl Read for ZstdReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(out)?;
                if count > 0 || out.is_empty() {
                    return Ok(count);
                }
                self.rest = frame.get_ref();
                self.frame = None;
            }
            if self.rest.is_empty() {
                return Ok(0);
            }
            if zstd_window_bytes(self.rest).is_none_or(|window| window > ZSTD_WINDOW_LIMIT_BYTES) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let frame = StreamingDecoder::new(self.rest).map_err(io::Error::other)?;
            self.frame = Some(Box::new(frame));
        }
    }
}

/// How much memory a zstd frame asks for (RFC 8878, 3.1.1.1): its window or, if it is a single segment, its content's size.
fn zstd_window_bytes(frame: &[u8]) -> Option<u64> {
    let (magic, rest) = frame.split_first_chunk::<4>()?;
    let (&descriptor, rest) = rest.split_first()?;
    if *magic != ZSTD_MAGIC {
        return None;
    }
    let single_segment = descriptor & 0x20 != 0;
    if !single_segment {
        let window = *rest.first()?;
        let base = 1u64 << (10 + (window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    let dictionary_id_bytes = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let rest = rest.get(dictionary_id_bytes..)?;
    Some(match descriptor >> 6 {
        0 => u64::from(*rest.first()?),
        1 => u64::from(u16::from_le_bytes(*rest.first_chunk()?)) + 256,
        2 => u64::from(u32::from_le_bytes(*rest.first_chunk()?)),
        _ => u64::from_le_bytes(*rest.first_chunk()?),
    })
}

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// What `zstd --ultra -20` needs. Levels below 20, and all that clients use by default, stay under 8 MiB.
const ZSTD_WINDOW_LIMIT_BYTES: u64 = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Compression; 5] = [
        Compression::None,
        Compression::Gzip,
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ];

    #[test]
    fn what_was_compressed_comes_back() {
        let text: Vec<u8> = (0..300_000u32)
            .flat_map(|n| (n / 7).to_be_bytes())
            .collect();
        for compression in ALL {
            for bytes in [&text[..], b"short"] {
                let compressed = compress(compression, bytes);
                let again = decompress(compression, &compressed).unwrap();
                assert!(again == bytes, "{compression:?}, {} bytes", bytes.len());
            }
        }
    }

    #[test]
    fn half_a_stream_is_an_error_or_less_but_never_more() {
        let text: Vec<u8> = (0..3_000u32).flat_map(u32::to_be_bytes).collect();
        for compression in ALL {
            let compressed = compress(compression, &text);
            let half = decompress(compression, &compressed[..compressed.len() / 2]);
            assert!(half.is_err() || half.unwrap().len() < text.len());
        }
    }

    #[test]
    fn an_lz4_frame_without_its_end_mark_is_refused() {
        let mut frame = compress(Compression::Lz4, b"whole");
        frame.truncate(frame.len() - 4);
        assert_eq!(
            decompress(Compression::Lz4, &frame),
            Err(Malformed::Compression)
        );
    }

    #[test]
    fn gzip_members_and_zstd_frames_may_follow_one_another() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let mut bytes = compress(compression, b"first, ");
            bytes.extend(compress(compression, b"second"));
            assert_eq!(decompress(compression, &bytes).unwrap(), b"first, second");
        }
    }

    #[test]
    fn a_zstd_frame_that_asks_for_a_gigabyte_is_refused_before_it_gets_it() {
        let single_segment_of_1_gib = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x40, 0, 0, 0];
        assert_eq!(zstd_window_bytes(&single_segment_of_1_gib), Some(1 << 30));
        let window_of_64_mib = [0x28, 0xb5, 0x2f, 0xfd, 0, 16 << 3, 0, 0, 0];
        assert_eq!(zstd_window_bytes(&window_of_64_mib), Some(64 << 20));
        for frame in [&single_segment_of_1_gib[..], &window_of_64_mib] {
            assert_eq!(
                decompress(Compression::Zstd, frame),
                Err(Malformed::Compression)
            );
        }
    }
}
