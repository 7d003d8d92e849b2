//! Produce, key 0: versions 3 to 13; 0 to 2 are advertised, but close the connection.
//!
//! Records go to the ends of logs. Read and written by hand, for every record passes through here.
//! - 0 to 2 would carry formats that Kafka 4 no longer takes. They are advertised as Kafka does, for librdkafka up to 2.11 else
//!   takes the broker for one without gzip, snappy and lz4.
//! - 5: the answer tells the log's start offset. 7: zstd is allowed (KIP-110).
//! - 8: the answer names the records that are to blame (KIP-467).
//! - 9: flexible. 13: topics are named by id (KIP-516).
//!
//! `acks=0` gets no answer; if anything is wrong, the connection is closed, which is the only way to say so.

use bytes::Bytes;
use kafka_protocol::messages::ApiKey;
use ottla_core::batch::{Batch, BatchError, Compression};
use ottla_core::interface::{
    Acks, ProducePartition, ProduceRequest, ProduceResponse, ProduceTopic, ProducedTopic,
};
use ottla_core::{ErrorCode, Request, Response};

use super::action::mismatch;
use super::{Action, Api, World};
use crate::frame::{Frame, Header, Malformed};
use crate::primitives::{Reader, Writer};

pub(super) const API: Api = Api {
    key: ApiKey::Produce as i16,
    name: "Produce",
    versions: 0..=13,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let (acks, request) = read(frame)?;
    let Some(acks) = acks else {
        let response = refused(&request, ErrorCode::InvalidRequiredAcks);
        return Ok(Action::Answer(write(frame.header, &response)));
    };
    let then = if acks == Acks::None {
        stay_silent
    } else {
        answer
    };
    Ok(Action::engine(
        Request::Produce(ProduceRequest { acks, ..request }),
        then,
    ))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let (acks, request) = read(frame)?;
    Ok(match acks {
        Some(Acks::None) => Action::Close,
        _ => Action::Answer(write(frame.header, &refused(&request, error))),
    })
}

/// The request, and its acks if they are of a known kind.
fn read(frame: &Frame<'_>) -> Result<(Option<Acks>, ProduceRequest), Malformed> {
    let version = frame.header.version;
    let body = Reader::new(frame.body.clone(), version >= 9);
    read_body(body, version).ok_or_else(|| frame.malformed())
}

fn read_body(mut body: Reader, version: i16) -> Option<(Option<Acks>, ProduceRequest)> {
    if version < 3 {
        return None;
    }
    body.skip_string()?; // The transactional id: the batches say themselves whether they belong to a transaction.
    let acks = match body.i16()? {
        0 => Some(Acks::None),
        1 => Some(Acks::Leader),
        -1 => Some(Acks::All),
        _ => None,
    };
    let timeout_ms = body.i32()?;
    let topics_count = body.array()?;
    let mut topics = Vec::with_capacity(topics_count.min(EXPECTED_COUNT));
    for _ in 0..topics_count {
        let topic = body.topic(version >= 13)?;
        let partitions_count = body.array()?;
        let mut partitions = Vec::with_capacity(partitions_count.min(EXPECTED_COUNT));
        for _ in 0..partitions_count {
            let partition = body.i32()?;
            let records = body.bytes()?.unwrap_or_default();
            body.skip_tags()?;
            partitions.push(ProducePartition {
                partition,
                batch: parse(records, version),
            });
        }
        body.skip_tags()?;
        topics.push(ProduceTopic { topic, partitions });
    }
    body.skip_tags()?;
    Some((
        acks,
        ProduceRequest {
            acks: Acks::All,
            timeout_ms,
            topics,
        },
    ))
}

fn parse(records: Bytes, version: i16) -> Result<Batch, BatchError> {
    let batch = Batch::parse(records)?;
    if version < 7 && batch.header().compression == Compression::Zstd {
        return Err(ErrorCode::UnsupportedCompressionType.into());
    }
    Ok(batch)
}

/// The error for each of the partitions.
fn refused(request: &ProduceRequest, error: ErrorCode) -> ProduceResponse {
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter();
        let refused = partitions.map(|partition| (partition.partition, Err(error.into())));
        ProducedTopic {
            topic: topic.topic.clone(),
            partitions: refused.collect(),
        }
    });
    ProduceResponse {
        topics: topics.collect(),
    }
}

fn stay_silent(response: Response, _world: &mut World<'_>) -> Action {
    let Response::Produce(response) = response else {
        mismatch(&response)
    };
    let mut partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
    if partitions.any(|(_, outcome)| outcome.is_err()) {
        Action::Close
    } else {
        Action::Nothing
    }
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::Produce(response) = response else {
        mismatch(&response)
    };
    Action::Answer(write(world.header, &response))
}

