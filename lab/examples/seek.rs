//! How long it takes to go to any moment of a scene: `cargo run --release -p ottla-lab --example seek -- [members] [minutes]`.

use std::time::{Duration, Instant as Clock};

use ottla_client::random::Random;
use ottla_core::Instant;
use ottla_lab::scene::Scene;
use ottla_lab::timeline::{Start, Timeline};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse());
    let mut number = |default: u64| match arguments.next() {
        Some(number) => number.expect("a number"),
        None => default,
    };
    let (members_count, minutes) = (number(64), number(10));
    let mut lines = vec![
        format!("topic orders partitions={members_count}"),
        "producer shop topic=orders rate=20/s".to_owned(),
    ];
    lines.extend((0..members_count).map(|member| {
        format!("consumer worker-{member} group=billing topics=orders commit=auto:5s")
    }));
    let actions = lines.iter().map(|line| {
        let action = line.parse().expect("a sound action");
        (Instant(0), action)
    });
    let start = Start {
        seed: 7,
        actions: actions.collect(),
    };
    let mut timeline = Timeline::new(start).expect("a scene");
    let end = Instant(minutes * 60_000_000);

    let began = Clock::now();
    timeline.seek(end);
    println!("{minutes} minutes lived in {:?}", began.elapsed());
    println!(
        "{} lines, {} sentences, {} frames are kept; {} MB in all",
        timeline.lines().len(),
        timeline.sentences().len(),
        timeline.frames().len(),
        resident_mb()
    );

    let mut random = Random::new(1);
    let seeks = (0..200).map(|_| timed(&mut timeline, random.below(end.0)));
    let mut seeks: Vec<Duration> = seeks.collect();
    seeks.sort();
    println!(
        "seeks: median {:?}, 95 of 100 within {:?}, longest {:?}",
        seeks[100], seeks[190], seeks[199]
    );
    let began = Clock::now();
    let copies: Vec<_> = (0..100).map(|_| timeline.world().clone()).collect();
    println!("a copy of the world: {:?}", began.elapsed() / 100);
    drop(copies);
    let began = Clock::now();
    for _ in 0..100 {
        std::hint::black_box(Scene::of(timeline.world()));
    }
    println!("a scene: {:?}", began.elapsed() / 100);
}

fn timed(timeline: &mut Timeline, to_us: u64) -> Duration {
    let began = Clock::now();
    timeline.seek(Instant(to_us));
    began.elapsed()
}

/// How much memory the process has, where the system says so.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0_u64) * 4096 / 1_000_000
}
