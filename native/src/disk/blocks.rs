//! A small cache of pieces of offset indexes, so that a reader that goes through a log does not look each time in the file.

use std::io;
use std::path::Path;

use ottla_core::{LogId, Offset};

use super::index::{IndexEntry, IndexFile, last_before};

/// The pieces, the one used last at the end.
#[derive(Debug, Default)]
pub(super) struct IndexBlocks {
    blocks: Vec<Block>,
}

/// Neighbouring entries of one index.
#[derive(Debug)]
struct Block {
    log: LogId,
    segment: Offset,
    entries: Vec<IndexEntry>,
    /// The entry behind is there too, so that it is known where this piece ends.
    bounded: bool,
}

/// How many entries a piece has: they stand for about 2 MB of a log.
const BLOCK_ENTRIES: u32 = 512;
/// How many pieces are kept: 4 KB each.
const BLOCKS_MAX: usize = 32;

impl IndexBlocks {
    /// The last entry that is not beyond a relative offset. `entries`: how many the file has, if that is known.
    pub(super) fn last_up_to(
        &mut self,
        log: LogId,
        segment: Offset,
        path: &Path,
        entries: Option<u32>,
        offset: u32,
    ) -> io::Result<Option<IndexEntry>> {
        let known = self
            .blocks
            .iter()
            .position(|block| block.log == log && block.segment == segment && block.covers(offset));
        if let Some(known) = known {
            let block = self.blocks.remove(known);
            let found = block.find(offset);
            self.blocks.push(block);
            return Ok(found);
        }
        let Some(file) = IndexFile::open(path, IndexEntry::SIZE_BYTES)? else {
            return Ok(None);
        };
        let entries = entries.map_or(file.entries, |entries| entries.min(file.entries));
        let slots = entries.div_ceil(BLOCK_ENTRIES);
        let found = last_before(
            slots,
            |slot| file.index_entry(slot * BLOCK_ENTRIES),
            |entry| entry.offset <= offset,
        )?;
        let Some((slot, _)) = found else {
            return Ok(None);
        };
        let first = slot * BLOCK_ENTRIES;
        let count = (entries - first).min(BLOCK_ENTRIES + 1);
        let mut bytes = vec![0; count as usize * IndexEntry::SIZE_BYTES];
        file.read(first, &mut bytes)?;
        let block = Block {
            log,
            segment,
            entries: bytes
                .chunks_exact(IndexEntry::SIZE_BYTES)
                .map(IndexEntry::parse)
                .collect(),
            bounded: count > BLOCK_ENTRIES,
        };
        let found = block.find(offset);
        if block.bounded {
            if self.blocks.len() == BLOCKS_MAX {
                self.blocks.remove(0);
            }
            self.blocks.push(block);
        }
        Ok(found)
    }

    /// A log's indexes have changed, or are gone.
    pub(super) fn forget(&mut self, log: LogId) {
        self.blocks.retain(|block| block.log != log);
    }
}

impl Block {
    fn covers(&self, offset: u32) -> bool {
        let first = self
            .entries
            .first()
            .is_some_and(|entry| entry.offset <= offset);
        let last = self
            .entries
            .last()
            .is_some_and(|entry| offset < entry.offset);
        first && last && self.bounded
    }

    fn find(&self, offset: u32) -> Option<IndexEntry> {
        let after = self.entries.partition_point(|entry| entry.offset <= offset);
        after.checked_sub(1).map(|last| self.entries[last])
    }
}
