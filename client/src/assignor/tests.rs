//! What the recordings of Java's results cannot say: metadata that others made up. See `tests/vectors` for the rest.

use super::*;

fn partition(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: topic.into(),
        partition,
    }
}

fn member(id: &str, topics: &[&str], owned: &[TopicPartition]) -> Member {
    Member {
        id: id.into(),
        instance_id: None,
        subscription: MemberSubscription {
            topics: topics.iter().map(|topic| TopicName::from(*topic)).collect(),
            user_data: None,
            owned_partitions: owned.to_vec(),
            generation: Some(7),
            rack: Some("a".to_owned()),
        },
    }
}

fn topic(name: &str, partitions_count: usize) -> (TopicName, Vec<Set<String>>) {
    (name.into(), vec![Set::new(); partitions_count])
}

#[test]
fn a_claim_to_a_partition_that_is_gone_is_dropped() {
    let topics = Topics::from([topic("orders", 2)]);
    for other in [vec!["orders"], vec!["orders", "missing"]] {
        let gone = [partition("orders", 5), partition("orders", -1)];
        let members = [
            member("one", &["orders"], &gone),
            member("two", &other, &[partition("orders", 1)]),
        ];
        let assignment = Assignor::CooperativeSticky.assign(&members, &topics);
        assert_eq!(assignment["one"], [partition("orders", 0)]);
        assert_eq!(assignment["two"], [partition("orders", 1)]);
    }
}

#[test]
fn a_partition_that_moves_is_given_up_in_one_round_and_given_in_the_next() {
    let topics = Topics::from([topic("orders", 2)]);
    let both = [partition("orders", 0), partition("orders", 1)];
    let mut members = [
        member("one", &["orders"], &both),
        member("two", &["orders"], &[]),
    ];
    let assignment = Assignor::CooperativeSticky.assign(&members, &topics);
    assert_eq!(assignment["one"], both[..1]);
    assert_eq!(assignment["two"], []);

    members[0].subscription.owned_partitions = assignment["one"].clone();
    let assignment = Assignor::CooperativeSticky.assign(&members, &topics);
    assert_eq!(assignment["two"], both[1..]);
}

#[test]
fn a_group_without_members_or_topics_gets_nothing() {
    let nobody_knows = [member("one", &["orders"], &[])];
    for assignor in Assignor::ALL {
        assert!(assignor.assign(&[], &Topics::new()).is_empty());
        let assignment = assignor.assign(&nobody_knows, &Topics::new());
        assert_eq!(assignment["one"], []);
    }
}

#[test]
fn metadata_cut_off_anywhere_are_refused() {
    let owned = [partition("orders", 0), partition("orders", 2)];
    let subscription = member("one", &["orders", "clicks"], &owned).subscription;
    let metadata = Assignor::CooperativeSticky.subscription_metadata(&subscription, None);
    assert!(parse_subscription(&metadata).is_ok());
    for length in 0..metadata.len() {
        assert!(parse_subscription(&metadata[..length]).is_err(), "{length}");
    }
    let assignment = encode_assignment(&owned);
    for length in 1..assignment.len() {
        assert!(parse_assignment(&assignment[..length]).is_err(), "{length}");
    }
    assert_eq!(parse_assignment(&[]), Ok(Vec::new()));
}

#[test]
fn a_member_of_kafka_go_is_understood_though_it_leaves_out_what_it_owns() {
    let metadata = [
        &[0, 1, 0, 0, 0, 1, 0, 2][..],
        b"t1",
        &[0xff, 0xff, 0xff, 0xff],
    ]
    .concat();
    let subscription = parse_subscription(&metadata).expect("it is one");
    assert_eq!(subscription.topics, [TopicName::from("t1")]);
    assert_eq!(subscription.owned_partitions, []);
}

#[test]
fn counts_beyond_the_bytes_are_refused() {
    let two_billion_topics = [0, 0, 0x7f, 0xff, 0xff, 0xff];
    let refused = parse_subscription(&two_billion_topics);
    let said = refused.expect_err("there are no topics").to_string();
    assert_eq!(
        said,
        "it does not follow the consumer protocol: it ends too early"
    );
}

#[test]
fn assignors_go_by_kafkas_names_and_by_javas_classes() {
    for assignor in Assignor::ALL {
        assert_eq!(Assignor::named(assignor.name()), Some(assignor));
        assert_eq!(Assignor::named(assignor.class()), Some(assignor));
    }
    assert_eq!(Assignor::named("RoundRobinAssigner"), None);
}
