//! Each refusal with the code that Apache Kafka 4.3.1 answers to the same bytes.

use super::*;
use crate::Offset;
use crate::batch::varint::put_varint;
use crate::batch::{BatchHeader, codec, first_at_or_after, with_max_timestamp};

const INVALID: ErrorCode = ErrorCode::InvalidRecord;
const CORRUPT: ErrorCode = ErrorCode::CorruptMessage;
const UNKNOWN: ErrorCode = ErrorCode::UnknownServerError;

const LENGTH: usize = 8;
const MAGIC: usize = 16;
const LAST_DELTA: usize = 23;
const COUNT: usize = 57;
const RECORDS: usize = BatchHeader::SIZE_BYTES;

#[test]
fn a_sound_batch_is_taken_as_it_is() {
    for compression in ALL {
        let bytes = three(compression).bytes().clone();
        let batch = Batch::parse(bytes.clone()).unwrap();
        assert_eq!(batch.bytes().as_ptr(), bytes.as_ptr(), "no copy is made");
        assert_eq!(batch.header().max_timestamp, Timestamp(30));
        assert_eq!(batch.oldest_timestamp(), Some(Timestamp(10)));
    }
}

#[test]
fn less_than_a_batch_is_invalid() {
    let bytes = three(Compression::None).bytes().clone();
    for length in [0, 1, 11, 12, 16, 17, 60, 61, bytes.len() - 1] {
        assert_eq!(
            code(Batch::parse(bytes.slice(..length))),
            INVALID,
            "{length} bytes"
        );
    }
}

#[test]
fn an_impossible_length_is_corrupt() {
    for length in [-5, 0, 13, 14, 30, 48] {
        assert_eq!(
            code(patched(LENGTH, &i32::to_be_bytes(length))),
            CORRUPT,
            "{length}"
        );
    }
    assert_eq!(code(patched(LENGTH, &100_000i32.to_be_bytes())), INVALID);
}

#[test]
fn an_old_magic_is_invalid_and_an_unknown_one_corrupt() {
    assert_eq!(code(patched(MAGIC, &[0])), INVALID);
    assert_eq!(code(patched(MAGIC, &[1])), INVALID);
    assert_eq!(code(patched(MAGIC, &[3])), CORRUPT);
    assert_eq!(
        patched(MAGIC, &[0xff]).unwrap_err().message.as_deref(),
        Some("Invalid magic found in record: -1")
    );
}

#[test]
fn a_wrong_crc_is_corrupt_but_a_base_offset_comes_first() {
    let mut bytes = three(Compression::None).bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(code(Batch::parse(bytes.clone().into())), CORRUPT);
    bytes[7] = 1;
    assert_eq!(code(Batch::parse(bytes.into())), INVALID);
}

#[test]
fn a_second_batch_is_invalid_but_a_piece_of_one_is_ignored() {
    let one = three(Compression::None).bytes().clone();
    let followed_by = |rest: &[u8]| Batch::parse([&one, rest].concat().into());
    assert_eq!(code(followed_by(&one)), INVALID);
    for rest in [&[0; 11][..], &[0xff; 5], &one[..61], &one[..one.len() - 1]] {
        assert_eq!(followed_by(rest).unwrap().bytes(), &one);
    }
    assert_eq!(code(followed_by(&[0; 12])), CORRUPT);
    assert_eq!(code(followed_by(&[0xff; 17])), CORRUPT);
}

#[test]
fn counts_must_agree_with_the_records() {
    for (count, last_delta) in [(3, 1), (3, 5), (3, -1), (0, -1), (-1, -2), (4, 3), (2, 1)] {
        for compression in ALL {
            let mut bytes = three(compression).bytes().to_vec();
            bytes[LAST_DELTA..LAST_DELTA + 4].copy_from_slice(&i32::to_be_bytes(last_delta));
            bytes[COUNT..COUNT + 4].copy_from_slice(&i32::to_be_bytes(count));
            assert_eq!(
                code(Batch::parse(repaired(bytes))),
                INVALID,
                "{count} {compression:?}"
            );
        }
    }
}

