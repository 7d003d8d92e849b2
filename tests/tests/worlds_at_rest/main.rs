//! Scenes in which anything is done that a person can do to them, until all trouble ends: then everybody comes to rest, and what was promised is there.
//!
//! Everything follows from a seed. A failure prints it; `REST_SEED=<seed>` runs that one alone, `REST_RUNS=<count>` more of them.

mod person;
mod promises;

use ottla_client::random::Random;
use ottla_core::Instant;
use ottla_lab::World;
use ottla_lab::scene::Scene;

use promises::Promises;

const RUNS: u64 = 25;
const STEPS: usize = 40;
/// Lives that once broke a promise.
const REMEMBERED: [u64; 1] = [124];

#[test]
fn when_all_trouble_has_ended_what_was_promised_is_there() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds: Vec<u64> = match number("REST_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("REST_RUNS").unwrap_or(RUNS))
            .chain(REMEMBERED)
            .collect(),
    };
    for seed in seeds {
        let mut life = Life::begin(seed);
        for _ in 0..STEPS {
            life.step();
        }
        life.come_to_rest();
    }
}

struct Life {
    seed: u64,
    chance: Random,
    world: World,
    promises: Promises,
    /// What was done, and when.
    story: Vec<String>,
}

/// Says what was done when a run panics.
impl Drop for Life {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.seed;
            eprintln!("{}", self.story.join("\n"));
            eprintln!("again: REST_SEED={seed} cargo test -p ottla-tests --test worlds_at_rest");
        }
    }
}

impl Life {
    fn begin(seed: u64) -> Self {
        let mut life = Self {
            seed,
            chance: Random::new(seed),
            world: World::for_scene(seed),
            promises: Promises::default(),
            story: Vec::new(),
        };
        for line in person::beginning(&mut life.chance) {
            life.act(&line).expect("a beginning can be done");
        }
        life
    }

    fn step(&mut self) {
        let line = person::idea(&mut self.chance, &self.world);
        // What makes no sense now is refused, and so it should be.
        let _ = self.act(&line);
        let ms = [0, 10, 300, 2_000, 6_000][self.chance.below(5) as usize];
        self.pass_ms(ms);
    }

    fn act(&mut self, line: &str) -> Result<(), String> {
        let action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let result = self.world.apply(&action).map_err(|why| why.0);
        let at = self.world.now().mono.0 as f64 / 1e6;
        self.story.push(format!("{at:>9.3}s {line}  {result:?}"));
        result
    }

    fn pass_ms(&mut self, ms: u64) {
        let to = self.world.now().mono.0 + ms * 1000;
        self.world.advance(Instant(to));
        for line in self.world.take_log() {
            self.promises.hear(&self.world, &line);
        }
        self.world.take_frames();
        self.promises.look(&self.world);
        // It can be drawn at any moment.
        let scene = Scene::of(&self.world);
        scene.expectations(self.world.now().mono);
    }

    /// Trouble ends, everybody is there again, and everything that waits comes to its end.
    fn come_to_rest(mut self) {
        for line in person::peace(&self.world) {
            let _ = self.act(&line);
        }
        for line in person::returns(&self.world) {
            let _ = self.act(&line);
        }
        // Members hear of new partitions with new metadata, every five minutes.
        for _ in 0..40 {
            self.pass_ms(10_000);
        }
        self.act("consumer auditor topics=t max-poll-records=10000")
            .expect("there is room");
        self.pass_ms(10_000);
        self.promises.settle(&self.world);
    }
}
