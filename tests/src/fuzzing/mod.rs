//! What is done with bytes of chance: by the seeded tests on every build, and by `cargo fuzz` for as long as one likes.
//!
//! Whatever the bytes are, nothing panics, and what is accepted keeps its word. What memory it takes is for the caller to count.

mod bodies;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, RequestHeader};
use kafka_protocol::protocol::{Encodable, StrBytes};
use ottla_core::batch::{Batch, BatchHeader, records};
use ottla_core::config::Config;
use ottla_core::{Broker, ErrorCode, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{APIS, Answer, Client, Endpoint, Gateway, Malformed, Outbox, decode, refuse};

use crate::crash::Random;

/// A broker in memory, for frames.
pub struct Target {
    gateway: Gateway<MemoryStore>,
    client: Client,
    now: Now,
}

impl Default for Target {
    fn default() -> Self {
        let mut broker = Broker::new(Config::default(), 1);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        Target {
            gateway: Gateway::new(broker, MemoryStore::new()),
            client: client(),
            now,
        }
    }
}

impl Target {
    /// Takes a frame (without its length) on a connection of its own, and lets a minute pass. The answer, if there is one, has a right length.
    pub fn take(&mut self, frame: Bytes) -> Result<(), Malformed> {
        self.answers(frame).map(drop)
    }

    /// Takes a frame as [`take`](Self::take) does. The frames of the answer, if there is one.
    pub fn answers(&mut self, frame: Bytes) -> Result<Vec<Bytes>, Malformed> {
        let call = decode(frame, &self.client)?;
        let mut outbox = Outbox::default();
        let connection = self.gateway.connect(self.client.clone());
        self.gateway
            .receive(self.now, connection, call, &mut outbox);
        self.now.mono = self.now.mono.plus_ms(60_000);
        self.now.wall.0 += 60_000;
        self.gateway.tick(self.now, &mut outbox);
        self.gateway.disconnect(self.now, connection, &mut outbox);
        let mut frames = Vec::new();
        for (_, answer) in outbox.drain() {
            if let Answer::Frame(frame) = answer {
                assert_eq!(announced(&frame.chunks), Some(actual(&frame.chunks)));
                frames.push(joined(&frame.chunks));
            }
        }
        Ok(frames)
    }
}

/// Reads a frame (without its length), and does nothing with it.
pub fn only_decode(frame: Bytes) -> Result<(), Malformed> {
    decode(frame, &client()).map(drop)
}

/// Refuses a frame (without its length). The frame of the answer, or none if the connection is closed.
pub fn refused(frame: Bytes, error: ErrorCode) -> Result<Option<Bytes>, Malformed> {
    let Target {
        mut gateway,
        client,
        now,
    } = Target::default();
    let call = refuse(frame, &client, error)?;
    let mut outbox = Outbox::default();
    let connection = gateway.connect(client);
    gateway.receive(now, connection, call, &mut outbox);
    let answers: Vec<_> = outbox.drain().map(|(_, answer)| answer).collect();
    match &answers[..] {
        [Answer::Frame(frame)] => {
            assert_eq!(announced(&frame.chunks), Some(actual(&frame.chunks)));
            Ok(Some(joined(&frame.chunks)))
        }
        [Answer::Close] => Ok(None),
        other => panic!("a refusal is one answer, or closes the connection: {other:?}"),
    }
}

/// A sound request of an API that is served: some key, some version, filled with something.
pub fn request(random: &mut Random) -> Vec<u8> {
    let api = &APIS[random.below(APIS.len())];
    let count = usize::from(api.versions.end().abs_diff(*api.versions.start())) + 1;
    let version = api.versions.start() + random.below(count) as i16;
    let key = ApiKey::try_from(api.key).expect("a key of the protocol");
    let header = RequestHeader::default()
        .with_request_api_key(api.key)
        .with_request_api_version(version)
        .with_client_id(Some(StrBytes::from_static_str("chance")));
    let mut frame = BytesMut::new();
    header
        .encode(&mut frame, key.request_header_version(version))
        .expect("a header");
    frame.extend_from_slice(&bodies::body(key, version, random));
    frame.to_vec()
}

/// A sound batch of records, compressed somehow.
pub fn sound_batch(random: &mut Random) -> Vec<u8> {
    bodies::batch(random).to_vec()
}

/// Puts the right checksum into a batch that was changed, so that more than the checksum is looked at.
pub fn repair_checksum(batch: &mut [u8]) {
    if batch.len() > 21 {
        let crc = crc32c::crc32c(&batch[21..]);
        batch[17..21].copy_from_slice(&crc.to_be_bytes());
    }
}

/// Changes some of the bytes, so that they are nearly what they were.
pub fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..random.below(5) {
        let place = random.below(bytes.len().max(1));
        match random.below(6) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place.min(bytes.len()), random.number() as u8),
            2 => bytes
                .iter_mut()
                .skip(place)
                .take(4)
                .for_each(|byte| *byte = 0xff),
            3 => bytes
                .iter_mut()
                .skip(place)
                .take(4)
                .for_each(|byte| *byte = 0x7f),
            4 => bytes
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|byte| *byte = 0),
            _ => bytes
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|byte| *byte ^= 1 << random.below(8)),
        }
    }
}

/// Checks a batch; if it is accepted, it holds what it says.
pub fn batch(bytes: Bytes) {
    // What a store finds on a disk is read without having been checked.
    if let (Some(_), Ok(found)) = (BatchHeader::parse(&bytes), records(&bytes)) {
        found
            .take_while(Result::is_ok)
            .take(RECORDS_READ_MAX)
            .for_each(drop);
    }
    let Ok(batch) = Batch::parse(bytes) else {
        return;
    };
    let mut count = 0;
    for record in batch.records().expect("it was accepted") {
        let record = record.expect("it was accepted");
        assert_eq!(record.offset, batch.header().base_offset + count);
        count += 1;
    }
    assert_eq!(count, i64::from(batch.header().records_count));
}

const RECORDS_READ_MAX: usize = 10_000;

fn client() -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: "localhost".into(),
            port: 9092,
        },
    }
}

type Chunks = [ottla_wire::Chunk<Vec<Bytes>>];

fn announced(chunks: &Chunks) -> Option<usize> {
    let ottla_wire::Chunk::Bytes(first) = chunks.first()? else {
        return None;
    };
    let length = i32::from_be_bytes(*first.first_chunk()?);
    usize::try_from(length).ok()
}

fn actual(chunks: &Chunks) -> usize {
    let size = |chunk: &ottla_wire::Chunk<Vec<Bytes>>| match chunk {
        ottla_wire::Chunk::Bytes(bytes) => bytes.len(),
        ottla_wire::Chunk::Stored(pieces) => pieces.iter().map(Bytes::len).sum(),
    };
    chunks.iter().map(size).sum::<usize>() - 4
}

fn joined(chunks: &Chunks) -> Bytes {
    let mut bytes = BytesMut::new();
    for chunk in chunks {
        match chunk {
            ottla_wire::Chunk::Bytes(piece) => bytes.extend_from_slice(piece),
            ottla_wire::Chunk::Stored(pieces) => {
                pieces
                    .iter()
                    .for_each(|piece| bytes.extend_from_slice(piece));
            }
        }
    }
    bytes.freeze()
}
