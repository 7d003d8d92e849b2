//! Fetch, key 1: versions 4 to 18.
//!
//! Where records are read. Read and written by hand, for every record passes through here; the answer only points at records.
//! - 5: log start offsets. 7: fetch sessions (KIP-227): a client tells only what changes, and so does the answer.
//! - 9: the client's leader epoch (KIP-320). 11: the client's rack (KIP-392; of no use to a single broker).
//! - 12: flexible; the epoch of the last record fetched. 13: topics are named by id (KIP-516).
//! - 15: the replica's state is a tagged field. 16: the answer may name brokers. 17, 18: fields for followers.

use bytes::Bytes;
use kafka_protocol::messages::fetch_response::{FetchableTopicResponse, PartitionData};
use kafka_protocol::messages::{ApiKey, FetchResponse};
use ottla_core::interface::{FetchPartition, FetchTopic};
use ottla_core::{ErrorCode, Offset, TopicRef};

use super::convert::topic_name;
use super::{Action, Api};
use crate::frame::{Frame, Malformed};
use crate::primitives::Reader;

pub(super) const API: Api = Api {
    key: ApiKey::Fetch as i16,
    name: "Fetch",
    versions: 4..=18,
    decode,
    refuse,
};

/// A fetch as the client sends it: with a session, less than it means.
#[derive(Debug, Clone)]
pub(crate) struct FetchCall {
    pub(crate) max_wait_ms: i32,
    pub(crate) min_bytes: i32,
    pub(crate) max_bytes: i32,
    /// Wants to know of aborted transactions: `isolation.level=read_committed`.
    pub(crate) committed_only: bool,
    pub(crate) session_id: i32,
    /// -1: without a session, ending the one named. 0: begin one. Otherwise the how many-th request of the session.
    pub(crate) session_epoch: i32,
    pub(crate) topics: Vec<FetchTopic>,
    /// No longer of interest to the session.
    pub(crate) forgotten: Vec<(TopicRef, Vec<i32>)>,
    /// Topics are named by id.
    pub(crate) by_id: bool,
}

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    Ok(Action::Fetch(Box::new(read(frame)?)))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let call = read(frame)?;
    let refused = |partition: &FetchPartition| {
        PartitionData::default()
            .with_partition_index(partition.partition)
            .with_error_code(error.number())
            .with_high_watermark(-1)
            .with_aborted_transactions(Some(Vec::new()))
            .with_records(Some(Bytes::new()))
    };
    let topics = call.topics.iter().filter_map(|topic| match &topic.topic {
        TopicRef::Name(name) => {
            let partitions = topic.partitions.iter().map(refused);
            let answer = FetchableTopicResponse::default().with_topic(topic_name(name));
            Some(answer.with_partitions(partitions.collect()))
        }
        // A client that knows topics by their ids looks at the error of the whole.
        TopicRef::Id(_) => None,
    });
    let response = FetchResponse::default()
        .with_error_code(error.number())
        .with_session_id(call.session_id)
        .with_responses(topics.collect());
    Ok(Action::answer(frame.header, &response))
}

fn read(frame: &Frame<'_>) -> Result<FetchCall, Malformed> {
    let version = frame.header.version;
    let body = Reader::new(frame.body.clone(), version >= 12);
    read_body(body, version).ok_or_else(|| frame.malformed())
}

fn read_body(mut body: Reader, version: i16) -> Option<FetchCall> {
    if version <= 14 {
        body.i32()?; // The follower's id; consumers send -1.
    }
    let max_wait_ms = body.i32()?;
    let min_bytes = body.i32()?;
    let max_bytes = body.i32()?;
    let committed_only = body.i8()? == 1;
    let (session_id, session_epoch) = if version >= 7 {
        (body.i32()?, body.i32()?)
    } else {
        (0, -1)
    };
    let by_id = version >= 13;
    let topics_count = body.array()?;
    let mut topics = Vec::with_capacity(topics_count.min(EXPECTED_COUNT));
    for _ in 0..topics_count {
        let topic = body.topic(by_id)?;
        let partitions_count = body.array()?;
        let mut partitions = Vec::with_capacity(partitions_count.min(EXPECTED_COUNT));
        for _ in 0..partitions_count {
            partitions.push(read_partition(&mut body, version)?);
        }
        body.skip_tags()?;
        topics.push(FetchTopic { topic, partitions });
    }
    let mut forgotten = Vec::new();
    if version >= 7 {
        for _ in 0..body.array()? {
            let topic = body.topic(by_id)?;
            let partitions = (0..body.array()?)
                .map(|_| body.i32())
                .collect::<Option<_>>()?;
            body.skip_tags()?;
            forgotten.push((topic, partitions));
        }
    }
    if version >= 11 {
        body.skip_string()?;
    }
    body.skip_tags()?;
    Some(FetchCall {
        max_wait_ms,
        min_bytes,
        max_bytes,
        committed_only,
        session_id,
        session_epoch,
        topics,
        forgotten,
        by_id,
    })
}

