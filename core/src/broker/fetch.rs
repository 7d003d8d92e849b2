//! Fetch: say where the records are, or wait for some.

use super::Broker;
use super::produce::partition_log;
use crate::interface::{
    DeleteRecordsRequest, DeleteRecordsResponse, Event, FetchPartition, FetchRequest,
    FetchResponse, FetchedPartition, FetchedTopic,
};
use crate::log::Read;
use crate::{
    ErrorCode, LogId, Now, Offset, Output, RequestId, Response, Timer, TopicName, TopicRef,
};

/// A fetch that waits for more bytes.
#[derive(Debug, Clone)]
pub(super) struct ParkedFetch {
    request: FetchRequest,
    /// The logs that know of it.
    logs: Vec<LogId>,
}

/// What a fetch would get at this moment.
struct Answer {
    response: FetchResponse,
    available_bytes: u64,
    /// An error or a divergence is news that does not wait.
    urgent: bool,
}

impl Broker {
    pub(super) fn fetch(
        &mut self,
        now: Now,
        id: RequestId,
        request: FetchRequest,
        out: &mut Vec<Output>,
    ) {
        let answer = self.look(&request);
        if request.max_wait_ms <= 0 || request.topics.is_empty() || is_enough(&request, &answer) {
            self.answer_fetch(id, answer.response, out);
            return;
        }
        let mut logs = Vec::new();
        for topic in &request.topics {
            let Ok(found) = self.metadata.resolve(&topic.topic) else {
                continue;
            };
            logs.extend(
                topic
                    .partitions
                    .iter()
                    .filter_map(|wish| partition_log(found, wish.partition).ok()),
            );
        }
        for log in &logs {
            if let Some(hosted) = self.logs.get_mut(*log) {
                hosted.fetches.push(id);
            }
        }
        self.timers.set(
            Timer::FetchWait { request: id },
            now.mono.plus_ms(i64::from(request.max_wait_ms)),
        );
        self.fetches.insert(id, ParkedFetch { request, logs });
        out.push(Output::Event(Event::FetchParked {
            connection: id.connection,
        }));
    }

    /// There is more to read in `log`, or it is gone: fetches that have enough now are answered.
    pub(super) fn wake_fetches(&mut self, log: LogId, out: &mut Vec<Output>) {
        let waiting = match self.logs.get_mut(log) {
            Some(hosted) if !hosted.fetches.is_empty() => hosted.fetches.clone(),
            _ => return,
        };
        for id in waiting {
            self.reconsider_fetch(id, out);
        }
    }

    pub(super) fn reconsider_fetch(&mut self, id: RequestId, out: &mut Vec<Output>) {
        let Some(parked) = self.fetches.get(&id) else {
            return;
        };
        let answer = self.look(&parked.request);
        if is_enough(&parked.request, &answer) {
            self.unpark_fetch(id);
            self.answer_fetch(id, answer.response, out);
        }
    }

    /// The wait is over: the answer is what there is.
    pub(super) fn fetch_timed_out(&mut self, id: RequestId, out: &mut Vec<Output>) {
        if let Some(parked) = self.unpark_fetch(id) {
            let answer = self.look(&parked.request);
            self.answer_fetch(id, answer.response, out);
        }
    }

    pub(super) fn unpark_fetch(&mut self, id: RequestId) -> Option<ParkedFetch> {
        let parked = self.fetches.remove(&id)?;
        self.timers.cancel(&Timer::FetchWait { request: id });
        for log in &parked.logs {
            if let Some(hosted) = self.logs.get_mut(*log) {
                hosted.fetches.retain(|waiting| *waiting != id);
            }
        }
        Some(parked)
    }

    fn answer_fetch(&self, id: RequestId, response: FetchResponse, out: &mut Vec<Output>) {
        for partition in response.topics.iter().flat_map(|topic| &topic.partitions) {
            if let Some(slice) = &partition.records
                && let Some(log) = self.logs.log(slice.log)
            {
                out.push(Output::Event(Event::Fetched {
                    connection: id.connection,
                    partition: log.partition().clone(),
                    offset: slice.offset,
                }));
            }
        }
        out.push(Output::Reply {
            id,
            response: Response::Fetch(response),
        });
    }

