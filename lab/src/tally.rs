//! What clients have done since the beginning, in numbers.

use std::sync::Arc;

use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;
use ottla_core::sorted::Map;

use crate::World;
use crate::frames::{Frame, api_name};
use crate::log::Teller;

/// The requests of one API that a client has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Requests {
    /// How many.
    pub count: u64,
    /// How many bytes they had, with the four of their sizes.
    pub bytes: u64,
}

/// A consumer's commits, as their answers told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commits {
    /// How many counted.
    pub done: u64,
    /// How many were refused, or had no answer.
    pub failed: u64,
}

impl World {
    /// A client's requests of one API, by Kafka's name (`Produce`); its processes that have died count.
    pub fn requests(&self, client: &str, api: &str) -> Requests {
        let all = self.links.tap.requests.of.get(client);
        let mut all = all.map(Vec::as_slice).unwrap_or_default().iter();
        let meant = all.find(|(key, _)| api_name(*key) == Some(api));
        meant.map(|(_, requests)| *requests).unwrap_or_default()
    }

    /// A consumer's commits; its processes that have died count.
    pub fn commits(&self, consumer: &str) -> Commits {
        self.log
            .commits
            .of
            .get(consumer)
            .copied()
            .unwrap_or_default()
    }
}

/// Counts requests where frames are put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestTally {
    /// By client and API key: of a few APIs each, in the order in which they came to be used.
    of: Map<Arc<str>, Vec<(i16, Requests)>>,
}

impl RequestTally {
    pub(crate) fn add(&mut self, request: &Frame) {
        let size_bytes = request.bytes.len() as u64;
        let apis = match self.of.get_mut(&request.client) {
            Some(apis) => apis,
            None => self.of.entry(request.client.clone()).or_default(),
        };
        match apis.iter_mut().find(|(key, _)| *key == request.api_key) {
            Some((_, requests)) => {
                requests.count += 1;
                requests.bytes += size_bytes;
            }
            None => apis.push((
                request.api_key,
                Requests {
                    count: 1,
                    bytes: size_bytes,
                },
            )),
        }
    }
}

/// Counts commits where events are told.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitTally {
    of: Map<Arc<str>, Commits>,
}

impl CommitTally {
    pub(crate) fn add(&mut self, who: &Arc<str>, what: &Teller) {
        let Teller::Client(Event::Consumer(ConsumerEvent::Committed { result, .. })) = what else {
            return;
        };
        let commits = self.of.entry(who.clone()).or_default();
        match result {
            Ok(()) => commits.done += 1,
            Err(_) => commits.failed += 1,
        }
    }
}
