//! Produce: append, and answer when the store has the records.

use super::Broker;
use super::hosted::WaitingProduce;
use crate::batch::{Batch, BatchError};
use crate::controller::{Topic, check_topic_name};
use crate::interface::{Acks, Appended, Event, ProduceRequest, ProduceResponse, ProducedTopic};
use crate::log::Origin;
use crate::{
    ApiError, ErrorCode, LogId, Now, Output, RequestId, Response, Timer, TopicPartition, TopicRef,
};

/// A produce whose records are not all stored yet.
#[derive(Debug, Clone)]
pub(super) struct ParkedProduce {
    response: ProduceResponse,
    /// How many of its partitions are still waited for.
    remaining: usize,
}

impl Broker {
    pub(super) fn produce(
        &mut self,
        now: Now,
        id: RequestId,
        request: ProduceRequest,
        out: &mut Vec<Output>,
    ) {
        let mut remaining = 0;
        let mut topics = Vec::with_capacity(request.topics.len());
        for (topic_index, topic) in request.topics.into_iter().enumerate() {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for (index, wish) in topic.partitions.into_iter().enumerate() {
                let waiting = (id, (topic_index, index));
                let outcome = self
                    .writable_log(&topic.topic, wish.partition)
                    .map_err(BatchError::from)
                    .and_then(|log| self.append(now, log, wish.batch?, waiting, out));
                let outcome = match outcome {
                    Ok((appended, waits)) => {
                        remaining += usize::from(waits);
                        Ok(appended)
                    }
                    Err(error) => {
                        self.refused(&topic.topic, wish.partition, &error, out);
                        Err(error)
                    }
                };
                partitions.push((wish.partition, outcome));
            }
            topics.push(ProducedTopic {
                topic: topic.topic,
                partitions,
            });
        }
        let response = ProduceResponse { topics };
        if remaining == 0 || request.acks == Acks::None {
            out.push(Output::Reply {
                id,
                response: Response::Produce(response),
            });
            return;
        }
        let deadline = now.mono.plus_ms(i64::from(request.timeout_ms));
        self.timers
            .set(Timer::ProduceWait { request: id }, deadline);
        self.produces.insert(
            id,
            ParkedProduce {
                response,
                remaining,
            },
        );
    }

    fn writable_log(&self, topic: &TopicRef, partition: i32) -> Result<LogId, ErrorCode> {
        let topic = self.resolve(topic)?;
        if topic.is_internal() {
            return Err(ErrorCode::InvalidTopicException);
        }
        partition_log(topic, partition)
    }

    /// The topic that a request names; an illegal name is told apart from one that nobody has used yet.
    pub(super) fn resolve(&self, topic: &TopicRef) -> Result<&Topic, ErrorCode> {
        self.metadata.resolve(topic).map_err(|code| match topic {
            TopicRef::Name(name) if check_topic_name(name).is_err() => {
                ErrorCode::InvalidTopicException
            }
            _ => code,
        })
    }

    /// Appends, and says whether the answer must wait for the store.
    fn append(
        &mut self,
        now: Now,
        log: LogId,
        batch: Batch,
        (request, place): (RequestId, (usize, usize)),
        out: &mut Vec<Output>,
    ) -> Result<(Appended, bool), BatchError> {
        let hosted = self
            .logs
            .get_mut(log)
            .ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let append = hosted
            .log
            .append(now, batch, Origin::Client(request.connection), out)?;
        let waits = hosted.log.high_watermark() < append.through;
        if waits {
            hosted.await_store(WaitingProduce {
                through: append.through,
                request,
                place,
            });
        }
        self.set_flush_timer(log);
        Ok((append.appended, waits))
    }

    fn refused(&self, topic: &TopicRef, partition: i32, error: &BatchError, out: &mut Vec<Output>) {
        if let Ok(topic) = self.metadata.resolve(topic) {
            let message = error
                .message
                .clone()
                .unwrap_or_else(|| error.code.message().to_owned());
            out.push(Output::Event(Event::Refused {
                partition: TopicPartition {
                    topic: topic.name.clone(),
                    partition,
                },
                error: ApiError::new(error.code, message),
            }));
        }
    }

    /// A partition of a parked produce is settled: as it was answered already, or with an error after all.
    pub(super) fn settle_produce(
        &mut self,
        waiting: WaitingProduce,
        error: Option<ErrorCode>,
        out: &mut Vec<Output>,
    ) {
        // Gone if it has timed out, its client has, or it wanted no answer.
        let Some(parked) = self.produces.get_mut(&waiting.request) else {
            return;
        };
        if let Some(code) = error {
            let (topic, partition) = waiting.place;
            parked.response.topics[topic].partitions[partition].1 = Err(code.into());
        }
        parked.remaining -= 1;
        if parked.remaining == 0
            && let Some(parked) = self.produces.remove(&waiting.request)
        {
            self.timers.cancel(&Timer::ProduceWait {
                request: waiting.request,
            });
            out.push(Output::Reply {
                id: waiting.request,
                response: Response::Produce(parked.response),
            });
        }
    }

    /// The store has not kept up with `timeout_ms`: what is still waited for is answered with REQUEST_TIMED_OUT.
    pub(super) fn produce_timed_out(&mut self, request: RequestId, out: &mut Vec<Output>) {
        let waiting: Vec<WaitingProduce> = self
            .logs
            .iter_mut()
            .flat_map(|hosted| hosted.produces.iter())
            .filter(|waiting| waiting.request == request)
            .copied()
            .collect();
        for waiting in waiting {
            self.settle_produce(waiting, Some(ErrorCode::RequestTimedOut), out);
        }
    }
}

/// The log of a topic's partition.
pub(super) fn partition_log(topic: &Topic, partition: i32) -> Result<LogId, ErrorCode> {
    topic
        .partition(partition)
        .map(|info| info.log)
        .ok_or(ErrorCode::UnknownTopicOrPartition)
}
