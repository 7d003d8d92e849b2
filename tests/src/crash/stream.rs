//! A producer on one partition, and its account.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{InitProducerIdRequest, ProduceRequest};
use kafka_protocol::protocol::StrBytes;

use super::batch::Plan;
use super::client::{Client, known};

/// Everything that one producer ever sent to one partition.
pub struct Stream {
    /// In the name of each of its batches.
    pub number: u32,
    /// Where it produces to.
    pub topic: String,
    /// Where it produces to.
    pub partition: i32,
    idempotent: bool,
    /// Id and epoch, once it has asked for them.
    producer: Option<(i64, i16)>,
    /// By number.
    pub sent: Vec<Sent>,
    /// So many were answered, all others came after them.
    answered: usize,
    next_sequence: i32,
}

/// One batch that was sent.
pub struct Sent {
    /// The batch itself, without its bytes.
    pub plan: Plan,
    /// What is known about it.
    pub fate: Fate,
    /// Where a check found it.
    pub found: Option<i64>,
}

/// What is known about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Sent, and not answered before the broker was killed.
    Unknown,
    /// In the log at this offset: the broker said so, or a consumer could have read it there.
    Stored(i64),
    /// It was not there after the broker had been killed; it must not turn up.
    Lost,
}

impl Stream {
    /// A producer that has not sent anything.
    pub fn new(number: u32, topic: &str, partition: i32, idempotent: bool) -> Self {
        Self {
            number,
            topic: topic.to_owned(),
            partition,
            idempotent,
            producer: None,
            sent: Vec::new(),
            answered: 0,
            next_sequence: 0,
        }
    }

    /// Whether what was not answered is sent again, and so may still come.
    pub fn retries(&self) -> bool {
        self.idempotent
    }

    /// How many batches the broker acknowledged.
    pub fn acknowledged_count(&self) -> usize {
        self.sent
            .iter()
            .filter(|sent| matches!(sent.fate, Fate::Stored(_)))
            .count()
    }

    /// Produces until the broker is gone. `progress` counts the batches of all streams.
    ///
    /// An idempotent producer first repeats what was not answered before, and the batch before that.
    ///
    /// # Errors
    /// Always: the connection's end.
    ///
    /// # Panics
    /// When a batch is refused, or a repeated one is answered with another offset than before.
    pub fn work(&mut self, address: SocketAddr, progress: &AtomicUsize) -> io::Result<Infallible> {
        let mut client = Client::connect(address)?;
        if self.idempotent {
            if self.producer.is_none() {
                self.producer = Some(new_producer(&mut client)?);
            }
            let first = self.answered.saturating_sub(1);
            for number in first..self.sent.len() {
                self.send(&mut client, number)?;
            }
            for number in first..self.sent.len() {
                self.receive(&mut client, number)?;
            }
        }
        let mut waiting = self.sent.len();
        loop {
            let number = self.add();
            self.send(&mut client, number)?;
            progress.fetch_add(1, Ordering::Relaxed);
            if number - waiting + 1 == IN_FLIGHT {
                self.receive(&mut client, waiting)?;
                waiting += 1;
            }
        }
    }

    /// Notes a new batch and gives its number.
    fn add(&mut self) -> usize {
        let number = self.sent.len();
        let plan = Plan {
            stream: self.number,
            number: u32::try_from(number).expect("a stream has less than 2^32 batches"),
            producer: self
                .producer
                .map(|(id, epoch)| (id, epoch, self.next_sequence)),
            timestamp_ms: Plan::now_ms(),
        };
        self.next_sequence += i32::try_from(plan.records_count()).expect("a batch has few records");
        self.sent.push(Sent {
            plan,
            fate: Fate::Unknown,
            found: None,
        });
        number
    }

    fn send(&self, client: &mut Client, number: usize) -> io::Result<()> {
        let batch = self.sent[number].plan.bytes();
        client.send(PRODUCE, &request(&self.topic, self.partition, batch))
    }

    fn receive(&mut self, client: &mut Client, number: usize) -> io::Result<()> {
        let response = client.receive::<ProduceRequest>(PRODUCE)?;
        let answer = &response.responses[0].partition_responses[0];
        let name = format!(
            "batch {number} of stream {} ({}-{})",
            self.number, self.topic, self.partition
        );
        assert_eq!(
            answer.error_code, 0,
            "{name} was refused: {:?}",
            answer.error_message
        );
        let sent = &mut self.sent[number];
        if let Fate::Stored(offset) = sent.fate {
            assert_eq!(
                answer.base_offset, offset,
                "{name} is at offset {offset}, but its repetition was answered with {}",
                answer.base_offset
            );
        }
        sent.fate = Fate::Stored(answer.base_offset);
        self.answered = self.answered.max(number + 1);
        Ok(())
    }
}

/// Produces one batch with acks=all, waits for the answer, and returns the batch's offset.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When the batch is refused.
pub fn produce(client: &mut Client, topic: &str, partition: i32, batch: Bytes) -> io::Result<i64> {
    let response = client.call(PRODUCE, &request(topic, partition, batch))?;
    let answer = &response.responses[0].partition_responses[0];
    assert_eq!(
        answer.error_code, 0,
        "a batch was refused: {:?}",
        answer.error_message
    );
    Ok(answer.base_offset)
}

fn request(topic: &str, partition: i32, batch: Bytes) -> ProduceRequest {
    let partition = PartitionProduceData::default()
        .with_index(partition)
        .with_records(Some(batch));
    let topic = TopicProduceData::default()
        .with_name(StrBytes::from_string(topic.to_owned()).into())
        .with_partition_data(vec![partition]);
    ProduceRequest::default()
        .with_acks(-1)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![topic])
}

fn new_producer(client: &mut Client) -> io::Result<(i64, i16)> {
    let request = InitProducerIdRequest::default()
        .with_transactional_id(None)
        .with_transaction_timeout_ms(60_000)
        .with_producer_id((-1).into())
        .with_producer_epoch(-1);
    loop {
        let response = client.call(INIT_PRODUCER_ID, &request)?;
        match response.error_code {
            0 => return Ok((response.producer_id.0, response.producer_epoch)),
            // Apache Kafka says so while it asks its controller for new ids.
            COORDINATOR_LOAD_IN_PROGRESS => thread::sleep(POLL),
            error => panic!("no producer id: error {error}"),
        }
    }
}

/// With the batch before them that is repeated too, these are the five that a broker remembers. (Apache Kafka 4.3.1 forgets
/// all but the last one when it recovers, and answers OUT_OF_ORDER_SEQUENCE_NUMBER to the others.)
const IN_FLIGHT: usize = 4;
const COORDINATOR_LOAD_IN_PROGRESS: i16 = 14;
const POLL: Duration = Duration::from_millis(2);
const PRODUCE: i16 = known::<ProduceRequest>(9);
const INIT_PRODUCER_ID: i16 = known::<InitProducerIdRequest>(4);
