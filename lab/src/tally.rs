//! What clients have done since the beginning, in numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;

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
        let all = self.links.tap.requests.of.iter();
        let meant = all.filter(|((who, key), _)| **who == *client && api_name(*key) == Some(api));
        meant.fold(Requests::default(), |sum, (_, requests)| Requests {
            count: sum.count + requests.count,
            bytes: sum.bytes + requests.bytes,
        })
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
    of: BTreeMap<(Arc<str>, i16), Requests>,
}

impl RequestTally {
    pub(crate) fn add(&mut self, request: &Frame) {
        let entry = (request.client.clone(), request.api_key);
        let requests = self.of.entry(entry).or_default();
        requests.count += 1;
        requests.bytes += request.bytes.len() as u64;
    }
}

/// Counts commits where events are told.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitTally {
    of: BTreeMap<Arc<str>, Commits>,
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
