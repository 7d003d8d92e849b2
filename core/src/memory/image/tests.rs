use proptest::prelude::*;

use super::*;
use crate::batch::{BatchBuilder, Compression};
use crate::{StoreOp, Timestamp};

/// What is done to a store.
#[derive(Debug, Clone)]
enum Deed {
    Append {
        log: u32,
        records: Vec<Vec<u8>>,
        rolls: bool,
        producer: bool,
        compression: u8,
    },
    Epoch {
        log: u32,
    },
    Snapshot {
        log: u32,
        bytes: Vec<u8>,
    },
    DeleteOldest {
        log: u32,
    },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let log = 1..4_u32;
    let value = proptest::collection::vec(any::<u8>(), 0..40);
    let append = (
        log.clone(),
        proptest::collection::vec(value.clone(), 1..4),
        any::<bool>(),
        any::<bool>(),
        0..5_u8,
    )
        .prop_map(
            |(log, records, rolls, producer, compression)| Deed::Append {
                log,
                records,
                rolls,
                producer,
                compression,
            },
        );
    let deed = prop_oneof![
        6 => append,
        1 => log.clone().prop_map(|log| Deed::Epoch { log }),
        1 => (log.clone(), value).prop_map(|(log, bytes)| Deed::Snapshot { log, bytes }),
        1 => log.prop_map(|log| Deed::DeleteOldest { log }),
    ];
    proptest::collection::vec(deed, 0..30)
}

fn store_after(deeds: &[Deed]) -> MemoryStore {
    let mut store = MemoryStore::new();
    for id in 1..4 {
        store.apply(StoreOp::Create {
            log: LogId(id),
            topic: format!("topic-{id}").as_str().into(),
            topic_id: crate::Uuid([id as u8; 16]),
            partition: id as i32 - 1,
        });
    }
    for deed in deeds {
        do_to(&mut store, deed);
    }
    store
}

fn do_to(store: &mut MemoryStore, deed: &Deed) {
    let end_of = |store: &MemoryStore, log| store.logs[&LogId(log)].end_offset();
    match deed {
        Deed::Append {
            log,
            records,
            rolls,
            producer,
            compression,
        } => {
            let mut builder = BatchBuilder::new();
            let compression = [
                Compression::None,
                Compression::Gzip,
                Compression::Snappy,
                Compression::Lz4,
                Compression::Zstd,
            ][usize::from(*compression)];
            builder.compression(compression);
            if *producer {
                builder.producer(7, 0, 0);
            }
            for (index, record) in records.iter().enumerate() {
                builder.push(Timestamp(index as i64), None, Some(record));
            }
            let batch = builder.build();
            let base_offset = end_of(store, *log);
            let last = store.logs[&LogId(*log)].segments.back();
            let (segment, position) = match last {
                Some(last) if !rolls => (last.base_offset, last.chunks.size_bytes()),
                _ => (base_offset, 0),
            };
            store.apply(StoreOp::Append {
                log: LogId(*log),
                segment,
                position,
                base_offset,
                leader_epoch: 3,
                header: *batch.header(),
                bytes: batch.bytes().clone(),
                flush: false,
            });
        }
        Deed::Epoch { log } => store.apply(StoreOp::Epoch {
            log: LogId(*log),
            epoch: store.logs[&LogId(*log)].epochs.len() as i32,
            start_offset: end_of(store, *log),
        }),
        Deed::Snapshot { log, bytes } => store.apply(StoreOp::Producers {
            log: LogId(*log),
            offset: end_of(store, *log),
            snapshot: bytes.clone().into(),
        }),
        Deed::DeleteOldest { log } => {
            let second = store.logs[&LogId(*log)].segments.get(1);
            if let Some(before) = second.map(|segment| segment.base_offset) {
                let log = LogId(*log);
                store.apply(StoreOp::DeleteSegments { log, before });
                store.apply(StoreOp::LogStart {
                    log,
                    offset: before,
                });
            }
        }
    }
}

