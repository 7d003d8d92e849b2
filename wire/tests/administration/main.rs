//! Administration over frames, in every version, by the client's side of the codec.

mod client;
mod configuration;
mod views;

use client::Pair;
use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use kafka_protocol::messages::delete_records_request::{
    DeleteRecordsPartition, DeleteRecordsTopic,
};
use kafka_protocol::messages::delete_topics_request::DeleteTopicState;
use kafka_protocol::messages::*;
use kafka_protocol::protocol::StrBytes;

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

fn name(name: &str) -> TopicName {
    text(name).into()
}

fn create(version: i16, topic: &str, partitions_count: i32) -> CreateTopicsRequest {
    let config = CreatableTopicConfig::default()
        .with_name(text("retention.ms"))
        .with_value(Some(text("5000")));
    let topic = CreatableTopic::default()
        .with_name(name(topic))
        .with_num_partitions(partitions_count)
        .with_replication_factor(if version >= 4 { -1 } else { 1 })
        .with_configs(vec![config]);
    CreateTopicsRequest::default().with_topics(vec![topic])
}

fn with_topics(topics: &[(&str, i32)]) -> Pair {
    let mut pair = Pair::new(&[]);
    for (topic, partitions_count) in topics {
        let created = pair.ask(7, &create(7, topic, *partitions_count));
        assert_eq!(created.topics[0].error_code, 0);
    }
    pair
}

#[test]
fn topics_are_created_and_the_answer_tells_what_the_version_can() {
    let mut pair = Pair::new(&[]);
    for version in 2..=7 {
        let topic = format!("topic-{version}");
        let created = pair
            .ask(version, &create(version, &topic, 2))
            .topics
            .remove(0);
        assert_eq!(
            (created.error_code, created.error_message, created.name),
            (0, None, name(&topic))
        );
        assert_eq!(created.topic_id.is_nil(), version < 7);
        if version < 5 {
            continue;
        }
        assert_eq!((created.num_partitions, created.replication_factor), (2, 1));
        let configs = created.configs.expect("no null");
        assert_eq!(configs.len(), 33);
        let retention = configs
            .iter()
            .find(|config| config.name.as_str() == "retention.ms")
            .expect("the key");
        assert_eq!(
            (retention.value.as_deref(), retention.config_source),
            (Some("5000"), 1)
        );
    }
    let refused = pair.ask(7, &create(7, "topic-7", 2)).topics.remove(0);
    assert_eq!(
        refused.error_message.as_deref(),
        Some("Topic 'topic-7' already exists.")
    );
    assert_eq!(
        (refused.error_code, refused.num_partitions, refused.configs),
        (36, -1, Some(vec![]))
    );
}

#[test]
fn topics_are_deleted_by_name_and_from_version_6_on_by_id() {
    let mut pair = Pair::new(&[]);
    for version in 1..=6 {
        let id = pair.ask(7, &create(7, "q", 1)).topics[0].topic_id;
        let request = match version {
            6 => DeleteTopicsRequest::default().with_topics(vec![
                DeleteTopicState::default()
                    .with_name(None)
                    .with_topic_id(id),
                DeleteTopicState::default()
                    .with_name(Some(name("q")))
                    .with_topic_id(id),
            ]),
            _ => DeleteTopicsRequest::default().with_topic_names(vec![name("q"), name("unknown")]),
        };
        let responses = pair.ask(version, &request).responses;
        let codes: Vec<i16> = responses
            .iter()
            .map(|response| response.error_code)
            .collect();
        assert_eq!(codes, if version < 6 { [0, 3] } else { [42, 0] });
        assert_eq!(responses[1].error_message.is_some(), version == 5);
    }
}

#[test]
fn an_older_client_is_told_that_deletion_is_disabled_in_a_code_that_it_knows() {
    let mut pair = Pair::new(&[("delete.topic.enable", "false")]);
    pair.ask(7, &create(7, "q", 1));
    for version in 1..=5 {
        let request = DeleteTopicsRequest::default().with_topic_names(vec![name("q")]);
        let code = pair.ask(version, &request).responses[0].error_code;
        assert_eq!(code, if version < 3 { 42 } else { 73 });
    }
}

#[test]
fn records_before_an_offset_are_deleted() {
    let mut pair = with_topics(&[("q", 1)]);
    for version in 0..=2 {
        let partitions = [(0, -1), (0, 5), (9, 0)].map(|(index, offset)| {
            DeleteRecordsPartition::default()
                .with_partition_index(index)
                .with_offset(offset)
        });
        let topic = DeleteRecordsTopic::default()
            .with_name(name("q"))
            .with_partitions(partitions.into());
        let answer = pair.ask(
            version,
            &DeleteRecordsRequest::default().with_topics(vec![topic]),
        );
        let outcomes = answer.topics[0]
            .partitions
            .iter()
            .map(|p| (p.error_code, p.low_watermark));
        assert_eq!(outcomes.collect::<Vec<_>>(), [(0, 0), (1, -1), (3, -1)]);
    }
}

#[test]
fn an_idempotent_producer_gets_an_id_of_its_own() {
    let mut pair = Pair::new(&[]);
    for version in 0..=5 {
        let answer = pair.ask(
            version,
            &InitProducerIdRequest::default().with_transactional_id(None),
        );
        assert_eq!(
            (answer.error_code, answer.producer_id.0),
            (0, version.into())
        );
        assert_eq!(answer.producer_epoch, 0);
    }
    let epoch_without_id = InitProducerIdRequest::default()
        .with_transactional_id(None)
        .with_producer_epoch(5);
    let answer = pair.ask(5, &epoch_without_id);
    assert_eq!(
        (
            answer.error_code,
            answer.producer_id.0,
            answer.producer_epoch
        ),
        (42, -1, -1)
    );
}

#[test]
fn partitions_are_added() {
    let mut pair = with_topics(&[("q", 1)]);
    for version in 0..=3 {
        let count = i32::from(version) + 2;
        let topic = CreatePartitionsTopic::default()
            .with_name(name("q"))
            .with_count(count)
            .with_assignments(None);
        let request = CreatePartitionsRequest::default().with_topics(vec![topic]);
        assert_eq!(pair.ask(version, &request).results[0].error_code, 0);
        let refused = pair.ask(version, &request).results.remove(0);
        let message = format!("Topic already has {count} partition(s).");
        assert_eq!(
            (refused.error_code, refused.error_message.as_deref()),
            (37, Some(&*message))
        );
    }
}
