//! Who the producer is to the brokers: an id that the cluster gives, and an epoch that the producer raises when a partition's sequence numbers
//! have to begin again (KIP-360).

use kafka_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse};
use ottla_core::sorted::Set;
use ottla_core::{ErrorCode, Instant, Now};

use super::errors::{is_retriable, of_call};
use super::record::DeliveryError;
use super::sequences::Identity;
use super::{Phase, Place, Producer, ProducerEvent};
use crate::backoff::Backoff;
use crate::interface::Output;
use crate::network::{Arrival, CallId, Target};
use crate::protocol::names::code;

/// The identity, and what is to be done about it.
#[derive(Debug, Clone, Default)]
pub(super) struct Identities {
    state: State,
    /// Partitions whose sequence numbers must begin again in a new epoch.
    restart: Set<Place>,
    failures: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// To be asked for, now or after a back-off.
    #[default]
    Unknown,
    BackingOff(Instant),
    Asked(CallId),
    Known(Identity),
}

/// Under which identity batches may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    /// Without one: no idempotence.
    Anonymous,
    /// Under this one.
    As(Identity),
    /// Not yet.
    NotYet,
}

impl Producer {
    /// Sees to it that there is an identity, and tells it.
    pub(super) fn identity(&mut self, now: Now, out: &mut Vec<Output>) -> Permit {
        if !self.config.enable_idempotence {
            return Permit::Anonymous;
        }
        self.resolve();
        if !self.identities.restart.is_empty() {
            self.bump(out);
        }
        match self.identities.state {
            State::Known(identity) => return Permit::As(identity),
            State::Asked(_) => {}
            State::BackingOff(until) if until > now.mono => {}
            State::Unknown | State::BackingOff(_) => {
                let mut request = InitProducerIdRequest::default();
                request.transactional_id = None;
                request.transaction_timeout_ms = i32::MAX;
                request.producer_id = (-1).into();
                request.producer_epoch = -1;
                let call = self.network.request(now, Target::Any, request.into(), out);
                self.identities.state = State::Asked(call);
            }
        }
        Permit::NotYet
    }

    /// The identity as far as it is known.
    pub(super) fn known_permit(&self) -> Permit {
        match self.identities.state {
            _ if !self.config.enable_idempotence => Permit::Anonymous,
            State::Known(identity) => Permit::As(identity),
            _ => Permit::NotYet,
        }
    }

    /// Whether this is the answer to the question for an identity, and what it says.
    pub(super) fn take_identity(
        &mut self,
        now: Now,
        arrival: &Arrival,
        out: &mut Vec<Output>,
    ) -> bool {
        if self.identities.state != State::Asked(arrival.call) {
            return false;
        }
        let answer = match &arrival.result {
            Ok(response) => InitProducerIdResponse::try_from(response.clone())
                .map_err(|_| DeliveryError::from(ErrorCode::UnknownServerError))
                .and_then(identity_of),
            Err(error) => Err(of_call(error)),
        };
        match answer {
            Ok(identity) => {
                self.identities.failures = 0;
                self.identities.state = State::Known(identity);
                self.tell(
                    ProducerEvent::IdentityAcquired {
                        producer_id: identity.id,
                        epoch: identity.epoch,
                    },
                    out,
                );
                self.restart_sequences(identity);
            }
            Err(error) if is_retriable(error.code) => {
                self.identities.failures = self.identities.failures.saturating_add(1);
                let failures = self.identities.failures;
                let wait_ms = self.retry_backoff().after(failures, &mut self.random);
                self.identities.state = State::BackingOff(now.mono.plus_ms(wait_ms));
            }
            Err(error) => {
                self.identities.state = State::Unknown;
                self.refused(error, out);
            }
        }
        true
    }

    /// When an identity is to be asked for again.
    pub(super) fn next_identity(&self) -> Option<Instant> {
        match self.identities.state {
            State::BackingOff(until) => Some(until),
            _ => None,
        }
    }

    /// The cluster does not let the producer be one: nothing of what it has can be sent. Only a missing permission may be mended.
    pub(super) fn refused(&mut self, error: DeliveryError, out: &mut Vec<Output>) {
        self.fail_everything(&error, out);
        if error.code != ErrorCode::ClusterAuthorizationFailed && self.phase == Phase::Open {
            self.phase = Phase::Failed(error);
        }
    }

    pub(super) fn retry_backoff(&self) -> Backoff {
        Backoff {
            base_ms: self.config.network.retry_backoff_ms,
            max_ms: self.config.network.retry_backoff_max_ms,
        }
    }

    /// Looks after partitions in which a batch was given up. When all others are answered: were they all written, or is there a gap?
    fn resolve(&mut self) {
        for place in &self.busy {
            let partition = &mut self.topics[place.0].partitions[place.1];
            let sequences = &mut partition.sequences;
            if sequences.unresolved.is_some() && partition.sent.is_empty() {
                sequences.unresolved = None;
                if !sequences.is_next(sequences.next) {
                    sequences.request_restart(sequences.next);
                }
            }
            if partition.is_due_to_restart() {
                self.identities.restart.insert(*place);
            }
        }
    }

    fn bump(&mut self, out: &mut Vec<Output>) {
        let State::Known(identity) = self.identities.state else {
            return;
        };
        // The last epoch: only a new id goes on from here.
        let Some(epoch) = identity.epoch.checked_add(1) else {
            self.identities.state = State::Unknown;
            return;
        };
        let identity = Identity { epoch, ..identity };
        self.identities.state = State::Known(identity);
        self.tell(
            ProducerEvent::EpochBumped {
                producer_id: identity.id,
                epoch,
            },
            out,
        );
        self.restart_sequences(identity);
    }

    fn restart_sequences(&mut self, identity: Identity) {
        for (topic, partition) in std::mem::take(&mut self.identities.restart) {
            self.topics[topic].partitions[partition].restart(Some(identity));
        }
    }
}

fn identity_of(response: InitProducerIdResponse) -> Result<Identity, DeliveryError> {
    match code(response.error_code) {
        ErrorCode::None if response.producer_id.0 >= 0 && response.producer_epoch >= 0 => {
            Ok(Identity {
                id: response.producer_id.0,
                epoch: response.producer_epoch,
            })
        }
        ErrorCode::None => Err(ErrorCode::UnknownServerError.into()),
        code => Err(code.into()),
    }
}
