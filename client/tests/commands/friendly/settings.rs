use expect_test::expect;

use super::{check, ids, without_ids};
use crate::support::World;

#[test]
fn settings_are_shown_and_changed() {
    let mut world = World::new();
    world.create("orders", 1);
    check(
        &world.ottla("config get topic orders"),
        expect![[r#"
        -- stderr
        all settings have their defaults; --all shows them
    "#]],
    );
    check(
        &world.ottla("config set topic orders retention.ms=1000 cleanup.policy=compact"),
        expect![[r#"
            orders: retention.ms=1000
            orders: cleanup.policy=compact
        "#]],
    );
    check(
        &world.ottla("config get topic orders"),
        expect![[r#"
        KEY             VALUE    SOURCE
        cleanup.policy  compact  topic
        retention.ms    1000     topic
    "#]],
    );
    check(
        &world.ottla("config get topic orders retention.ms flush.ms --json"),
        expect![[r#"
            {
              "target": "topic",
              "name": "orders",
              "configs": [
                {
                  "name": "flush.ms",
                  "value": "9223372036854775807",
                  "source": "DEFAULT_CONFIG",
                  "read_only": false,
                  "sensitive": false
                },
                {
                  "name": "retention.ms",
                  "value": "1000",
                  "source": "DYNAMIC_TOPIC_CONFIG",
                  "read_only": false,
                  "sensitive": false
                }
              ]
            }
        "#]],
    );
    check(
        &world.ottla("config get topic orders retention"),
        expect![[r#"
            -- stderr
            ottla: there is no setting retention of a topic
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("config set topic orders --unset retention.ms"),
        expect![[r#"
            orders: retention.ms is back to its default
        "#]],
    );
    check(
        &world.ottla("config set topic orders no.such.key=1"),
        expect![[r#"
            -- stderr
            ottla: Unknown topic config name: no.such.key
            -- exit 1
        "#]],
    );
    check(
        &world.ottla("config get topic order"),
        expect![[r#"
        -- stderr
        ottla: there is no topic order
               did you mean orders?
        -- exit 1
    "#]],
    );
    check(
        &world.ottla("config get broker one"),
        expect![[r#"
        -- stderr
        ottla: "one" is not a broker's number; ottla cluster shows them
        -- exit 2
    "#]],
    );
    check(
        &world.ottla("config get broker 9"),
        expect![[r#"
        -- stderr
        ottla: there is no broker 9
        -- exit 1
    "#]],
    );
    check(
        &world.ottla("config get broker 1 num.partitions"),
        expect![[r#"
            KEY             VALUE  SOURCE
            num.partitions  1      default
        "#]],
    );
}

#[test]
fn the_cluster_at_a_glance() {
    let mut world = World::new();
    let cluster_ids = ids(&mut world);
    let glance = world.ottla("cluster");
    check(
        &without_ids(glance, &cluster_ids),
        expect![[r#"
        CLUSTER
        id       ID
        topics   none
        groups   0

        BROKER  ADDRESS           ROLE        SPEAKS
             1  broker.test:9092  controller  31 APIs
    "#]],
    );
    world.create("orders", 2);
    let document = world.ottla("cluster --json");
    check(
        &without_ids(document, &cluster_ids),
        expect![[r#"
        {
          "id": "ID",
          "controller": 1,
          "topics": 1,
          "partitions": 2,
          "groups": 0,
          "features": {},
          "brokers": [
            {
              "id": 1,
              "host": "broker.test",
              "port": 9092,
              "rack": null,
              "controller": true,
              "apis": 31,
              "error": null
            }
          ]
        }
    "#]],
    );
}
