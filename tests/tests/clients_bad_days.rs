//! Clients that send what no client should, and what each is told.

use std::fs;

use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{
    ApiVersionsRequest, CreateTopicsRequest, FetchRequest, ListOffsetsRequest, MetadataRequest,
    ProduceRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use ottla_tests::broker::Broker;
use ottla_tests::raw::{Connection, batch};

#[test]
fn garbage_a_huge_frame_and_http_end_their_own_connection_and_no_other() {
    let broker = Broker::start();
    let mut good = Connection::open(&broker);
    assert_usable(&mut good);
    let nonsense: [(&str, &[u8]); 7] = [
        ("a frame that announces 2 GiB", &i32::MAX.to_be_bytes()),
        ("a negative size", &(-1_i32).to_be_bytes()),
        ("an empty frame", &0_i32.to_be_bytes()),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        (
            "an API that does not exist",
            b"\x00\x00\x00\x0a\x7f\xff\x00\x00\x00\x00\x00\x01\xff\xff",
        ),
        (
            "a body that ends too early",
            b"\x00\x00\x00\x0c\x00\x03\x00\x08\x00\x00\x00\x01\xff\xff\x00\x00",
        ),
    ];
    for (what, bytes) in nonsense {
        let mut bad = Connection::open(&broker);
        bad.write(bytes);
        assert!(bad.is_closed(), "{what}");
    }
    assert_usable(&mut good);
    assert_usable(&mut Connection::open(&broker));
}

#[test]
fn announced_frames_take_no_memory_before_their_bytes_arrive() {
    let broker = Broker::start();
    if Broker::is_external() {
        return;
    }
    let before = resident_kib(&broker);
    let announced = 90 * 1024 * 1024_i32;
    let unfinished: Vec<Connection> = (0..50)
        .map(|_| {
            let mut connection = Connection::open(&broker);
            connection.write(&announced.to_be_bytes());
            connection.write(b"the first bytes");
            connection
        })
        .collect();
    assert_usable(&mut Connection::open(&broker));
    let grown = resident_kib(&broker).saturating_sub(before);
    assert!(
        grown < 64 * 1024,
        "{} connections took {grown} KiB",
        unfinished.len()
    );
}

#[test]
fn a_half_open_connection_holds_up_nobody() {
    let broker = Broker::start();
    let topic = created(&broker, "half-open");
    let mut silent = Connection::open(&broker);
    silent.write(b"\x00\x00\x01\x00\x00\x03");
    let mut waiting = Connection::open(&broker);
    waiting.send(&fetch(&topic, 0, 60_000), FETCH);
    let mut finished = Connection::open(&broker);
    finished.finish();
    assert!(finished.is_closed());

    let mut good = Connection::open(&broker);
    assert_eq!(produce(&mut good, &topic, &batch(&[b"1"])), (0, 0));
    // What the third one waited for has come, long before its time was up.
    let answer = waiting.answer::<FetchRequest>(FETCH);
    let partition = &answer.responses[0].partitions[0];
    assert_eq!((partition.error_code, partition.high_watermark), (0, 1));
}

#[test]
fn a_corrupt_batch_is_refused_and_leaves_no_trace() {
    let broker = Broker::start();
    let topic = created(&broker, "corrupt");
    let mut connection = Connection::open(&broker);
    let mut corrupt = batch(&[b"one", b"two"]);
    let last = corrupt.len() - 1;
    corrupt[last] ^= 1;
    assert_eq!(
        produce(&mut connection, &topic, &corrupt),
        (CORRUPT_MESSAGE, -1)
    );
    let mut short = batch(&[b"one", b"two"]);
    short.truncate(40);
    let (error, offset) = produce(&mut connection, &topic, &short);
    assert!(
        [CORRUPT_MESSAGE, INVALID_RECORD].contains(&error),
        "error {error}"
    );
    assert_eq!(offset, -1);
    assert_eq!(
        produce(&mut connection, &topic, &batch(&[b"one", b"two"])),
        (0, 0)
    );
    assert_eq!(end(&mut connection, &topic), 2);
}

#[test]
fn an_unknown_version_of_api_versions_is_answered_and_any_other_ends_the_connection() {
    let broker = Broker::start();
    let mut connection = Connection::open(&broker);
    connection.send_unknown(18, 99, b"\x00");
    let answer = connection.answer::<ApiVersionsRequest>(0);
    assert_eq!(answer.error_code, UNSUPPORTED_VERSION);
    let keys: Vec<i16> = answer.api_keys.iter().map(|api| api.api_key).collect();
    assert_eq!(keys, [18]);
    assert_usable(&mut connection);

    connection.send_unknown(3, 99, b"\x00\x00\x00\x00");
    assert!(connection.is_closed());
}

#[test]
fn unknown_and_illegal_topics_are_refused_by_their_codes() {
    let broker = Broker::start();
    let mut connection = Connection::open(&broker);
    let unknown = broker.name("nobody-made-me");
    assert_eq!(
        metadata(&mut connection, &unknown, false),
        UNKNOWN_TOPIC_OR_PARTITION
    );
    assert_eq!(
        produce(&mut connection, &unknown, &batch(&[b"1"])).0,
        UNKNOWN_TOPIC_OR_PARTITION
    );
    assert_eq!(
        fetched(&mut connection, &unknown, 0),
        UNKNOWN_TOPIC_OR_PARTITION
    );
    for illegal in ["no such name!", "..", &"x".repeat(250)] {
        assert_eq!(
            metadata(&mut connection, illegal, true),
            INVALID_TOPIC_EXCEPTION,
            "{illegal}"
        );
        assert_eq!(
            create(&mut connection, illegal),
            INVALID_TOPIC_EXCEPTION,
            "{illegal}"
        );
    }
}

#[test]
fn a_message_above_the_limit_is_refused_and_one_below_is_not() {
    let broker = Broker::start();
    let topic = created(&broker, "large");
    let mut connection = Connection::open(&broker);
    let large = vec![b'x'; 2 * 1024 * 1024];
    assert_eq!(
        produce(&mut connection, &topic, &batch(&[&large])),
        (MESSAGE_TOO_LARGE, -1)
    );
    let fitting = vec![b'x'; 1_000_000];
    assert_eq!(
        produce(&mut connection, &topic, &batch(&[&fitting])),
        (0, 0)
    );
}

#[test]
fn a_fetch_out_of_range_says_so() {
    let broker = Broker::start();
    let topic = created(&broker, "range");
    let mut connection = Connection::open(&broker);
    assert_eq!(produce(&mut connection, &topic, &batch(&[b"1"])), (0, 0));
    assert_eq!(fetched(&mut connection, &topic, 1000), OFFSET_OUT_OF_RANGE);
    assert_eq!(fetched(&mut connection, &topic, -1), OFFSET_OUT_OF_RANGE);
    assert_eq!(fetched(&mut connection, &topic, 0), 0);
}

fn assert_usable(connection: &mut Connection) {
    let answer = connection.ask(&ApiVersionsRequest::default(), 0);
    assert_eq!(answer.error_code, 0);
    assert!(answer.api_keys.len() > 20);
}

fn created(broker: &Broker, name: &str) -> String {
    let topic = broker.name(name);
    let mut connection = Connection::open(broker);
    assert_eq!(create(&mut connection, &topic), 0);
    // A broker may make the partition's leader ready behind its answer.
    while end(&mut connection, &topic) < 0 {}
    topic
}

fn create(connection: &mut Connection, topic: &str) -> i16 {
    let wanted = CreatableTopic::default()
        .with_name(name(topic))
        .with_num_partitions(1)
        .with_replication_factor(1);
    let request = CreateTopicsRequest::default()
        .with_topics(vec![wanted])
        .with_timeout_ms(10_000);
    connection.ask(&request, 5).topics[0].error_code
}

fn metadata(connection: &mut Connection, topic: &str, create: bool) -> i16 {
    let request = MetadataRequest::default()
        .with_topics(Some(vec![
            MetadataRequestTopic::default().with_name(Some(name(topic))),
        ]))
        .with_allow_auto_topic_creation(create);
    let topic = &connection.ask(&request, 8).topics[0];
    match topic.partitions.first() {
        Some(partition) if topic.error_code == 0 => partition.error_code,
        _ => topic.error_code,
    }
}

/// The error code and the base offset.
fn produce(connection: &mut Connection, topic: &str, records: &[u8]) -> (i16, i64) {
    let partition = PartitionProduceData::default()
        .with_index(0)
        .with_records(Some(records.to_vec().into()));
    let request = ProduceRequest::default()
        .with_acks(-1)
        .with_timeout_ms(10_000)
        .with_topic_data(vec![
            TopicProduceData::default()
                .with_name(name(topic))
                .with_partition_data(vec![partition]),
        ]);
    let answer = connection.ask(&request, 8);
    let partition = &answer.responses[0].partition_responses[0];
    (partition.error_code, partition.base_offset)
}

fn fetched(connection: &mut Connection, topic: &str, offset: i64) -> i16 {
    let answer = connection.ask(&fetch(topic, offset, 100), FETCH);
    answer.responses[0].partitions[0].error_code
}

fn fetch(topic: &str, offset: i64, max_wait_ms: i32) -> FetchRequest {
    let partition = FetchPartition::default()
        .with_partition(0)
        .with_fetch_offset(offset)
        .with_partition_max_bytes(1 << 20);
    FetchRequest::default()
        .with_max_wait_ms(max_wait_ms)
        .with_min_bytes(1)
        .with_session_epoch(-1)
        .with_topics(vec![
            FetchTopic::default()
                .with_topic(name(topic))
                .with_partitions(vec![partition]),
        ])
}

/// The end of the log.
fn end(connection: &mut Connection, topic: &str) -> i64 {
    let partition = ListOffsetsPartition::default()
        .with_partition_index(0)
        .with_timestamp(-1);
    let request = ListOffsetsRequest::default()
        .with_replica_id((-1).into())
        .with_topics(vec![
            ListOffsetsTopic::default()
                .with_name(name(topic))
                .with_partitions(vec![partition]),
        ]);
    connection.ask(&request, 5).topics[0].partitions[0].offset
}

fn name(topic: &str) -> TopicName {
    TopicName(StrBytes::from_string(topic.to_owned()))
}

fn resident_kib(broker: &Broker) -> u64 {
    let status =
        fs::read_to_string(format!("/proc/{}/status", broker.pid())).expect("the broker's status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .expect("a process has a resident size");
    let words: Vec<&str> = line.split_whitespace().collect();
    words[0].parse().expect("a number of kB")
}

const FETCH: i16 = 11;
const OFFSET_OUT_OF_RANGE: i16 = 1;
const CORRUPT_MESSAGE: i16 = 2;
const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const MESSAGE_TOO_LARGE: i16 = 10;
const INVALID_TOPIC_EXCEPTION: i16 = 17;
const UNSUPPORTED_VERSION: i16 = 35;
const INVALID_RECORD: i16 = 87;
