use super::Story;
use crate::scene::Life;

#[test]
fn a_member_that_crashes_is_replaced_when_its_session_ends() {
    let mut story = Story::begin(&[
        "topic t partitions=2",
        "consumer a group=g topics=t",
        "consumer b group=g topics=t",
    ]);
    story.pass_ms(10_000);
    assert_eq!((story.reads("a").len(), story.reads("b").len()), (1, 1));
    story.act(&["crash a"]);
    story.pass_ms(5_000);
    assert_eq!((story.members_count("g"), story.reads("b").len()), (2, 1));
    assert!(matches!(
        story.0.resident("a").map(|a| a.life()),
        Some(Life::Crashed(_))
    ));
    story.pass_ms(9_000);
    assert_eq!(
        (story.members_count("g"), story.reads("b")),
        (1, vec!["t-0".into(), "t-1".into()])
    );
}

#[test]
fn a_member_that_leaves_is_replaced_at_once() {
    let mut story = Story::begin(&[
        "topic t partitions=2",
        "consumer a group=g topics=t",
        "consumer b group=g topics=t heartbeat=1s",
    ]);
    story.pass_ms(10_000);
    story.act(&["leave a"]);
    story.pass_ms(1_500);
    assert_eq!((story.members_count("g"), story.reads("b").len()), (1, 2));
    story.act(&["restart a"]);
    story.pass_ms(3_000);
    assert_eq!((story.reads("a").len(), story.reads("b").len()), (1, 1));
}

#[test]
fn work_is_done_one_record_after_the_other() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t work=1s",
    ]);
    story.pass_ms(5_000);
    story.act(&["send p count=3"]);
    story.pass_ms(1_600);
    assert_eq!(story.worked("a"), ["t-0:0"]);
    let app = story
        .0
        .resident("a")
        .and_then(|a| a.as_consumer())
        .expect("a consumer");
    let working = app.working().expect("it is at work");
    assert_eq!(
        (working.offset, working.until.0 - working.since.0),
        (1, 1_000_000)
    );
    story.act(&["work a 5s"]);
    story.pass_ms(1_000);
    assert_eq!(story.worked("a"), ["t-0:0", "t-0:1"]);
    story.pass_ms(4_000);
    assert_eq!(story.worked("a").len(), 2);
    story.pass_ms(1_000);
    assert_eq!(story.worked("a").len(), 3);
}

#[test]
fn who_commits_after_the_work_repeats_and_who_commits_before_it_loses() {
    for (commit, expected) in [
        ("after", "t-0:0 t-0:1 | t-0:2 t-0:3 t-0:4"),
        ("before", "t-0:0 t-0:1 | "),
    ] {
        let consumer = format!("consumer a group=g topics=t work=1s commit={commit}");
        let mut story = Story::begin(&["topic t", "producer p topic=t", "send p count=5"]);
        story.pass_ms(1_000);
        story.act(&[&consumer]);
        let mut waited = 0;
        while story.worked("a").len() < 2 {
            story.pass_ms(100);
            waited += 1;
            assert!(waited < 100);
        }
        story.pass_ms(300);
        story.act(&["crash a", "consumer b group=g topics=t"]);
        story.pass_ms(30_000);
        let all = format!(
            "{} | {}",
            story.worked("a").join(" "),
            story.worked("b").join(" ")
        );
        assert_eq!(all, expected, "{commit}");
    }
}

#[test]
fn who_never_commits_begins_again() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "send p count=2",
        "consumer a group=g topics=t commit=never",
    ]);
    story.pass_ms(20_000);
    assert_eq!(story.committed("g", "t"), [-1]);
    story.act(&["crash a", "restart a"]);
    story.pass_ms(20_000);
    assert_eq!(story.worked("a"), ["t-0:0", "t-0:1", "t-0:0", "t-0:1"]);
    story.act(&["commit a"]);
    story.pass_ms(1_000);
    assert_eq!(story.committed("g", "t"), [2]);
}

#[test]
fn who_works_for_too_long_is_out_and_its_commit_does_not_count() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "send p",
        "consumer a group=g topics=t work=30s max-poll-interval=5s commit=after",
        "consumer b group=g topics=t",
    ]);
    story.pass_ms(20_000);
    assert_eq!((story.worked("a").len(), story.worked("b").len()), (0, 1));
    story.pass_ms(30_000);
    assert_eq!((story.worked("a").len(), story.worked("b").len()), (1, 1));
}

#[test]
fn a_zombie_wakes_and_is_fenced() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t work=2s commit=after",
        "consumer b group=g topics=t",
    ]);
    story.pass_ms(4_000);
    story.act(&["send p"]);
    story.pass_ms(1_000);
    let (zombie, heir) = match story.reads("a").len() {
        1 => ("a", "b"),
        _ => ("b", "a"),
    };
    assert_eq!(zombie, "a", "range gives the one partition to the first");
    story.act(&["freeze a"]);
    story.pass_ms(20_000);
    assert_eq!(story.worked(heir), ["t-0:0"]);
    story.act(&["thaw a"]);
    story.log();
    story.pass_ms(2_500);
    assert_eq!(
        story.worked("a"),
        ["t-0:0"],
        "it goes on with what it has in hand"
    );
    let log = story.log();
    assert!(log.contains("did not commit t-0=1"), "{log}");
}

