//! What a client learns before it does anything else.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{ApiVersionsRequest, MetadataRequest};
use kafka_protocol::protocol::StrBytes;
use ottla_wire::APIS;
use uuid::Uuid;

use crate::requests::create;
use crate::support::Net;

#[test]
fn a_topic_is_created_on_first_use_with_a_leader_in_the_first_answer() {
    for version in 0..=13 {
        let mut net = Net::with(&[("num.partitions", "3")]);
        let client = net.connect();
        let answer = net.ask(client, version, &asking(&["new"]));
        let topic = &answer.topics[0];
        assert_eq!(
            (topic.error_code, topic.partitions.len()),
            (0, 3),
            "version {version}"
        );
        assert!(
            topic
                .partitions
                .iter()
                .all(|partition| partition.error_code == 0 && partition.leader_id.0 == 1)
        );
        assert_eq!(version >= 10, !topic.topic_id.is_nil());
        assert_eq!(
            (answer.brokers[0].host.as_str(), answer.brokers[0].port),
            ("broker.test", 9092)
        );
    }
}

#[test]
fn a_topic_that_may_not_be_created_is_unknown() {
    let mut net = Net::new();
    let client = net.connect();
    let mut request = asking(&["new"]);
    request.allow_auto_topic_creation = false;
    assert_eq!(net.ask(client, 9, &request).topics[0].error_code, 3);

    let mut strict = Net::with(&[("auto.create.topics.enable", "false")]);
    let client = strict.connect();
    assert_eq!(
        strict.ask(client, 9, &asking(&["new"])).topics[0].error_code,
        3
    );
}

#[test]
fn an_illegal_name_is_never_created() {
    let mut net = Net::new();
    let client = net.connect();
    let answer = net.ask(client, 9, &asking(&["what?", "good"]));
    let errors: Vec<i16> = answer.topics.iter().map(|topic| topic.error_code).collect();
    assert_eq!(errors, [17, 0]);
}

#[test]
fn all_topics_are_asked_for_by_an_empty_list_in_version_0_and_by_null_later() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    let nothing = MetadataRequest::default().with_topics(Some(Vec::new()));
    assert_eq!(net.ask(client, 0, &nothing).topics.len(), 1);
    assert_eq!(net.ask(client, 1, &nothing).topics.len(), 0);
    let everything = MetadataRequest::default().with_topics(None);
    assert_eq!(net.ask(client, 1, &everything).topics.len(), 1);
}

#[test]
fn a_topic_is_found_by_its_id() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let topics = [id, Uuid::from_u128(1)].map(|id| {
        MetadataRequestTopic::default()
            .with_name(None)
            .with_topic_id(id)
    });
    let answer = net.ask(
        client,
        12,
        &MetadataRequest::default().with_topics(Some(topics.into())),
    );
    let found: Vec<_> = answer
        .topics
        .iter()
        .map(|topic| (topic.error_code, topic.name.clone()))
        .collect();
    assert_eq!(
        found,
        [
            (0, Some(StrBytes::from_static_str("t").into())),
            (100, None)
        ]
    );
}

#[test]
fn what_is_advertised_is_what_the_table_says() {
    let mut net = Net::new();
    let client = net.connect();
    for version in 0..=4 {
        let answer = net.ask(client, version, &software("test", "1.0"));
        let told = answer
            .api_keys
            .iter()
            .map(|key| (key.api_key, key.min_version..=key.max_version));
        let table = APIS.iter().map(|api| (api.key, api.versions.clone()));
        assert!(told.eq(table), "version {version}");
    }
    for (name, version) in [("", "1"), ("-test", "1"), ("test", "1 beta")] {
        assert_eq!(
            net.ask(client, 3, &software(name, version)).error_code,
            42,
            "{name} {version}"
        );
    }
}

fn asking(names: &[&'static str]) -> MetadataRequest {
    let topics = names.iter().map(|name| {
        MetadataRequestTopic::default().with_name(Some(StrBytes::from_static_str(name).into()))
    });
    MetadataRequest::default().with_topics(Some(topics.collect()))
}

fn software(name: &str, version: &str) -> ApiVersionsRequest {
    ApiVersionsRequest::default()
        .with_client_software_name(StrBytes::from_string(name.to_owned()))
        .with_client_software_version(StrBytes::from_string(version.to_owned()))
}
