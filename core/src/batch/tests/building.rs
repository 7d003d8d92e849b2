use super::*;
use crate::Offset;
use crate::batch::BatchHeader;

#[test]
fn a_builder_knows_the_size_of_a_record_before_it_has_it() {
    let mut builder = BatchBuilder::new();
    assert_eq!(builder.size_bytes(), BatchHeader::SIZE_BYTES);
    let long = vec![b'x'; 20_000];
    for (timestamp, key, value, headers) in [
        (5, None, None, vec![]),
        (
            1_700_000_000_000,
            Some(&b""[..]),
            Some(&b"v"[..]),
            vec![(&b"h"[..], None)],
        ),
        (-1, Some(b"key"), Some(&long), vec![]),
        (
            6,
            Some(&long[..200]),
            None,
            vec![(b"a", Some(&long[..64])), (b"b", Some(b""))],
        ),
    ] {
        let headers = headers.into_iter();
        let timestamp = Timestamp(timestamp);
        let before = builder.size_bytes();
        let said = builder.record_size_bytes(timestamp, key, value, headers.clone());
        builder.push_record(timestamp, key, value, headers);
        assert_eq!(builder.size_bytes() - before, said);
    }
    let size = builder.size_bytes();
    let batch = builder.build();
    assert_eq!(batch.bytes().len(), size);
    let parsed = Batch::parse(batch.bytes().clone()).unwrap();
    assert_eq!(parsed.header(), batch.header());
    let last = parsed.records().unwrap().last().unwrap().unwrap();
    assert_eq!((last.offset, last.timestamp), (Offset(3), Timestamp(6)));
    assert_eq!(last.headers[1].value.as_deref(), Some(&b""[..]));
}

#[test]
fn a_batch_can_be_given_to_another_producer() {
    for compression in ALL {
        let mut builder = BatchBuilder::new();
        builder.compression(compression).producer(7, 0, 100);
        builder.push(Timestamp(1), None, Some(b"value"));
        let batch = builder.build();
        let again = batch.clone().with_producer(7, 1, 0);
        let parsed = Batch::parse(again.bytes().clone()).unwrap();
        let header = parsed.header();
        assert_eq!(
            (
                header.producer_id,
                header.producer_epoch,
                header.base_sequence
            ),
            (7, 1, 0)
        );
        let (old, new) = (batch.records().unwrap(), parsed.records().unwrap());
        assert!(old.map(Result::unwrap).eq(new.map(Result::unwrap)));
        assert_eq!(again.with_producer(7, 0, 100).bytes(), batch.bytes());
    }
}
