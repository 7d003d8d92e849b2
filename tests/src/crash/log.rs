//! Reads a partition and holds it against the accounts of its producers.

use ottla_core::sorted::Map;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::{FetchRequest, ListOffsetsRequest};
use kafka_protocol::protocol::StrBytes;

use super::batch::Stored;
use super::client::{Client, known};
use super::stream::{Fate, Stream};

/// Reads a partition from `from` to its end and checks it: dense offsets; every batch is one that a producer sent, whole,
/// once, in its producer's order; every acknowledged batch is where the acknowledgement said. Returns the end offset.
///
/// `from` 0 checks everything anew.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When something is not so.
pub fn check_log(
    client: &mut Client,
    streams: &mut [Stream],
    topic: &str,
    partition: i32,
    from: i64,
) -> io::Result<i64> {
    let mut streams: Map<u32, &mut Stream> = streams
        .iter_mut()
        .filter(|stream| stream.topic == topic && stream.partition == partition)
        .map(|stream| (stream.number, stream))
        .collect();
    if from == 0 {
        for sent in streams.values_mut().flat_map(|stream| &mut stream.sent) {
            sent.found = None;
        }
    }
    let end = read_log(client, topic, partition, from, |batch| {
        find(&mut streams, batch);
    })?;
    for stream in streams.values_mut() {
        settle(stream, end);
    }
    Ok(end)
}

/// A batch that is in the log was sent, is whole, and is there once.
fn find(streams: &mut Map<u32, &mut Stream>, batch: Stored<'_>) {
    let (stream, number) = batch.name();
    let at = batch.base_offset();
    let name = format!("batch {number} of stream {stream}, found at offset {at},");
    let sent = streams
        .get_mut(&stream)
        .and_then(|stream| stream.sent.get_mut(number as usize))
        .unwrap_or_else(|| panic!("{name} was never sent to this partition"));
    assert!(batch.is(&sent.plan.bytes()), "{name} is not as it was sent");
    assert_eq!(sent.found, None, "{name} is there twice");
    assert_ne!(
        sent.fate,
        Fate::Lost,
        "{name} was not there after a crash, and is now"
    );
    sent.found = Some(at);
}

/// Every acknowledged batch was found, and what was not answered is now known to be there or not.
fn settle(stream: &mut Stream, end: i64) {
    let retries = stream.retries();
    let mut last = -1;
    for (number, sent) in stream.sent.iter_mut().enumerate() {
        let name = format!("batch {number} of stream {}", stream.number);
        match (sent.fate, sent.found) {
            (Fate::Stored(offset), found) => assert_eq!(
                found,
                Some(offset),
                "{name} was acknowledged at {}-{}:{offset}, but found at {found:?}; the log ends at {end}",
                stream.topic,
                stream.partition
            ),
            (_, Some(found)) => sent.fate = Fate::Stored(found),
            (_, None) if retries => {}
            (_, None) => sent.fate = Fate::Lost,
        }
        if let Some(found) = sent.found {
            assert!(found > last, "{name} overtook the one before it");
            last = found;
        }
    }
}

