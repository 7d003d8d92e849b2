//! Any bytes as a batch of records, as they are and with a right checksum.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use ottla_tests::fuzzing::{batch, repair_checksum};

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.to_vec();
    batch(Bytes::from(bytes.clone()));
    repair_checksum(&mut bytes);
    batch(Bytes::from(bytes));
});
