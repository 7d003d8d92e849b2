//! Topics that are created, altered and deleted, and their account.

use ottla_core::sorted::Map;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig,
};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest, DescribeConfigsRequest,
    IncrementalAlterConfigsRequest, MetadataRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;

use super::client::{Client, known};
use super::random::Random;

/// An administrator that changes one thing after the other.
pub struct Topics {
    random: Random,
    /// By name; `None` when it is deleted.
    topics: Map<String, Option<Topic>>,
    /// What was asked for and not answered: it holds or it does not.
    pending: Option<(String, Option<Topic>)>,
    acknowledged_count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Topic {
    partitions: i32,
    retention_ms: i64,
}

impl Topics {
    /// No topics.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            topics: Map::new(),
            pending: None,
            acknowledged_count: 0,
        }
    }

    /// How many changes were acknowledged.
    pub fn acknowledged_count(&self) -> usize {
        self.acknowledged_count
    }

    /// Changes topics until the broker is gone.
    ///
    /// # Errors
    /// Always: the connection's end.
    ///
    /// # Panics
    /// When a change is refused.
    pub fn work(&mut self, address: SocketAddr) -> io::Result<Infallible> {
        let mut client = Client::connect(address)?;
        loop {
            let (name, topic) = self.next();
            let before = self.topics.get(&name).copied().flatten();
            self.pending = Some((name.clone(), topic));
            let error = change(&mut client, &name, before, topic)?;
            assert_eq!(error, 0, "{name}: {before:?} -> {topic:?} was refused");
            self.topics.insert(name, topic);
            self.pending = None;
            self.acknowledged_count += 1;
            thread::sleep(PAUSE);
        }
    }

    /// What to change next: a topic, and what it is to be.
    fn next(&mut self) -> (String, Option<Topic>) {
        let living: Vec<(String, Topic)> = self
            .topics
            .iter()
            .filter_map(|(name, topic)| Some((name.clone(), (*topic)?)))
            .collect();
        if living.len() < LIVING_AT_LEAST {
            let topic = Topic {
                partitions: self.random.between(1, 4) as i32,
                retention_ms: self.random.between(1, 1 << 40) as i64,
            };
            return (self.unused_name(), Some(topic));
        }
        let (name, topic) = &living[self.random.below(living.len())];
        let topic = match self.random.below(3) {
            0 => None,
            1 if topic.partitions < 8 => Some(Topic {
                partitions: topic.partitions + 1,
                ..*topic
            }),
            _ => Some(Topic {
                retention_ms: self.random.between(1, 1 << 40) as i64,
                ..*topic
            }),
        };
        (name.clone(), topic)
    }

    /// A new name, or that of a topic that was deleted.
    fn unused_name(&mut self) -> String {
        let deleted: Vec<&String> = self
            .topics
            .iter()
            .filter_map(|(name, topic)| topic.is_none().then_some(name))
            .collect();
        if deleted.is_empty() || self.random.below(2) == 0 {
            format!("topic-{}", self.topics.len())
        } else {
            deleted[self.random.below(deleted.len())].clone()
        }
    }

    /// Every acknowledged change holds; the one that was not answered holds whole or not at all.
    ///
    /// # Errors
    /// When the broker is gone.
    ///
    /// # Panics
    /// When it is not so.
    pub fn check(&mut self, client: &mut Client) -> io::Result<()> {
        let names: Vec<String> = self
            .topics
            .keys()
            .cloned()
            .chain(self.pending.iter().map(|(name, _)| name.clone()))
            .collect();
        let deadline = Instant::now() + SETTLED_WITHIN;
        for name in names {
            let expected = self.topics.get(&name).copied().flatten();
            loop {
                let found = describe(client, &name)?;
                if found == expected {
                    break;
                }
                if self.pending == Some((name.clone(), found)) {
                    self.topics.insert(name.clone(), found);
                    break;
                }
                assert!(
                    Instant::now() < deadline,
                    "{name} is {found:?}, but {expected:?} was acknowledged; asked for and not answered: {:?}",
                    self.pending
                );
                thread::sleep(POLL);
            }
        }
        self.pending = None;
        Ok(())
    }
}

/// Creates a topic.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When the broker refuses.
pub fn create_topic(
    client: &mut Client,
    name: &str,
    partitions: i32,
    configs: &[(&str, &str)],
) -> io::Result<()> {
    let error = create(client, name, partitions, configs)?;
    assert_eq!(error, 0, "the topic {name} was refused");
    Ok(())
}

