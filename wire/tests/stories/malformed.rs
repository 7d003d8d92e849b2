//! Whatever arrives: no panic, no memory for what is only announced, and the connection is closed where Apache Kafka closes it.

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{
    ApiKey, ApiVersionsRequest, HeartbeatRequest, MetadataRequest, RequestHeader,
};
use kafka_protocol::protocol::Encodable;
use ottla_wire::{APIS, Malformed};
use uuid::Uuid;

use crate::requests::{fetch, produce};
use crate::support::{Arrived, Net, batch, frame};

#[test]
fn what_nobody_serves_is_refused() {
    let refused = |frame: &[u8]| {
        let mut net = Net::new();
        let client = net.connect();
        net.send_frame(client, Bytes::copy_from_slice(frame))
            .expect_err("it is malformed")
    };
    assert_eq!(refused(b""), Malformed::Header);
    assert_eq!(
        refused(b"GET / HTTP/1.1\r\n\r\n"),
        Malformed::Unsupported {
            key: 0x4745,
            version: 0x5420
        }
    );
    let mut unknown = BytesMut::from(&frame(1, 4, &HeartbeatRequest::default())[..]);
    unknown[3] = 5;
    assert_eq!(
        refused(&unknown),
        Malformed::Unsupported {
            key: 12,
            version: 5
        }
    );
    let whole = frame(1, 4, &HeartbeatRequest::default());
    assert_eq!(
        refused(&whole[..whole.len() - 1]),
        Malformed::Body {
            name: "Heartbeat",
            version: 4
        }
    );
    let mut old = BytesMut::from(&frame(1, 3, &produce(3, Uuid::nil(), 0, 1, Bytes::new()))[..]);
    old[3] = 2;
    assert_eq!(
        refused(&old),
        Malformed::Body {
            name: "Produce",
            version: 2
        }
    );
}

#[test]
fn api_versions_in_a_version_from_the_future_is_answered_in_version_0() {
    let mut net = Net::new();
    let client = net.connect();
    let mut future = BytesMut::from(&frame(77, 3, &ApiVersionsRequest::default())[..]);
    future[3] = 99;
    net.send_frame(client, future.freeze())
        .expect("it is answered");
    let Some(Arrived::Frame(answer)) = net.arrived(client) else {
        panic!("no answer")
    };
    // Length, correlation id, UNSUPPORTED_VERSION, one key: 18, 0 to 4.
    assert_eq!(
        &answer[..],
        [
            0, 0, 0, 16, 0, 0, 0, 77, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4
        ]
    );
    net.ask(client, 0, &ApiVersionsRequest::default());
}

#[test]
fn surplus_bytes_behind_a_request_are_no_harm() {
    let mut net = Net::new();
    let client = net.connect();
    let mut long = BytesMut::from(&frame(1, 12, &MetadataRequest::default())[..]);
    long.put_slice(b"surplus");
    net.send_frame(client, long.freeze())
        .expect("it is a request");
    assert!(matches!(net.arrived(client), Some(Arrived::Frame(_))));
}

#[test]
fn frames_of_chance_do_no_harm() {
    let mut chance = Chance(0x0771a);
    let mut net = Net::with(&[("num.partitions", "2")]);
    for round in 0..40_000 {
        let mut bytes = chance.request();
        for _ in 0..chance.below(4) {
            chance.damage(&mut bytes);
        }
        let client = net.connect();
        let _ = net.send_frame(client, Bytes::from(bytes));
        if round % 16 == 0 {
            net.pass_ms(chance.below(5000));
        }
        net.disconnect(client);
        while net.arrived(client).is_some() {}
    }
}

/// A source of chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    /// A header that is served, and a body: of the right kind for produce and fetch, small numbers and text for others, or noise.
    fn request(&mut self) -> Vec<u8> {
        let api = &APIS[self.below(APIS.len() as u64) as usize];
        let versions = u64::from(api.versions.end().abs_diff(*api.versions.start())) + 1;
        let version = api.versions.start() + self.below(versions) as i16;
        if self.below(8) == 0 {
            match api.key {
                0 if version >= 3 => {
                    return frame(
                        1,
                        version,
                        &produce(version, Uuid::nil(), 0, -1, batch(0, &["x"])),
                    )
                    .to_vec();
                }
                1 => return frame(1, version, &fetch(version, Uuid::nil(), 0, 100)).to_vec(),
                _ => {}
            }
        }
        let header = RequestHeader::default()
            .with_request_api_key(api.key)
            .with_request_api_version(version);
        let mut bytes = Vec::new();
        let key = ApiKey::try_from(api.key).expect("a key");
        header
            .encode(&mut bytes, key.request_header_version(version))
            .expect("a header");
        for _ in 0..self.below(60) {
            match self.below(8) {
                0..=3 => bytes.put_u8(self.below(4) as u8),
                4 => bytes.put_slice(&[0, 1, b't']),
                5 => bytes.put_slice(&[2, b't']),
                6 => bytes.put_i32(self.below(3) as i32 - 1),
                _ => bytes.put_u8(self.below(256) as u8),
            }
        }
        bytes
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len() as u64) as usize;
        match self.below(4) {
            0 => bytes[place] = self.below(256) as u8,
            1 => bytes.truncate(place.max(8)),
            2 => bytes[place..]
                .iter_mut()
                .take(4)
                .for_each(|byte| *byte = 0xff),
            _ => bytes[place] ^= 1 << self.below(8),
        }
    }
}