/// Gives every batch from `from` to the end of the partition, whose offsets must be dense. Returns the end offset.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When a fetch fails, offsets are missing, or nothing comes though the end is not reached.
pub fn read_log(
    client: &mut Client,
    topic: &str,
    partition: i32,
    from: i64,
    mut each: impl FnMut(Stored<'_>),
) -> io::Result<i64> {
    assert_eq!(
        list_offset(client, topic, partition, EARLIEST)?,
        0,
        "{topic}-{partition} has lost its beginning"
    );
    let end = end_offset(client, topic, partition)?;
    assert!(
        from <= end,
        "{topic}-{partition} ends at {end}, but reached {from} before"
    );
    let mut next = from;
    while next < end {
        let records = fetch(client, topic, partition, next)?;
        let mut rest = &records[..];
        let before = next;
        while let Some((batch, after)) = Stored::first(rest) {
            assert_eq!(
                batch.base_offset(),
                next,
                "offsets are missing in {topic}-{partition}"
            );
            each(batch);
            next = batch.next_offset();
            rest = after;
        }
        assert!(
            next > before,
            "nothing at {topic}-{partition}:{next}, which ends at {end}"
        );
    }
    assert_eq!(next, end, "{topic}-{partition} holds more than it says");
    Ok(end)
}

/// The offset after the last record.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When the broker does not tell.
pub fn end_offset(client: &mut Client, topic: &str, partition: i32) -> io::Result<i64> {
    list_offset(client, topic, partition, LATEST)
}

/// A broker that has just started may still be looking for its partitions.
fn list_offset(client: &mut Client, topic: &str, partition: i32, at: i64) -> io::Result<i64> {
    let partitions = vec![
        ListOffsetsPartition::default()
            .with_partition_index(partition)
            .with_timestamp(at),
    ];
    let topics = vec![
        ListOffsetsTopic::default()
            .with_name(StrBytes::from_string(topic.to_owned()).into())
            .with_partitions(partitions),
    ];
    let request = ListOffsetsRequest::default()
        .with_replica_id((-1).into())
        .with_topics(topics);
    let deadline = Instant::now() + SETTLED_WITHIN;
    loop {
        let response = client.call(LIST_OFFSETS, &request)?;
        let answer = &response.topics[0].partitions[0];
        if answer.error_code == 0 {
            return Ok(answer.offset);
        }
        assert!(
            Instant::now() < deadline,
            "ListOffsets of {topic}-{partition} still fails with {}",
            answer.error_code
        );
        thread::sleep(POLL);
    }
}

fn fetch(client: &mut Client, topic: &str, partition: i32, offset: i64) -> io::Result<Bytes> {
    let partitions = vec![
        FetchPartition::default()
            .with_partition(partition)
            .with_fetch_offset(offset)
            .with_partition_max_bytes(FETCH_BYTES),
    ];
    let topics = vec![
        FetchTopic::default()
            .with_topic(StrBytes::from_string(topic.to_owned()).into())
            .with_partitions(partitions),
    ];
    let request = FetchRequest::default()
        .with_max_wait_ms(500)
        .with_min_bytes(1)
        .with_max_bytes(FETCH_BYTES)
        .with_session_epoch(-1)
        .with_topics(topics);
    let mut response = client.call(FETCH, &request)?;
    let answer = &mut response.responses[0].partitions[0];
    assert_eq!(
        answer.error_code, 0,
        "Fetch of {topic}-{partition}:{offset} fails"
    );
    Ok(answer.records.take().unwrap_or_default())
}

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const FETCH_BYTES: i32 = 8 << 20;
const SETTLED_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(2);
const FETCH: i16 = known::<FetchRequest>(12);
const LIST_OFFSETS: i16 = known::<ListOffsetsRequest>(7);

#[cfg(test)]
mod tests {
    use super::super::batch::Plan;
    use super::super::stream::Sent;
    use super::*;

    /// A plain producer that sent as many batches as there are fates.
    fn stream(fates: &[Fate]) -> Stream {
        let mut stream = Stream::new(0, "t", 0, false);
        stream.sent = (0..)
            .zip(fates)
            .map(|(number, fate)| {
                let plan = Plan {
                    stream: 0,
                    number,
                    producer: None,
                    timestamp_ms: 1_700_000_000_000,
                };
                Sent {
                    plan,
                    fate: *fate,
                    found: None,
                }
            })
            .collect();
        stream
    }

    /// What a check makes of a log with these batches at these offsets.
    fn check(stream: &mut Stream, log: &[(usize, i64)]) {
        let batches: Vec<Vec<u8>> = log
            .iter()
            .map(|(number, offset)| {
                let mut batch = stream.sent[*number].plan.bytes().to_vec();
                batch[..8].copy_from_slice(&offset.to_be_bytes());
                batch
            })
            .collect();
        let mut streams = Map::from([(0, &mut *stream)]);
        for batch in &batches {
            find(&mut streams, Stored::first(batch).expect("a whole batch").0);
        }
        settle(stream, 1000);
    }

    #[test]
    fn what_was_not_answered_is_there_or_lost_for_good() {
        let mut stream = stream(&[Fate::Stored(0), Fate::Unknown, Fate::Unknown]);
        check(&mut stream, &[(0, 0), (1, 400)]);
        assert_eq!(stream.sent[1].fate, Fate::Stored(400));
        assert_eq!(stream.sent[2].fate, Fate::Lost);
    }

    #[test]
    #[should_panic(expected = "was not there after a crash, and is now")]
    fn a_batch_that_comes_back_is_noticed() {
        check(&mut stream(&[Fate::Lost]), &[(0, 0)]);
    }

    #[test]
    #[should_panic(expected = "was acknowledged at t-0:0, but found at None")]
    fn a_lost_acknowledgement_is_noticed() {
        check(&mut stream(&[Fate::Stored(0)]), &[]);
    }

    #[test]
    #[should_panic(expected = "was acknowledged at t-0:0, but found at Some(3)")]
    fn another_offset_than_acknowledged_is_noticed() {
        check(&mut stream(&[Fate::Stored(0)]), &[(0, 3)]);
    }

    #[test]
    #[should_panic(expected = "is there twice")]
    fn a_repeated_batch_is_noticed() {
        check(&mut stream(&[Fate::Stored(0)]), &[(0, 0), (0, 400)]);
    }

    #[test]
    #[should_panic(expected = "overtook")]
    fn a_changed_order_is_noticed() {
        check(&mut stream(&[Fate::Unknown; 2]), &[(1, 0), (0, 400)]);
    }
}
