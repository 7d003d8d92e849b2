//! Options are read with care: whatever is wrong is named.

use expect_test::expect;
use ottla_core::Event;
use serde_json::json;

use super::support::{at_ms, start, value};
use crate::{Process, StartOptions};

#[test]
fn what_is_wrong_is_named_with_what_is_allowed() {
    let wrong = [
        json!(7),
        json!([]),
        json!({ "port": 9092 }),
        json!({ "seed": -1 }),
        json!({ "seed": 1.5 }),
        json!({ "seed": "chance" }),
        json!({ "config": "num.partitions=3" }),
        json!({ "config": { "num.partitons": 3 } }),
        json!({ "config": { "num.partitions": 0 } }),
        json!({ "config": { "num.partitions": [3] } }),
        json!({ "topics": ["orders"] }),
        json!({ "topics": { "orders": 3 } }),
        json!({ "topics": { "orders": { "partition": 3 } } }),
        json!({ "topics": { "orders": { "partitions": 0 } } }),
        json!({ "topics": { "orders": { "partitions": "three" } } }),
        json!({ "topics": { "orders": { "partitions": 2.5 } } }),
        json!({ "topics": { "orders": { "config": { "retention.ms": "soon" } } } }),
        json!({ "topics": { "orders": { "config": { "retention.ms": {} } } } }),
        json!({ "topics": { "or ders": {} } }),
        json!({ "topics": { "": {} } }),
        json!({ "topics": { "orders": { "partitions": 1_000_000_000 } } }),
    ];
    let told = wrong.map(|options| {
        let read = StartOptions::read(&value(options.clone()));
        let failure = read.and_then(|options| Process::start(options, at_ms(0)));
        let failure = failure.expect_err(&options.to_string());
        assert_eq!(failure.code, "ERR_OPTION");
        format!("{options}\n  {}\n", failure.message)
    });
    expect![[r#"
        7
          the options must be an object, not 7
        []
          the options must be an object, not a list
        {"port":9092}
          the options may have seed, config, topics, but not "port"
        {"seed":-1}
          seed must be a whole number from 0 to 18446744073709551615, not -1
        {"seed":1.5}
          seed must be a whole number from 0 to 18446744073709551615, not 1.5
        {"seed":"chance"}
          seed must be a whole number from 0 to 18446744073709551615, not "chance"
        {"config":"num.partitions=3"}
          config must be an object, not "num.partitions=3"
        {"config":{"num.partitons":3}}
          config: num.partitons is no configuration key; did you mean num.partitions?
        {"config":{"num.partitions":0}}
          config: num.partitions=0 is too small, the least is 1; the default is 1
        {"config":{"num.partitions":[3]}}
          config["num.partitions"] must be a text, a number, true or false, not a list
        {"topics":["orders"]}
          topics must be an object, not a list
        {"topics":{"orders":3}}
          topics["orders"] must be an object, not 3
        {"topics":{"orders":{"partition":3}}}
          topics["orders"] may have partitions, config, but not "partition"
        {"topics":{"orders":{"partitions":0}}}
          topics["orders"].partitions must be a whole number from 1 on, not 0
        {"topics":{"orders":{"partitions":"three"}}}
          topics["orders"].partitions must be a whole number from 1 on, not "three"
        {"topics":{"orders":{"partitions":2.5}}}
          topics["orders"].partitions must be a whole number from 1 on, not 2.5
        {"topics":{"orders":{"config":{"retention.ms":"soon"}}}}
          topics["orders"]: Invalid value soon for configuration retention.ms: Not a number of type LONG
        {"topics":{"orders":{"config":{"retention.ms":{}}}}}
          topics["orders"].config["retention.ms"] must be a text, a number, true or false, not an object
        {"topics":{"or ders":{}}}
          topics["or ders"]: Topic name is invalid: 'or ders' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'
        {"topics":{"":{}}}
          topics[""]: Topic name is invalid: the empty string is not allowed
        {"topics":{"orders":{"partitions":1000000000}}}
          topics["orders"]: Excessively large number of partitions per request.
    "#]].assert_eq(&told.concat());
}

#[test]
fn nothing_is_needed() {
    for options in [
        json!(null),
        json!({}),
        json!({ "seed": null, "topics": null }),
    ] {
        assert_eq!(start(options).broker().metadata().topics().len(), 0);
    }
}

#[test]
fn configuration_may_be_text_numbers_and_truth_values() {
    let mut process = start(json!({
        "seed": u64::MAX,
        "config": { "num.partitions": 4, "auto.create.topics.enable": false, "log.retention.ms": "-1", "num.io.threads": 8 },
        "topics": { "b": { "partitions": 2, "config": { "max.message.bytes": 1000 } }, "a": null },
    }));
    let config = process.broker().config();
    assert_eq!(
        (config.num_partitions, config.auto_create_topics_enable),
        (4, false)
    );
    let metadata = process.broker().metadata();
    let topics: Vec<_> = metadata
        .topics()
        .map(|topic| (topic.name.to_string(), topic.partitions.len()))
        .collect();
    assert_eq!(topics, [("a".to_owned(), 4), ("b".to_owned(), 2)]);
    // What has no effect is said.
    let notes: Vec<String> = process
        .take_events()
        .filter(|(_, event)| matches!(event, Event::Note { .. }))
        .map(|(_, event)| event.to_string())
        .collect();
    assert_eq!(notes, ["without effect in Ottla: num.io.threads"]);
}
