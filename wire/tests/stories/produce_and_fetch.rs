//! Records go in and come out, in every version that is served.

use bytes::Bytes;
use kafka_protocol::messages::FetchRequest;
use uuid::Uuid;

use crate::requests::{base_offset, create, fetch, produce, read};
use crate::support::{Arrived, Net, batch};

#[test]
fn every_version_of_produce_is_read_by_every_version_of_fetch() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let mut sent = Vec::new();
    for version in 3..=13 {
        let value = format!("produced with version {version}");
        let produced = net.ask(
            client,
            version,
            &produce(version, id, 0, 1, batch(1000, &[&value])),
        );
        assert_eq!(base_offset(&produced), Ok(sent.len() as i64));
        sent.push(value);
    }
    for version in 4..=18 {
        let fetched = net.ask(client, version, &fetch(version, id, 0, 1 << 20));
        assert_eq!(read(&fetched), sent, "Fetch {version}");
        let partition = &fetched.responses[0].partitions[0];
        assert_eq!(partition.high_watermark, sent.len() as i64);
        assert_eq!(partition.last_stable_offset, sent.len() as i64);
        assert_eq!(partition.aborted_transactions, None);
    }
}

#[test]
fn a_fetch_without_records_waits_until_there_are_some_or_its_time_is_over() {
    let mut net = Net::new();
    let [producer, consumer] = [net.connect(), net.connect()];
    let id = create(&mut net, producer, "t");
    let asked = net.send(consumer, 13, &fetch(13, id, 0, 1 << 20));
    assert_eq!(net.arrived(consumer), None);

    net.ask(producer, 13, &produce(13, id, 0, -1, batch(0, &["now"])));
    assert_eq!(
        read(&net.answer::<FetchRequest>(consumer, 13, asked)),
        ["now"]
    );

    let asked = net.send(consumer, 13, &fetch(13, id, 1, 1 << 20));
    net.pass_ms(499);
    assert_eq!(net.arrived(consumer), None);
    net.pass_ms(1);
    let empty = net.answer::<FetchRequest>(consumer, 13, asked);
    assert_eq!(read(&empty), [""; 0]);
    assert_eq!(empty.responses[0].partitions[0].records, Some(Bytes::new()));
}

#[test]
fn a_limit_below_a_batch_still_gives_the_first_one_whole() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    net.ask(
        client,
        9,
        &produce(9, id, 0, 1, batch(0, &["first", "second"])),
    );
    net.ask(client, 9, &produce(9, id, 0, 1, batch(0, &["third"])));
    assert_eq!(
        read(&net.ask(client, 12, &fetch(12, id, 1, 1))),
        ["first", "second"]
    );
}

#[test]
fn acks_0_gets_no_answer_and_an_error_closes_the_connection() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    net.send(
        client,
        9,
        &produce(9, id, 0, 0, batch(0, &["fire and forget"])),
    );
    assert_eq!(net.arrived(client), Some(Arrived::Nothing));
    assert_eq!(
        read(&net.ask(client, 12, &fetch(12, id, 0, 1 << 20))),
        ["fire and forget"]
    );

    net.send(
        client,
        9,
        &produce(9, id, 5, 0, batch(0, &["no such partition"])),
    );
    assert_eq!(net.arrived(client), Some(Arrived::Closed));
    net.send(client, 12, &fetch(12, id, 0, 1 << 20));
    assert_eq!(
        net.arrived(client),
        None,
        "nothing is answered on a closed connection"
    );
}

#[test]
fn what_is_wrong_with_a_batch_is_said_in_the_words_of_the_version() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let mut torn = batch(0, &["torn"]).to_vec();
    torn[20] ^= 1;
    for version in [3, 8, 13] {
        let answer = net.ask(
            client,
            version,
            &produce(version, id, 0, -1, Bytes::from(torn.clone())),
        );
        assert_eq!(
            base_offset(&answer),
            Err(2),
            "a wrong CRC is CORRUPT_MESSAGE"
        );
    }
    let answer = net.ask(client, 9, &produce(9, id, 0, -1, Bytes::new()));
    assert_eq!(base_offset(&answer), Err(87), "no batch is INVALID_RECORD");
    let answer = net.ask(client, 9, &produce(9, id, 7, -1, batch(0, &["x"])));
    assert_eq!(base_offset(&answer), Err(3));
    let answer = net.ask(
        client,
        13,
        &produce(13, Uuid::from_u128(9), 0, -1, batch(0, &["x"])),
    );
    assert_eq!(base_offset(&answer), Err(100), "UNKNOWN_TOPIC_ID");
    let answer = net.ask(client, 9, &produce(9, id, 0, 2, batch(0, &["x"])));
    assert_eq!(base_offset(&answer), Err(21), "INVALID_REQUIRED_ACKS");
}

#[test]
fn a_fetch_beyond_the_end_is_out_of_range() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let answer = net.ask(client, 11, &fetch(11, id, 99, 1 << 20));
    let partition = &answer.responses[0].partitions[0];
    assert_eq!((partition.error_code, partition.high_watermark), (1, -1));
}
