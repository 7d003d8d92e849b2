use expect_test::expect;
use kafka_protocol::messages::*;
use ottla_client::network::{
    BrokerId, CallError, CoordinatorKey, NetworkConfig, Target, WatchedTopics,
};
use ottla_core::{ErrorCode, TopicPartition};

use crate::cluster::Cluster;
use crate::links::Behaviour;
use crate::support::{Net, address};

/// Brokers 1 and 2; broker 1 is the one that was named.
fn two() -> Net {
    let mut net = Net::with(NetworkConfig::new(vec![address("one.test:9092")]));
    let mut cluster = Cluster::of(&[(1, "one.test:9092"), (2, "two.test:9092")]);
    cluster.leaders.insert("rides", (1, 5));
    net.serve(cluster);
    net
}

fn rides() -> TopicPartition {
    TopicPartition {
        topic: "rides".into(),
        partition: 0,
    }
}

fn group() -> Target {
    Target::Coordinator(CoordinatorKey::Group("riders".into()))
}

/// Who answers, asked with something that everybody answers.
fn who(net: &mut Net, target: Target) -> Result<Option<BrokerId>, CallError> {
    let call = net.request(target, ListGroupsRequest::default());
    let arrival = net.arrival(call);
    arrival.result.map(|_| arrival.broker)
}

#[test]
fn an_older_leader_does_not_replace_a_newer_one() {
    let mut net = two();
    let names = WatchedTopics::Named(["rides".into()].into());
    net.act(|network, now, out| network.watch_topics(now, names, false, out));
    net.pass_ms(1000);
    for (told, believed) in [((2, 6), 2), ((1, 5), 2), ((1, 7), 1)] {
        net.cluster.leaders.insert("rides", told);
        let epoch = net.network.metadata().epoch;
        net.act(|network, now, out| network.refresh_metadata(now, out));
        net.pass_ms(1000);
        assert_eq!(net.network.metadata().epoch, epoch + 1);
        let leader = net.network.metadata().leader(&rides());
        assert_eq!(leader, Some(BrokerId(believed)), "{told:?}");
    }
}

#[test]
fn a_broker_that_has_moved_is_asked_where_it_is_now() {
    let mut net = two();
    assert_eq!(
        who(&mut net, Target::Broker(BrokerId(2))),
        Ok(Some(BrokerId(2)))
    );
    net.cluster.brokers.insert(2, "elsewhere.test:9092");
    net.listening.remove(&address("two.test:9092"));
    net.listening
        .insert(address("elsewhere.test:9092"), Behaviour::Cluster);
    net.act(|network, now, out| network.refresh_metadata(now, out));
    net.pass_ms(1000);
    net.log();
    assert_eq!(
        who(&mut net, Target::Broker(BrokerId(2))),
        Ok(Some(BrokerId(2)))
    );
    expect![[r#"
        connecting to broker 2 at elsewhere.test:9092
        ApiVersions v3 to broker 2, request 0, 28 bytes
        ApiVersions v3 answered by broker 2, request 0, 58 bytes, after 0 us
        connected to broker 2
        ListGroups v5 to broker 2, request 1, 18 bytes
        ListGroups v5 answered by broker 2, request 1, 17 bytes, after 0 us
    "#]]
    .assert_eq(&net.log());
}

#[test]
fn a_broker_that_nobody_knows_is_named() {
    let mut net = two();
    assert_eq!(
        who(&mut net, Target::Broker(BrokerId(7))),
        Err(CallError::UnknownBroker(BrokerId(7)))
    );
}

#[test]
fn a_cluster_that_is_gone_is_looked_for_where_one_looked_at_first() {
    let mut net = two();
    net.act(|network, now, out| network.watch_topics(now, WatchedTopics::All, false, out));
    net.cluster = Cluster::of(&[(3, "three.test:9092")]);
    net.listening = [("three.test:9092", Behaviour::Cluster)]
        .map(|(at, does)| (address(at), does))
        .into();
    for link in net.open_links() {
        net.cut(link);
    }
    net.pass_ms(3000);
    assert!(net.network.why_unreachable().is_some());
    // The name that was given at the start leads to the new brokers.
    net.listening
        .insert(address("one.test:9092"), Behaviour::Cluster);
    net.pass_ms(1500);
    assert_eq!(who(&mut net, Target::Controller), Ok(Some(BrokerId(3))));
}

#[test]
fn a_coordinator_that_is_not_there_yet_is_asked_for_again_and_again() {
    let mut net = two();
    net.cluster.coordinator = Err(ErrorCode::CoordinatorNotAvailable);
    let call = net.request(group(), HeartbeatRequest::default());
    net.pass_ms(5000);
    let asked_count = net.log().matches("FindCoordinator v6 to").count();
    assert!(
        (6..=9).contains(&asked_count),
        "asked {asked_count} times in five seconds"
    );
    net.cluster.coordinator = Ok(2);
    let arrival = net.arrival(call);
    assert_eq!(arrival.broker, Some(BrokerId(2)));
    assert!(arrival.result.is_ok());
}

#[test]
fn a_group_that_one_may_not_see_has_no_coordinator() {
    let mut net = two();
    net.cluster.coordinator = Err(ErrorCode::GroupAuthorizationFailed);
    let error = who(&mut net, group()).expect_err("no coordinator");
    assert_eq!(
        error.to_string(),
        "no coordinator: GROUP_AUTHORIZATION_FAILED: Group authorization failed."
    );
    assert!(!error.is_retriable());
}

#[test]
fn a_coordinator_that_cannot_be_reached_is_looked_for_anew() {
    let mut net = two();
    net.cluster.coordinator = Ok(2);
    let broker = net.listening.remove(&address("two.test:9092"));
    let error = who(&mut net, group()).expect_err("no answer");
    assert_eq!(error, CallError::Disconnected("connection refused".into()));
    net.listening
        .extend(broker.map(|broker| (address("two.test:9092"), broker)));
    net.cluster.coordinator = Ok(1);
    assert_eq!(who(&mut net, group()), Ok(Some(BrokerId(1))));
    net.cluster.coordinator = Ok(2);
    net.act(|network, _, out| {
        network.forget_coordinator(&CoordinatorKey::Group("riders".into()), out)
    });
    assert_eq!(who(&mut net, group()), Ok(Some(BrokerId(2))));
}

#[test]
fn metadata_is_fetched_again_when_it_has_grown_old() {
    let mut net = two();
    net.act(|network, now, out| network.watch_topics(now, WatchedTopics::All, false, out));
    assert_eq!(net.network.metadata().epoch, 1);
    net.pass_ms(299_000);
    assert_eq!(net.network.metadata().epoch, 1);
    net.pass_ms(2_000);
    assert_eq!(net.network.metadata().epoch, 2);
}

#[test]
fn a_topic_that_is_watched_and_not_there_is_asked_for_until_it_is() {
    let mut net = two();
    let names = WatchedTopics::Named(["walks".into()].into());
    net.act(|network, now, out| network.watch_topics(now, names, true, out));
    net.pass_ms(5000);
    let epoch = net.network.metadata().epoch;
    assert!(
        (6..=9).contains(&epoch),
        "asked {epoch} times in five seconds"
    );
    net.cluster.leaders.insert("walks", (2, 0));
    net.pass_ms(1300);
    let epoch = net.network.metadata().epoch;
    assert_eq!(
        net.network.metadata().topics["walks"].error,
        ErrorCode::None
    );
    net.pass_ms(5000);
    assert_eq!(
        net.network.metadata().epoch,
        epoch,
        "nothing is amiss any more"
    );
}
