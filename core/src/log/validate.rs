//! What a topic's configuration asks of a batch (Apache Kafka's `LogValidator`).

use super::append::Origin;
use super::config::{CompressionType, LogConfig};
use crate::batch::{Batch, BatchError, RecordError, Seen, TimestampType};
use crate::{ErrorCode, Timestamp, TopicPartition};

/// Checks `batch` and brings it into the topic's form: compression, timestamp type.
pub(super) fn validate(
    config: &LogConfig,
    partition: &TopicPartition,
    now: Timestamp,
    batch: Batch,
    origin: Origin,
) -> Result<Batch, BatchError> {
    // What a coordinator has decided stands or falls as one batch, however large; a client's request for it had a limit already.
    let check_size = |batch: &Batch| match origin {
        Origin::Client(_) => check_size(config, batch),
        Origin::Coordinator => Ok(()),
    };
    check_size(&batch)?;
    check_records(config, partition, now, &batch)?;
    let batch = match config.compression {
        CompressionType::Producer => batch,
        CompressionType::Always(compression) => {
            let batch = batch.recompressed(compression)?;
            check_size(&batch)?;
            batch
        }
    };
    let max_timestamp = match config.timestamp_type {
        TimestampType::CreateTime => batch.header().max_timestamp,
        TimestampType::LogAppendTime => now,
    };
    let batch = batch.stamped(config.timestamp_type, max_timestamp);
    if batch.header().size_bytes > config.segment_bytes {
        return Err(ErrorCode::RecordListTooLarge.into());
    }
    Ok(batch)
}

fn check_size(config: &LogConfig, batch: &Batch) -> Result<(), BatchError> {
    if batch.header().size_bytes > config.max_message_bytes {
        return Err(ErrorCode::MessageTooLarge.into());
    }
    Ok(())
}

fn check_records(
    config: &LogConfig,
    partition: &TopicPartition,
    now: Timestamp,
    batch: &Batch,
) -> Result<(), BatchError> {
    let limits = Limits {
        config,
        now,
        stamped_by_producer: batch.header().timestamp_type == TimestampType::LogAppendTime,
    };
    let newest = batch.header().max_timestamp;
    let oldest = batch.oldest_timestamp().unwrap_or(Timestamp::NONE);
    let compact = config.cleanup_policy.compact;
    let lacks_key = compact && batch.has_null_keys();
    if !lacks_key && !limits.refuse(oldest) && !limits.refuse(newest) {
        return Ok(());
    }

    let mut bad_time = false;
    let records: Vec<RecordError> = batch
        .find_records(RECORD_ERRORS_LIMIT, |seen| {
            compact && !seen.has_key() || limits.refuse(seen.timestamp)
        })
        .into_iter()
        .map(|seen| RecordError {
            index: seen.index,
            message: Some(if compact && !seen.has_key() {
                format!("Compacted topic cannot accept message without key in topic partition {partition}")
            } else {
                bad_time = true;
                limits.message(&seen)
            }),
        })
        .collect();
    if bad_time {
        return Err(BatchError {
            code: ErrorCode::InvalidTimestamp,
            message: Some(
                "One or more records have been rejected due to invalid timestamp".to_owned(),
            ),
            records,
        });
    }
    Err(BatchError {
        code: ErrorCode::InvalidRecord,
        message: Some(format!(
            "One or more records have been rejected due to {} record errors in total, and only showing the first three errors at most: {}",
            records.len(),
            first_three(&records)
        )),
        records,
    })
}

/// Which timestamps a topic takes.
struct Limits<'a> {
    config: &'a LogConfig,
    now: Timestamp,
    /// The batch claims to be stamped by a broker.
    stamped_by_producer: bool,
}

impl Limits<'_> {
    fn refuse(&self, timestamp: Timestamp) -> bool {
        if self.config.timestamp_type == TimestampType::CreateTime && timestamp != Timestamp::NONE {
            let age_ms = self.now.0.saturating_sub(timestamp.0);
            let ahead_ms = timestamp.0.saturating_sub(self.now.0);
            return age_ms > self.config.timestamp_before_max_ms
                || ahead_ms > self.config.timestamp_after_max_ms;
        }
        self.stamped_by_producer
    }

    fn message(&self, seen: &Seen) -> String {
        let &Seen {
            index, timestamp, ..
        } = seen;
        if self.config.timestamp_type == TimestampType::CreateTime && timestamp != Timestamp::NONE {
            let earliest = self.now.0.wrapping_sub(self.config.timestamp_before_max_ms);
            let latest = self.now.0.wrapping_add(self.config.timestamp_after_max_ms);
            format!(
                "Timestamp {timestamp} of message with offset {index} is out of range. The timestamp should be within [{earliest}, {latest}]"
            )
        } else {
            format!(
                "Invalid timestamp type in message DefaultRecord(offset={index}, timestamp={timestamp}, key={} bytes, value={} bytes). Producer should not set timestamp type to LogAppendTime.",
                seen.key_size.max(0),
                seen.value_size.max(0)
            )
        }
    }
}

/// As Java prints a list of them, for tools show this to people.
fn first_three(records: &[RecordError]) -> String {
    let shown: Vec<String> = records
        .iter()
        .take(3)
        .map(|record| {
            let message = record.message.as_deref().unwrap_or_default();
            format!(
                "RecordError(batchIndex={}, message='{message}')",
                record.index
            )
        })
        .collect();
    format!("[{}]", shown.join(", "))
}

/// Apache Kafka names every bad record; a batch of many tiny ones would get an answer many times its own size.
const RECORD_ERRORS_LIMIT: usize = 1000;
