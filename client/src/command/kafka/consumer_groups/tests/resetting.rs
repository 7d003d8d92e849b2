use expect_test::expect;

use super::{at, committed, group, member, of, play, shop, topic, unknown_topic};
use crate::admin::{CommitOffsets, DescribeGroups, DescribeTopics, FetchOffsets, ListOffsets};
use crate::command::rehearsal::Rehearsal;
use ottla_core::{ApiError, ErrorCode};

fn empty_shop() -> Rehearsal {
    Rehearsal::new().answer::<DescribeGroups>(Ok(shop(group("Empty", Vec::new()))))
}

/// The topic is described for its partitions, and once more to see whether they can be had.
fn orders() -> Rehearsal {
    let described = || Ok([("orders".into(), topic(3))].into());
    empty_shop()
        .answer::<DescribeTopics>(described())
        .answer::<DescribeTopics>(described())
}

fn ends(rehearsal: Rehearsal, offsets: [i64; 3]) -> Rehearsal {
    let offsets = (0..3)
        .zip(offsets)
        .map(|(partition, offset)| (of("orders", partition), at(offset)));
    rehearsal.answer::<ListOffsets>(Ok(offsets.collect()))
}

#[test]
fn the_plan_is_shown_without_being_carried_out() {
    let played = play(
        ends(orders(), [0, 0, 3]),
        "--reset-offsets --group shop --topic orders --to-earliest --dry-run",
    );
    expect![[r#"

        GROUP           TOPIC           PARTITION  NEW-OFFSET
        shop            orders          0          0
        shop            orders          1          0
        shop            orders          2          3
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!((played.stderr.as_str(), played.exit), ("", Some(0)));
    let played = play(
        ends(orders(), [0, 0, 30]),
        "--reset-offsets --group shop --topic orders --to-latest --export",
    );
    assert_eq!(played.stdout, "orders,0,0\norders,1,0\norders,2,30\n\n");
    assert!(
        played
            .stderr
            .starts_with("WARN: No action will be performed as the --execute option is missing.")
    );
}

#[test]
fn offsets_out_of_range_become_the_ends_with_a_warning() {
    let rehearsal = ends(ends(orders(), [0, 0, 10]), [0, 20, 30]);
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders --to-offset 5 --dry-run",
    );
    expect![[r#"

        GROUP           TOPIC           PARTITION  NEW-OFFSET
        shop            orders          0          0
        shop            orders          1          5
        shop            orders          2          10
    "#]]
    .assert_eq(&played.stdout);
    expect![[r#"
        ottla: New offset (5) is higher than latest offset for topic partition orders-0. Value will be set to 0
        ottla: New offset (5) is lower than earliest offset for topic partition orders-2. Value will be set to 10
    "#]]
    .assert_eq(&played.stderr);
}

#[test]
fn a_shift_begins_at_what_is_committed_and_is_carried_out_when_asked() {
    let rehearsal = empty_shop()
        .answer::<DescribeTopics>(Ok([("orders".into(), topic(3))].into()))
        .answer::<FetchOffsets>(Ok([(of("orders", 2), committed(20))].into()))
        .answer::<ListOffsets>(Ok([(of("orders", 2), at(0))].into()))
        .answer::<ListOffsets>(Ok([(of("orders", 2), at(30))].into()))
        .answer::<CommitOffsets>(Ok([(of("orders", 2), Ok(()))].into()));
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders:2 --shift-by -5 --execute",
    );
    expect![[r#"

        GROUP           TOPIC           PARTITION  NEW-OFFSET
        shop            orders          2          15
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(
        played.asked.last().map(String::as_str),
        Some(
            r#"CommitOffsets { group: "shop", offsets: {TopicPartition { topic: "orders", partition: 2 }: 15} }"#
        )
    );
}

#[test]
fn a_group_at_work_is_left_alone() {
    let busy = group("Stable", vec![member("m-1", &[])]);
    let rehearsal = Rehearsal::new().answer::<DescribeGroups>(Ok(shop(busy)));
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders --to-latest --execute",
    );
    expect![[r#"

        Error: Assignments can only be reset if the group 'shop' is inactive, but the current state is Stable.

        GROUP           TOPIC           PARTITION  NEW-OFFSET
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(played.exit, Some(0));
}

#[test]
fn a_member_that_comes_in_between_spoils_it() {
    let refused = ApiError::new(ErrorCode::UnknownMemberId, "");
    let results = [0, 1, 2].map(|partition| (of("orders", partition), Err(refused.clone())));
    let rehearsal = ends(orders(), [0, 0, 0]).answer::<CommitOffsets>(Ok(results.into()));
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders --to-earliest --execute",
    );
    expect![[r#"

        Error: Executing consumer group command failed due to Failed altering group offsets for the following partitions: [orders-0, orders-1, orders-2]
    "#]]
    .assert_eq(&played.stdout);
}

#[test]
fn partitions_must_be_there() {
    let rehearsal = empty_shop().answer::<DescribeTopics>(Ok([("orders".into(), topic(3))].into()));
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders:7,1,8 --to-earliest --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to The partitions \"orders-7,orders-8\" do not exist\n"
    );
    let unknown = || {
        empty_shop().answer::<DescribeTopics>(Ok([("nope".into(), Err(unknown_topic()))].into()))
    };
    let played = play(
        unknown(),
        "--reset-offsets --group shop --topic nope --to-earliest --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to This server does not host this topic-partition.\n"
    );
    let played = play(
        unknown(),
        "--reset-offsets --group shop --topic nope:0 --to-earliest --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to java.util.concurrent.ExecutionException: \
         org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.\n"
    );
}

#[test]
fn a_moment_without_records_is_the_end() {
    let rehearsal = ends(orders(), [-1, 4, -1]);
    let rehearsal =
        rehearsal.answer::<ListOffsets>(Ok(
            [(of("orders", 0), at(7)), (of("orders", 2), at(9))].into()
        ));
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders --to-datetime 2040-01-01T00:00:00.000 --dry-run",
    );
    expect![[r#"

        Warn: Partition 0 from topic orders is empty. Falling back to latest known offset.

        Warn: Partition 2 from topic orders is empty. Falling back to latest known offset.

        GROUP           TOPIC           PARTITION  NEW-OFFSET
        shop            orders          0          7
        shop            orders          1          4
        shop            orders          2          9
    "#]]
    .assert_eq(&played.stdout);
    assert!(
        played.asked[3].contains("At(2208988800000)"),
        "{}",
        played.asked[3]
    );
    let rehearsal = ends(orders(), [1, 4, 1]);
    let played = play(
        rehearsal,
        "--reset-offsets --group shop --topic orders --by-duration PT1M --dry-run",
    );
    assert!(
        played.asked[3].contains("At(1699999940000)"),
        "{}",
        played.asked[3]
    );
}

#[test]
fn what_is_committed_stays_and_the_rest_goes_to_the_end() {
    let long = "a-topic-whose-name-is-longer-than-that";
    let both = || Ok([("orders".into(), topic(3)), (long.into(), topic(1))].into());
    let offsets =
        [0, 1, 2].map(|partition| (of("orders", partition), committed(i64::from(partition) * 5)));
    let rehearsal = empty_shop()
        .answer::<DescribeTopics>(both())
        .answer::<DescribeTopics>(both())
        .answer::<FetchOffsets>(Ok(offsets.into()))
        .answer::<ListOffsets>(Ok([(of(long, 0), at(1))].into()));
    let played = play(
        rehearsal,
        &format!(
            "--reset-offsets --group shop --topic orders --topic {long} --to-current --dry-run"
        ),
    );
    expect![[r#"

        GROUP           TOPIC                                  PARTITION  NEW-OFFSET
        shop            orders                                 0          0
        shop            orders                                 1          5
        shop            orders                                 2          10
        shop            a-topic-whose-name-is-longer-than-that 0          1
    "#]]
    .assert_eq(&played.stdout);
}

#[test]
fn a_file_says_where_to() {
    let rehearsal = || empty_shop().file(Ok("orders,0,0\norders,2,12\n"));
    let two = |start, end| Ok([(of("orders", 0), at(start)), (of("orders", 2), at(end))].into());
    let offsets = rehearsal()
        .answer::<ListOffsets>(two(0, 0))
        .answer::<ListOffsets>(two(30, 30));
    let played = play(
        offsets,
        "--reset-offsets --group shop --from-file plan.csv --dry-run",
    );
    expect![[r#"

        GROUP           TOPIC           PARTITION  NEW-OFFSET
        shop            orders          0          0
        shop            orders          2          12
    "#]]
    .assert_eq(&played.stdout);
    let missing = empty_shop().file(Err("no such file"));
    let played = play(
        missing,
        "--reset-offsets --group shop --from-file nope.csv --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to java.io.IOException: Unable to read file nope.csv\n"
    );
}

#[test]
fn a_reset_needs_a_scope_and_a_scenario() {
    let played = play(
        empty_shop(),
        "--reset-offsets --group shop --to-earliest --dry-run",
    );
    assert_eq!(
        played.stderr.lines().next(),
        Some("One of the reset scopes should be defined: --all-topics, --topic.")
    );
    let played = play(
        orders(),
        "--reset-offsets --group shop --topic orders --dry-run",
    );
    assert!(
        played
            .stderr
            .starts_with("Option '[reset-offsets]' requires one of the following scenarios: [[")
    );
    assert_eq!(played.exit, Some(1));
    let played = play(
        Rehearsal::new(),
        "--reset-offsets --group shop --topic orders --to-offset abc --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to Cannot parse argument 'abc' of option to-offset\n"
    );
    let played = play(
        empty_shop(),
        "--reset-offsets --group shop --topic orders:x --to-earliest --dry-run",
    );
    assert_eq!(
        played.stderr.lines().next(),
        Some("Invalid partition 'x' specified in topic arg 'orders:x''")
    );
    let played = play(
        orders(),
        "--reset-offsets --group shop --topic orders --by-duration XX --dry-run",
    );
    assert_eq!(
        played.stdout,
        "\nError: Executing consumer group command failed due to Text cannot be parsed to a Duration\n"
    );
    let nothing = empty_shop()
        .answer::<DescribeTopics>(Ok([("orders".into(), topic(1))].into()))
        .answer::<FetchOffsets>(Ok([].into()));
    let played = play(
        nothing,
        "--reset-offsets --group shop --topic orders:0 --shift-by 1 --dry-run",
    );
    assert_eq!(
        played.stderr.lines().next(),
        Some(
            "Cannot shift offset for partition orders-0 since there is no current committed offset"
        )
    );
}
