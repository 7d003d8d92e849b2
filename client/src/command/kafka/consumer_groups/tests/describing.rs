use expect_test::expect;

use super::{at, committed, group, member, no_group, of, play, shop, topic, unknown_topic};
use crate::admin::{DescribeGroups, DescribeTopics, FetchOffsets, ListOffsets};
use crate::command::rehearsal::Rehearsal;
use ottla_core::{ApiError, ErrorCode};

#[test]
fn an_empty_group_shows_how_far_it_has_read() {
    let rehearsal = Rehearsal::new()
        .answer::<DescribeGroups>(Ok(shop(group("Empty", Vec::new()))))
        .answer::<FetchOffsets>(Ok([
            (of("orders", 0), committed(0)),
            (of("orders", 2), committed(20)),
        ]
        .into()))
        .answer::<DescribeTopics>(Ok([("orders".into(), topic(3))].into()))
        .answer::<ListOffsets>(Ok(
            [(of("orders", 0), at(0)), (of("orders", 2), at(30))].into()
        ));
    let played = play(rehearsal, "--describe --group shop");
    expect![[r#"

        GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
        shop            orders          0          0               0               0               -               -               -
        shop            orders          2          20              30              10              -               -               -
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(
        played.stderr,
        "\nConsumer group 'shop' has no active members.\n"
    );
    assert_eq!(played.exit, Some(0));
}

#[test]
fn members_come_by_the_number_of_their_partitions_and_before_what_nobody_reads() {
    let members = vec![
        member("console-consumer-1", &[of("orders", 2)]),
        member("console-consumer-2", &[of("orders", 1), of("orders", 0)]),
    ];
    let offsets = [
        (of("orders", 0), committed(-1)),
        (of("orders", 1), committed(5)),
        (of("old", 0), committed(7)),
    ];
    let ends = [
        (of("orders", 0), at(10)),
        (of("orders", 1), at(10)),
        (of("orders", 2), at(10)),
        (of("old", 0), at(9)),
    ];
    let rehearsal = Rehearsal::new()
        .answer::<DescribeGroups>(Ok(shop(group("Stable", members))))
        .answer::<FetchOffsets>(Ok(offsets.into()))
        .answer::<DescribeTopics>(Ok(
            [("orders".into(), topic(3)), ("old".into(), topic(1))].into()
        ))
        .answer::<ListOffsets>(Ok(ends.into()));
    let played = play(rehearsal, "--describe --group shop --verbose");
    expect![[r#"

        GROUP           TOPIC           PARTITION  LEADER-EPOCH    CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID        HOST            CLIENT-ID
        shop            orders          0          -               -1              10              -               console-consumer-2 /127.0.0.1      console-consumer
        shop            orders          1          -               5               10              5               console-consumer-2 /127.0.0.1      console-consumer
        shop            orders          2          -               -               10              -               console-consumer-1 /127.0.0.1      console-consumer
        shop            old             0          -               7               9               2               -                  -               -
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(played.stderr, "");
}

#[test]
fn members_are_listed_with_what_they_have() {
    let mut stayer = member("stayer-1", &[of("b", 0), of("a", 1), of("a", 0)]);
    stayer.instance_id = Some("stayer".to_owned());
    let described = || {
        Rehearsal::new().answer::<DescribeGroups>(Ok(shop(group(
            "Stable",
            vec![stayer.clone(), member("m-2", &[])],
        ))))
    };
    let played = play(described(), "--describe --group shop --members");
    expect![[r#"

        GROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID        #PARTITIONS     
        shop            stayer-1        stayer            /127.0.0.1      console-consumer 3               
        shop            m-2                               /127.0.0.1      console-consumer 0               
    "#]]
    .assert_eq(&played.stdout);
    let played = play(described(), "--describe --group shop --members --verbose");
    expect![[r#"

        GROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID        #PARTITIONS     CURRENT-EPOCH   CURRENT-ASSIGNMENT   TARGET-EPOCH    TARGET-ASSIGNMENT   
        shop            stayer-1        stayer            /127.0.0.1      console-consumer 3               -               a:0,1;b:0            -               -                   
        shop            m-2                               /127.0.0.1      console-consumer 0               -               -                    -               -                   
    "#]]
    .assert_eq(&played.stdout);
}

#[test]
fn a_group_without_members_has_the_titles_only() {
    let rehearsal = Rehearsal::new().answer::<DescribeGroups>(Ok(shop(group("Empty", Vec::new()))));
    let played = play(rehearsal, "--describe --group shop --members --verbose");
    expect![[r#"

        GROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     CURRENT-EPOCH   CURRENT-ASSIGNMENT   TARGET-EPOCH    TARGET-ASSIGNMENT   
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(
        played.stderr,
        "\nConsumer group 'shop' has no active members.\n"
    );
}

#[test]
fn the_state_names_the_coordinator() {
    let described =
        || Rehearsal::new().answer::<DescribeGroups>(Ok(shop(group("Empty", Vec::new()))));
    let played = play(described(), "--describe --group shop --state");
    expect![[r#"

        GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                #MEMBERS
        shop            127.0.0.1:22210  (1)      -                    Empty                0
    "#]]
    .assert_eq(&played.stdout);
    let played = play(described(), "--describe --group shop --state --verbose");
    expect![[r#"

        GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS
        shop            127.0.0.1:22210  (1)      -                    Empty                -               -                         0
    "#]]
    .assert_eq(&played.stdout);
}

#[test]
fn a_group_that_there_is_not_is_an_error_with_exit_code_0() {
    let error = ApiError::new(ErrorCode::GroupIdNotFound, "Group nope not found.");
    let rehearsal =
        Rehearsal::new().answer::<DescribeGroups>(Ok([("nope".into(), Err(error))].into()));
    let played = play(rehearsal, "--describe --group nope");
    expect![[r#"

        Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group nope not found.
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(played.exit, Some(0));

    let old = Rehearsal::new().answer::<DescribeGroups>(Ok(shop(group("Dead", Vec::new()))));
    let played = play(old, "--describe --group shop --state");
    assert_eq!(
        played.stdout,
        "\nError: Consumer group 'shop' does not exist.\n"
    );
    assert_eq!(no_group().code.message(), "The group id does not exist.");
}

#[test]
fn offsets_of_a_topic_that_is_gone_are_an_error() {
    let rehearsal = Rehearsal::new()
        .answer::<DescribeGroups>(Ok(shop(group("Empty", Vec::new()))))
        .answer::<FetchOffsets>(Ok([(of("gone", 0), committed(3))].into()))
        .answer::<DescribeTopics>(Ok([("gone".into(), Err(unknown_topic()))].into()));
    let played = play(rehearsal, "--describe --group shop");
    expect![[r#"

        Error: Executing consumer group command failed due to java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.
    "#]]
    .assert_eq(&played.stdout);
}
