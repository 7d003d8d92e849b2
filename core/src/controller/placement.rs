use crate::sorted::Map;

use super::{Metadata, PartitionRecord, Replicas};
use crate::{ApiError, ErrorCode, Uuid};

/// The most records that one request may make, as in Kafka. It bounds the work and the answer.
pub(super) const MAX_RECORDS_PER_REQUEST: i64 = 10_000;

/// A request that makes too much, as a whole.
pub(super) fn too_many_partitions() -> ApiError {
    ApiError::new(
        ErrorCode::PolicyViolation,
        "Excessively large number of partitions per request.",
    )
}

/// A partition's first state: its first replica leads, and all are in sync.
pub(super) fn new_partition(topic_id: Uuid, partition: i32, replicas: Replicas) -> PartitionRecord {
    let leader = replicas.ids().first().copied().unwrap_or(-1);
    PartitionRecord {
        partition,
        topic_id,
        isr: replicas.clone(),
        replicas,
        leader,
        leader_epoch: 0,
        partition_epoch: 0,
        directories: Vec::new(),
    }
}

/// Replicas for the partitions from `first` on, dealt out over the brokers in turn.
pub(super) fn place(
    metadata: &Metadata,
    first: i32,
    count: i32,
    replication_factor: i16,
) -> Vec<Replicas> {
    let brokers = metadata.brokers();
    if let [only] = brokers[..] {
        return vec![Replicas::One(only); usize::try_from(count).unwrap_or(0)];
    }
    (first..first.saturating_add(count))
        .map(|partition| {
            let turn = brokers
                .iter()
                .cycle()
                .skip(partition as usize % brokers.len());
            let replicas: Vec<i32> = turn.take(replication_factor as usize).copied().collect();
            replicas.into()
        })
        .collect()
}

/// Checks the replicas that a client has chosen for one partition.
pub(super) fn check_replicas(
    metadata: &Metadata,
    replicas: &[i32],
    replication_factor: Option<usize>,
) -> Result<(), ApiError> {
    let refuse = |rest: String| {
        Err(ApiError::new(
            ErrorCode::InvalidReplicaAssignment,
            format!("The manual partition assignment includes {rest}"),
        ))
    };
    if replicas.is_empty() {
        return refuse("an empty replica list.".to_owned());
    }
    let brokers = metadata.brokers();
    let mut sorted = replicas.to_vec();
    sorted.sort_unstable();
    for (i, id) in sorted.iter().enumerate() {
        if !brokers.contains(id) {
            return refuse(format!("broker {id}, but no such broker is registered."));
        }
        if i > 0 && sorted[i - 1] == *id {
            return refuse(format!("the broker {id} more than once."));
        }
    }
    match replication_factor {
        Some(expected) if expected != replicas.len() => refuse(format!(
            "a partition with {} replica(s), but this is not consistent with previous \
             partitions, which have {expected} replica(s).",
            replicas.len()
        )),
        _ => Ok(()),
    }
}

/// The replicas that a client has chosen for a new topic's partitions, by index.
pub(super) fn check_assignment(
    metadata: &Metadata,
    assignment: &[(i32, Vec<i32>)],
) -> Result<Vec<Replicas>, ApiError> {
    let refuse = |message: String| Err(ApiError::new(ErrorCode::InvalidReplicaAssignment, message));
    let mut by_index = Map::new();
    let mut replication_factor = None;
    for (index, replicas) in assignment {
        if by_index.contains_key(index) {
            return refuse(format!(
                "Found multiple manual partition assignments for partition {index}"
            ));
        }
        check_replicas(metadata, replicas, replication_factor)?;
        replication_factor = Some(replicas.len());
        by_index.insert(*index, Replicas::from(replicas.clone()));
    }
    if by_index
        .keys()
        .zip(0..)
        .any(|(index, expected)| *index != expected)
    {
        return refuse("partitions should be a consecutive 0-based integer sequence".to_owned());
    }
    Ok(by_index.into_values().collect())
}
