//! A sound request of some key and version, chosen and damaged as the bytes say.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use ottla_tests::crash::Random;
use ottla_tests::fuzzing::{Target, request};

thread_local! {
    static TARGET: RefCell<Target> = RefCell::default();
}

fuzz_target!(|input: (u64, Vec<(u16, u8)>)| {
    let (seed, changes) = input;
    let mut frame = request(&mut Random::new(seed));
    for (place, byte) in changes {
        let place = usize::from(place) % frame.len();
        frame[place] = byte;
    }
    TARGET.with_borrow_mut(|target| {
        let _ = target.take(frame.into());
    });
});
