use expect_test::expect;
use ottla_core::Offset;
use ottla_tests::world::World;

#[test]
fn a_topic_grows_and_its_consumers_get_the_new_partitions_when_they_join_again() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    world
        .write(admin, "orders", 0, &["before"])
        .expect("it is stored");
    let a = world.consumer("a", "project", &["orders"]).join();
    world.run_until_quiet();
    world.story();

    world.disk.takes_ms(10);
    world
        .add_partitions(admin, "orders", 3, false)
        .expect("it may grow");
    assert_eq!(world.write(admin, "orders", 2, &["new"]), Ok(Offset(0)));
    assert_eq!(world.values(admin, "orders", 0), ["before"]);
    assert_eq!(world.owner("orders", 2), None);
    world.consumer("b", "project", &["orders"]).join();
    world.run_until_quiet();
    expect![[r#"
        00:00.010  topic orders: has 3 partitions now
        00:00.010  orders-2: 1 record(s) from offset 0 on, 71 bytes
        00:00.020  orders-2: high watermark 1
        00:00.020  orders-0: admin reads from offset 0
        00:00.020  group project: b is to join with this id
        00:00.020  group project: b joins (client b)
        00:00.020  group project: Stable -> PreparingRebalance (b joins)
        00:02.000  a is told REBALANCE_IN_PROGRESS
        00:02.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:02.000  group project: generation 2, 2 member(s), leader a, range
        00:02.010  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:02.010  group project: a knows its partitions
        00:02.010  group project: b knows its partitions
        00:02.010  a reads orders-0, orders-1
        00:02.010  b reads orders-2
    "#]]
    .assert_eq(&world.story());
    assert_eq!(world.owner("orders", 1), Some(a));

    let shrunk = world.add_partitions(admin, "orders", 2, false);
    expect!["INVALID_PARTITIONS: The topic orders currently has 3 partition(s); 2 would not be an increase."].assert_eq(&shrunk.unwrap_err().to_string());
    world.restart();
    assert_eq!(world.values(admin, "orders", 2), ["new"]);
}
