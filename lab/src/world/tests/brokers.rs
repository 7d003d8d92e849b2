use super::Story;
use crate::scene::Scene;

#[test]
fn a_broker_that_crashes_comes_back_with_what_it_had() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t rate=5/s",
        "consumer a group=g topics=t",
    ]);
    for fault in ["broker crash", "broker stop", "broker freeze"] {
        story.pass_ms(3_000);
        story.act(&[fault]);
        story.pass_ms(2_000);
        story.act(&[if fault == "broker freeze" {
            "broker thaw"
        } else {
            "broker start"
        }]);
    }
    story.pass_ms(5_000);
    story.act(&["rate p 0"]);
    story.pass_ms(5_000);
    let worked = story.worked("a");
    assert_eq!(worked.len() as i64, story.ends("t")[0]);
    let values = story.values("a");
    let expected: Vec<String> = (1..=values.len()).map(|n| format!("value-{n}")).collect();
    assert_eq!(values, expected, "nothing is lost, nothing twice");
}

#[test]
fn a_slow_disk_delays_what_counts_as_written() {
    let mut story = Story::begin(&["topic t", "producer p topic=t"]);
    story.pass_ms(1_000);
    story.act(&["send p"]);
    story.pass_ms(500);
    assert_eq!(story.ends("t"), [1]);
    story.act(&["disk 3s", "send p"]);
    story.pass_ms(2_500);
    assert_eq!(story.ends("t"), [1]);
    story.pass_ms(1_000);
    assert_eq!(story.ends("t"), [2]);
}

#[test]
fn a_slow_disk_that_becomes_fast_keeps_the_order_of_writes() {
    let mut story = Story::begin(&["topic t partitions=2", "producer p topic=t", "disk 2s"]);
    story.act(&["send p partition=0"]);
    story.pass_ms(3_000);
    story.act(&["send p partition=0"]);
    story.pass_ms(100);
    story.act(&["disk 0", "send p partition=1"]);
    story.pass_ms(1_000);
    assert_eq!(story.ends("t")[1], 0, "it waits behind the slow one");
    story.pass_ms(2_000);
    assert_eq!(story.ends("t"), [2, 1]);
}

#[test]
fn a_broker_that_dies_with_writes_under_way_loses_no_acknowledged_record() {
    let mut story = Story::begin(&["topic t", "producer p topic=t rate=5/s", "disk 300ms"]);
    for _ in 0..5 {
        story.pass_ms(2_000);
        story.act(&["broker crash"]);
        story.pass_ms(500);
        story.act(&["broker start"]);
    }
    story.act(&["rate p 0", "disk 0"]);
    story.pass_ms(60_000);
    let deliveries = story.0.deliveries("p").expect("a producer");
    assert_eq!(
        story.ends("t"),
        [deliveries.count() as i64],
        "once each, as it is idempotent"
    );
}

#[test]
fn topics_are_made_changed_and_deleted() {
    let mut story = Story::begin(&[
        "topic t partitions=2 retention.ms=60000",
        "partitions t 3",
        "configure t retention.ms=5000 cleanup.policy=compact",
    ]);
    let configs = |story: &Story| {
        let topic = story.0.broker().metadata().topic("t").expect("it is there");
        let configs = topic.configs.iter();
        configs
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(story.ends("t").len(), 3);
    assert_eq!(
        configs(&story),
        ["cleanup.policy=compact", "retention.ms=5000"]
    );
    story.act(&["configure t retention.ms="]);
    assert_eq!(configs(&story), ["cleanup.policy=compact"]);
    story.act(&["delete-topic t"]);
    assert_eq!(story.ends("t").len(), 0);
    assert_eq!(story.now(), ottla_core::Instant(0), "all of it at once");
}

#[test]
fn with_a_slow_disk_a_topic_comes_later_and_a_refusal_is_told() {
    let mut story = Story::begin(&["disk 1s", "topic t"]);
    assert_eq!(story.ends("t").len(), 0);
    story.pass_ms(3_000);
    assert_eq!(story.ends("t").len(), 1);
}

#[test]
fn a_broker_that_was_stopped_looks_otherwise_than_one_that_has_crashed() {
    let look = |fault: &str| {
        let mut story = Story::begin(&["topic t"]);
        story.act(&[fault]);
        let scene = Scene::of(&story.0);
        let expected = scene.expectations(scene.at);
        format!("{} {}", scene.summary(), expected[0].text())
    };
    assert_eq!(
        look("broker crash"),
        "A broker, crashed, with topic t (1 partition, 0 records). The broker has crashed: clients try in vain to reach it until it is started again."
    );
    assert_eq!(
        look("broker stop"),
        "A broker, stopped, with topic t (1 partition, 0 records). The broker was stopped in order: clients try in vain to reach it until it is started again."
    );
}
