use ottla_tests::crash::Random;
use ottla_tests::world::{Who, World, topic};

/// A random life of a small cluster; every output of the broker along the way.
fn live(world: &mut World, random: &mut Random, steps: usize) -> String {
    let client = world.client("random");
    world.keep_outputs();
    let mut told = String::new();
    for step in 0..steps {
        match random.below(9) {
            0 => drop(world.create(
                client,
                topic(&format!("t{}", random.below(4)), Some(2), &[]),
                false,
            )),
            1 => drop(world.delete_topic(client, &format!("t{}", random.below(4)))),
            2 | 3 => {
                let batch = world.batch(&["a", "b"]);
                world.produce(client, &format!("t{}", random.below(4)), 0, batch);
            }
            4 => {
                world.fetch(client, &format!("t{}", random.below(4)), (0, 0), (200, 300));
            }
            5 => {
                world
                    .consumer(&format!("c{step}"), "project", &["t0", "t1"])
                    .join();
            }
            6 => {
                let consumer = world.consumers().next().map(|(client, _)| client);
                consumer.into_iter().for_each(|client| world.crash(client));
            }
            7 => drop(world.send_commit(client, &Who::newcomer("tool"), "t0", (0, 1))),
            _ => world.disk.takes_ms(random.below(30) as u64),
        }
        world.advance(&format!("{}ms", random.below(400)));
        told += &format!("{:?}\n", world.outputs());
    }
    told + &format!("{:?}", world.broker)
}

#[test]
fn the_same_seed_and_inputs_give_the_same_outputs_byte_for_byte() {
    for seed in 0..10 {
        let [first, second] =
            [(); 2].map(|()| live(&mut World::seeded(seed, &[]), &mut Random::new(seed), 60));
        assert!(first == second, "seed {seed}");
    }
    let [first, other] =
        [1, 2].map(|seed| live(&mut World::seeded(seed, &[]), &mut Random::new(1), 60));
    assert!(first != other, "ids come from the seed");
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut world = World::seeded(3, &[]).with_topic("orders", 1);
    live(&mut world, &mut Random::new(7), 30);
    let before = format!("{:?}", world.broker);
    let mut copy = world.clone();
    let story_of_the_copy = live(&mut copy, &mut Random::new(8), 30);
    assert_eq!(format!("{:?}", world.broker), before);
    assert_ne!(format!("{:?}", copy.broker), before);

    let writer = world.client("writer");
    world
        .write(writer, "orders", 0, &["only here"])
        .expect("it is stored");
    assert_eq!(
        world.values(writer, "orders", 0).last().map(String::as_str),
        Some("only here")
    );
    let reader = copy.client("reader");
    assert!(
        !copy
            .values(reader, "orders", 0)
            .contains(&"only here".to_owned())
    );
    assert!(!story_of_the_copy.is_empty());
}
