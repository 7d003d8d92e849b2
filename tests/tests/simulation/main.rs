//! A small cluster under random clients, a slow and failing store, restarts and lost connections, with a ledger that knows every promise.
//!
//! Everything follows from a seed. A failure prints it; `SIMULATION_SEED=<seed>` runs that one alone, `SIMULATION_RUNS=<count>` more of them.

mod ledger;
mod life;
mod producers;

use life::Life;

const RUNS: u64 = 300;
const STEPS: usize = 80;

#[test]
fn no_promise_is_broken_whatever_happens() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds = match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATION_RUNS").unwrap_or(RUNS),
    };
    for seed in seeds {
        let _announced = Announced(seed);
        let mut life = Life::new(seed);
        for _ in 0..STEPS {
            life.step();
        }
        life.come_to_rest();
    }
}

/// Says which seed it was when a run panics.
struct Announced(u64);

impl Drop for Announced {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!("again: SIMULATION_SEED={seed} cargo test -p ottla-tests --test simulation");
        }
    }
}
