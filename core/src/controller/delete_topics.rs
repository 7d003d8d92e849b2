use std::collections::{BTreeMap, BTreeSet};

use super::{Controller, Decision, Metadata, MetadataRecord};
use crate::interface::{DeleteTopicsRequest, DeletedTopic, Event, Response};
use crate::{ApiError, ErrorCode, TopicRef, Uuid};

impl Controller {
    /// Deletes topics, each by itself. The answer is [`Response::DeleteTopics`].
    ///
    /// The broker's own topics stay: what is in them would live on in memory and be lost by a restart.
    pub fn delete_topics(&self, metadata: &Metadata, request: &DeleteTopicsRequest) -> Decision {
        let mut counts = BTreeMap::new();
        for topic in &request.topics {
            *counts.entry(topic).or_insert(0) += 1;
        }
        let mut outcomes = BTreeMap::new();
        let mut gone = BTreeSet::new();
        // Ids before names: a name that stands for an id of the same request is the one to blame.
        for is_id in [true, false] {
            for (position, topic) in request.topics.iter().enumerate() {
                if matches!(topic, TopicRef::Id(_)) != is_id {
                    continue;
                }
                match counts.insert(topic, 0) {
                    Some(0) | None => {} // A repeat, answered at its first place.
                    Some(1) => {
                        outcomes.insert(position, delete(metadata, topic, &mut gone));
                    }
                    Some(_) => {
                        outcomes.insert(position, refused(topic, duplicate(topic)));
                    }
                }
            }
        }
        let deleted: Vec<_> = outcomes.into_values().collect();
        let succeeded = || deleted.iter().filter(|topic| topic.outcome.is_ok());
        let events = succeeded().filter_map(|topic| topic.name.clone());
        Decision {
            records: succeeded()
                .map(|topic| MetadataRecord::RemoveTopic { id: topic.id })
                .collect(),
            events: events.map(|topic| Event::TopicDeleted { topic }).collect(),
            response: Response::DeleteTopics(deleted),
        }
    }
}

fn delete(metadata: &Metadata, wanted: &TopicRef, gone: &mut BTreeSet<Uuid>) -> DeletedTopic {
    if !metadata.config().delete_topic_enable {
        return refused(wanted, ErrorCode::TopicDeletionDisabled.into());
    }
    if *wanted == TopicRef::Id(Uuid::ZERO) {
        let message = "Neither topic name nor id were specified.";
        return refused(wanted, ApiError::new(ErrorCode::InvalidRequest, message));
    }
    let topic = match metadata.resolve(wanted) {
        Ok(topic) => topic,
        Err(code) => return refused(wanted, code.into()),
    };
    let outcome = if topic.is_internal() {
        let message = format!("Deletion of internal topic {} is prohibited.", topic.name);
        Err(ApiError::new(ErrorCode::InvalidRequest, message))
    } else if !gone.insert(topic.id) {
        let message = "The provided topic name maps to an ID that was already supplied.";
        Err(ApiError::new(ErrorCode::InvalidRequest, message))
    } else {
        Ok(())
    };
    DeletedTopic {
        name: Some(topic.name.clone()),
        id: topic.id,
        outcome,
    }
}

fn duplicate(topic: &TopicRef) -> ApiError {
    let message = match topic {
        TopicRef::Name(_) => "Duplicate topic name.",
        TopicRef::Id(_) => "Duplicate topic id.",
    };
    ApiError::new(ErrorCode::InvalidRequest, message)
}

fn refused(topic: &TopicRef, error: ApiError) -> DeletedTopic {
    let (name, id) = match topic {
        TopicRef::Name(name) => (Some(name.clone()), Uuid::ZERO),
        TopicRef::Id(id) => (None, *id),
    };
    DeletedTopic {
        name,
        id,
        outcome: Err(error),
    }
}
