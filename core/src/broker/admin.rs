//! Administration: the controller decides, the metadata log remembers, then the broker obeys.

use std::collections::VecDeque;

use super::Broker;
use crate::batch::BatchBuilder;
use crate::controller::{Change, Decision, MetadataRecord, OFFSETS_TOPIC};
use crate::interface::{CreateTopicsRequest, Event, NewTopic, StoreOp};
use crate::log::{Log, Origin};
use crate::{
    ApiError, ErrorCode, LogId, Now, Offset, Output, Request, RequestId, Response, TopicName,
};

/// One decision is on its way into the metadata log at a time: each is made upon what is true, never upon what may fail.
#[derive(Debug, Clone, Default)]
pub(super) struct AdminQueue {
    writing: Option<Writing>,
    waiting: VecDeque<(Option<RequestId>, Request)>,
}

#[derive(Debug, Clone)]
struct Writing {
    /// `None` if the broker itself asked.
    id: Option<RequestId>,
    through: Offset,
    decision: Decision,
}

impl Broker {
    pub(super) fn admin(
        &mut self,
        now: Now,
        id: Option<RequestId>,
        request: Request,
        out: &mut Vec<Output>,
    ) {
        if self.admin.writing.is_some() {
            self.admin.waiting.push_back((id, request));
            return;
        }
        let decision = self.decide(&request);
        if decision.records.is_empty() {
            return self.conclude(now, id, decision, out);
        }
        match self.append_metadata(now, &decision.records, out) {
            Some(through) => {
                self.admin.writing = Some(Writing {
                    id,
                    through,
                    decision,
                })
            }
            None => self.conclude(now, id, failed(decision), out),
        }
    }

    /// Nothing is to be written. If the broker itself has asked, it was for the groups' topic: who waits for that is not kept waiting.
    fn conclude(
        &mut self,
        now: Now,
        id: Option<RequestId>,
        decision: Decision,
        out: &mut Vec<Output>,
    ) {
        if id.is_none()
            && let Response::CreateTopics(topics) = &decision.response
        {
            let refusals = topics.iter().filter_map(|topic| {
                let error = topic.outcome.as_ref().err()?;
                let text = format!("{} cannot be created: {error}", topic.name);
                Some(Output::Event(Event::Note { text }))
            });
            out.extend(refusals);
        }
        finish(id, decision, out);
        if id.is_none() {
            self.offsets_topic_may_exist(now, out);
            self.offsets_topic_failed(out);
        }
    }

    fn decide(&mut self, request: &Request) -> Decision {
        let Broker {
            controller,
            metadata,
            ..
        } = self;
        match request {
            Request::CreateTopics(request) => controller.create_topics(metadata, request),
            Request::DeleteTopics(request) => controller.delete_topics(metadata, request),
            Request::CreatePartitions(request) => controller.create_partitions(metadata, request),
            Request::AlterConfigs(request) => controller.alter_configs(metadata, request),
            Request::InitProducerId(request) => controller.init_producer_id(metadata, request),
            other => unreachable!("no request of administration: {other:?}"),
        }
    }

    fn append_metadata(
        &mut self,
        now: Now,
        records: &[MetadataRecord],
        out: &mut Vec<Output>,
    ) -> Option<Offset> {
        let mut batch = BatchBuilder::new();
        for record in records {
            batch.push(now.wall, None, Some(&record.encode()));
        }
        let log = &mut self.logs.get_mut(LogId::METADATA)?.log;
        let append = log
            .append(now, batch.build(), Origin::Coordinator, out)
            .ok()?;
        self.set_flush_timer(LogId::METADATA);
        Some(append.through)
    }

    pub(super) fn admin_written(
        &mut self,
        now: Now,
        high_watermark: Offset,
        out: &mut Vec<Output>,
    ) {
        let Some(writing) = self
            .admin
            .writing
            .take_if(|writing| writing.through <= high_watermark)
        else {
            return;
        };
        for record in &writing.decision.records {
            for change in self.metadata.apply(record) {
                self.obey(now, change, out);
            }
        }
        finish(writing.id, writing.decision, out);
        self.offsets_topic_may_exist(now, out);
        self.next_admin(now, out);
    }

    pub(super) fn admin_write_failed(&mut self, now: Now, out: &mut Vec<Output>) {
        if let Some(writing) = self.admin.writing.take() {
            finish(writing.id, failed(writing.decision), out);
            self.offsets_topic_failed(out);
            self.next_admin(now, out);
        }
    }