#[test]
fn a_consumer_pauses_resumes_and_seeks() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t",
    ]);
    story.pass_ms(3_000);
    story.act(&["send p count=3", "pause a"]);
    story.pass_ms(2_000);
    assert_eq!(story.worked("a").len(), 0);
    story.act(&["resume a t-0"]);
    story.pass_ms(2_000);
    assert_eq!(story.worked("a"), ["t-0:0", "t-0:1", "t-0:2"]);
    story.act(&["seek a t-0 1"]);
    story.pass_ms(2_000);
    story.act(&["seek a t-0 beginning"]);
    story.pass_ms(2_000);
    assert_eq!(
        story.worked("a")[3..],
        ["t-0:1", "t-0:2", "t-0:0", "t-0:1", "t-0:2"]
    );
}

#[test]
fn who_seeks_at_work_drops_what_is_not_in_hand() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t work=1s",
    ]);
    story.pass_ms(3_000);
    story.act(&["send p count=5"]);
    story.pass_ms(1_500);
    story.act(&["seek a t-0 4"]);
    story.pass_ms(10_000);
    assert_eq!(story.worked("a"), ["t-0:0", "t-0:1", "t-0:4"]);
}

#[test]
fn who_leaves_at_work_ends_the_record_and_leaves_the_rest() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t",
        "consumer a group=g topics=t work=1s",
    ]);
    story.pass_ms(3_000);
    story.act(&["send p count=3"]);
    story.pass_ms(500);
    story.act(&["leave a"]);
    assert_eq!(
        story.try_to("restart a").unwrap_err(),
        "a is about to leave: let time pass"
    );
    story.pass_ms(2_000);
    assert_eq!(
        (story.worked("a").len(), story.committed("g", "t")),
        (1, vec![1])
    );
    story.act(&["consumer b group=g topics=t"]);
    story.pass_ms(3_000);
    assert_eq!(story.worked("b"), ["t-0:1", "t-0:2"]);
}

#[test]
fn a_poisoned_record_meets_four_policies() {
    for (policy, log, worked) in [
        ("crash", "died of t-0 offset 1", "t-0:0"),
        (
            "retry",
            "failed on t-0 offset 1, and tries it again",
            "t-0:0",
        ),
        ("skip", "skipped t-0 offset 1", "t-0:0 t-0:1 t-0:2"),
        ("park:t.retry", "parked t-0 offset 1", "t-0:0 t-0:1 t-0:2"),
    ] {
        let consumer = format!("consumer a group=g topics=t on-poison={policy}");
        let mut story = Story::begin(&[
            "topic t",
            "producer p topic=t",
            "send p",
            "send p value=poison key=bad",
            "send p",
            &consumer,
        ]);
        story.pass_ms(20_000);
        let lines = story.log();
        assert!(lines.contains(log), "{policy}: {lines}");
        assert_eq!(story.worked("a").join(" "), worked, "{policy}");
        assert_eq!(
            story.ends("t.retry").len(),
            usize::from(policy == "park:t.retry")
        );
        assert_eq!(
            story.0.resident("a").expect("shown").is_alive(),
            policy != "crash"
        );
    }
}

#[test]
fn a_static_member_comes_back_to_its_partitions_without_a_rebalance() {
    let mut story = Story::begin(&[
        "topic t partitions=2",
        "consumer a group=g topics=t instance=one",
        "consumer b group=g topics=t instance=two",
    ]);
    story.pass_ms(10_000);
    let generation = |story: &Story| {
        story
            .0
            .broker()
            .group("g")
            .map(|group| group.generation_id())
    };
    let (before, own) = (generation(&story), story.reads("a"));
    story.act(&["crash a"]);
    story.pass_ms(2_000);
    story.act(&["restart a"]);
    story.pass_ms(5_000);
    assert_eq!((generation(&story), story.reads("a")), (before, own));
}

#[test]
fn without_a_group_all_partitions_are_read_and_nothing_is_committed() {
    let mut story = Story::begin(&[
        "topic t partitions=3",
        "producer p topic=t",
        "consumer a topics=t",
    ]);
    story.pass_ms(2_000);
    story.act(&["send p count=10"]);
    story.pass_ms(2_000);
    assert_eq!(story.values("a").len(), 10);
    assert_eq!(story.0.broker().groups().count(), 0);
    assert_eq!(
        story.try_to("commit a").unwrap_err(),
        "a has no group, and so nobody who keeps its offsets: start it with group=..."
    );
}

#[test]
fn from_latest_only_what_comes_later_is_read() {
    let mut story = Story::begin(&["topic t", "producer p topic=t", "send p count=3"]);
    story.pass_ms(1_000);
    story.act(&["consumer a group=g topics=t from=latest"]);
    story.pass_ms(4_000);
    story.act(&["send p count=2"]);
    story.pass_ms(2_000);
    assert_eq!(story.worked("a"), ["t-0:3", "t-0:4"]);
}

#[test]
fn links_that_are_cut_are_made_again() {
    let mut story = Story::begin(&[
        "topic t",
        "producer p topic=t rate=5/s",
        "consumer a group=g topics=t",
    ]);
    for _ in 0..5 {
        story.pass_ms(3_000);
        story.act(&["cut a", "cut p"]);
    }
    story.pass_ms(5_000);
    let worked = story.worked("a");
    assert_eq!(worked.len() as i64, story.ends("t")[0]);
}
