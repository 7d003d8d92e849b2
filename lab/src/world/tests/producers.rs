use super::Story;
use crate::app::Outcome;

#[test]
fn keys_go_where_murmur2_says() {
    let mut story = Story::begin(&[
        "topic employee-topic partitions=3",
        "producer p topic=employee-topic",
        "send p count=10",
    ]);
    story.pass_ms(1_000);
    let places: Vec<String> = (story.0.deliveries("p").expect("a producer").iter())
        .map(|sent| match &sent.outcome {
            Outcome::Acknowledged { partition, .. } => {
                format!(
                    "{}->{}",
                    sent.key.as_deref().unwrap_or("-"),
                    partition.partition
                )
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        places.join(" "),
        "0->2 1->0 2->2 3->2 4->1 5->0 6->1 7->0 8->0 9->2"
    );
    assert_eq!(story.ends("employee-topic"), [4, 2, 4]);
}

#[test]
fn a_rate_is_kept_changed_and_ended() {
    let mut story = Story::begin(&["topic t", "producer p topic=t rate=2/s"]);
    story.pass_ms(10_400);
    assert_eq!(story.ends("t"), [21]);
    story.act(&["rate p 1/10s"]);
    story.pass_ms(20_000);
    assert_eq!(story.ends("t"), [23]);
    story.act(&["rate p 0"]);
    story.pass_ms(60_000);
    assert_eq!(story.ends("t"), [23]);
}

#[test]
fn a_count_ends_the_schedule_but_not_the_producer() {
    let mut story = Story::begin(&["topic t", "producer p topic=t rate=10/s count=5"]);
    story.pass_ms(10_000);
    assert_eq!(story.ends("t"), [5]);
    story.act(&["send p key=k value=more count=2"]);
    story.pass_ms(1_000);
    assert_eq!(story.ends("t"), [7]);
}

#[test]
fn an_unknown_topic_is_created_by_its_use() {
    let mut story = Story::begin(&["producer p topic=new", "send p"]);
    story.pass_ms(2_000);
    assert_eq!(story.ends("new"), [1]);
}

#[test]
fn a_lost_answer_is_repeated_and_an_idempotent_producer_writes_once() {
    for (settings, expected) in [("", [1]), (" idempotence=false", [2])] {
        let producer = format!("producer p topic=t{settings}");
        let mut story = Story::begin(&["topic t", &producer, "lose-answer p", "send p"]);
        story.pass_ms(5_000);
        assert_eq!(story.ends("t"), expected, "{producer}");
        let acknowledged = story
            .0
            .deliveries("p")
            .expect("a producer")
            .iter()
            .all(|sent| matches!(sent.outcome, Outcome::Acknowledged { .. }));
        assert!(acknowledged);
    }
}

#[test]
fn a_crash_leaves_records_of_which_nobody_knows() {
    let mut story = Story::begin(&["topic t", "producer p topic=t", "send p"]);
    story.act(&["crash p"]);
    story.pass_ms(1_000);
    let deliveries = story.0.deliveries("p").expect("a producer");
    assert_eq!(
        deliveries.get(0).map(|sent| &sent.outcome),
        Some(&Outcome::Waiting)
    );
    story.act(&["restart p", "send p"]);
    story.pass_ms(1_000);
    let deliveries = story.0.deliveries("p").expect("a producer");
    let last = deliveries.get(1).expect("it was sent");
    assert!(matches!(last.outcome, Outcome::Acknowledged { .. }));
    assert_eq!((last.key.as_deref(), &*last.value), (Some("1"), "value-2"));
}

#[test]
fn a_producer_that_leaves_sends_first_what_it_has() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t linger=500ms",
        "send p count=3",
        "leave p",
    ]);
    story.pass_ms(2_000);
    assert_eq!(story.ends("t"), [3]);
    assert!(!story.0.resident("p").expect("it is shown").is_alive());
    story.act(&["remove p"]);
    assert!(story.0.resident("p").is_none());
}
