//! A naive model of a log beside the real one (and its store in memory) under random operations.
//!
//! The model keeps every batch in a list and looks everything up by going through it. `MODEL_SEED=n` repeats one run, `MODEL_RUNS=n` makes
//! more of them than usual.

mod harness;
mod model;

use harness::Harness;
use ottla_tests::crash::Random;

const RUNS: u64 = 150;
const STEPS: usize = 150;

#[test]
fn a_log_does_what_its_naive_model_does() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse().expect("a number"))
    };
    if let Some(seed) = number("MODEL_SEED") {
        return run(seed);
    }
    for seed in 0..number("MODEL_RUNS").unwrap_or(RUNS) {
        run(seed);
    }
}

fn run(seed: u64) {
    let _guard = SaysItsSeed(seed);
    let mut random = Random::new(seed);
    let mut harness = Harness::new(&mut random);
    for _ in 0..STEPS {
        match random.below(100) {
            0..30 => harness.append(&mut random),
            30..55 => harness.append_idempotent(&mut random),
            55..75 => harness.store(&mut random),
            75..79 => harness.fail(),
            79..93 => harness.read(&mut random),
            93..95 => harness.delete_records(&mut random),
            95..97 => harness.apply_retention(&mut random),
            97..98 => harness.snapshot(),
            _ => harness.restart(),
        }
        harness.check();
    }
}

/// A run that fails can be repeated.
struct SaysItsSeed(u64);

impl Drop for SaysItsSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("MODEL_SEED={}", self.0);
        }
    }
}
