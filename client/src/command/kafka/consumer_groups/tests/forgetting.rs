use expect_test::expect;
use ottla_core::GroupId;

use super::{no_group, of, play, topic, unknown_topic};
use crate::admin::{AskError, DeleteGroups, DeleteOffsets, DescribeTopics};
use crate::command::rehearsal::Rehearsal;

#[test]
fn groups_are_deleted_and_what_could_not_be_is_told() {
    let gone = [(GroupId::from("shop"), Ok(()))];
    let played = play(
        Rehearsal::new().answer::<DeleteGroups>(Ok(gone.into())),
        "--delete --group shop",
    );
    assert_eq!(
        played.stdout,
        "Deletion of requested consumer groups ('shop') was successful.\n"
    );

    let both = [
        (GroupId::from("new"), Ok(())),
        (GroupId::from("nope"), Err(no_group())),
    ];
    let played = play(
        Rehearsal::new().answer::<DeleteGroups>(Ok(both.into())),
        "--delete --group new --group nope",
    );
    expect![[r#"

        Error: Deletion of some consumer groups failed:
        * Group 'nope' could not be deleted due to: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.

        These consumer groups were deleted successfully: 'new'
    "#]]
    .assert_eq(&played.stdout);
    assert_eq!(played.exit, Some(0));
}

#[test]
fn offsets_are_deleted_by_topic_and_by_partition() {
    let rehearsal = Rehearsal::new()
        .answer::<DescribeTopics>(Ok([
            ("orders".into(), topic(2)),
            ("nope".into(), Err(unknown_topic())),
        ]
        .into()))
        .answer::<DeleteOffsets>(Ok(
            [(of("orders", 0), Ok(())), (of("orders", 1), Ok(()))].into()
        ));
    let played = play(
        rehearsal,
        "--delete-offsets --group new --topic orders --topic nope",
    );
    expect![[r#"
        Request succeeded for deleting offsets from group new.

        TOPIC           PARTITION  STATUS         
        nope            -          Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.
        orders          0          Successful     
        orders          1          Successful     
    "#]]
    .assert_eq(&played.stdout);

    let refused = AskError::Refused(no_group());
    let rehearsal = Rehearsal::new().answer::<DeleteOffsets>(Err(refused));
    let played = play(
        rehearsal,
        "--delete-offsets --group nope --topic orders:0,1",
    );
    expect![[r#"

        Error: The group id does not exist.

        TOPIC           PARTITION  STATUS         
        orders          0          Error: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.
        orders          1          Error: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.
    "#]]
    .assert_eq(&played.stdout);
}