#[test]
fn records_must_fill_their_length_and_count_from_0() {
    let first = &three(Compression::None).bytes()[RECORDS..RECORDS + 11].to_vec();
    assert_eq!(
        first[..4],
        [20, 0, 0, 0],
        "length 10, attributes, timestamp, offset"
    );
    assert_eq!(code(patched(RECORDS, &[18])), INVALID);
    assert_eq!(code(patched(RECORDS, &[22])), INVALID);
    assert_eq!(code(patched(RECORDS, &[1])), INVALID, "negative");
    assert_eq!(code(patched(RECORDS + 3, &[2])), INVALID, "offset delta 1");
    assert_eq!(
        code(patched(RECORDS + 4, &[0x80, 0x80, 0x80, 0x80, 0x80])),
        INVALID
    );
    assert_eq!(code(patched(RECORDS + 10, &[1])), INVALID, "-1 headers");
    assert_eq!(
        code(patched(RECORDS + 1, &[0x20])),
        ErrorCode::None,
        "unused attributes"
    );
}

#[test]
fn what_no_codec_understands_is_an_unknown_server_error() {
    assert_eq!(code(patched(22, &[5])), UNKNOWN);
    for compression in ALL.into_iter().skip(1) {
        let bytes = three(compression).bytes().to_vec();
        let noise = [&bytes[..RECORDS], &[0xde; 30]].concat();
        assert_eq!(
            code(Batch::parse(refitted(noise))),
            UNKNOWN,
            "{compression:?}"
        );
        let cut = bytes[..bytes.len() - 6].to_vec();
        assert_eq!(
            code(Batch::parse(refitted(cut))),
            UNKNOWN,
            "{compression:?}"
        );
        let empty = bytes[..RECORDS].to_vec();
        let expected = if compression == Compression::Zstd {
            INVALID
        } else {
            UNKNOWN
        };
        assert_eq!(
            code(Batch::parse(refitted(empty))),
            expected,
            "{compression:?}"
        );
    }
}

fn refitted(mut bytes: Vec<u8>) -> Bytes {
    let length = (bytes.len() - 12) as i32;
    bytes[LENGTH..LENGTH + 4].copy_from_slice(&length.to_be_bytes());
    repaired(bytes)
}

#[test]
fn control_and_sequences_are_the_clients_business_only_so_far() {
    assert_eq!(code(patched(22, &[0x20])), INVALID, "control");
    let transactions = ErrorCode::TransactionalIdAuthorizationFailed;
    assert_eq!(code(patched(22, &[0x10])), transactions);
    assert_eq!(
        code(patched(43, &9i64.to_be_bytes())),
        INVALID,
        "id without sequence"
    );
    assert_eq!(code(patched(22, &[0xc0])), ErrorCode::None, "unused bits");
}

#[test]
fn a_max_timestamp_that_is_not_so_is_put_right() {
    let batch = patched(35, &5i64.to_be_bytes()).unwrap();
    assert_eq!(batch.header().max_timestamp, Timestamp(30));
    assert_eq!(batch.bytes(), three(Compression::None).bytes());
}

#[test]
fn a_bomb_takes_no_memory_and_ends() {
    const MIB: i32 = 1 << 20;
    let mut front = Vec::new();
    put_varint(&mut front, 300 * MIB);
    front.extend_from_slice(&[0, 0, 0, 1]); // attributes, timestamp, offset, no key
    put_varint(&mut front, 299 * MIB);
    let megabyte = codec::compress(Compression::Zstd, &vec![0; MIB as usize]);
    let mut one = BatchBuilder::new();
    one.compression(Compression::Zstd);
    let one = one.push(Timestamp(0), None, None).build();
    let mut bomb = one.bytes()[..RECORDS].to_vec();
    bomb.extend(codec::compress(Compression::Zstd, &front));
    bomb.extend(megabyte.repeat(300));
    let bomb = refitted(bomb);
    assert!(bomb.len() < MIB as usize);
    let refused = Batch::parse(bomb.clone()).unwrap_err();
    assert!(refused.message.unwrap().contains("256 MiB"));
    assert!(crate::batch::records(&bomb).is_err());
}

#[test]
fn timestamps_are_found_to_the_record() {
    for compression in ALL {
        let batch = three(compression).bytes().clone();
        let find = |timestamp| first_at_or_after(&batch, Timestamp(timestamp)).unwrap();
        assert_eq!(find(0), Some((Offset(0), Timestamp(10))));
        assert_eq!(find(11), Some((Offset(1), Timestamp(30))));
        assert_eq!(find(31), None);
        let newest = with_max_timestamp(&batch).unwrap();
        assert_eq!(newest, Some((Offset(1), Timestamp(30))));
    }
}
