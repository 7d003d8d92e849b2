//! How long a copy of a large world takes, as it lives through ten minutes: `cargo run --release -p ottla-lab --example clone_time`.

use std::time::Instant as Clock;

use ottla_core::Instant;
use ottla_lab::World;

fn main() {
    let mut world = World::for_scene(1);
    let mut act = |line: String| {
        let action = line.parse().expect("an action");
        world.apply(&action).expect("it can be done");
    };
    act("topic orders partitions=64".into());
    for index in 0..64 {
        act(format!("consumer worker-{index} group=g topics=orders"));
    }
    for index in 0..4 {
        act(format!(
            "producer shop-{index} topic=orders rate=5/s keys=0..999"
        ));
    }
    let mut kept = Vec::new();
    let begun = Clock::now();
    let mut clone_us = 0;
    for second in 1..=600_u64 {
        world.advance(Instant(second * 1_000_000));
        let lines_count = world.take_log().len();
        let frames_count = world.take_frames().len();
        if second % 2 == 0 {
            let cloning = Clock::now();
            kept.push(world.clone());
            clone_us = cloning.elapsed().as_micros();
        }
        if second % 100 == 0 {
            println!(
                "{second} s: lived in {} ms, a clone takes {clone_us} us; {lines_count} lines and {frames_count} frames in the last second",
                begun.elapsed().as_millis(),
            );
        }
    }
    println!("{} clones kept", kept.len());
}
