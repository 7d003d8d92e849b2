//! Snappy as Kafka's clients send it: snappy-java's chunks ("xerial": Java, kafka-go, KafkaJS's plug-in) or one bare block (librdkafka).

use std::io::{self, Read};

use super::error::Malformed;

/// Compresses into snappy-java's chunks.
pub(super) fn compress(records: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER.len() + records.len() / 2);
    out.extend_from_slice(HEADER);
    let mut encoder = snap::raw::Encoder::new();
    for chunk in records.chunks(CHUNK_BYTES) {
        let block = encoder
            .compress_vec(chunk)
            .expect("a chunk is far below 4 GiB");
        out.extend_from_slice(&(block.len() as u32).to_be_bytes());
        out.extend_from_slice(&block);
    }
    out
}

/// Decompresses either kind, a block at a time.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    framed: bool,
    block: Vec<u8>,
    position: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            framed: bytes.starts_with(MAGIC),
            block: Vec::new(),
            position: 0,
        }
    }

    fn next_block(&mut self) -> Result<(), Malformed> {
        let compressed = if self.framed {
            // Streams of chunks may follow one another, each with its header.
            while self.rest.starts_with(MAGIC) {
                self.rest = self
                    .rest
                    .get(HEADER.len()..)
                    .ok_or(Malformed::Compression)?;
            }
            let Some((length, rest)) = self.rest.split_first_chunk::<4>() else {
                self.rest = &[];
                return Ok(());
            };
            let (block, rest) = rest
                .split_at_checked(u32::from_be_bytes(*length) as usize)
                .ok_or(Malformed::Compression)?;
            self.rest = rest;
            block
        } else {
            std::mem::take(&mut self.rest)
        };
        let length = snap::raw::decompress_len(compressed).map_err(|_| Malformed::Compression)?;
        if length > compressed.len().saturating_mul(LARGEST_RATIO) {
            return Err(Malformed::Compression);
        }
        self.position = 0;
        self.block.resize(length, 0);
        snap::raw::Decoder::new()
            .decompress(compressed, &mut self.block)
            .map_err(|_| Malformed::Compression)?;
        Ok(())
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.position == self.block.len() && !self.rest.is_empty() {
            self.next_block()
                .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        }
        let count = (&self.block[self.position..]).read(out)?;
        self.position += count;
        Ok(count)
    }
}

const MAGIC: &[u8] = b"\x82SNAPPY\0";
/// The magic, version 1, readable by version 1.
const HEADER: &[u8] = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01";
/// snappy-java's.
const CHUNK_BYTES: usize = 32 << 10;
/// Three bytes stand for 64 at most: who announces more lies, and gets no memory for it.
const LARGEST_RATIO: usize = 22;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Reader::new(bytes).read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn a_bare_block_is_read_as_librdkafka_sends_it() {
        let block = snap::raw::Encoder::new().compress_vec(b"bare").unwrap();
        assert_eq!(read(&block).unwrap(), b"bare");
    }

    #[test]
    fn many_chunks_and_streams_one_after_the_other() {
        let text = vec![b'x'; 3 * CHUNK_BYTES + 1];
        let mut bytes = compress(&text);
        bytes.extend(compress(b"end"));
        let again = read(&bytes).unwrap();
        assert_eq!(again.len(), text.len() + 3);
        assert!(again.ends_with(b"xend"));
    }

    #[test]
    fn a_block_that_announces_four_gigabytes_gets_no_memory() {
        assert!(read(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0]).is_err());
        let mut framed = HEADER.to_vec();
        framed.extend_from_slice(&[0, 0, 0, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
        assert!(read(&framed).is_err());
    }

    #[test]
    fn the_ratio_leaves_room_for_the_most_repetitive_text() {
        let block = snap::raw::Encoder::new()
            .compress_vec(&vec![0; 1 << 20])
            .unwrap();
        assert_eq!(read(&block).unwrap().len(), 1 << 20);
    }
}
