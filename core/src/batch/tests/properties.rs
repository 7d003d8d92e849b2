use proptest::prelude::*;

use super::*;
use crate::batch::{Record, records};

type Plain = (
    i64,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Vec<(String, Option<Vec<u8>>)>,
);

fn field() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop::option::weighted(0.8, prop::collection::vec(any::<u8>(), 0..200))
}

fn plain_records() -> impl Strategy<Value = Vec<Plain>> {
    let header = ("[a-zä]{0,5}", field());
    let headers = prop::collection::vec(header, 0..3);
    let record = (0..2_000_000_000_000i64, field(), field(), headers);
    prop::collection::vec(record, 1..30)
}

fn compression() -> impl Strategy<Value = Compression> {
    prop::sample::select(&ALL[..])
}

fn built(compression: Compression, plain: &[Plain]) -> Batch {
    let mut builder = BatchBuilder::new();
    builder.compression(compression);
    for (timestamp, key, value, headers) in plain {
        let headers: Vec<(&str, Option<&[u8]>)> = headers
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_deref()))
            .collect();
        builder.push_with_headers(
            Timestamp(*timestamp),
            key.as_deref(),
            value.as_deref(),
            &headers,
        );
    }
    builder.build()
}

fn plain(record: Record) -> Plain {
    let headers = record.headers.into_iter().map(|header| {
        let key = String::from_utf8(header.key.into()).unwrap();
        (key, header.value.map(Vec::from))
    });
    (
        record.timestamp.0,
        record.key.map(Vec::from),
        record.value.map(Vec::from),
        headers.collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_built_is_accepted_and_read_back(plain_in in plain_records(), compression in compression(), other in compression()) {
        let batch = built(compression, &plain_in);
        let parsed = Batch::parse(batch.bytes().clone()).unwrap();
        prop_assert_eq!(parsed.header(), batch.header());
        prop_assert_eq!(parsed.oldest_timestamp(), batch.oldest_timestamp());
        prop_assert_eq!(parsed.has_null_keys(), batch.has_null_keys());
        let read: Vec<Plain> = records(batch.bytes()).unwrap().map(|record| plain(record.unwrap())).collect();
        prop_assert_eq!(&read, &plain_in);

        let again = parsed.recompressed(other).unwrap();
        prop_assert_eq!(again.header().compression, other);
        let read: Vec<Plain> = Batch::parse(again.bytes().clone()).unwrap().records().unwrap().map(|record| plain(record.unwrap())).collect();
        prop_assert_eq!(&read, &plain_in);
    }

    #[test]
    fn a_flipped_bit_behind_the_epoch_is_noticed(plain in plain_records(), compression in compression(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = built(compression, &plain).bytes().to_vec();
        let at = 16 + at.index(bytes.len() - 16);
        bytes[at] ^= 1 << bit;
        prop_assert!(Batch::parse(bytes.into()).is_err());
    }

    #[test]
    fn damage_under_a_right_crc_is_no_panic(plain in plain_records(), compression in compression(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = built(compression, &plain).bytes().to_vec();
        let length = bytes.len() - ATTRIBUTES;
        for (at, value) in flips {
            bytes[ATTRIBUTES + at.index(length)] = value;
        }
        let bytes = repaired(bytes);
        if let Ok(batch) = Batch::parse(bytes.clone()) {
            for record in batch.records().unwrap() {
                record.unwrap();
            }
        }
        for record in records(&bytes).into_iter().flatten() {
            let _ = record;
        }
    }

    #[test]
    fn noise_in_a_codec_is_no_panic(compression in compression(), noise in prop::collection::vec(any::<u8>(), 0..300), kept in 0..20usize) {
        let sound = three(compression).bytes().to_vec();
        let kept = (61 + kept).min(sound.len());
        let mut bytes = [&sound[..kept], &noise].concat();
        let length = (bytes.len() - 12) as i32;
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
        let _ = Batch::parse(repaired(bytes));
    }

    #[test]
    fn any_bytes_at_all_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = records(&bytes).map(|records| records.count());
        prop_assert!(Batch::parse(bytes.into()).is_err());
    }
}
