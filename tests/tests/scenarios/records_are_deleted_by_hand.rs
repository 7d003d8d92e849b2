use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn deleting_records_moves_the_start_and_never_back() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    for value in ["one", "two", "three"] {
        world
            .write(admin, "orders", 0, &[value])
            .expect("it is stored");
    }
    world.story();
    assert_eq!(world.delete_records(admin, "orders", 0, 2), Ok(Offset(2)));
    expect![[r#"
        00:00.000  orders-0: begins at offset 2 now
    "#]]
    .assert_eq(&world.story());
    assert_eq!(world.values(admin, "orders", 0), ["three"]);
    let below = world.read(admin, "orders", (0, 1));
    assert_eq!(below.error, ErrorCode::OffsetOutOfRange);

    assert_eq!(world.delete_records(admin, "orders", 0, 1), Ok(Offset(2)));
    assert_eq!(
        world.delete_records(admin, "orders", 0, 4),
        Err(ErrorCode::OffsetOutOfRange)
    );
    world.restart();
    assert_eq!(world.values(admin, "orders", 0), ["three"]);

    assert_eq!(world.delete_records(admin, "orders", 0, -1), Ok(Offset(3)));
    world.restart();
    assert_eq!(world.write(admin, "orders", 0, &["four"]), Ok(Offset(3)));
    assert_eq!(world.values(admin, "orders", 0), ["four"]);
}

#[test]
fn what_is_not_stored_yet_cannot_be_deleted() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    world.disk.takes_ms(10);
    world.produce(admin, "orders", 0, world.batch(&["one", "two"]));
    assert_eq!(
        world.delete_records(admin, "orders", 0, 1),
        Err(ErrorCode::OffsetOutOfRange)
    );
    assert_eq!(world.delete_records(admin, "orders", 0, -1), Ok(Offset(0)));
    world.advance("10ms");
    assert_eq!(world.delete_records(admin, "orders", 0, 1), Ok(Offset(1)));
}
