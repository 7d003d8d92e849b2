//! What JavaScript is shown.

use expect_test::expect;
use ottla_core::batch::Compression;
use serde_json::{Value as Json, json};

use super::support::{Guest, from_json, records, seen, start, value, values};
use crate::events::EventView;
use crate::views::Wanted;

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).expect("JSON")
}

#[test]
fn records_of_every_codec_are_decoded() {
    let mut guest = Guest::new(start(json!({ "topics": { "orders": {} } })));
    let codecs = [
        (Compression::None, "plain"),
        (Compression::Gzip, "gzip"),
        (Compression::Snappy, "snappy"),
        (Compression::Lz4, "lz4"),
        (Compression::Zstd, "zstd"),
    ];
    for (codec, name) in codecs {
        assert_eq!(guest.produce("orders", codec, &[name, name]), 0, "{name}");
    }
    let expected = codecs.map(|(_, name)| [name, name]).concat();
    assert_eq!(values(&guest.process, "orders"), expected);
    let records = records(&guest.process, "orders", Json::Null);
    let last = &records[9];
    assert_eq!(
        (&last["offset"], &last["partition"]),
        (&json!(9), &json!(0))
    );
    assert_eq!(last["timestamp"], 1_700_000_000_001_i64);
    assert_eq!(from_json(&last["key"]), "key");
    assert_eq!(last["headers"][0][0], "n");
    assert_eq!(from_json(&last["headers"][0][1]), "1");
    assert_eq!(last["headers"][1], json!(["none", null]));
}

#[test]
fn some_of_the_records_may_be_asked_for() {
    let mut guest = Guest::new(start(
        json!({ "topics": { "orders": { "partitions": 2 } } }),
    ));
    guest.produce("orders", Compression::None, &["a", "b", "c"]);
    let offsets = |wanted| -> Vec<i64> {
        let records = records(&guest.process, "orders", wanted);
        let records = records.as_array().expect("a list").iter();
        records
            .map(|record| record["offset"].as_i64().expect("a number"))
            .collect()
    };
    assert_eq!(offsets(json!({})), [0, 1, 2]);
    assert_eq!(offsets(json!({ "from": 1 })), [1, 2]);
    assert_eq!(offsets(json!({ "from": 1, "limit": 1 })), [1]);
    assert!(offsets(json!({ "limit": 0 })).is_empty());
    assert_eq!(offsets(json!({ "partition": 0, "from": 2 })), [2]);
    assert!(offsets(json!({ "partition": 1 })).is_empty());
    assert!(offsets(json!({ "partition": 7 })).is_empty());
    assert_eq!(records(&guest.process, "nowhere", json!({})), json!([]));

    let failure = Wanted::read(&value(json!({ "from": -1 }))).expect_err("no offset");
    assert_eq!(
        failure.message,
        "from must be a whole number from 0 on, not -1"
    );
}

