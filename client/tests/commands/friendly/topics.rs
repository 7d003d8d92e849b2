use expect_test::expect;

use super::{check, ids, without_ids};
use crate::support::World;

#[test]
fn topics_from_the_first_to_none() {
    let mut world = World::new();
    check(
        &world.ottla("topic list"),
        expect![[r#"
        -- stderr
        no topics yet: ottla topic create NAME
    "#]],
    );
    check(
        &world.ottla("topic create orders payments --partitions 2 --config retention.ms=3600000"),
        expect![[r#"
            created orders with 2 partitions
            created payments with 2 partitions
        "#]],
    );
    check(
        &world.ottla("topic create orders"),
        expect![[r#"
        -- stderr
        ottla: Topic 'orders' already exists.
               look at it: ottla topic describe orders; or accept it: --if-not-exists
        -- exit 1
    "#]],
    );
    check(
        &world.ottla("topic create orders --if-not-exists"),
        expect![[r#"
            orders exists already
        "#]],
    );
    check(
        &world.ottla("topic create new --dry-run --replication-factor 3"),
        expect![[r#"
            could create new with 1 partition
        "#]],
    );
    check(
        &world.ottla("topic list"),
        expect![[r#"
        TOPIC     PARTITIONS
        orders             2
        payments           2
    "#]],
    );
    check(
        &world.ottla("topic list --quiet"),
        expect![[r#"
        orders
        payments
    "#]],
    );
    world.produce("orders", 0, &["a", "b", "c"]);
    let ids = ids(&mut world);
    let described = world.ottla("topic describe");
    check(
        &without_ids(described, &ids),
        expect![[r#"
        orders  2 partitions, 1 replica, 87 B, id ID
          retention.ms=3600000
        PARTITION  LEADER  REPLICAS  ISR  FIRST  END  SIZE
                0       1  1         1        0    3  87 B
                1       1  1         1        0    0   0 B

        payments  2 partitions, 1 replica, 0 B, id ID
          retention.ms=3600000
        PARTITION  LEADER  REPLICAS  ISR  FIRST  END  SIZE
                0       1  1         1        0    0   0 B
                1       1  1         1        0    0   0 B
    "#]],
    );
    check(
        &world.ottla("topic alter orders --partitions 3 --config cleanup.policy=compact --unset retention.ms"),
        expect![[r#"
            orders has 3 partitions
            orders: cleanup.policy=compact
            orders: retention.ms is back to its default
        "#]],
    );
    let described = world.ottla("topic describe orders ordrs --json");
    check(
        &without_ids(described, &ids),
        expect![[r#"
        {
          "topics": [
            {
              "name": "orders",
              "id": "ID",
              "internal": false,
              "size_bytes": 87,
              "configs": {
                "cleanup.policy": "compact"
              },
              "partitions": [
                {
                  "partition": 0,
                  "leader": 1,
                  "replicas": [
                    1
                  ],
                  "isr": [
                    1
                  ],
                  "offline": [],
                  "first_offset": 0,
                  "end_offset": 3,
                  "size_bytes": 87
                },
                {
                  "partition": 1,
                  "leader": 1,
                  "replicas": [
                    1
                  ],
                  "isr": [
                    1
                  ],
                  "offline": [],
                  "first_offset": 0,
                  "end_offset": 0,
                  "size_bytes": 0
                },
                {
                  "partition": 2,
                  "leader": 1,
                  "replicas": [
                    1
                  ],
                  "isr": [
                    1
                  ],
                  "offline": [],
                  "first_offset": 0,
                  "end_offset": 0,
                  "size_bytes": 0
                }
              ]
            },
            {
              "name": "ordrs",
              "error": {
                "code": "UNKNOWN_TOPIC_OR_PARTITION",
                "message": "This server does not host this topic-partition."
              }
            }
          ]
        }
        -- stderr
        ottla: there is no topic ordrs
               did you mean orders?
        -- exit 1
    "#]],
    );
    check(
        &world.ottla("topic alter orders --partitions 1"),
        expect![[r#"
            -- stderr
            ottla: The topic orders currently has 3 partition(s); 1 would not be an increase.
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("topic alter paiments --config a=b"),
        expect![[r#"
            -- stderr
            ottla: Unknown topic config name: a
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("topic alter payments --config retention.ms=soon"),
        expect![[r#"
            -- stderr
            ottla: Invalid value soon for configuration retention.ms: Not a number of type LONG
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("topic delete orders payment"),
        expect![[r#"
            deleted orders
            -- stderr
            ottla: there is no topic payment
                   did you mean payments?
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("topic delete orders payments --if-exists"),
        expect![[r#"
            there is no topic orders
            deleted payments
        "#]],
    );
}

#[test]
fn offsets_of_a_topic() {
    let mut world = World::new();
    world.create("orders", 2);
    world.produce("orders", 0, &["a", "b", "c"]);
    check(
        &world.ottla("offsets orders"),
        expect![[r#"
        PARTITION  FIRST  END  OFFSETS
                0      0    3        3
                1      0    0        0
        -- stderr
        3 offsets in 2 partitions
    "#]],
    );
    check(
        &world.ottla("offsets orders --at latest"),
        expect![[r#"
        PARTITION  OFFSET
                0       3
                1       0
    "#]],
    );
    check(
        &world.ottla("offsets orders --at 2023-11-14T22:13:20.5"),
        expect![[r#"
            PARTITION  OFFSET  TIMESTAMP
                    0       1  2023-11-14T22:13:21.000Z  in the future
                    1       -
        "#]],
    );
    check(
        &world.ottla("offsets orders --at max-timestamp --json"),
        expect![[r#"
            {
              "topic": "orders",
              "at": "max-timestamp",
              "partitions": [
                {
                  "partition": 0,
                  "offset": 2,
                  "timestamp": 1700000002000
                },
                {
                  "partition": 1,
                  "offset": null,
                  "timestamp": null
                }
              ]
            }
        "#]],
    );
    check(
        &world.ottla("offsets oders"),
        expect![[r#"
        -- stderr
        ottla: there is no topic oders
               did you mean orders?
        -- exit 1
    "#]],
    );
}
