//! How long it takes to work out a scene, its tables and its sentences: `cargo run --release -p ottla-lab --example scene_speed`.

use std::time::{Duration, Instant as Clock};

use ottla_core::Instant;
use ottla_lab::World;
use ottla_lab::action::Action;
use ottla_lab::narration::Narrator;
use ottla_lab::scene::{Scene, tables};

fn main() {
    for (partitions_count, members_count) in [(3, 4), (64, 64)] {
        let mut world = World::for_scene(7);
        let act = |world: &mut World, line: String| {
            let action: Action = line.parse().expect("an action");
            world.apply(&action).expect("it can be done");
        };
        act(
            &mut world,
            format!("topic orders partitions={partitions_count}"),
        );
        for member in 0..members_count {
            act(
                &mut world,
                format!("consumer worker-{member} group=billing topics=orders work=100ms"),
            );
        }
        act(&mut world, "producer shop topic=orders rate=100/s".into());
        let mut narrator = Narrator::new(&[]);
        let (mut lived, mut told, mut sentences_count) = (Duration::ZERO, Duration::ZERO, 0);
        for second in 1..=120 {
            let begun = Clock::now();
            world.advance(Instant(second * 1_000_000));
            lived += begun.elapsed();
            let (lines, frames) = (world.take_log(), world.take_frames());
            let begun = Clock::now();
            sentences_count += narrator.hear(&world, &lines, &frames).len();
            told += begun.elapsed();
        }
        let scene = Scene::of(&world);
        let cells = scene.topics.iter().flat_map(|topic| &topic.partitions);
        let cells_count: usize = cells.map(|partition| partition.cells.len()).sum();
        println!(
            "{partitions_count} partitions x {members_count} members, {cells_count} records shown, {} frames on their way:",
            scene.flights.len()
        );
        println!("  120 s lived in {lived:?}, {sentences_count} sentences in {told:?}");
        println!("  scene {:?}", each(|| drop(Scene::of(&world))));
        println!("  tables {:?}", each(|| drop(tables(&scene))));
        println!(
            "  summary and expectations {:?}",
            each(|| drop((scene.summary(), scene.expectations(scene.at))))
        );
    }
}

/// How long something takes: the least of many times, for others use the machine too.
fn each(what: impl Fn()) -> Duration {
    let time = |_| {
        let begun = Clock::now();
        what();
        begun.elapsed()
    };
    (0..TIMES).map(time).min().unwrap_or_default()
}

const TIMES: u32 = 200;
