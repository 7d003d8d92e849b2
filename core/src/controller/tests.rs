//! What the controller answers, word for word as Apache Kafka 4.3.1 does to the same requests.

use super::*;
use crate::config::Config;
use crate::interface::*;
use crate::{ApiError, ErrorCode, TopicName, TopicRef};

mod configs;
mod creation;
mod described;
mod topics;

/// A controller with its image, whose decisions are applied at once.
struct World {
    controller: Controller,
    metadata: Metadata,
    /// What the image said of the last decision's records.
    changes: Vec<Change>,
    records: Vec<MetadataRecord>,
    events: Vec<String>,
}

impl World {
    fn new(properties: &[(&str, &str)]) -> Self {
        let (config, _) = Config::from_properties(properties.iter().copied()).unwrap();
        Self {
            controller: Controller::new(7),
            metadata: Metadata::new(config),
            changes: Vec::new(),
            records: Vec::new(),
            events: Vec::new(),
        }
    }

    /// A world with the topic "five" of five partitions, "a.b" of one, and `__consumer_offsets`.
    fn with_topics() -> Self {
        let mut world = Self::new(&[]);
        assert_eq!(world.create(new_topic("five", 5)), "ok");
        assert_eq!(world.create(new_topic("a.b", 1)), "ok");
        assert!(world.create_automatically("__consumer_offsets").is_ok());
        world
    }

    fn carry_out(&mut self, decision: Decision) -> Response {
        self.changes.clear();
        for record in &decision.records {
            let read = MetadataRecord::decode(&record.encode()).unwrap();
            assert_eq!(&read, record);
            self.changes.extend(self.metadata.apply(&read));
        }
        self.records = decision.records;
        self.events = decision.events.iter().map(ToString::to_string).collect();
        decision.response
    }

    fn create_all(&mut self, topics: Vec<NewTopic>) -> Vec<CreatedTopic> {
        let request = CreateTopicsRequest {
            topics,
            validate_only: false,
            automatic: false,
        };
        let decision = self.controller.create_topics(&self.metadata, &request);
        match self.carry_out(decision) {
            Response::CreateTopics(created) => created,
            other => panic!("{other:?}"),
        }
    }

    fn create(&mut self, topic: NewTopic) -> String {
        let created = self.create_all(vec![topic]);
        said(created.into_iter().next().unwrap().outcome)
    }

    fn create_automatically(&mut self, name: &str) -> Result<TopicSummary, ApiError> {
        let request = CreateTopicsRequest {
            topics: vec![NewTopic {
                partitions_count: None,
                ..new_topic(name, 1)
            }],
            validate_only: false,
            automatic: true,
        };
        let decision = self.controller.create_topics(&self.metadata, &request);
        match self.carry_out(decision) {
            Response::CreateTopics(mut created) => created.remove(0).outcome,
            other => panic!("{other:?}"),
        }
    }
}

fn new_topic(name: &str, partitions_count: i32) -> NewTopic {
    NewTopic {
        name: TopicName::from(name),
        partitions_count: Some(partitions_count),
        replication_factor: None,
        assignment: Vec::new(),
        configs: Vec::new(),
    }
}

/// `ok`, or the code's number and the message.
fn said<T>(outcome: Result<T, ApiError>) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{} {}", error.code.number(), error.message),
    }
}

fn alter(world: &mut World, resource: ConfigResource, changes: Vec<ConfigChange>) -> String {
    alter_all(world, vec![(resource, changes)], false).remove(0)
}

fn replace(world: &mut World, resource: ConfigResource, changes: Vec<ConfigChange>) -> String {
    alter_all(world, vec![(resource, changes)], true).remove(0)
}

fn alter_all(
    world: &mut World,
    resources: Vec<(ConfigResource, Vec<ConfigChange>)>,
    replace: bool,
) -> Vec<String> {
    let request = AlterConfigsRequest {
        resources,
        replace,
        validate_only: false,
    };
    let decision = world.controller.alter_configs(&world.metadata, &request);
    match world.carry_out(decision) {
        Response::AlterConfigs(outcomes) => outcomes
            .into_iter()
            .map(|(_, outcome)| said(outcome))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn change(name: &str, operation: ConfigOperation) -> ConfigChange {
    ConfigChange {
        name: name.to_owned(),
        operation,
    }
}

fn set(value: &str) -> ConfigOperation {
    ConfigOperation::Set(Some(value.to_owned()))
}

fn append(value: &str) -> ConfigOperation {
    ConfigOperation::Append(Some(value.to_owned()))
}

fn subtract(value: &str) -> ConfigOperation {
    ConfigOperation::Subtract(Some(value.to_owned()))
}