fn read_partition(body: &mut Reader, version: i16) -> Option<FetchPartition> {
    let known = |epoch: i32| (epoch >= 0).then_some(epoch);
    let partition = body.i32()?;
    let current_leader_epoch = if version >= 9 {
        known(body.i32()?)
    } else {
        None
    };
    let fetch_offset = Offset(body.i64()?);
    let last_fetched_epoch = if version >= 12 {
        known(body.i32()?)
    } else {
        None
    };
    if version >= 5 {
        body.i64()?; // The follower's log start offset.
    }
    let max_bytes = body.i32()?;
    body.skip_tags()?;
    Some(FetchPartition {
        partition,
        current_leader_epoch,
        fetch_offset,
        last_fetched_epoch,
        max_bytes,
    })
}

/// Room for what a request usually holds; more comes with the elements themselves.
const EXPECTED_COUNT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use kafka_protocol::messages::FetchRequest;
    use kafka_protocol::messages::fetch_request;
    use kafka_protocol::protocol::{Encodable, StrBytes};
    use ottla_core::{TopicName, Uuid};

    #[test]
    fn every_version_is_read_as_the_library_writes_it() {
        for version in 4..=18 {
            let call = read_body(Reader::new(written(version), version >= 12), version)
                .expect("it is a request");
            assert_eq!(
                (call.max_wait_ms, call.min_bytes, call.max_bytes),
                (1, 2, 3)
            );
            assert!(call.committed_only);
            let topic = if version >= 13 {
                TopicRef::Id(Uuid([9; 16]))
            } else {
                TopicRef::Name(TopicName::from("t"))
            };
            assert_eq!(call.topics[0].topic, topic);
            let partition = &call.topics[0].partitions[1];
            assert_eq!(
                (
                    partition.partition,
                    partition.fetch_offset,
                    partition.max_bytes
                ),
                (7, Offset(8), 9)
            );
            assert_eq!(partition.current_leader_epoch, (version >= 9).then_some(5));
            assert_eq!(partition.last_fetched_epoch, (version >= 12).then_some(4));
            if version >= 7 {
                assert_eq!((call.session_id, call.session_epoch), (6, 5));
                assert_eq!(call.forgotten, [(topic, vec![3, 4])]);
            } else {
                assert_eq!((call.session_id, call.session_epoch), (0, -1));
            }
        }
    }

    fn written(version: i16) -> Bytes {
        let partition = fetch_request::FetchPartition::default()
            .with_partition(7)
            .with_fetch_offset(8)
            .with_partition_max_bytes(9);
        let partition = if version >= 9 {
            partition.with_current_leader_epoch(5)
        } else {
            partition
        };
        let partition = if version >= 12 {
            partition.with_last_fetched_epoch(4)
        } else {
            partition
        };
        let mut topic = fetch_request::FetchTopic::default().with_partitions(vec![partition; 2]);
        let mut forgotten = fetch_request::ForgottenTopic::default().with_partitions(vec![3, 4]);
        if version >= 13 {
            topic.topic_id = uuid::Uuid::from_bytes([9; 16]);
            forgotten.topic_id = topic.topic_id;
        } else {
            topic.topic = StrBytes::from_static_str("t").into();
            forgotten.topic = topic.topic.clone();
        }
        let mut request = FetchRequest::default()
            .with_max_wait_ms(1)
            .with_min_bytes(2)
            .with_max_bytes(3)
            .with_isolation_level(1)
            .with_topics(vec![topic]);
        if version >= 7 {
            request.session_id = 6;
            request.session_epoch = 5;
            request.forgotten_topics_data = vec![forgotten];
        }
        if version >= 11 {
            request.rack_id = StrBytes::from_static_str("rack");
        }
        if version >= 12 {
            request.cluster_id = Some(StrBytes::from_static_str("a tagged field"));
        }
        let mut body = Vec::new();
        request.encode(&mut body, version).expect("encodes");
        Bytes::from(body)
    }
}
