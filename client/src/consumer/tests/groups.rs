//! Members of groups.

use super::world::World;

/// Partition and count of what the members got, for the keys "0" to "9" of the stories: 2, 4 and 4.
fn produce_ten(world: &mut World) {
    world.produce("employee-topic", 0, &["a", "b"]);
    world.produce("employee-topic", 1, &["c", "d", "e", "f"]);
    world.produce("employee-topic", 2, &["g", "h", "i", "j"]);
}

fn counts(world: &mut World, people: &[usize]) -> Vec<usize> {
    people
        .iter()
        .map(|person| world.take(*person).len())
        .collect()
}

#[test]
fn a_group_grows_shrinks_and_goes_on_where_it_was() {
    let mut world = World::new().topic("employee-topic", 3);
    let join = |world: &mut World, group: &str| {
        let person = world.member(group, "employee-topic", &[("session.timeout.ms", "6000")]);
        world.pass_ms(4_000);
        person
    };
    let one = join(&mut world, "project");
    assert_eq!(world.reads(one), [0, 1, 2]);
    let two = join(&mut world, "project");
    let mut shares = [world.reads(one).len(), world.reads(two).len()];
    shares.sort_unstable();
    assert_eq!(shares, [1, 2]);
    let three = join(&mut world, "project");
    produce_ten(&mut world);
    let mut got = counts(&mut world, &[one, two, three]);
    got.sort_unstable();
    assert_eq!(
        got,
        [2, 4, 4],
        "each member reads one partition, and nobody reads another's"
    );

    let four = join(&mut world, "project");
    let all = [one, two, three, four];
    let idle = *all
        .iter()
        .find(|person| world.reads(**person).is_empty())
        .expect("one is idle");
    produce_ten(&mut world);
    assert_eq!(world.take(idle), [""; 0]);
    assert_eq!(counts(&mut world, &all).iter().sum::<usize>(), 10);
    world.pass_ms(6_000);

    let victim = *all
        .iter()
        .find(|person| !world.reads(**person).is_empty())
        .expect("one works");
    let lost = world.reads(victim);
    world.crash(victim);
    world.pass_ms(12_000);
    assert_eq!(
        world.take(idle),
        [""; 0],
        "nothing that was committed comes again"
    );
    let others: Vec<usize> = all.into_iter().filter(|person| *person != victim).collect();
    let mut read: Vec<i32> = others
        .iter()
        .flat_map(|person| world.reads(*person))
        .collect();
    read.sort_unstable();
    assert_eq!((read, lost.len()), (vec![0, 1, 2], 1));
    produce_ten(&mut world);
    assert_eq!(counts(&mut world, &others).iter().sum::<usize>(), 10);

    world.act(others[0], |consumer, now, out| consumer.close(now, out));
    assert!(world.people[others[0]].consumer.is_closed());
    world.pass_ms(4_000);
    let mut shares = [world.reads(others[1]).len(), world.reads(others[2]).len()];
    shares.sort_unstable();
    assert_eq!(shares, [1, 2]);

    let newcomer = join(&mut world, "project2");
    assert_eq!(
        world.take(newcomer).len(),
        30,
        "another group reads everything"
    );
    let restarted = join(&mut world, "project");
    assert_eq!(
        world.take(restarted),
        [""; 0],
        "a member goes on where the group was"
    );
}
