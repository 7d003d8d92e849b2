//! A request that is not carried out is answered byte for byte as Apache Kafka's `getErrorResponse` answers it.

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, ApiVersionsResponse, ResponseHeader};
use kafka_protocol::protocol::Decodable;
use ottla_core::config::Config;
use ottla_core::sorted::Set;
use ottla_core::{Broker, ErrorCode, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{APIS, Answer, Api, Client, Endpoint, Gateway, Malformed, Outbox, decode, refuse};

/// Made by `tests/conformance/java/Refusals.java` out of `tests/conformance/refusals.json5`.
const KAFKAS: &str = include_str!("../../tests/conformance/golden/refusals.txt");

/// A line of the golden file: a request, the error that it gets, and the answer's frame without its size; none if the connection is closed.
struct Refusal {
    api: &'static Api,
    version: i16,
    error: ErrorCode,
    request: Bytes,
    answer: Option<String>,
}

#[test]
fn every_request_in_every_version_is_refused_as_apache_kafka_refuses_it() {
    let mut different = Vec::new();
    let mut closed = Set::new();
    let mut answered = Set::new();
    for refusal in kafkas() {
        let Refusal { api, version, .. } = refusal;
        let at = (api.key, version);
        let (ours, is_closed) = refused(refusal.request, refusal.error).expect("a sound frame");
        let ours = ours.map(|frame| hex(&frame[4..]));
        if ours != refusal.answer {
            different.push((
                api.name,
                version,
                refusal.error,
                ours.clone(),
                refusal.answer,
            ));
        }
        assert_eq!(is_closed, ours.is_none(), "{} {version}", api.name);
        match ours {
            Some(_) => answered.insert(at),
            None => closed.insert(at),
        };
    }
    assert!(different.is_empty(), "ours and Kafka's: {different:#?}");
    let produces = ApiKey::Produce as i16;
    // The oldest ones of Produce are advertised, but can only be closed.
    let served = APIS
        .iter()
        .flat_map(|api| api.versions.clone().map(|version| (api.key, version)))
        .filter(|at| *at >= (produces, 3));
    assert!(served.eq(answered));
    assert!(
        closed
            .into_iter()
            .eq((3..=13).map(|version| (produces, version)))
    );
}

#[test]
fn a_request_that_is_not_carried_out_changes_nothing() {
    let mut gateway = gateway();
    let before = format!("{:?}", gateway.broker());
    let connection = gateway.connect(client());
    let mut outbox = Outbox::<Vec<Bytes>>::with_events();
    for refusal in kafkas().filter(|refusal| refusal.answer.is_some()) {
        let call = refuse(refusal.request, &client(), refusal.error).expect("a sound frame");
        gateway.receive(NOW, connection, call, &mut outbox);
        assert_eq!(outbox.drain().count(), 1);
    }
    assert_eq!(outbox.drain_events().count(), 0);
    assert_eq!(format!("{:?}", gateway.broker()), before);
}

#[test]
fn what_cannot_be_read_cannot_be_refused() {
    for refusal in kafkas() {
        let cut = refusal.request.slice(..refusal.request.len() - 1);
        let expected = decode(cut.clone(), &client()).map(|_| ());
        assert_eq!(refused(cut, refusal.error).map(|_| ()), expected);
    }
    for version in 0..3 {
        let frame = Bytes::from(vec![0, 0, 0, version, 0, 0, 0, 7, 0xff, 0xff]);
        let malformed = Malformed::Body {
            name: "Produce",
            version: version.into(),
        };
        assert_eq!(refused(frame, ErrorCode::RequestTimedOut), Err(malformed));
    }
}

#[test]
fn api_versions_in_a_version_that_nobody_knows_is_refused_in_version_0() {
    let frame = Bytes::from_static(&[0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff]);
    let (answer, _) =
        refused(frame, ErrorCode::ClusterAuthorizationFailed).expect("it can be refused");
    let mut answer = answer.expect("an answer").slice(4..);
    let header = ResponseHeader::decode(&mut answer, 0).expect("a header");
    let body = ApiVersionsResponse::decode(&mut answer, 0).expect("a body");
    assert_eq!((header.correlation_id, answer.len()), (7, 0));
    assert_eq!((body.error_code, body.api_keys), (31, Vec::new()));
}

fn kafkas() -> impl Iterator<Item = Refusal> {
    let lines = KAFKAS.lines().filter(|line| !line.starts_with('#'));
    let refusals = lines.map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let [api, version, error, request, answer] = words[..] else {
            panic!("five words: {line}")
        };
        Refusal {
            api: Api::named(api).expect("an API that is served"),
            version: version.parse().expect("a number"),
            error: ErrorCode::from_name(error).expect("an error"),
            request: bytes(request),
            answer: (answer != "closed").then(|| answer.to_owned()),
        }
    });
    // Some keys have newer versions in Apache Kafka.
    refusals.filter(|refusal| refusal.api.versions.contains(&refusal.version))
}

/// The frame that a refused request gets, and whether its connection is closed.
fn refused(frame: Bytes, error: ErrorCode) -> Result<(Option<Bytes>, bool), Malformed> {
    let mut gateway = gateway();
    let connection = gateway.connect(client());
    let mut outbox = Outbox::<Vec<Bytes>>::default();
    let call = refuse(frame, &client(), error)?;
    gateway.receive(NOW, connection, call, &mut outbox);
    let mut answer = None;
    let mut is_closed = false;
    for (_, arrived) in outbox.drain() {
        match arrived {
            Answer::Frame(frame) => answer = Some(frame.into_bytes()),
            Answer::Nothing => {}
            Answer::Close => is_closed = true,
        }
    }
    Ok((answer, is_closed))
}

fn gateway() -> Gateway<MemoryStore> {
    let mut broker = Broker::new(Config::default(), 7);
    broker.started(NOW, &mut Vec::new());
    Gateway::new(broker, MemoryStore::new())
}

fn client() -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: "broker.test".into(),
            port: 9092,
        },
    }
}

fn bytes(hex: &str) -> Bytes {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits");
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const NOW: Now = Now {
    mono: Instant(0),
    wall: Timestamp(1_700_000_000_000),
};
