//! What the answer to a produce request means for each batch in it: written, to be sent again, to be sent in smaller pieces, or given up.

use kafka_protocol::messages::produce_response::PartitionProduceResponse;
use ottla_core::{ErrorCode, Now, Offset, Timestamp, TopicPartition};

use super::batch::{Flight, SealedBatch};
use super::errors::{asks_for_metadata, is_retriable, of_call};
use super::record::{Acknowledged, DeliveryError, Ticket, Tickets};
use super::{Acks, Phase, Place, Producer, ProducerEvent};
use crate::interface::Output;
use crate::network::{Arrival, BrokerId};
use crate::protocol::Response;
use crate::protocol::names::code;

/// A produce request that is not answered yet.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) leader: BrokerId,
    pub(super) batches: Vec<InCall>,
}

/// A batch in it. It may have been given up since.
#[derive(Debug, Clone)]
pub(super) struct InCall {
    pub(super) place: Place,
    pub(super) serial: u64,
}

/// What a broker says of one batch.
struct Outcome {
    error: DeliveryError,
    base_offset: Option<i64>,
    append_time: Option<Timestamp>,
    log_start_offset: Option<i64>,
    /// The broken records of a refused batch, by index.
    records: Vec<(usize, Option<String>)>,
}

impl Outcome {
    fn failed(error: DeliveryError) -> Self {
        Self {
            error,
            base_offset: None,
            append_time: None,
            log_start_offset: None,
            records: Vec::new(),
        }
    }

    fn told(response: PartitionProduceResponse) -> Self {
        let code = code(response.error_code);
        let message = response.error_message.filter(|text| !text.is_empty());
        let message = message.map_or_else(|| code.message().to_owned(), |text| text.to_string());
        let records = response.record_errors.into_iter().filter_map(|record| {
            let text = record.batch_index_error_message;
            let index = usize::try_from(record.batch_index).ok()?;
            Some((index, text.map(|text| text.to_string())))
        });
        Self {
            error: DeliveryError { code, message },
            base_offset: known(response.base_offset),
            append_time: known(response.log_append_time_ms).map(Timestamp),
            log_start_offset: known(response.log_start_offset),
            records: records.collect(),
        }
    }
}

impl Producer {
    pub(super) fn arrive(&mut self, now: Now, arrival: Arrival, out: &mut Vec<Output>) {
        if self.take_identity(now, &arrival, out) {
            return;
        }
        let Some(mut call) = self.calls.remove(&arrival.call) else {
            return;
        };
        if let Some(count) = self.calls_of_broker.get_mut(&call.leader) {
            *count -= 1;
            if *count == 0 {
                self.calls_of_broker.remove(&call.leader);
            }
        }
        let rest = match arrival.result {
            Ok(_) if self.config.acks == Acks::None => ErrorCode::None.into(),
            Ok(Response::Produce(response)) => {
                for topic in response.responses {
                    for partition in topic.partition_responses {
                        let place = self.place_of(&topic.name, partition.index);
                        let found = call.batches.iter().position(|it| Some(it.place) == place);
                        if let Some(found) = found {
                            let batch = call.batches.swap_remove(found);
                            self.settle(now, batch, Outcome::told(partition), out);
                        }
                    }
                }
                DeliveryError {
                    code: ErrorCode::NetworkException,
                    message: "the broker's answer leaves the partition out".to_owned(),
                }
            }
            Ok(_) => ErrorCode::UnknownServerError.into(),
            Err(error) => of_call(&error),
        };
        for batch in call.batches {
            self.settle(now, batch, Outcome::failed(rest.clone()), out);
        }
    }

    fn place_of(&self, topic: &str, partition: i32) -> Option<Place> {
        let topic = *self.topics_by_name.get(topic)?;
        Some((topic, usize::try_from(partition).ok()?))
    }

