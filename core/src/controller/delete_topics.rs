use crate::sorted::{Map, Set};

use super::{Controller, Decision, Metadata, MetadataRecord};
use crate::interface::{DeleteTopicsRequest, DeletedTopic, Event, Response};
use crate::{ApiError, ErrorCode, TopicRef, Uuid};

impl Controller {
    /// Deletes topics, each by itself. The answer is [`Response::DeleteTopics`].
    ///
    /// The broker's own topics stay: what is in them would live on in memory and be lost by a restart.
    pub fn delete_topics(&self, metadata: &Metadata, request: &DeleteTopicsRequest) -> Decision {
        let mut counts = Map::new();
        for topic in &request.topics {
            *counts.entry(topic).or_insert(0) += 1;
        }
        let asked: Set<&TopicRef> = counts.keys().copied().collect();
        let mut deleted = Vec::with_capacity(request.topics.len());
        for topic in &request.topics {
            match counts.insert(topic, 0) {
                Some(0) | None => {} // A repeat, answered at its first place.
                Some(1) => deleted.extend(delete(metadata, topic, &asked)),
                Some(_) => deleted.push(refused(topic, duplicate(topic))),
            }
        }
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

/// A topic that is asked for by its name and by its id too is not deleted, and answered once: so in Kafka.
fn delete(metadata: &Metadata, wanted: &TopicRef, asked: &Set<&TopicRef>) -> Option<DeletedTopic> {
    if !metadata.config().delete_topic_enable {
        return Some(refused(wanted, ErrorCode::TopicDeletionDisabled.into()));
    }
    if *wanted == TopicRef::Id(Uuid::ZERO) {
        let message = "Neither topic name nor id were specified.";
        return Some(refused(wanted, invalid_request(message)));
    }
    let topic = match metadata.resolve(wanted) {
        Ok(topic) => topic,
        Err(code) => return Some(refused(wanted, code.into())),
    };
    let other = match wanted {
        TopicRef::Name(_) => TopicRef::Id(topic.id),
        TopicRef::Id(_) => TopicRef::Name(topic.name.clone()),
    };
    let outcome = if asked.contains(&other) {
        if matches!(wanted, TopicRef::Id(_)) {
            return None;
        }
        Err(invalid_request(
            "The provided topic name maps to an ID that was already supplied.",
        ))
    } else if topic.is_internal() {
        let name = &topic.name;
        Err(invalid_request(format!(
            "Deletion of internal topic {name} is prohibited."
        )))
    } else {
        Ok(())
    };
    Some(DeletedTopic {
        name: Some(topic.name.clone()),
        id: topic.id,
        outcome,
    })
}

fn duplicate(topic: &TopicRef) -> ApiError {
    let message = match topic {
        TopicRef::Name(_) => "Duplicate topic name.",
        TopicRef::Id(_) => "Duplicate topic id.",
    };
    invalid_request(message)
}

fn invalid_request(message: impl Into<String>) -> ApiError {
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