    fn look(&self, request: &FetchRequest) -> Answer {
        let limit = u64::try_from(request.max_bytes).unwrap_or(0);
        let mut answer = Answer {
            response: FetchResponse { topics: Vec::new() },
            available_bytes: 0,
            urgent: false,
        };
        let mut taken_bytes = 0;
        answer.response.topics = request
            .topics
            .iter()
            .map(|topic| FetchedTopic {
                topic: topic.topic.clone(),
                partitions: topic
                    .partitions
                    .iter()
                    .map(|wish| {
                        let left = limit.saturating_sub(taken_bytes);
                        let whole_batch = taken_bytes == 0;
                        let found = self.look_at_partition(&topic.topic, wish, left, whole_batch);
                        let (found, bytes) =
                            found.unwrap_or_else(|error| (failed(wish.partition, error), 0));
                        answer.available_bytes += bytes;
                        // A partition takes no more than it is allowed to, so that the others get their share.
                        let allowed = u64::try_from(wish.max_bytes).unwrap_or(0).min(left);
                        taken_bytes += bytes.min(allowed.max(u64::from(whole_batch)));
                        answer.urgent |= !found.error.is_ok() || found.diverging_epoch.is_some();
                        found
                    })
                    .collect(),
            })
            .collect();
        answer
    }

    fn look_at_partition(
        &self,
        topic: &TopicRef,
        wish: &FetchPartition,
        left_bytes: u64,
        whole_batch: bool,
    ) -> Result<(FetchedPartition, u64), ErrorCode> {
        let log = partition_log(self.metadata.resolve(topic)?, wish.partition)?;
        let log = self
            .logs
            .log(log)
            .ok_or(ErrorCode::UnknownTopicOrPartition)?;
        match wish.current_leader_epoch {
            Some(epoch) if epoch < log.leader_epoch() => return Err(ErrorCode::FencedLeaderEpoch),
            Some(epoch) if epoch > log.leader_epoch() => return Err(ErrorCode::UnknownLeaderEpoch),
            _ => {}
        }
        let mut found = FetchedPartition {
            partition: wish.partition,
            error: ErrorCode::None,
            high_watermark: log.high_watermark(),
            last_stable_offset: log.last_stable_offset(),
            log_start_offset: log.start_offset(),
            diverging_epoch: None,
            records: None,
        };
        if let Some(epoch) = wish.last_fetched_epoch {
            let end = log.end_offset_for_epoch(epoch);
            if end.0 < epoch || end.1 < wish.fetch_offset {
                found.diverging_epoch = Some(end);
                return Ok((found, 0));
            }
        }
        let limit = left_bytes.min(u64::try_from(wish.max_bytes).unwrap_or(0));
        let max_bytes = u32::try_from(limit).unwrap_or(u32::MAX);
        let read = log.read(&Read {
            offset: wish.fetch_offset,
            max_bytes,
            whole_batch,
        })?;
        found.records = read.slice;
        Ok((found, read.available_bytes))
    }

    pub(super) fn delete_records(
        &mut self,
        id: RequestId,
        request: &DeleteRecordsRequest,
        out: &mut Vec<Output>,
    ) {
        let mut topics = Vec::with_capacity(request.topics.len());
        for (topic, partitions) in &request.topics {
            let outcomes = partitions.iter().map(|(partition, before)| {
                let outcome = self.delete_partition_records(topic, *partition, *before, out);
                (*partition, outcome)
            });
            topics.push((topic.clone(), outcomes.collect()));
        }
        let response = Response::DeleteRecords(DeleteRecordsResponse { topics });
        out.push(Output::Reply { id, response });
    }

    fn delete_partition_records(
        &mut self,
        topic: &TopicName,
        partition: i32,
        before: Offset,
        out: &mut Vec<Output>,
    ) -> Result<Offset, ErrorCode> {
        let topic = self.resolve(&TopicRef::Name(topic.clone()))?;
        if topic.is_internal() {
            return Err(ErrorCode::InvalidTopicException);
        }
        let log = partition_log(topic, partition)?;
        let hosted = self
            .logs
            .get_mut(log)
            .ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let start = hosted.log.delete_records(before, out)?;
        self.wake_fetches(log, out);
        Ok(start)
    }
}

fn is_enough(request: &FetchRequest, answer: &Answer) -> bool {
    answer.urgent || answer.available_bytes >= u64::try_from(request.min_bytes).unwrap_or(0)
}

fn failed(partition: i32, error: ErrorCode) -> FetchedPartition {
    FetchedPartition {
        partition,
        error,
        high_watermark: Offset(-1),
        last_stable_offset: Offset(-1),
        log_start_offset: Offset(-1),
        diverging_epoch: None,
        records: None,
    }
}
