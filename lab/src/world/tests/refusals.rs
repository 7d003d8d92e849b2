use ottla_core::config::Config;

use super::Story;
use crate::World;
use crate::disk::Disk;

#[test]
fn what_makes_no_sense_now_is_refused_with_a_remedy() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t",
        "consumer gone group=g topics=t",
        "consumer still group=g topics=t",
        "crash gone",
        "freeze still",
    ]);
    story.pass_ms(1_000);
    for (line, why) in [
        (
            "crash nobody",
            "there is no client named nobody: there are p, a, gone, still",
        ),
        (
            "crash gone",
            "gone has crashed: `restart gone` starts it again",
        ),
        (
            "send gone",
            "gone has crashed: `restart gone` starts it again",
        ),
        ("send a", "a is no producer"),
        ("work p 1s", "p is no consumer"),
        ("thaw a", "a does not stand still: `freeze a` first"),
        (
            "freeze still",
            "still stands still: `thaw still` lets it go on",
        ),
        (
            "leave still",
            "still stands still: `thaw still` lets it go on",
        ),
        ("restart a", "a is there: `crash a` or `leave a` first"),
        ("remove a", "a is there: `crash a` or `leave a` first"),
        (
            "lose-answer a",
            "a is no producer: only answers to records are lost",
        ),
        (
            "consumer a group=g topics=t",
            "there is a client named a already: choose another name",
        ),
        (
            "producer broker topic=t",
            "broker cannot be a client's name: choose another one",
        ),
        (
            "consumer b topics=none",
            "there is no topic none to read without a group: `topic none` first",
        ),
        (
            "consumer b group=g topics=t heartbeat=20s",
            "Heartbeat must be set lower than the session timeout",
        ),
        ("seek a other-0 1", "a does not read other-0: it reads t-0"),
        ("broker start", "the broker runs already"),
        ("broker thaw", "the broker runs already"),
        ("topic t", "Topic 't' already exists."),
        (
            "topic t2 retention.ms=soon",
            "Invalid value soon for configuration retention.ms: Not a number of type LONG",
        ),
        ("partitions t 1", "Topic already has 1 partition(s)."),
        (
            "delete-topic t9",
            "This server does not host this topic-partition.",
        ),
    ] {
        assert_eq!(story.try_to(line).unwrap_err(), why, "{line}");
    }
    story.act(&["broker crash"]);
    for (line, why) in [
        (
            "broker crash",
            "the broker has ended: `broker start` starts it again",
        ),
        (
            "broker freeze",
            "the broker has ended: `broker start` starts it again",
        ),
        (
            "topic t3",
            "the broker does not run: `broker start` or `broker thaw` first",
        ),
    ] {
        assert_eq!(story.try_to(line).unwrap_err(), why, "{line}");
    }
}

#[test]
fn who_asks_for_more_than_the_limits_is_told_which() {
    let mut story = Story::begin(&[]);
    for index in 0..8 {
        story.act(&[&format!("topic t{index}")]);
    }
    assert_eq!(
        story.try_to("topic t8").unwrap_err(),
        "Topic 't8' is one too many: this broker keeps 8 at most (ottla.max.topics). Delete one that is not needed."
    );
    assert_eq!(
        story.try_to("producer p topic=t8").unwrap_err(),
        "8 topics are the limit: `delete-topic` one that is not needed"
    );
    for index in 0..16 {
        story.act(&[&format!("producer p{index} topic=t0")]);
        story.act(&[&format!("consumer c{index} group=g{index} topics=t0")]);
    }
    assert_eq!(
        story.try_to("producer p topic=t0").unwrap_err(),
        "16 producers are the limit: `remove` one that has ended"
    );
    assert_eq!(
        story.try_to("consumer c group=g topics=t0").unwrap_err(),
        "16 groups are the limit"
    );
    for index in 16..64 {
        story.act(&[&format!("consumer c{index} group=g0 topics=t0")]);
    }
    assert_eq!(
        story.try_to("consumer c group=g0 topics=t0").unwrap_err(),
        "64 consumers are the limit: `remove` one that has ended"
    );
}

#[test]
fn a_disk_that_is_full_takes_no_records_until_there_is_room_again() {
    let properties = [
        ("offsets.topic.num.partitions", "1"),
        ("log.retention.check.interval.ms", "1000"),
    ];
    let (config, _) = Config::from_properties(properties).unwrap();
    let mut story = Story(World::on(Disk::new(Some(100_000)), config, 7));
    let value = "v".repeat(1_000);
    story.act(&[
        "topic t",
        &format!("producer p topic=t value={value}"),
        "send p count=200",
    ]);
    story.pass_ms(200_000);
    let (sent_count, acknowledged_count, failed_count) = story
        .0
        .resident("p")
        .and_then(|one| one.as_producer())
        .expect("a producer")
        .counts();
    assert_eq!(sent_count, 200);
    assert!(
        (80..100).contains(&acknowledged_count),
        "{acknowledged_count}"
    );
    assert_eq!(acknowledged_count + failed_count, 200);
    assert!(story.log().contains("could not be written"));
    assert_eq!(story.ends("t"), [acknowledged_count as i64]);

    story.act(&["configure t retention.ms=1000"]);
    story.pass_ms(10_000);
    story.act(&["send p count=10"]);
    story.pass_ms(1_000);
    assert_eq!(story.ends("t"), [acknowledged_count as i64 + 10]);
}
