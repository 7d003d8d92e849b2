use expect_test::expect;

use super::{check, without_ids};
use crate::support::World;

#[test]
fn a_group_from_its_first_commit_to_its_end() {
    let mut world = World::new();
    world.create("orders", 3);
    world.produce("orders", 0, &["a", "b", "c", "d"]);
    world.produce("orders", 1, &["e"]);
    check(
        &world.ottla("group list"),
        expect![[r#"
        -- stderr
        no groups yet: ottla consume TOPIC --group NAME
    "#]],
    );
    check(
        &world.ottla("group describe billing"),
        expect![[r#"
        -- stderr
        ottla: there is no group billing
               see what there is: ottla group list
        -- exit 1
    "#]],
    );
    check(
        &world.ottla("group reset billing --all-topics --to earliest"),
        expect![[r#"
            -- stderr
            ottla: there is no group billing
                   see what there is: ottla group list
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders --to 3 --dry-run"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     -   3
            orders          1     -   1
            orders          2     -   0
            -- stderr
            nothing was changed: without --dry-run it will be
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders:0,1 --to 3"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     -   3
            orders          1     -   1
        "#]],
    );
    check(
        &world.ottla("group reset billing --all-topics --to -2 --json"),
        expect![[r#"
            {
              "group": "billing",
              "dry_run": false,
              "offsets": [
                {
                  "topic": "orders",
                  "partition": 0,
                  "from": 3,
                  "to": 1
                },
                {
                  "topic": "orders",
                  "partition": 1,
                  "from": 1,
                  "to": 0
                }
              ]
            }
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders:9 --to latest"),
        expect![[r#"
            -- stderr
            ottla: orders has no partition 9
                   it has 3 partitions, counted from 0
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic ordes --to latest"),
        expect![[r#"
            -- stderr
            ottla: there is no topic ordes
                   did you mean orders?
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders --to +1"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     1   2
            orders          1     0   1
            -- stderr
            ottla: orders-2 is left out: nothing is committed that could be shifted
        "#]],
    );
    check(
        &world.ottla("group list"),
        expect![[r#"
        GROUP    STATE  MEMBERS
        billing  Empty        0
    "#]],
    );
    check(
        &world.ottla("group describe biling"),
        expect![[r#"
        -- stderr
        ottla: there is no group biling
               did you mean billing?
        -- exit 1
    "#]],
    );

    world.join("billing", &[("orders", 0), ("orders", 1)]);
    let described = world.ottla("group describe billing");
    let member = described
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("test-client-"))
        .and_then(|line| line.split_whitespace().next())
        .expect("a member")
        .to_owned();
    let members = [format!("test-client-{member}")];
    check(
        &without_ids(described, &members),
        expect![[r#"
        billing  Stable  1 member, assignor range, coordinator 1 at broker.test:9092

        MEMBER                                            CLIENT       HOST       PARTITIONS
        ID  test-client  127.0.0.1  orders 0-1

        TOPIC   PARTITION  COMMITTED  END  LAG  MEMBER
        orders          0          2    4    2  ID
        orders          1          1    1    0  ID
        total lag 2
    "#]],
    );
    let document = world.ottla("group describe billing --json");
    check(
        &without_ids(document, &members),
        expect![[r#"
        {
          "group": "billing",
          "state": "Stable",
          "protocol_type": "consumer",
          "assignor": "range",
          "coordinator": {
            "id": 1,
            "host": "broker.test",
            "port": 9092
          },
          "lag": 2,
          "members": [
            {
              "id": "ID",
              "instance_id": null,
              "client_id": "test-client",
              "host": "127.0.0.1",
              "partitions": [
                {
                  "topic": "orders",
                  "partition": 0
                },
                {
                  "topic": "orders",
                  "partition": 1
                }
              ]
            }
          ],
          "offsets": [
            {
              "topic": "orders",
              "partition": 0,
              "committed": 2,
              "first": 0,
              "end": 4,
              "lag": 2,
              "member": "ID"
            },
            {
              "topic": "orders",
              "partition": 1,
              "committed": 1,
              "first": 0,
              "end": 1,
              "lag": 0,
              "member": "ID"
            }
          ]
        }
    "#]],
    );
    check(
        &world.ottla("group list"),
        expect![[r#"
        GROUP    STATE   PROTOCOL  MEMBERS
        billing  Stable  consumer        1
    "#]],
    );
    check(
        &world.ottla("group reset billing --all-topics --to latest"),
        expect![[r#"
            -- stderr
            ottla: group billing is active: it has 1 member, which would commit over the new offsets
                   stop its consumers first, or wait until their sessions have timed out
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("group delete billing nobody"),
        expect![[r#"
        -- stderr
        ottla: group billing has members
               stop its consumers first; see them: ottla group describe billing
        ottla: there is no group nobody
               see what there is: ottla group list
        -- exit 1
    "#]],
    );
}

#[test]
fn a_group_goes_back_in_time() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["a", "b", "c", "d"]);
    check(
        &world.ottla("group reset billing --topic orders --to 2023-11-14T22:13:21.5Z"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     -   2
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders --to 2h"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     2   0
        "#]],
    );
    check(
        &world.ottla("group reset billing --topic orders --to 2030-01-01"),
        expect![[r#"
            TOPIC   PARTITION  FROM  TO
            orders          0     0   4
        "#]],
    );
    check(
        &world.ottla("group delete billing"),
        expect![[r#"
        deleted billing
    "#]],
    );
}