/// Makes a topic into what it is to be; returns the error code.
fn change(
    client: &mut Client,
    name: &str,
    before: Option<Topic>,
    after: Option<Topic>,
) -> io::Result<i16> {
    match (before, after) {
        (None, Some(topic)) => {
            let retention = topic.retention_ms.to_string();
            create(
                client,
                name,
                topic.partitions,
                &[("retention.ms", &retention)],
            )
        }
        (Some(before), Some(after)) if before.partitions != after.partitions => {
            let topic = CreatePartitionsTopic::default()
                .with_name(topic_name(name))
                .with_count(after.partitions)
                .with_assignments(None);
            let request = CreatePartitionsRequest::default()
                .with_topics(vec![topic])
                .with_timeout_ms(30_000);
            Ok(client.call(CREATE_PARTITIONS, &request)?.results[0].error_code)
        }
        (Some(_), Some(after)) => {
            let config = AlterableConfig::default()
                .with_name(StrBytes::from_static_str("retention.ms"))
                .with_value(Some(StrBytes::from_string(after.retention_ms.to_string())));
            let resource = AlterConfigsResource::default()
                .with_resource_type(TOPIC)
                .with_resource_name(StrBytes::from_string(name.to_owned()))
                .with_configs(vec![config]);
            let request = IncrementalAlterConfigsRequest::default().with_resources(vec![resource]);
            Ok(client.call(INCREMENTAL_ALTER_CONFIGS, &request)?.responses[0].error_code)
        }
        (_, None) => {
            let request = DeleteTopicsRequest::default()
                .with_topic_names(vec![topic_name(name)])
                .with_timeout_ms(30_000);
            Ok(client.call(DELETE_TOPICS, &request)?.responses[0].error_code)
        }
    }
}

fn create(
    client: &mut Client,
    name: &str,
    partitions: i32,
    configs: &[(&str, &str)],
) -> io::Result<i16> {
    let configs = configs.iter().map(|(key, value)| {
        CreatableTopicConfig::default()
            .with_name(StrBytes::from_string((*key).to_owned()))
            .with_value(Some(StrBytes::from_string((*value).to_owned())))
    });
    let topic = CreatableTopic::default()
        .with_name(topic_name(name))
        .with_num_partitions(partitions)
        .with_replication_factor(1)
        .with_configs(configs.collect());
    let request = CreateTopicsRequest::default()
        .with_topics(vec![topic])
        .with_timeout_ms(30_000);
    Ok(client.call(CREATE_TOPICS, &request)?.topics[0].error_code)
}

/// What the broker says about a topic; `None` when it does not know it.
fn describe(client: &mut Client, name: &str) -> io::Result<Option<Topic>> {
    let topic = MetadataRequestTopic::default().with_name(Some(topic_name(name)));
    let request = MetadataRequest::default()
        .with_topics(Some(vec![topic]))
        .with_allow_auto_topic_creation(false);
    let response = client.call(METADATA, &request)?;
    if response.topics[0].error_code == UNKNOWN_TOPIC_OR_PARTITION {
        return Ok(None);
    }
    let resource = DescribeConfigsResource::default()
        .with_resource_type(TOPIC)
        .with_resource_name(StrBytes::from_string(name.to_owned()))
        .with_configuration_keys(Some(vec![StrBytes::from_static_str("retention.ms")]));
    let request = DescribeConfigsRequest::default().with_resources(vec![resource]);
    let configs = client.call(DESCRIBE_CONFIGS, &request)?;
    let retention_ms = configs.results[0]
        .configs
        .first()
        .and_then(|config| config.value.as_ref()?.as_str().parse().ok());
    Ok(Some(Topic {
        partitions: i32::try_from(response.topics[0].partitions.len()).expect("few partitions"),
        retention_ms: retention_ms.unwrap_or(-1),
    }))
}

fn topic_name(name: &str) -> TopicName {
    StrBytes::from_string(name.to_owned()).into()
}

const LIVING_AT_LEAST: usize = 8;
/// Topics are dear, and the disk is the producers'.
const PAUSE: Duration = Duration::from_millis(3);
const SETTLED_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(2);
/// A resource's type.
const TOPIC: i8 = 2;
const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const METADATA: i16 = known::<MetadataRequest>(12);
const CREATE_TOPICS: i16 = known::<CreateTopicsRequest>(7);
const DELETE_TOPICS: i16 = known::<DeleteTopicsRequest>(5);
const CREATE_PARTITIONS: i16 = known::<CreatePartitionsRequest>(3);
const INCREMENTAL_ALTER_CONFIGS: i16 = known::<IncrementalAlterConfigsRequest>(1);
const DESCRIBE_CONFIGS: i16 = known::<DescribeConfigsRequest>(4);
