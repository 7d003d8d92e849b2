//! Any bytes as a frame: read, and if they are a request, answered.
#![no_main]

use std::cell::RefCell;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use ottla_tests::fuzzing::Target;

thread_local! {
    static TARGET: RefCell<Target> = RefCell::default();
}

fuzz_target!(|bytes: &[u8]| {
    TARGET.with_borrow_mut(|target| {
        let _ = target.take(Bytes::copy_from_slice(bytes));
    });
});