    fn settle(&mut self, now: Now, batch: InCall, outcome: Outcome, out: &mut Vec<Output>) {
        let InCall { place, serial } = batch;
        let sent = &self.partition(place).sent;
        let Some(index) = sent.iter().position(|batch| batch.serial == serial) else {
            return;
        };
        let code = outcome.error.code;
        match code {
            ErrorCode::None => self.acknowledge(place, index, outcome, out),
            ErrorCode::MessageTooLarge if sent[index].records_count() > 1 => {
                self.split(now, place, index, out);
            }
            _ if self.may_retry(now, place, index, &outcome) => {
                self.retry(now, place, index, outcome.error, out);
            }
            // Written before, so long ago that the broker does not know the offset any more.
            ErrorCode::DuplicateSequenceNumber => self.acknowledge(place, index, outcome, out),
            _ => self.fail_batch(place, index, outcome, out),
        }
        if asks_for_metadata(code) && self.phase != Phase::Closed {
            self.network.refresh_metadata(now, out);
        }
    }

    fn acknowledge(&mut self, place: Place, index: usize, outcome: Outcome, out: &mut Vec<Output>) {
        let base_offset = outcome.base_offset;
        let batch = self.take_sent(place, index);
        if let Some(last) = batch.last_sequence() {
            let last_offset = base_offset.map(|base| base + batch.records_count() as i64 - 1);
            let sequences = &mut self.partition_mut(place).sequences;
            sequences.acknowledge(last, last_offset);
        }
        let partition = self.partition(place).name.clone();
        self.tell(
            ProducerEvent::BatchAcknowledged {
                partition: partition.clone(),
                records_count: batch.records_count(),
                base_offset: base_offset.map(Offset),
            },
            out,
        );
        let acknowledged = Acknowledged {
            base_offset: base_offset.map(Offset),
            append_time: outcome.append_time,
        };
        self.deliver(partition, batch.tickets(), Ok(acknowledged), out);
    }

    /// Removes a batch that is done with.
    pub(super) fn take_sent(&mut self, place: Place, index: usize) -> SealedBatch {
        let partition = self.partition_mut(place);
        let batch = partition.sent.remove(index).expect("it was found there");
        let is_idle = partition.is_idle();
        self.buffered_bytes -= batch.size_bytes();
        if is_idle {
            self.busy.remove(&place);
        }
        batch
    }

    /// KIP-126: two or more batches in the place of one that the broker finds too large.
    fn split(&mut self, now: Now, place: Place, index: usize, out: &mut Vec<Output>) {
        let limit = self.config.batch_size;
        let old = &self.partition(place).sent[index];
        let old_bytes = old.size_bytes();
        let mut batches = old.split(limit).expect("it has more than one record");
        for batch in &mut batches {
            batch.serial = self.serial();
            batch.flight = Flight::Waiting {
                not_before: now.mono,
                leader_epoch: -1,
            };
        }
        let new_bytes: usize = batches.iter().map(SealedBatch::size_bytes).sum();
        self.buffered_bytes = self.buffered_bytes - old_bytes + new_bytes;
        self.topics[place.0].forget_ratio(self.config.compression);
        let partition = self.partition_mut(place);
        let event = ProducerEvent::BatchSplit {
            partition: partition.name.clone(),
            batches_count: batches.len(),
        };
        partition.replace(index, batches);
        self.tell(event, out);
    }

    /// An error that passes, or one of sequence numbers that a new epoch mends.
    fn may_retry(&mut self, now: Now, place: Place, index: usize, outcome: &Outcome) -> bool {
        let partition = self.partition_mut(place);
        let (batch, sequences) = (&partition.sent[index], &mut partition.sequences);
        let (created, retries, sequence) = (batch.created, batch.retries, batch.sequence());
        let code = outcome.error.code;
        let retriable = match (code, sequence) {
            // The broker has lost the producer's state. If it does not know yet where its log begins, it has only begun to be the leader.
            (ErrorCode::UnknownProducerId, Some(sequence)) => {
                if outcome.log_start_offset.is_some() {
                    sequences.request_restart(sequence.base);
                }
                true
            }
            (ErrorCode::OutOfOrderSequenceNumber, Some(sequence)) => {
                // The first one that is not answered knows that there is a gap before it; the others only that one before them was refused.
                if index == 0 {
                    sequences.request_restart(sequence.base);
                }
                true
            }
            _ => is_retriable(code),
        };
        let expires = created.plus_ms(self.config.delivery_timeout_ms);
        retriable && expires > now.mono && retries < self.config.retries
    }