fn write(header: &Header, response: &ProduceResponse) -> Bytes {
    let version = header.version;
    let partitions_count: usize = response
        .topics
        .iter()
        .map(|topic| topic.partitions.len())
        .sum();
    let capacity = 32 + 64 * response.topics.len() + 40 * partitions_count;
    let mut frame = Writer::new(header.correlation_id, version >= 9, capacity);
    frame.length(response.topics.len());
    for topic in &response.topics {
        frame.topic(&topic.topic);
        frame.length(topic.partitions.len());
        for (partition, outcome) in &topic.partitions {
            frame.i32(*partition);
            let code = outcome
                .as_ref()
                .err()
                .map_or(ErrorCode::None, |error| error.code);
            let appended = outcome.as_ref().ok();
            frame.i16(code.number());
            frame.i64(appended.map_or(-1, |appended| appended.base_offset.0));
            let time = appended.and_then(|appended| appended.log_append_time);
            frame.i64(time.map_or(-1, |time| time.0));
            if version >= 5 {
                frame.i64(appended.map_or(-1, |appended| appended.log_start_offset.0));
            }
            if version >= 8 {
                write_errors(&mut frame, outcome.as_ref().err());
            }
            frame.tags();
        }
        frame.tags();
    }
    frame.i32(0); // throttle_time_ms
    frame.tags();
    frame.finish(0)
}

fn write_errors(frame: &mut Writer, error: Option<&BatchError>) {
    let records = error.map_or(&[][..], |error| &error.records);
    frame.length(records.len());
    for record in records {
        frame.i32(record.index);
        frame.string(record.message.as_deref());
        frame.tags();
    }
    frame.string(error.and_then(|error| error.message.as_deref()));
}

/// Room for what a request usually holds; more comes with the elements themselves.
const EXPECTED_COUNT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Buf;
    use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
    use kafka_protocol::messages::{ProduceResponse as Theirs, ResponseHeader};
    use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, StrBytes};
    use ottla_core::batch::RecordError;
    use ottla_core::interface::Appended;
    use ottla_core::{Offset, Timestamp, TopicName, TopicRef, Uuid};

    #[test]
    fn every_version_is_read_as_the_library_writes_it() {
        for version in 3..=13 {
            let partitions = [5, 7].map(|index| PartitionProduceData::default().with_index(index));
            let mut topic = TopicProduceData::default().with_partition_data(partitions.into());
            let expected = if version >= 13 {
                topic.topic_id = uuid::Uuid::from_u128(11);
                TopicRef::Id(Uuid(11u128.to_be_bytes()))
            } else {
                topic.name = StrBytes::from_static_str("t").into();
                TopicRef::Name(TopicName::from("t"))
            };
            let theirs = kafka_protocol::messages::ProduceRequest::default()
                .with_transactional_id(Some(StrBytes::from_static_str("tx").into()))
                .with_acks(-1)
                .with_timeout_ms(1234)
                .with_topic_data(vec![topic]);
            let mut body = Vec::new();
            theirs.encode(&mut body, version).expect("encodes");
            let body = Reader::new(Bytes::from(body), version >= 9);
            let (acks, request) = read_body(body, version).expect("it is a request");
            assert_eq!((acks, request.timeout_ms), (Some(Acks::All), 1234));
            assert_eq!(request.topics[0].topic, expected);
            let partitions = &request.topics[0].partitions;
            assert_eq!(
                partitions
                    .iter()
                    .map(|found| found.partition)
                    .collect::<Vec<_>>(),
                [5, 7]
            );
        }
    }

    #[test]
    fn every_version_is_written_as_the_library_reads_it() {
        let error = BatchError {
            code: ErrorCode::InvalidRecord,
            message: Some("one is bad".into()),
            records: vec![RecordError {
                index: 3,
                message: Some("this one".into()),
            }],
        };
        let appended = Appended {
            base_offset: Offset(100),
            log_append_time: Some(Timestamp(5)),
            log_start_offset: Offset(50),
        };
        for version in 3..=13 {
            let topic = if version >= 13 {
                TopicRef::Id(Uuid([7; 16]))
            } else {
                TopicRef::Name(TopicName::from("t"))
            };
            let partitions = vec![(0, Ok(appended)), (1, Err(error.clone()))];
            let ours = ProduceResponse {
                topics: vec![ProducedTopic { topic, partitions }],
            };
            let header = Header {
                key: 0,
                version,
                correlation_id: 9,
                client_id: String::new(),
            };
            let mut frame = write(&header, &ours);
            assert_eq!(frame.get_i32() as usize, frame.len());
            let header = ResponseHeader::decode(&mut frame, Theirs::header_version(version))
                .expect("a header");
            assert_eq!(header.correlation_id, 9);
            let theirs = Theirs::decode(&mut frame, version).expect("an answer");
            assert!(frame.is_empty());
            let [good, bad] = &theirs.responses[0].partition_responses[..] else {
                panic!("two partitions")
            };
            assert_eq!(
                (good.error_code, good.base_offset, good.log_append_time_ms),
                (0, 100, 5)
            );
            assert_eq!(good.log_start_offset, if version >= 5 { 50 } else { -1 });
            assert_eq!((bad.index, bad.error_code, bad.base_offset), (1, 87, -1));
            if version >= 8 {
                assert_eq!(bad.error_message.as_deref(), Some("one is bad"));
                assert_eq!(bad.record_errors[0].batch_index, 3);
                assert_eq!(
                    bad.record_errors[0].batch_index_error_message.as_deref(),
                    Some("this one")
                );
                assert_eq!((good.record_errors.len(), &good.error_message), (0, &None));
            }
        }
    }
}