#[test]
fn topics_and_groups_are_plain_values() {
    let mut guest = Guest::new(start(json!({
        "config": { "offsets.topic.num.partitions": 1 },
        "topics": { "orders": { "config": { "retention.ms": 1000000 } } },
    })));
    guest.produce("orders", Compression::None, &["a", "b", "c"]);
    guest.consume("workers", "orders", 1);
    let seen = seen(&guest.process);
    expect![[r#"
        [
          {
            "name": "__consumer_offsets",
            "id": "BsRdGIAJRU-4i7iockyB7A",
            "isInternal": true,
            "config": {
              "cleanup.policy": "compact",
              "compression.type": "producer",
              "segment.bytes": "104857600"
            },
            "partitions": [
              {
                "partition": 0,
                "startOffset": 0,
                "endOffset": 3,
                "sizeBytes": 510
              }
            ]
          },
          {
            "name": "orders",
            "id": "4iCoOXsdTa-ueJ5qobll9A",
            "isInternal": false,
            "config": {
              "retention.ms": "1000000"
            },
            "partitions": [
              {
                "partition": 0,
                "startOffset": 0,
                "endOffset": 3,
                "sizeBytes": 124
              }
            ]
          }
        ]"#]]
    .assert_eq(&pretty(&seen["topics"]));
    expect![[r#"
        [
          {
            "id": "workers",
            "state": "Stable",
            "generation": 1,
            "protocol": "range",
            "leader": "guest-6e789e6a-a1b9-45f4-86c4-5d188009454f",
            "members": [
              {
                "memberId": "guest-6e789e6a-a1b9-45f4-86c4-5d188009454f",
                "clientId": "guest",
                "clientHost": "/127.0.0.1",
                "instanceId": null,
                "assignment": [
                  {
                    "topic": "orders",
                    "partitions": [
                      0
                    ]
                  }
                ]
              }
            ],
            "offsets": [
              {
                "topic": "orders",
                "partition": 0,
                "committed": 1,
                "start": 0,
                "end": 3,
                "lag": 2,
                "metadata": "so far"
              }
            ]
          }
        ]"#]]
    .assert_eq(&pretty(&seen["groups"]));
}

#[test]
fn events_tell_the_story() {
    let mut guest = Guest::new(start(json!({ "topics": { "orders": {} } })));
    guest.produce("orders", Compression::None, &["a"]);
    guest.consume("workers", "orders", 1);
    let story: Vec<String> = guest
        .process
        .take_events()
        .map(|(at, event)| serde_json::to_value(EventView { at, event }).expect("JSON"))
        .filter(|event| {
            !event["topic"]
                .as_str()
                .unwrap_or_default()
                .starts_with("__")
        })
        .map(|event| format!("{event}\n"))
        .collect();
    expect![[r#"
        {"type":"topicCreated","at":1700000000000.0,"text":"topic orders: created with 1 partition(s)","topic":"orders","partitions":1}
        {"type":"appended","at":1700000000000.0,"text":"orders-0: 1 record(s) from offset 0 on, 82 bytes","topic":"orders","partition":0,"offset":0,"count":1,"sizeBytes":82}
        {"type":"highWatermark","at":1700000000000.0,"text":"orders-0: high watermark 1","topic":"orders","partition":0,"offset":1}
        {"type":"memberIdAssigned","at":1700000000000.0,"text":"group workers: guest-6e789e6a-a1b9-45f4-86c4-5d188009454f is to join with this id","group":"workers","memberId":"guest-6e789e6a-a1b9-45f4-86c4-5d188009454f"}
        {"type":"memberJoined","at":1700000000000.0,"text":"group workers: guest-6e789e6a-a1b9-45f4-86c4-5d188009454f joins (client guest)","group":"workers","memberId":"guest-6e789e6a-a1b9-45f4-86c4-5d188009454f","clientId":"guest"}
        {"type":"groupState","at":1700000000000.0,"text":"group workers: Empty -> PreparingRebalance (guest-6e789e6a-a1b9-45f4-86c4-5d188009454f joins)","group":"workers","from":"Empty","to":"PreparingRebalance","why":"guest-6e789e6a-a1b9-45f4-86c4-5d188009454f joins"}
        {"type":"groupState","at":1700000000000.0,"text":"group workers: PreparingRebalance -> CompletingRebalance (all have joined)","group":"workers","from":"PreparingRebalance","to":"CompletingRebalance","why":"all have joined"}
        {"type":"generation","at":1700000000000.0,"text":"group workers: generation 1, 1 member(s), leader guest-6e789e6a-a1b9-45f4-86c4-5d188009454f, range","group":"workers","generation":1,"leader":"guest-6e789e6a-a1b9-45f4-86c4-5d188009454f","protocol":"range","members":1}
        {"type":"groupState","at":1700000000000.0,"text":"group workers: CompletingRebalance -> Stable (the leader has assigned)","group":"workers","from":"CompletingRebalance","to":"Stable","why":"the leader has assigned"}
        {"type":"assigned","at":1700000000000.0,"text":"group workers: guest-6e789e6a-a1b9-45f4-86c4-5d188009454f knows its partitions","group":"workers","memberId":"guest-6e789e6a-a1b9-45f4-86c4-5d188009454f","assignment":[{"topic":"orders","partitions":[0]}]}
        {"type":"offsetCommitted","at":1700000000000.0,"text":"group workers: next is offset 1 of orders-0","topic":"orders","partition":0,"group":"workers","offset":1}
    "#]].assert_eq(&story.concat());
    assert_eq!(guest.process.take_events().count(), 0);
}
