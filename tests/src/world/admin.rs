//! Topics and configuration.

use ottla_core::interface::{
    AlterConfigsRequest, ConfigChange, ConfigOperation, ConfigResource, CreatePartitionsRequest,
    CreateTopicsRequest, DeleteTopicsRequest, MorePartitions, NewTopic, TopicSummary,
};
use ottla_core::{ApiError, LogId, Request, RequestId, Response, TopicName, TopicRef};

use super::{Client, World};

impl World {
    /// The same world with a topic, and without the story of its making.
    ///
    /// # Panics
    /// If there cannot be such a topic.
    #[must_use]
    pub fn with_topic(self, name: &str, partitions_count: i32) -> World {
        self.with_configured_topic(name, partitions_count, &[])
    }

    /// The same world with a topic that has a configuration of its own, and without the story of its making.
    ///
    /// # Panics
    /// If there cannot be such a topic.
    #[must_use]
    pub fn with_configured_topic(
        mut self,
        name: &str,
        partitions_count: i32,
        configs: &[(&str, &str)],
    ) -> World {
        let admin = self.client("admin");
        let topic = topic(name, Some(partitions_count), configs);
        self.create(admin, topic, false)
            .expect("a topic for the story");
        self.story();
        self
    }

    /// Has a topic created, or only has it checked.
    pub fn create(
        &mut self,
        client: Client,
        topic: NewTopic,
        validate_only: bool,
    ) -> Result<TopicSummary, ApiError> {
        self.create_topic(client, topic, validate_only, false)
    }

    /// Uses a topic that may not be there yet, as a client's request for its metadata does.
    pub fn create_on_use(&mut self, client: Client, name: &str) -> Result<TopicSummary, ApiError> {
        self.create_topic(client, topic(name, None, &[]), false, true)
    }

    /// Asks for a topic.
    pub fn begin_creation(&mut self, client: Client, topic: NewTopic) -> RequestId {
        self.send(client, creation(topic, false, false))
    }

    fn create_topic(
        &mut self,
        client: Client,
        topic: NewTopic,
        validate_only: bool,
        automatic: bool,
    ) -> Result<TopicSummary, ApiError> {
        match self.ask(client, creation(topic, validate_only, automatic)) {
            Response::CreateTopics(mut topics) => topics.remove(0).outcome,
            other => panic!("{other:?}"),
        }
    }

    /// Has a topic deleted.
    pub fn delete_topic(&mut self, client: Client, name: &str) -> Result<(), ApiError> {
        let id = self.begin_deletion(client, name);
        match self.wait_for(id) {
            Response::DeleteTopics(mut topics) => topics.remove(0).outcome,
            other => panic!("{other:?}"),
        }
    }

    /// Asks for a topic's deletion.
    pub fn begin_deletion(&mut self, client: Client, name: &str) -> RequestId {
        let request = DeleteTopicsRequest {
            topics: vec![TopicRef::Name(name.into())],
        };
        self.send(client, Request::DeleteTopics(request))
    }

    /// Gives a topic more partitions: so many in all.
    pub fn add_partitions(
        &mut self,
        client: Client,
        name: &str,
        partitions_count: i32,
        validate_only: bool,
    ) -> Result<(), ApiError> {
        let request = CreatePartitionsRequest {
            topics: vec![MorePartitions {
                name: name.into(),
                partitions_count,
                assignment: None,
            }],
            validate_only,
        };
        match self.ask(client, Request::CreatePartitions(request)) {
            Response::CreatePartitions(mut topics) => topics.remove(0).1,
            other => panic!("{other:?}"),
        }
    }

    /// Sets a topic's configuration key, or has it checked only.
    pub fn configure(
        &mut self,
        client: Client,
        topic: &str,
        (name, value): (&str, &str),
        validate_only: bool,
    ) -> Result<(), ApiError> {
        let change = ConfigChange {
            name: name.to_owned(),
            operation: ConfigOperation::Set(Some(value.to_owned())),
        };
        let resource = ConfigResource::Topic(TopicName::from(topic));
        let request = AlterConfigsRequest {
            resources: vec![(resource, vec![change])],
            replace: false,
            validate_only,
        };
        match self.ask(client, Request::AlterConfigs(request)) {
            Response::AlterConfigs(mut resources) => resources.remove(0).1,
            other => panic!("{other:?}"),
        }
    }

    /// The log of a partition.
    ///
    /// # Panics
    /// If there is no such partition.
    pub fn log(&self, topic: &str, partition: i32) -> LogId {
        let log = self.broker.partition_log(topic, partition);
        log.expect("a partition of the story").id()
    }
}

fn creation(topic: NewTopic, validate_only: bool, automatic: bool) -> Request {
    Request::CreateTopics(CreateTopicsRequest {
        topics: vec![topic],
        validate_only,
        automatic,
    })
}

/// A topic to be created.
pub fn topic(name: &str, partitions_count: Option<i32>, configs: &[(&str, &str)]) -> NewTopic {
    NewTopic {
        name: name.into(),
        partitions_count,
        replication_factor: None,
        assignment: Vec::new(),
        configs: configs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())))
            .collect(),
    }
}
