//! FindCoordinator: who coordinates which group.

use kafka_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use ottla_core::{ApiError, ErrorCode, Instant};

use super::links::Place;
use super::route::Purpose;
use super::{BrokerId, CallError, CallId, CoordinatorKey, Network, NetworkEvent, Peer, Target};
use crate::interface::{Address, Output};
use crate::protocol::Response;
use crate::protocol::names::{code, text};

/// Who coordinates, as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct Coordinator {
    state: State,
    /// Look-ups in a row that have led to nothing.
    failures: u32,
    /// When it may be looked for again.
    not_before: Instant,
}

#[derive(Debug, Clone)]
enum State {
    Unknown,
    Asking,
    Known(BrokerId),
}

impl Network {
    /// The broker that coordinates, if it has been found.
    pub fn known_coordinator(&self, key: &CoordinatorKey) -> Option<BrokerId> {
        match self.coordinators.get(key)?.state {
            State::Known(broker) => Some(broker),
            State::Unknown | State::Asking => None,
        }
    }

    /// The coordinator; if it is not known, it is being looked for as soon as that is due.
    pub(super) fn coordinator(&mut self, now: Instant, key: &CoordinatorKey) -> Option<BrokerId> {
        let coordinator = self.coordinators.entry(key.clone()).or_insert(Coordinator {
            state: State::Unknown,
            failures: 0,
            not_before: now,
        });
        match coordinator.state {
            State::Known(broker) => Some(broker),
            State::Asking => None,
            State::Unknown if coordinator.not_before > now => {
                let not_before = coordinator.not_before;
                self.wake(not_before);
                None
            }
            State::Unknown => {
                coordinator.state = State::Asking;
                self.look_for(now, key);
                None
            }
        }
    }

    fn look_for(&mut self, now: Instant, key: &CoordinatorKey) {
        let (name, key_type) = match key {
            CoordinatorKey::Group(group) => (group.as_str(), 0),
        };
        let request = FindCoordinatorRequest::default()
            .with_key_type(key_type)
            .with_coordinator_keys(vec![text(name)]);
        let timeout_ms = self.config.request_timeout_ms;
        let purpose = Purpose::Coordinator(key.clone());
        self.enqueue(now, Target::Any, request.into(), timeout_ms, purpose);
    }

    pub(super) fn coordinator_arrived(
        &mut self,
        now: Instant,
        key: CoordinatorKey,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let found = result.and_then(|response| found(response, &key));
        let Some(coordinator) = self.coordinators.get_mut(&key) else {
            return;
        };
        let backoff = self.config.retry_backoff();
        match found {
            Ok((broker, address)) => {
                coordinator.state = State::Known(broker);
                coordinator.failures = 0;
                // A broker that says of itself at once that it is none would be asked in a tight loop.
                coordinator.not_before = now.plus_ms(backoff.after(1, &mut self.random));
                let event = NetworkEvent::CoordinatorFound {
                    key,
                    broker,
                    address: address.clone(),
                };
                out.push(Output::Event(event.into()));
                self.move_to(now, Peer::Coordinator(broker), &address, out);
            }
            Err(error) => {
                coordinator.state = State::Unknown;
                coordinator.failures = coordinator.failures.saturating_add(1);
                let wait_ms = backoff.after(coordinator.failures, &mut self.random);
                coordinator.not_before = now.plus_ms(wait_ms);
                if !error.is_retriable() {
                    for call in self.waiting_for(&key) {
                        self.fail(now, call, error.clone(), out);
                    }
                }
            }
        }
    }

    pub(super) fn lose_coordinator(&mut self, key: &CoordinatorKey, out: &mut Vec<Output>) {
        let coordinator = self.coordinators.get_mut(key);
        if let Some(coordinator) =
            coordinator.filter(|found| matches!(found.state, State::Known(_)))
        {
            coordinator.state = State::Unknown;
            let event = NetworkEvent::CoordinatorForgotten { key: key.clone() };
            out.push(Output::Event(event.into()));
        }
    }

    /// The connection to a coordinator is lost: perhaps its groups have moved with it.
    pub(super) fn lose_coordinators_at(&mut self, broker: BrokerId, out: &mut Vec<Output>) {
        let keys = self
            .coordinators
            .keys()
            .filter(|key| self.known_coordinator(key) == Some(broker));
        let keys: Vec<CoordinatorKey> = keys.cloned().collect();
        for key in keys {
            self.lose_coordinator(&key, out);
        }
    }

    /// A broker is at this address, perhaps at another one than before.
    pub(super) fn move_to(
        &mut self,
        now: Instant,
        peer: Peer,
        address: &Address,
        out: &mut Vec<Output>,
    ) {
        let place = self
            .places
            .entry(peer)
            .or_insert_with(|| Box::new(Place::new(address)));
        if place.address != *address {
            let error = CallError::Disconnected(format!("{peer} has moved to {address}"));
            self.give_up(now, peer, error, out);
            self.places.insert(peer, Box::new(Place::new(address)));
        }
    }

    fn waiting_for(&self, key: &CoordinatorKey) -> Vec<CallId> {
        self.calls_to(&Target::Coordinator(key.clone()))
    }
}

fn found(response: Response, key: &CoordinatorKey) -> Result<(BrokerId, Address), CallError> {
    let response = FindCoordinatorResponse::try_from(response);
    let response = response.map_err(|error| CallError::Garbage(error.to_string()))?;
    let Some(coordinator) = response.coordinators.into_iter().next() else {
        return Err(CallError::Garbage(format!(
            "the broker names no coordinator of {key}"
        )));
    };
    let code = code(coordinator.error_code);
    if !code.is_ok() {
        let message = coordinator
            .error_message
            .filter(|message| !message.is_empty());
        let message =
            message.map_or_else(|| code.message().to_owned(), |message| message.to_string());
        return Err(CallError::Coordinator(ApiError::new(code, message)));
    }
    let port = u16::try_from(coordinator.port);
    let port =
        port.map_err(|_| CallError::Coordinator(ErrorCode::CoordinatorNotAvailable.into()))?;
    let host = coordinator.host.to_string();
    Ok((BrokerId(coordinator.node_id.0), Address { host, port }))
}
