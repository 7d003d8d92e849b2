//! What a log is, without any cleverness.

use ottla_core::ErrorCode;

/// A batch that was appended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) base: i64,
    pub(crate) values: Vec<String>,
    pub(crate) timestamps: Vec<i64>,
    pub(crate) size: u64,
    pub(crate) producer: Option<Sequence>,
    /// It began a segment.
    rolled: bool,
}

/// A producer's id, epoch, and first sequence number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sequence {
    pub(crate) id: i64,
    pub(crate) epoch: i16,
    pub(crate) first: i32,
}

impl Entry {
    pub(crate) fn end(&self) -> i64 {
        self.base + self.values.len() as i64
    }

    pub(crate) fn max_timestamp(&self) -> i64 {
        self.timestamps.iter().copied().max().unwrap_or(-1)
    }

    fn last_sequence(&self) -> i32 {
        self.producer
            .map_or(-1, |p| p.first + self.values.len() as i32 - 1)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) start: i64,
    pub(crate) high_watermark: i64,
    pub(crate) end: i64,
    /// All batches of all segments that are there, in order.
    pub(crate) entries: Vec<Entry>,
    /// Where segments begin.
    pub(crate) bases: Vec<i64>,
    /// What producers have ever written, as far as the log remembers it.
    history: Vec<Entry>,
    pub(crate) segment_bytes: u64,
    pub(crate) segment_ms: i64,
}

impl Model {
    pub(crate) fn new(segment_bytes: u64, segment_ms: i64) -> Self {
        Self {
            start: 0,
            high_watermark: 0,
            end: 0,
            entries: Vec::new(),
            bases: vec![0],
            history: Vec::new(),
            segment_bytes,
            segment_ms,
        }
    }

    /// The first offset of a batch that was appended before, or an error, or `None` for one that goes on from where its producer was.
    pub(crate) fn sequence(
        &self,
        wanted: Sequence,
        count: usize,
    ) -> Result<Option<i64>, ErrorCode> {
        let written = self.written_by(wanted.id);
        let Some(last) = written.last() else {
            return Ok(None);
        };
        let epoch = last.producer.map_or(-1, |p| p.epoch);
        let repeated = written.iter().rev().take(5).find(|entry| {
            entry.producer == Some(wanted) && entry.values.len() == count && epoch == wanted.epoch
        });
        if let Some(entry) = repeated {
            return Ok(Some(entry.base));
        }
        let expected = if wanted.epoch > epoch {
            0
        } else {
            last.last_sequence() + 1
        };
        match wanted.epoch < epoch {
            true => Err(ErrorCode::InvalidProducerEpoch),
            false if wanted.first != expected => Err(ErrorCode::OutOfOrderSequenceNumber),
            false => Ok(None),
        }
    }

    pub(crate) fn written_by(&self, id: i64) -> Vec<&Entry> {
        let is_its = |entry: &&Entry| entry.producer.is_some_and(|p| p.id == id);
        self.history.iter().filter(is_its).collect()
    }

    /// Id, epoch and last sequence number of each producer.
    pub(crate) fn producers(&self) -> Vec<(i64, i16, i32)> {
        let mut ids: Vec<i64> = self
            .history
            .iter()
            .filter_map(|e| e.producer.map(|p| p.id))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter()
            .map(|id| {
                let last = *self.written_by(id).last().expect("it has written");
                (
                    id,
                    last.producer.map_or(-1, |p| p.epoch),
                    last.last_sequence(),
                )
            })
            .collect()
    }

    pub(crate) fn append(
        &mut self,
        values: Vec<String>,
        timestamps: Vec<i64>,
        size: u64,
        producer: Option<Sequence>,
    ) {
        let active = *self.bases.last().expect("there is a segment");
        let first = self.entries.iter().find(|entry| entry.base >= active);
        let newest = timestamps.iter().copied().max().unwrap_or(-1);
        let rolled = first.is_some_and(|first| {
            self.size_from(active) + size > self.segment_bytes
                || newest - first.max_timestamp() > self.segment_ms
        });
        if rolled {
            self.bases.push(self.end);
        }
        let entry = Entry {
            base: self.end,
            values,
            timestamps,
            size,
            producer,
            rolled,
        };
        self.end = entry.end();
        if producer.is_some() {
            self.history.push(entry.clone());
        }
        self.entries.push(entry);
    }

