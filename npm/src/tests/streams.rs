//! Bytes come as they like.

use kafka_protocol::messages::{ApiVersionsRequest, MetadataRequest};
use serde_json::Value::Null;

use super::support::{Guest, frame, read_answer, start};

#[test]
fn a_frame_may_come_in_pieces() {
    let mut guest = Guest::new(start(Null));
    let bytes = frame(1, 9, &MetadataRequest::default());
    let (last, most) = bytes.split_last().expect("some bytes");
    for byte in most {
        guest.process.receive(guest.connection, &[*byte]);
        assert_eq!(guest.process.take_output(), []);
    }
    guest.process.receive(guest.connection, &[*last]);
    let output = guest.process.take_output();
    let metadata = read_answer::<MetadataRequest>(output[0].1.clone().expect("bytes"), 9, 1);
    // Who dialled `ottla:9092` is told to find the broker there.
    assert_eq!(metadata.brokers[0].host.as_str(), "ottla");
    assert_eq!(metadata.brokers[0].port, 9092);
}

#[test]
fn frames_that_come_at_once_are_answered_in_their_order() {
    let mut guest = Guest::new(start(Null));
    let frames = [1, 2, 3].map(|id| frame(id, 0, &ApiVersionsRequest::default()));
    guest.process.receive(guest.connection, &frames.concat());
    let answers = guest.process.take_output().into_iter();
    let ids: Vec<u8> = answers
        .map(|(_, bytes)| bytes.expect("an answer")[7])
        .collect();
    assert_eq!(ids, [1, 2, 3]);
}

#[test]
fn a_length_that_no_frame_has_ends_the_connection_when_the_rest_is_answered() {
    for length in [-1_i32, i32::MIN, i32::MAX] {
        let mut guest = Guest::new(start(Null));
        let mut bytes = frame(1, 0, &ApiVersionsRequest::default()).to_vec();
        bytes.extend_from_slice(&length.to_be_bytes());
        guest.process.receive(guest.connection, &bytes);
        let output = guest.process.take_output();
        assert!(output[0].1.is_some());
        assert_eq!(output[1..], [(guest.connection, None)]);
        guest.process.receive(guest.connection, &bytes);
        assert_eq!(guest.process.take_output(), []);
    }
}

#[test]
fn connections_have_numbers_that_are_never_used_again() {
    let mut guest = Guest::new(start(Null));
    let first = guest.connection;
    guest.process.disconnect(first);
    guest.connect();
    assert_ne!(guest.connection, first);
    guest.process.restart();
    let second = guest.connection;
    guest.connect();
    assert!(guest.connection > second);
}
