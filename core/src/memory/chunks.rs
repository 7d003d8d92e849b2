//! The bytes of one segment, in pieces that grow together.

use bytes::{Bytes, BytesMut};

use crate::batch::BatchHeader;
use crate::{LogSlice, Offset};

/// Batches back to back. Each piece begins with a batch; small ones at the end are joined once in a while, so that a large read consists of few.
#[derive(Debug, Clone, Default)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
    size_bytes: u32,
    /// How many at the end have not been joined, and their length.
    loose: usize,
    loose_bytes: usize,
}

#[derive(Debug, Clone)]
struct Chunk {
    base_offset: Offset,
    /// Where it begins in the segment, in bytes.
    position: u32,
    bytes: Bytes,
}

impl Chunks {
    pub(super) fn size_bytes(&self) -> u32 {
        self.size_bytes
    }

    /// Adds a batch.
    pub(super) fn push(&mut self, base_offset: Offset, bytes: Bytes) {
        let size = bytes.len();
        self.chunks.push(Chunk {
            base_offset,
            position: self.size_bytes,
            bytes,
        });
        self.size_bytes += size as u32;
        self.loose += 1;
        self.loose_bytes += size;
        if self.loose >= LOOSE_LIMIT || self.loose_bytes >= LOOSE_LIMIT_BYTES {
            self.join();
        }
    }

    fn join(&mut self) {
        let first = self.chunks.len() - self.loose;
        if self.loose > 1 {
            let mut joined = BytesMut::with_capacity(self.loose_bytes);
            for chunk in &self.chunks[first..] {
                joined.extend_from_slice(&chunk.bytes);
            }
            self.chunks[first].bytes = joined.freeze();
            self.chunks.truncate(first + 1);
        }
        self.loose = 0;
        self.loose_bytes = 0;
    }

    /// The whole batches that a slice asks for.
    pub(super) fn read(&self, slice: &LogSlice) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut budget = slice.max_bytes as usize;
        let mut whole_batch = slice.whole_batch;
        for (position, bytes) in self.pieces_from(slice.offset, slice.position) {
            let readable = (slice.end_position.saturating_sub(position) as usize).min(bytes.len());
            let taken = if readable <= budget {
                readable
            } else {
                whole_batches(&bytes[..readable], budget, whole_batch)
            };
            if taken > 0 {
                pieces.push(bytes.slice(..taken));
            }
            if taken < bytes.len() {
                break;
            }
            whole_batch = false;
            budget = budget.saturating_sub(taken);
        }
        pieces
    }

    /// The batches from the one on that holds `offset`.
    pub(super) fn batches_from(
        &self,
        offset: Offset,
    ) -> impl Iterator<Item = (BatchHeader, Bytes)> + '_ {
        self.pieces_from(offset, None)
            .flat_map(|(_, piece)| Batches(piece))
    }

    /// Position and bytes of the pieces, the first one cut so that it begins with the batch that holds `offset`.
    fn pieces_from(
        &self,
        offset: Offset,
        position: Option<u32>,
    ) -> impl Iterator<Item = (u32, Bytes)> + '_ {
        let begun = match position {
            Some(position) => self.chunks.partition_point(|c| c.position <= position),
            None => self.chunks.partition_point(|c| c.base_offset <= offset),
        };
        let first = begun.saturating_sub(1);
        let skipped = self.chunks.get(first).map_or(0, |chunk| match position {
            Some(position) => (position - chunk.position) as usize,
            None => Batches(chunk.bytes.clone())
                .take_while(|(header, _)| header.next_offset() <= offset)
                .map(|(_, bytes)| bytes.len())
                .sum(),
        });
        self.chunks
            .iter()
            .skip(first)
            .enumerate()
            .map(move |(index, chunk)| {
                let skipped = if index == 0 { skipped } else { 0 };
                (
                    chunk.position + skipped as u32,
                    chunk.bytes.slice(skipped..),
                )
            })
    }
}

/// Cuts a piece into its batches.
struct Batches(Bytes);

impl Iterator for Batches {
    type Item = (BatchHeader, Bytes);

    fn next(&mut self) -> Option<Self::Item> {
        let header = BatchHeader::parse(&self.0)?;
        Some((header, self.0.split_to(header.size_bytes as usize)))
    }
}

/// How many bytes of `bytes` the batches have that fit into `budget`; the first one always counts if `whole_batch` says so.
fn whole_batches(bytes: &[u8], budget: usize, whole_batch: bool) -> usize {
    let mut taken = 0;
    while let Some(header) = BatchHeader::parse(&bytes[taken..]) {
        let end = taken + header.size_bytes as usize;
        if end > budget && !(whole_batch && taken == 0) {
            break;
        }
        taken = end;
    }
    taken
}

const LOOSE_LIMIT: usize = 64;
const LOOSE_LIMIT_BYTES: usize = 64 << 10;