    fn next_admin(&mut self, now: Now, out: &mut Vec<Output>) {
        while self.admin.writing.is_none()
            && let Some((id, request)) = self.admin.waiting.pop_front()
        {
            self.admin(now, id, request, out);
        }
    }

    /// The broker does what the metadata says now.
    pub(super) fn obey(&mut self, now: Now, change: Change, out: &mut Vec<Output>) {
        match change {
            Change::LogCreated {
                log,
                partition,
                topic_id,
            } => {
                let Some(topic) = self.metadata.topic(&partition.topic) else {
                    return;
                };
                let config = self.metadata.log_config(topic);
                out.push(Output::Store(StoreOp::Create {
                    log,
                    topic: partition.topic.clone(),
                    topic_id,
                    partition: partition.partition,
                }));
                self.logs.insert(Log::new(log, partition, topic_id, config));
            }
            Change::LogDeleted { log } => {
                out.push(Output::Store(StoreOp::Delete { log }));
                let Some(hosted) = self.logs.remove(log) else {
                    return;
                };
                self.timers.cancel(&crate::Timer::Flush { log });
                for waiting in hosted.produces {
                    self.settle_produce(waiting, Some(ErrorCode::UnknownTopicOrPartition), out);
                }
                for fetch in hosted.fetches {
                    self.reconsider_fetch(fetch, out);
                }
            }
            Change::TopicDeleted { name } => self.forget_offsets_of(now, &name, out),
            Change::TopicConfigChanged { name } => {
                let Some(topic) = self.metadata.topic(&name) else {
                    return;
                };
                let config = self.metadata.log_config(topic);
                for info in &topic.partitions {
                    if let Some(hosted) = self.logs.get_mut(info.log) {
                        hosted.log.set_config(config.clone());
                    }
                }
            }
            Change::BrokerConfigChanged => {
                let names: Vec<_> = self
                    .metadata
                    .topics()
                    .map(|topic| topic.name.clone())
                    .collect();
                for name in names {
                    self.obey(now, Change::TopicConfigChanged { name }, out);
                }
            }
        }
    }

    /// Has the topic created in which groups keep their state.
    pub(super) fn create_offsets_topic(&mut self, now: Now, out: &mut Vec<Output>) {
        let topic = NewTopic {
            name: TopicName::from(OFFSETS_TOPIC),
            partitions_count: None,
            replication_factor: None,
            assignment: Vec::new(),
            configs: Vec::new(),
        };
        let request = CreateTopicsRequest {
            topics: vec![topic],
            validate_only: false,
            automatic: true,
        };
        self.admin(now, None, Request::CreateTopics(request), out);
    }
}

fn finish(id: Option<RequestId>, decision: Decision, out: &mut Vec<Output>) {
    out.extend(decision.events.into_iter().map(Output::Event));
    if let Some(id) = id {
        out.push(Output::Reply {
            id,
            response: decision.response,
        });
    }
}

/// The decision could not be written: nothing has changed, and everything that would have is an error.
fn failed(decision: Decision) -> Decision {
    let error = || ApiError::from(ErrorCode::KafkaStorageError);
    let mut response = decision.response;
    match &mut response {
        Response::CreateTopics(topics) => {
            topics
                .iter_mut()
                .filter(|topic| topic.outcome.is_ok())
                .for_each(|topic| topic.outcome = Err(error()));
        }
        Response::DeleteTopics(topics) => {
            topics
                .iter_mut()
                .filter(|topic| topic.outcome.is_ok())
                .for_each(|topic| topic.outcome = Err(error()));
        }
        Response::CreatePartitions(topics) => {
            topics
                .iter_mut()
                .filter(|(_, outcome)| outcome.is_ok())
                .for_each(|(_, outcome)| *outcome = Err(error()));
        }
        Response::AlterConfigs(resources) => {
            resources
                .iter_mut()
                .filter(|(_, outcome)| outcome.is_ok())
                .for_each(|(_, outcome)| *outcome = Err(error()));
        }
        Response::InitProducerId(outcome) => *outcome = Err(ErrorCode::KafkaStorageError),
        other => unreachable!("the controller does not answer {other:?}"),
    }
    let text = "the metadata log could not be written: nothing was changed".to_owned();
    Decision {
        records: Vec::new(),
        response,
        events: vec![Event::Note { text }],
    }
}
