//! Worlds of the tutorial, to which anything is done at any time: what must be so stays so, and a copy lives on as its original does.
//!
//! A failure prints its seed and what was done; `WORLDS_SEED=<seed>` runs that one alone, `WORLDS_RUNS=<count>` more of them.

mod chance;

use ottla_lab::invariants::Invariants;
use ottla_lab::scene::Scene;
use ottla_lab::{Instant, World};

use chance::Chance;

#[test]
fn whatever_is_done_to_a_world_it_keeps_its_promises() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("WORLDS_SEED") {
        live(seed);
        return;
    }
    let (mut done_count, mut worked_count) = (0, 0);
    for seed in 0..number("WORLDS_RUNS").unwrap_or(RUNS) {
        let (done, worked) = live(seed);
        done_count += done;
        worked_count += worked;
    }
    assert!(
        done_count > 0 && worked_count > 0,
        "nothing was done or worked on"
    );
}

/// How many actions could be done, and how many records were worked on.
fn live(seed: u64) -> (usize, u64) {
    let mut story = Story(seed, Vec::new());
    let mut chance = Chance::new(seed);
    let mut world = World::for_scene(seed);
    let mut invariants = Invariants::default();
    let mut copy: Option<(World, usize)> = None;
    let copied_at = chance.below(ACTIONS);
    let mut done = Vec::new();
    for index in 0..ACTIONS {
        if index == copied_at {
            copy = Some((world.clone(), done.len()));
        }
        let line = chance.line();
        let action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let at = world.now().mono;
        let result = world.apply(&action);
        story
            .1
            .push(format!("{:>8} ms {line} {result:?}", at.0 / 1000));
        if result.is_ok() {
            done.push((at, action));
        }
        let to = at + 1000 * chance.span_ms();
        pass(&mut world, to, &mut invariants);
    }
    let end = world.now().mono + 12_000_000;
    pass(&mut world, end, &mut invariants);

    let (mut copy, done_count) = copy.expect("it was copied on the way");
    for (at, action) in &done[done_count..] {
        copy.advance(*at);
        copy.apply(action).expect("it could be done before");
    }
    copy.advance(end);
    assert_eq!(
        Scene::of(&copy),
        Scene::of(&world),
        "the copy went another way"
    );
    let residents = world.residents().filter_map(|one| one.as_consumer());
    let worked_count = residents.map(|app| app.journal().count()).sum();
    (done.len(), worked_count)
}

/// Lets time pass, and looks often.
fn pass(world: &mut World, to: Instant, invariants: &mut Invariants) {
    loop {
        let next = (world.now().mono + LOOK_US).min(to);
        world.advance(next);
        let lines = world.take_log();
        world.take_frames();
        if let Err(broken) = invariants.check(world, &lines) {
            panic!("{broken}");
        }
        if world.now().mono >= to {
            return;
        }
    }
}

/// If something is wrong, it says how it came to that.
struct Story(u64, Vec<String>);

impl Drop for Story {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("WORLDS_SEED={}\n{}", self.0, self.1.join("\n"));
        }
    }
}

const ACTIONS: usize = 22;
const LOOK_US: u64 = 500_000;
const RUNS: u64 = 1000;