    /// Nothing from `from` on has happened.
    pub(crate) fn forget_from(&mut self, from: i64) {
        while self.entries.last().is_some_and(|last| last.base >= from) {
            if self.entries.pop().is_some_and(|last| last.rolled) {
                self.bases.pop();
            }
        }
        self.history.retain(|entry| entry.base < from);
        self.end = from;
    }

    /// A restart: of what is older than the snapshot, only each producer's last batch is known.
    pub(crate) fn forget_older_batches(&mut self, snapshot: Option<i64>) {
        let Some(snapshot) = snapshot else {
            let start = self.start;
            return self.history.retain(|entry| entry.end() > start);
        };
        let history = std::mem::take(&mut self.history);
        for (index, entry) in history.iter().enumerate() {
            let id = entry.producer.map(|p| p.id);
            let is_last_before = !history[index + 1..]
                .iter()
                .any(|later| later.producer.map(|p| p.id) == id && later.base < snapshot);
            if entry.base >= snapshot || is_last_before {
                self.history.push(entry.clone());
            }
        }
    }

    pub(crate) fn delete_records(&mut self, before: i64) -> Result<i64, ErrorCode> {
        let before = if before == -1 {
            self.high_watermark
        } else {
            before
        };
        if before < 0 || before > self.high_watermark {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        if before > self.start {
            self.start = before;
            self.drop_below_start();
        }
        Ok(self.start)
    }

    fn drop_below_start(&mut self) {
        while self.bases.len() > 1 && self.bases[1] <= self.start {
            self.bases.remove(0);
        }
        self.drop_entries();
    }

    /// Everything is stored when this is called.
    pub(crate) fn apply_retention(&mut self, now: i64, retention_bytes: i64, retention_ms: i64) {
        self.drop_below_start();
        while self.size_from(0) as i64 - self.first_segment_size() as i64 >= retention_bytes
            && !self.entries.is_empty()
            && retention_bytes >= 0
        {
            self.drop_segment();
        }
        while retention_ms >= 0 && !self.entries.is_empty() {
            let newest = self.first_segment().map(Entry::max_timestamp).max();
            if newest.is_none_or(|newest| now - newest <= retention_ms) {
                break;
            }
            self.drop_segment();
        }
    }

    fn drop_segment(&mut self) {
        self.bases.remove(0);
        if self.bases.is_empty() {
            self.bases.push(self.end);
        }
        self.start = self.start.max(self.bases[0]);
        self.drop_entries();
    }

    fn drop_entries(&mut self) {
        let first = self.bases[0];
        self.entries.retain(|entry| entry.base >= first);
    }

    fn first_segment(&self) -> impl Iterator<Item = &Entry> {
        let end = self.bases.get(1).copied().unwrap_or(i64::MAX);
        self.entries.iter().filter(move |entry| entry.base < end)
    }

    fn first_segment_size(&self) -> u64 {
        self.first_segment().map(|entry| entry.size).sum()
    }

    pub(crate) fn size_from(&self, base: i64) -> u64 {
        let behind = self.entries.iter().filter(|entry| entry.base >= base);
        behind.map(|entry| entry.size).sum()
    }

    /// The batches that a reader at `offset` may have, up to the end of its segment.
    pub(crate) fn readable(&self, offset: i64) -> Vec<&Entry> {
        let segment_end = self.bases.iter().copied().find(|base| *base > offset);
        let limit = segment_end.unwrap_or(i64::MAX).min(self.high_watermark);
        let wanted = |entry: &&Entry| entry.end() > offset && entry.end() <= limit;
        self.entries.iter().filter(wanted).collect()
    }
}
