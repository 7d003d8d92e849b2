//! Start-up: what was decided before is applied again.
//!
//! 1. [`Broker::recover`] the metadata log with what the store has found of it, and [`Broker::replay`] its batches: topics and their logs are there.
//! 2. Carry out the effects that came out, so that the store knows the logs by their ids, and [`Broker::recover`] each of them.
//! 3. [`Broker::replay`] the batches of the logs in [`Broker::logs_to_replay`]: groups are there.
//! 4. [`Broker::started`]: sessions and housekeeping begin.

use super::Broker;
use crate::batch::records;
use crate::controller::{MetadataRecord, OFFSETS_TOPIC};
use crate::interface::RecoveredLog;
use crate::{LogId, Now, Offset, Output};

/// A record of an internal log cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {offset} of {log} cannot be read: {why}")]
pub struct ReplayError {
    /// Which log: topic and partition.
    pub log: String,
    /// Which record.
    pub offset: Offset,
    /// What is wrong with it.
    pub why: String,
}

impl Broker {
    /// Tells of a log that the store has found.
    pub fn recover(&mut self, log: LogId, found: RecoveredLog) {
        if let Some(hosted) = self.logs.get_mut(log) {
            hosted.log.recover(found);
        }
    }

    /// The logs, beside the metadata log, whose records are to be replayed.
    pub fn logs_to_replay(&self) -> Vec<LogId> {
        let topic = self.metadata.topic(OFFSETS_TOPIC);
        topic
            .into_iter()
            .flat_map(|topic| topic.partitions.iter().map(|info| info.log))
            .collect()
    }

    /// Applies the records of a batch of an internal log.
    pub fn replay(
        &mut self,
        now: Now,
        log: LogId,
        batch: &[u8],
        out: &mut Vec<Output>,
    ) -> Result<(), ReplayError> {
        let name = self
            .log(log)
            .map_or_else(String::new, |log| log.partition().to_string());
        let error = |offset, why: String| ReplayError {
            log: name.clone(),
            offset,
            why,
        };
        let records = records(batch).map_err(|why| error(Offset(-1), why.to_string()))?;
        for record in records {
            let record = record.map_err(|why| error(Offset(-1), why.to_string()))?;
            if log == LogId::METADATA {
                let value = record.value.as_deref().unwrap_or_default();
                let decoded = MetadataRecord::decode(value)
                    .map_err(|why| error(record.offset, why.to_string()))?;
                for change in self.metadata.apply(&decoded) {
                    self.obey(now, change, out);
                }
            } else if let Some(key) = &record.key {
                self.coordinator
                    .replay(key, record.value.as_deref())
                    .map_err(|why| error(record.offset, why.to_string()))?;
            }
        }
        Ok(())
    }

    /// Everything is replayed: from now on time counts.
    pub fn started(&mut self, now: Now, out: &mut Vec<Output>) {
        self.start_housekeeping(now.mono);
        self.coordinate(now, out, |coordinator, world, fx| {
            coordinator.loaded(now, world, fx)
        });
    }

    /// The node stops in an orderly way: what saves time at the next start is written.
    pub fn stopping(&mut self, out: &mut Vec<Output>) {
        for hosted in self.logs.iter_mut() {
            hosted.log.snapshot_producers(out);
        }
    }
}