fn image(store: MemoryStore) -> Image {
    let properties = [("num.partitions", "3"), ("log.retention.ms", "-1")];
    let properties = properties.map(|(name, value)| (name.into(), value.into()));
    Image {
        seed: 42,
        properties: properties.into_iter().collect(),
        store,
    }
}

/// Everything that a broker can learn from a store.
fn seen(store: &MemoryStore) -> Vec<String> {
    let logs = store.logs.keys();
    logs.map(|id| {
        let batches: Vec<_> = store.read(*id, Offset(0)).collect();
        format!("{id:?} {:?} {batches:?}", store.recover(*id))
    })
    .collect()
}

fn filled() -> MemoryStore {
    let append = |log, rolls| Deed::Append {
        log,
        records: vec![b"seven".to_vec(), b"eight".to_vec()],
        rolls,
        producer: true,
        compression: 0,
    };
    let deeds = [
        append(1, false),
        append(1, true),
        Deed::Epoch { log: 1 },
        Deed::Snapshot {
            log: 1,
            bytes: b"producers".to_vec(),
        },
        append(3, false),
    ];
    store_after(&deeds)
}

proptest! {
    #[test]
    fn whatever_a_store_holds_comes_back_out_of_its_image(deeds in deeds()) {
        let image = image(store_after(&deeds));
        let bytes = image.to_bytes();
        let read = Image::from_bytes(&bytes).expect("just written");
        prop_assert_eq!(seen(&read.store), seen(&image.store));
        prop_assert_eq!((read.seed, &read.properties), (image.seed, &image.properties));
        prop_assert_eq!(read.to_bytes(), bytes);
    }

    #[test]
    fn bytes_of_chance_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Image::from_bytes(&bytes).is_err());
    }

    #[test]
    fn parts_of_chance_with_right_checksums_never_panic(
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..120), 1..4),
    ) {
        let mut bytes = Vec::new();
        bytes.put_slice(MAGIC);
        bytes.put_u32(VERSION);
        bytes.put_u32(parts.len() as u32);
        bytes.put_u32(crc32c::crc32c(&bytes));
        for part in &parts {
            put_part(&mut bytes, |bytes| bytes.put_slice(part));
        }
        prop_assert!(Image::from_bytes(&bytes).is_err());
    }
}

#[test]
fn every_flipped_byte_is_refused_with_its_part() {
    let bytes = image(filled()).to_bytes();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x20;
        let error = Image::from_bytes(&damaged).expect_err("a byte is another");
        assert!(error.at <= at, "byte {at}: {error}");
    }
}

#[test]
fn an_image_that_is_cut_off_anywhere_is_refused() {
    let bytes = image(filled()).to_bytes();
    for end in 0..bytes.len() {
        let error = Image::from_bytes(&bytes[..end]).expect_err("the rest is missing");
        assert!(error.at <= end, "cut at {end}: {error}");
    }
    let longer = [&bytes[..], b"x"].concat();
    let error = Image::from_bytes(&longer).expect_err("there is too much");
    assert_eq!(
        error.to_string(),
        format!("at byte {}: something follows the last part", bytes.len())
    );
}

#[test]
fn what_is_wrong_is_said() {
    let text = |bytes: &[u8]| Image::from_bytes(bytes).expect_err("damaged").to_string();
    let bytes = image(filled()).to_bytes();
    assert_eq!(
        text(b"PK\x03\x04 a zip file"),
        "at byte 0: this is no image of a broker"
    );
    assert_eq!(text(b""), "at byte 0: the image ends too early");
    let mut newer = bytes.clone();
    newer[11] = 2;
    let crc = crc32c::crc32c(&newer[..16]).to_be_bytes();
    newer[16..20].copy_from_slice(&crc);
    assert_eq!(
        text(&newer),
        "at byte 8: the image is of version 2; this program reads version 1"
    );
    let mut flipped = bytes.clone();
    flipped[40] ^= 1;
    assert_eq!(
        text(&flipped),
        "at byte 20: part 1 of 5 is damaged: its checksum is another"
    );
    assert_eq!(
        text(&bytes[..bytes.len() - 3]),
        "at byte 532: part 5 of 5 is cut off, or its length is damaged"
    );
}
