//! Negative timestamps ask for special offsets, and each came with a version of its own: a broker that does not know one takes it for a moment.

use kafka_protocol::messages::ListOffsetsRequest;

pub(super) fn check(request: &ListOffsetsRequest, version: i16) -> Result<(), String> {
    let timestamps = request
        .topics
        .iter()
        .flat_map(|topic| topic.partitions.iter().map(|partition| partition.timestamp));
    for timestamp in timestamps {
        let since = match timestamp {
            MAX_TIMESTAMP => 7,
            EARLIEST_LOCAL => 8,
            LATEST_TIERED => 9,
            _ => continue,
        };
        if version < since {
            return Err(format!("the special timestamp {timestamp}"));
        }
    }
    Ok(())
}

/// The record with the largest timestamp (KIP-734).
const MAX_TIMESTAMP: i64 = -3;
/// The first offset that is on the broker's own disk (KIP-405).
const EARLIEST_LOCAL: i64 = -4;
/// The last offset in tiered storage (KIP-1005).
const LATEST_TIERED: i64 = -5;
