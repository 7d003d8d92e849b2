//! `ottla produce` and `ottla consume`.

use bytes::Bytes;
use expect_test::expect;
use ottla_client::command::Surroundings;
use ottla_core::Instant;

use super::{BROKER, World, check, surroundings};

fn pipe() -> Surroundings {
    Surroundings {
        stdout_is_terminal: false,
        ..surroundings()
    }
}

fn typed(world: &mut World, text: &'static str) {
    world.stdin = [Bytes::from_static(text.as_bytes())].into();
}

#[test]
fn what_goes_in_as_lines_comes_out_as_lines() {
    let mut world = World::new();
    world.create("orders", 1);
    typed(&mut world, "first\nsecond\r\n\nlast");
    check(&world.ottla_in(pipe(), "produce orders"), expect![""]);
    check(
        &world.ottla_in(pipe(), "consume orders --from-beginning --exit-at-end"),
        expect![[r#"
            first
            second

            last
        "#]],
    );
}

#[test]
fn a_person_sees_where_records_lie_and_how_many_there_were() {
    let mut world = World::new();
    world.create("orders", 2);
    typed(&mut world, "k1:v1\nk2:v2\n");
    let wrote = world.ottla("produce orders -K : --partition 1 --header source=test");
    check(
        &wrote,
        expect![[r#"
            -- stderr
            2 records written, in 0.000 s
        "#]],
    );
    check(
        &world.ottla("consume orders --exit-at-end"),
        expect![[r#"
            orders-1@0	2023-11-14T22:13:20.000Z	k1	v1
            orders-1@1	2023-11-14T22:13:20.000Z	k2	v2
            -- stderr
            2 records
        "#]],
    );
    check(
        &world.ottla_in(pipe(), "consume orders --exit-at-end --format %k=%v[%h]"),
        expect![[r#"
            k1=v1[source=test]
            k2=v2[source=test]
        "#]],
    );
    check(
        &world.ottla_in(pipe(), "consume orders --exit-at-end --json --max 1"),
        expect![[r#"
            {"topic":"orders","partition":1,"offset":0,"timestamp":1700000000000,"timestamp_type":"CreateTime","headers":[{"key":"source","value":"test"}],"key":"k1","value":"v1"}
        "#]],
    );
}

#[test]
fn a_line_without_its_separator_is_named_and_the_lines_before_it_are_written() {
    let mut world = World::new();
    world.create("orders", 1);
    typed(&mut world, "k1:v1\nbroken\nk3:v3\n");
    check(
        &world.ottla_in(pipe(), "produce orders --key-separator :"),
        expect![[r#"
            -- stderr
            ottla: line 2 has no key separator: "broken"
                   the lines before it are written
            -- exit 1
        "#]],
    );
    check(
        &world.ottla_in(pipe(), "consume orders --exit-at-end --format key-value"),
        expect![[r#"
            k1	v1
        "#]],
    );
}

#[test]
fn reading_begins_where_it_is_told_to() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["0", "1", "2", "3", "4"]);
    for (line, expected) in [
        ("--offset 3 --exit-at-end", "3\n4\n"),
        ("--offset -1 --exit-at-end", "4\n"),
        ("--offset -100 --exit-at-end --max 2", "0\n1\n"),
        ("--offset beginning --max 1", "0\n"),
        ("--offset end --exit-at-end", ""),
        ("--partition 0 --offset 4 -e", "4\n"),
    ] {
        let played = world.ottla_in(pipe(), &format!("consume orders {line}"));
        assert_eq!(
            (played.stdout.as_str(), played.stderr.as_str(), played.exit),
            (expected, "", 0),
            "{line}"
        );
    }
}

#[test]
fn it_follows_until_ctrl_c() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["early"]);
    world.interrupt_at = Some(Instant(60_000_000));
    let played = world.ottla("consume orders --from-beginning --format %v");
    check(
        &played,
        expect![[r#"
            early
            -- stderr
            waiting for records; ctrl-C ends
            1 record
            -- exit 130
        "#]],
    );
    assert_eq!(world.links_count(), 0);
}

#[test]
fn a_group_goes_on_where_it_has_committed_and_is_left_at_the_end() {
    let mut world = World::new();
    world.create("orders", 2);
    world.produce("orders", 0, &["a", "b"]);
    world.produce("orders", 1, &["c"]);
    let played = world.ottla_in(
        pipe(),
        "consume orders --group shop --from-beginning --exit-at-end",
    );
    let mut lines: Vec<&str> = played.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!((lines, played.exit), (vec!["a", "b", "c"], 0));
    world.produce("orders", 1, &["d"]);
    check(
        &world.ottla_in(pipe(), "consume orders --group shop --exit-at-end"),
        expect![[r#"
            d
        "#]],
    );
    let played = world.ottla_in(pipe(), "group describe shop");
    assert!(played.stdout.contains("shop"), "{played:?}");
    assert!(played.stdout.contains("Empty"), "{played:?}");
}

#[test]
fn what_is_not_there_is_told_before_anything_is_read() {
    let mut world = World::new();
    world.create("orders", 2);
    check(
        &world.ottla("consume order"),
        expect![[r#"
            -- stderr
            ottla: there is no topic order
                   did you mean orders?
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("consume orders --partition 2"),
        expect![[r#"
            -- stderr
            ottla: orders has no partition 2
                   its partitions are 0 to 1
            -- exit 1
        "#]],
    );
    typed(&mut world, "a line\n");
    check(
        &world.ottla("produce orders --partition 7"),
        expect![[r#"
            -- stderr
            ottla: orders has no partition 7
                   its partitions are 0 to 1
            -- exit 1
        "#]],
    );
    let elsewhere = Surroundings {
        bootstrap: Some("nowhere:1".to_owned()),
        ..pipe()
    };
    assert_ne!(BROKER, "nowhere:1");
    check(
        &world.ottla_in(elsewhere, "produce orders"),
        expect![[r#"
            -- stderr
            ottla: cannot reach nowhere:1: connection refused
                   start a broker with `ottla`, or name another one: --bootstrap HOST:PORT
            -- exit 1
        "#]],
    );
}

#[test]
fn a_topic_that_nobody_creates_is_an_error_after_a_while() {
    let mut world = World::new();
    typed(&mut world, "a line\nanother\n");
    check(
        &world.ottla_in(pipe(), "produce nowhere --json"),
        expect![[r#"
            {"written":0,"failed":2}
            -- stderr
            ottla: there is no topic nowhere yet: the first record creates it, if the broker allows it
            ottla: 2 records not written to nowhere: Topic nowhere not present in metadata after 5000 ms.
            -- exit 1
        "#]],
    );
}

#[test]
fn a_group_is_named_in_one_way_only() {
    let mut world = World::new();
    world.create("orders", 1);
    check(
        &world.ottla("consume orders -X group.id=billing"),
        expect![[r#"
            -- stderr
            ottla: the group is named by --group, not by group.id
            -- exit 2
        "#]],
    );
}
