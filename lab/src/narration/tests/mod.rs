//! Stories as they are told.

use expect_test::expect;
use ottla_core::Instant;

use super::Narrator;
use crate::World;
use crate::scene::tests::{consumer, producer, send, world};

/// Lets time pass, and writes down what is told.
fn listen(world: &mut World, narrator: &mut Narrator, until_s: u64) -> String {
    let mut told = String::new();
    while world.now().mono < Instant(until_s * 1_000_000) {
        let to = Instant(world.now().mono.0 + 100_000);
        world.advance(to);
        let (lines, frames) = (world.take_log(), world.take_frames());
        for sentence in narrator.hear(world, &lines, &frames) {
            let ms = sentence.at.0 / 1000;
            told += &format!("{:02}.{:03} {}\n", ms / 1000, ms % 1000, sentence.text());
        }
    }
    told
}

#[test]
fn members_come_and_the_group_is_told_of_as_a_whole() {
    let (mut world, mut narrator) = (world(), Narrator::new(&[]));
    let shop = producer(&mut world, "shop");
    for key in 0..4 {
        send(&mut world, shop, &key.to_string());
    }
    let mut told = listen(&mut world, &mut narrator, 2);
    consumer(&mut world, "worker-1");
    told += &listen(&mut world, &mut narrator, 5);
    consumer(&mut world, "worker-2");
    told += &listen(&mut world, &mut narrator, 12);
    expect![[r#"
        00.080 Topic orders was made, with 1 partition.
        00.120 shop sent 4 records to partition 0, offsets 0 to 3.
        02.220 worker-1 joins group billing.
        02.220 Generation 1 of group billing begins with worker-1.
        02.260 worker-1 reads partition 0.
        02.360 worker-1 finds nothing committed and begins at offset 0 of partition 0.
        05.220 worker-2 joins group billing. A rebalance begins: all members are to join again.
        05.320 worker-1 commits: its group goes on at offset 0 of partition 0.
        05.340 Generation 2 of group billing begins with 2 members. worker-1 leads: it works out who reads what.
        05.380 worker-1 reads partition 0. worker-2 gets none: it is a spare.
        05.440 worker-1 goes on where the group has committed: at offset 0 of partition 0.
    "#]].assert_eq(&told);
}