    fn retry(
        &mut self,
        now: Now,
        place: Place,
        index: usize,
        error: DeliveryError,
        out: &mut Vec<Output>,
    ) {
        let backoff = self.retry_backoff();
        let retries = self.partition(place).sent[index].retries + 1;
        let backoff_ms = backoff.after(retries, &mut self.random);
        let partition = self.partition_mut(place);
        let leader_epoch = partition.leader_epoch;
        let event = ProducerEvent::BatchRetried {
            partition: partition.name.clone(),
            error: error.code,
            reason: error.message,
            backoff_ms,
        };
        let batch = &mut partition.sent[index];
        batch.retries = retries;
        batch.flight = Flight::Waiting {
            not_before: now.mono.plus_ms(backoff_ms),
            leader_epoch,
        };
        self.tell(event, out);
    }

    fn fail_batch(&mut self, place: Place, index: usize, outcome: Outcome, out: &mut Vec<Output>) {
        let mut error = outcome.error;
        if error.code == ErrorCode::ClusterAuthorizationFailed {
            error.message = "The producer is not authorized to do idempotent sends".to_owned();
        }
        let batch = self.take_sent(place, index);
        match batch.sequence() {
            // Of a repeat nobody knows whether it was written the first time.
            Some(sequence) if batch.retries == 0 && !is_retriable(error.code) => {
                let sequences = &mut self.partition_mut(place).sequences;
                sequences.request_restart(sequence.base);
            }
            _ => self.leave_unresolved(place, &batch),
        }
        let is_fatal = self.config.enable_idempotence
            && matches!(
                error.code,
                ErrorCode::ClusterAuthorizationFailed | ErrorCode::UnsupportedVersion
            );
        self.give_up(place, batch.tickets(), &error, outcome.records, out);
        if is_fatal {
            self.refused(error, out);
        }
    }

    /// Nobody knows whether a batch is written that is given up: the next one may leave a gap.
    pub(super) fn leave_unresolved(&mut self, place: Place, batch: &SealedBatch) {
        if let Some(last) = batch.last_sequence() {
            let sequences = &mut self.partition_mut(place).sequences;
            sequences.mark_unresolved(super::sequences::after(last, 1));
        }
    }

    /// Tells that records are given up: those that the broker names by themselves, the others together.
    pub(super) fn give_up(
        &mut self,
        place: Place,
        tickets: Tickets,
        error: &DeliveryError,
        named: Vec<(usize, Option<String>)>,
        out: &mut Vec<Output>,
    ) {
        let partition = self.partition(place).name.clone();
        self.tell(ProducerEvent::failed(&partition, tickets.len(), error), out);
        if named.is_empty() {
            return self.deliver(partition, tickets, Err(error.clone()), out);
        }
        self.give_up_named(partition, tickets, error, named, out);
    }

    fn give_up_named(
        &mut self,
        partition: TopicPartition,
        tickets: Tickets,
        error: &DeliveryError,
        mut named: Vec<(usize, Option<String>)>,
        out: &mut Vec<Output>,
    ) {
        // A single one has the batch's code; of several, only the text tells one cause from the other.
        let code = match named.len() {
            1 => error.code,
            _ => ErrorCode::InvalidRecord,
        };
        named.sort();
        named.dedup_by_key(|(index, _)| *index);
        let mut named = named.into_iter().peekable();
        let mut others = Tickets::default();
        for (at, ticket) in tickets.iter().enumerate() {
            let Some((_, text)) = named.next_if(|(index, _)| *index == at) else {
                others.push(ticket);
                continue;
            };
            let message = text.unwrap_or_else(|| error.message.clone());
            let one = Tickets::from_iter([ticket] as [Ticket; 1]);
            let error = DeliveryError { code, message };
            self.deliver(partition.clone(), one, Err(error), out);
        }
        if !others.is_empty() {
            let error = DeliveryError {
                code: ErrorCode::InvalidRecord,
                message:
                    "Failed to append record because it was part of a batch which had one more more invalid records"
                        .to_owned(),
            };
            self.deliver(partition, others, Err(error), out);
        }
    }
}

/// The protocol's -1 stands for "not known".
fn known(number: i64) -> Option<i64> {
    (number >= 0).then_some(number)
}
