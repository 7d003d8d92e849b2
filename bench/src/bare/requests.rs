//! The requests of the bare client, each with the reading of its answer.

use std::thread;
use std::time::{Duration, Instant};

use super::{Connection, Frame, Reader, last_offset};
use crate::Result;

/// Produce v8 of one batch with acks=all. The correlation id is 0.
pub fn produce(topic: &str, partition: i32, batch: &[u8]) -> Vec<u8> {
    let header = Frame::new(0, 8).null_string().i16(-1).i32(30_000);
    header
        .i32(1)
        .string(topic)
        .i32(1)
        .i32(partition)
        .bytes(batch)
        .finish()
}

/// The base offset that a Produce was answered with.
pub fn produced(answer: &[u8]) -> Result<i64> {
    let mut answer = Reader::new(answer);
    answer.skip(4)?;
    answer.string()?;
    answer.skip(4 + 4)?;
    refuse("Produce", answer.i16()?)?;
    answer.i64()
}

/// Fetch v11 of one partition, without a session.
pub fn fetch(
    topic: &str,
    partition: i32,
    offset: i64,
    max_bytes: i32,
    max_wait_ms: i32,
) -> Vec<u8> {
    let header = Frame::new(1, 11)
        .i32(-1)
        .i32(max_wait_ms)
        .i32(1)
        .i32(max_bytes)
        .i8(0)
        .i32(0)
        .i32(-1);
    let topic = header.i32(1).string(topic).i32(1).i32(partition);
    topic
        .i32(-1)
        .i64(offset)
        .i64(-1)
        .i32(max_bytes)
        .i32(0)
        .string("")
        .finish()
}

/// The records of a Fetch answer with one partition; empty if it is empty.
pub fn fetched(answer: &[u8]) -> Result<&[u8]> {
    let mut answer = Reader::new(answer);
    answer.skip(4)?;
    refuse("Fetch", answer.i16()?)?;
    answer.skip(4)?;
    if answer.count()? == 0 {
        return Ok(&[]);
    }
    answer.string()?;
    answer.skip(4 + 4)?;
    refuse("Fetch", answer.i16()?)?;
    answer.skip(8 + 8 + 8)?;
    let aborted = answer.count()?;
    answer.skip(aborted * 16 + 4)?;
    answer.bytes()
}

/// Reads one partition from its start until `end`, in fetches of `max_bytes`.
pub fn read_all(connection: &mut Connection, topic: &str, end: i64, max_bytes: i32) -> Result<()> {
    let mut offset = 0;
    while offset < end {
        let answer = connection.call(fetch(topic, 0, offset, max_bytes, 500))?;
        let last = last_offset(fetched(answer)?)
            .ok_or_else(|| format!("nothing to fetch at offset {offset} of {end}"))?;
        offset = last + 1;
    }
    Ok(())
}

/// Creates topics in one request and waits until each partition can be used, so: tells its end offset. A topic that is
/// there already is well.
///
/// A broker that has just started may not know yet that it is its own controller: it is asked again.
pub fn create_topics(
    connection: &mut Connection,
    topics: &[String],
    partitions: i32,
) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(60);
    let create = Frame::new(19, 4).array(topics, |frame, topic| {
        frame.string(topic).i32(partitions).i16(1).i32(0).i32(0)
    });
    let create = create.i32(60_000).i8(0).finish();
    retry(until, "CreateTopics", || {
        let errors = topic_errors(connection.call(create.clone())?)?;
        Ok(errors
            .into_iter()
            .find(|error| !matches!(*error, NONE | TOPIC_ALREADY_EXISTS)))
    })?;

    let numbers: Vec<i32> = (0..partitions).collect();
    let list = Frame::new(2, 5)
        .i32(-1)
        .i8(0)
        .array(topics, |frame, topic| {
            frame.string(topic).array(&numbers, |frame, number| {
                frame.i32(*number).i32(-1).i64(LATEST)
            })
        });
    let list = list.finish();
    retry(until, "ListOffsets", || {
        let errors = offset_errors(connection.call(list.clone())?)?;
        Ok(errors.into_iter().find(|error| *error != NONE))
    })
}

/// Where partition 0 of a topic ends.
pub fn end_offset(connection: &mut Connection, topic: &str) -> Result<i64> {
    let list = Frame::new(2, 5)
        .i32(-1)
        .i8(0)
        .array(&[topic], |frame, topic| {
            frame
                .string(topic)
                .array(&[0], |frame, number| frame.i32(*number).i32(-1).i64(LATEST))
        });
    let mut answer = Reader::new(connection.call(list.finish())?);
    answer.skip(4 + 4)?;
    answer.string()?;
    answer.skip(4 + 4)?;
    refuse("ListOffsets", answer.i16()?)?;
    answer.skip(8)?;
    answer.i64()
}

/// Sends a request again and again until its answer has no error left. The pauses are a twentieth of the time so far:
/// exact to 5 %, and what is asked does not slow down what is waited for.
fn retry(until: Instant, name: &str, mut call: impl FnMut() -> Result<Option<i16>>) -> Result<()> {
    let since = Instant::now();
    while let Some(error) = call()? {
        if Instant::now() > until {
            return refuse(name, error);
        }
        thread::sleep(since.elapsed() / 20);
    }
    Ok(())
}

/// The error codes of a CreateTopics answer.
fn topic_errors(answer: &[u8]) -> Result<Vec<i16>> {
    let mut answer = Reader::new(answer);
    answer.skip(4)?;
    (0..answer.count()?)
        .map(|_| {
            answer.string()?;
            let error = answer.i16()?;
            answer.string()?;
            Ok(error)
        })
        .collect()
}

/// The error codes of a ListOffsets v5 answer.
fn offset_errors(answer: &[u8]) -> Result<Vec<i16>> {
    let mut answer = Reader::new(answer);
    answer.skip(4)?;
    let mut errors = Vec::new();
    for _ in 0..answer.count()? {
        answer.string()?;
        for _ in 0..answer.count()? {
            answer.skip(4)?;
            errors.push(answer.i16()?);
            answer.skip(8 + 8 + 4)?;
        }
    }
    Ok(errors)
}

/// An error code other than 0 as an error.
pub fn refuse(request: &str, error: i16) -> Result<()> {
    if error == NONE {
        Ok(())
    } else {
        Err(format!("{request} was answered with error code {error}").into())
    }
}

/// Before a request is repeated to a broker that is not ready for it.
pub const RETRY: Duration = Duration::from_micros(500);
pub const NONE: i16 = 0;
const LATEST: i64 = -1;
const TOPIC_ALREADY_EXISTS: i16 = 36;
