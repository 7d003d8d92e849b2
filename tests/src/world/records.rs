//! Producing and fetching.

use bytes::Bytes;
use ottla_core::batch::{Batch, BatchBuilder, BatchHeader, records};
use ottla_core::interface::{
    Acks, Appended, DeleteRecordsRequest, FetchPartition, FetchRequest, FetchTopic,
    InitProducerIdRequest, ProducePartition, ProduceRequest, ProduceTopic, ProducerIdentity,
};
use ottla_core::{ErrorCode, Offset, Request, RequestId, Response, TopicRef};

use super::{Client, World};

/// What a fetch of one partition has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The outcome.
    pub error: ErrorCode,
    /// Records below this may be read.
    pub high_watermark: i64,
    /// The first offset.
    pub log_start_offset: i64,
    /// The records from the offset on that was asked for: offset and value.
    pub records: Vec<(i64, String)>,
}

impl World {
    /// A batch of these values, with the time of now.
    pub fn batch(&self, values: &[&str]) -> Batch {
        self.fill(BatchBuilder::new(), values)
    }

    /// A batch of an idempotent producer.
    pub fn idempotent_batch(
        &self,
        producer: ProducerIdentity,
        sequence: i32,
        values: &[&str],
    ) -> Batch {
        let mut builder = BatchBuilder::new();
        builder.producer(producer.producer_id, producer.producer_epoch, sequence);
        self.fill(builder, values)
    }

    fn fill(&self, mut builder: BatchBuilder, values: &[&str]) -> Batch {
        for value in values {
            builder.push(self.now().wall, None, Some(value.as_bytes()));
        }
        builder.build()
    }

    /// Sends a batch, to be answered when it is stored (`acks=all`).
    pub fn produce(
        &mut self,
        client: Client,
        topic: &str,
        partition: i32,
        batch: Batch,
    ) -> RequestId {
        let request = ProduceRequest {
            acks: Acks::All,
            timeout_ms: 30_000,
            topics: vec![ProduceTopic {
                topic: TopicRef::Name(topic.into()),
                partitions: vec![ProducePartition {
                    partition,
                    batch: Ok(batch),
                }],
            }],
        };
        self.send(client, Request::Produce(request))
    }

    /// What has become of a produce of one batch; none if it is not answered yet.
    pub fn produced(&mut self, id: RequestId) -> Option<Result<Offset, ErrorCode>> {
        self.take(id).map(outcome)
    }

    /// Produces these values as one batch and waits for the answer: the first offset.
    pub fn write(
        &mut self,
        client: Client,
        topic: &str,
        partition: i32,
        values: &[&str],
    ) -> Result<Offset, ErrorCode> {
        let batch = self.batch(values);
        self.write_batch(client, topic, partition, batch)
    }

    /// Produces a batch and waits for the answer: the first offset.
    pub fn write_batch(
        &mut self,
        client: Client,
        topic: &str,
        partition: i32,
        batch: Batch,
    ) -> Result<Offset, ErrorCode> {
        let id = self.produce(client, topic, partition, batch);
        outcome(self.wait_for(id))
    }

    /// Asks for records, to be answered when there are `min_bytes` or `max_wait_ms` are over.
    pub fn fetch(
        &mut self,
        client: Client,
        topic: &str,
        (partition, offset): (i32, i64),
        (min_bytes, max_wait_ms): (i32, i32),
    ) -> RequestId {
        let request = FetchRequest {
            max_wait_ms,
            min_bytes,
            max_bytes: 50 << 20,
            topics: vec![FetchTopic {
                topic: TopicRef::Name(topic.into()),
                partitions: vec![FetchPartition {
                    partition,
                    current_leader_epoch: None,
                    fetch_offset: Offset(offset),
                    last_fetched_epoch: None,
                    max_bytes: 1 << 20,
                }],
            }],
        };
        self.send(client, Request::Fetch(request))
    }

    /// What a fetch of one partition has found; none if it is not answered yet.
    pub fn fetched(&mut self, id: RequestId) -> Option<Fetched> {
        let Response::Fetch(mut response) = self.take(id)? else {
            panic!("a fetch is answered with something else")
        };
        let partition = response.topics.remove(0).partitions.remove(0);
        let slice = partition.records.as_ref();
        let offset = slice.map_or(Offset(0), |slice| slice.offset);
        let pieces = slice.map(|slice| self.disk.store.locate(slice).expect("the records"));
        Some(Fetched {
            error: partition.error,
            high_watermark: partition.high_watermark.0,
            log_start_offset: partition.log_start_offset.0,
            records: read_from(offset.0, &pieces.unwrap_or_default()),
        })
    }

    /// What is there to be read from an offset on.
    pub fn read(&mut self, client: Client, topic: &str, place: (i32, i64)) -> Fetched {
        let id = self.fetch(client, topic, place, (0, 0));
        self.fetched(id).expect("a fetch that does not wait")
    }

    /// The values in a partition, read fetch by fetch.
    pub fn values(&mut self, client: Client, topic: &str, partition: i32) -> Vec<String> {
        let log = self.broker.partition_log(topic, partition);
        let mut offset = log.map_or(0, |log| log.start_offset().0);
        let mut values = Vec::new();
        loop {
            let fetched = self.read(client, topic, (partition, offset));
            let Some((last, _)) = fetched.records.last() else {
                return values;
            };
            offset = last + 1;
            values.extend(fetched.records.into_iter().map(|(_, value)| value));
        }
    }

    /// Asks for an identity as an idempotent producer.
    ///
    /// # Panics
    /// If there is none.
    pub fn producer_id(&mut self, client: Client) -> ProducerIdentity {
        let request = InitProducerIdRequest {
            transactional_id: None,
            current: None,
        };
        match self.ask(client, Request::InitProducerId(request)) {
            Response::InitProducerId(outcome) => outcome.expect("an identity"),
            other => panic!("{other:?}"),
        }
    }

    /// Deletes the records below an offset: the partition's new first offset.
    pub fn delete_records(
        &mut self,
        client: Client,
        topic: &str,
        partition: i32,
        before: i64,
    ) -> Result<Offset, ErrorCode> {
        let request = DeleteRecordsRequest {
            topics: vec![(topic.into(), vec![(partition, Offset(before))])],
        };
        match self.ask(client, Request::DeleteRecords(request)) {
            Response::DeleteRecords(mut response) => response.topics.remove(0).1.remove(0).1,
            other => panic!("{other:?}"),
        }
    }
}

fn outcome(response: Response) -> Result<Offset, ErrorCode> {
    let Response::Produce(mut response) = response else {
        panic!("a produce is answered with {response:?}")
    };
    let (_, outcome) = response.topics.remove(0).partitions.remove(0);
    outcome
        .map(|Appended { base_offset, .. }| base_offset)
        .map_err(|error| error.code)
}

/// The records of whole batches, from an offset on.
fn read_from(offset: i64, pieces: &[Bytes]) -> Vec<(i64, String)> {
    let bytes = pieces.concat();
    let mut rest = &bytes[..];
    let mut found = Vec::new();
    while let Some(header) = BatchHeader::parse(rest) {
        let (batch, after) = rest.split_at(header.size_bytes as usize);
        for record in records(batch).expect("a sound batch") {
            let record = record.expect("a sound record");
            let value = record.value.unwrap_or_default().to_vec();
            let value = String::from_utf8(value).expect("stories are told in text");
            if record.offset.0 >= offset {
                found.push((record.offset.0, value));
            }
        }
        rest = after;
    }
    assert!(rest.is_empty(), "a fetch finds whole batches");
    found
}
