//! Metadata: when the cluster is asked about itself, and for which topics.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, MetadataResponse};
use ottla_core::sorted::Set;
use ottla_core::{Instant, TopicName};

use super::route::Purpose;
use super::{BrokerId, CallError, CallId, Network, NetworkEvent, Peer, Target};
use crate::interface::{LinkOp, Output};
use crate::protocol::names::topic_out;
use crate::protocol::{Request, Response};

/// The topics that an owner wants to know about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchedTopics {
    /// These.
    Named(Set<TopicName>),
    /// All that there are, now and later.
    All,
}

/// When metadata is fetched, and for what.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    watched: WatchedTopics,
    allow_auto_create: bool,
    /// Something is asking for it.
    pub(super) wanted: bool,
    /// The owner knows that what is known of the cluster is wrong.
    pub(super) is_doubted: bool,
    /// When it may be asked for again.
    pub(super) not_before: Instant,
    /// The question that is under way, and which topics it is about (`None`: all).
    asking: Option<(CallId, Option<Set<TopicName>>)>,
    /// Which topics the last answer was about; nothing at first.
    covered: Option<Set<TopicName>>,
    /// Times in a row that metadata was not had, or was not in order.
    failures: u32,
    updated_at: Option<Instant>,
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            watched: WatchedTopics::Named(Set::new()),
            allow_auto_create: false,
            wanted: false,
            is_doubted: false,
            not_before: Instant(0),
            asking: None,
            covered: Some(Set::new()),
            failures: 0,
            updated_at: None,
        }
    }
}

impl Refresh {
    /// The topics to ask for: `None` for all.
    fn topics(&self) -> Option<&Set<TopicName>> {
        match &self.watched {
            WatchedTopics::Named(topics) => Some(topics),
            WatchedTopics::All => None,
        }
    }

    /// Whether there is a topic to ask for that the last answer was not about.
    fn has_news(&self) -> bool {
        match (self.topics(), &self.covered) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(topics), Some(covered)) => !topics.is_subset(covered),
        }
    }
}

impl Network {
    pub(super) fn watch(&mut self, now: Instant, topics: WatchedTopics, allow_auto_create: bool) {
        let refresh = &mut self.refresh;
        let may_create_more = allow_auto_create && !refresh.allow_auto_create;
        refresh.watched = topics;
        refresh.allow_auto_create = allow_auto_create;
        if refresh.has_news() || may_create_more || self.metadata.epoch == 0 {
            refresh.wanted = true;
            refresh.not_before = now;
        }
    }

    /// When metadata is to be fetched although nothing asks for it.
    pub(super) fn metadata_is_old_at(&self) -> Option<Instant> {
        let is_busy = self.refresh.wanted || self.refresh.asking.is_some();
        let updated_at = self.refresh.updated_at.filter(|_| !is_busy)?;
        Some(updated_at.plus_ms(self.config.metadata_max_age_ms))
    }

    /// Asks for metadata if that is wanted and due.
    pub(super) fn refresh_if_due(&mut self, now: Instant) {
        if self
            .metadata_is_old_at()
            .is_some_and(|old_at| old_at <= now)
        {
            self.refresh.wanted = true;
        }
        if !self.refresh.wanted || self.refresh.asking.is_some() {
            return;
        }
        if self.refresh.not_before > now {
            return self.wake(self.refresh.not_before);
        }
        let topics = self.refresh.topics().cloned();
        let request = request(topics.as_ref(), self.refresh.allow_auto_create);
        let timeout_ms = self.config.request_timeout_ms;
        let call = self.enqueue(now, Target::Any, request, timeout_ms, Purpose::Metadata);
        self.refresh.wanted = false;
        self.refresh.asking = Some((call, topics));
    }

    pub(super) fn metadata_arrived(
        &mut self,
        now: Instant,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let asked = self.refresh.asking.take();
        let response = result.and_then(|response| {
            let response = MetadataResponse::try_from(response);
            response.map_err(|error| CallError::Garbage(error.to_string()))
        });
        match response {
            // A broker that knows of nobody, not even of itself, has just begun to start.
            Ok(response) if !response.brokers.is_empty() => {
                self.metadata.update(response);
                self.refresh.covered = asked.map_or(Some(Set::new()), |(_, topics)| topics);
                self.refresh.is_doubted = false;
                self.refresh.updated_at = Some(now);
                let unsettled = self.metadata.is_unsettled();
                self.refresh.failures = if unsettled {
                    self.refresh.failures.saturating_add(1)
                } else {
                    0
                };
                self.refresh.wanted |= unsettled;
                let event = NetworkEvent::MetadataUpdated {
                    epoch: self.metadata.epoch,
                    brokers_count: self.metadata.brokers.len(),
                    topics_count: self.metadata.topics.len(),
                };
                out.push(Output::Event(event.into()));
                self.settle_places(now, out);
            }
            other => {
                self.refresh.wanted = true;
                self.refresh.failures = self.refresh.failures.saturating_add(1);
                if let Err(error) = other
                    && !error.is_retriable()
                {
                    for call in self.calls_without_metadata() {
                        self.fail(now, call, error.clone(), out);
                    }
                }
            }
        }
        let failures = self.refresh.failures.max(1);
        let backoff = self.config.retry_backoff();
        let wait_ms = match self.refresh.failures == 0 && self.refresh.has_news() {
            true => 0,
            false => backoff.after(failures, &mut self.random),
        };
        self.refresh.not_before = now.plus_ms(wait_ms);
    }

    /// Brokers have come, gone or moved.
    fn settle_places(&mut self, now: Instant, out: &mut Vec<Output>) {
        let brokers: Vec<_> = self.metadata.brokers.values().cloned().collect();
        for broker in brokers {
            let peer = Peer::Broker(broker.id);
            self.move_to(now, peer, &broker.address, out);
            self.adopt(peer);
        }
        for (peer, place) in &mut self.places {
            let is_idle = matches!(peer, Peer::Bootstrap(_)) && place.in_flight_count() == Some(0);
            if let Some(connection) = place.connection.take_if(|_| is_idle) {
                out.push(Output::Link(LinkOp::Close(connection.link)));
            }
        }
        let known = |id: &BrokerId| self.metadata.brokers.contains_key(id);
        self.places.retain(|peer, place| match peer {
            Peer::Broker(id) => known(id) || place.connection.is_some(),
            Peer::Bootstrap(_) | Peer::Coordinator(_) => true,
        });
    }

    /// A connection to a bootstrap address goes on as one to the broker that turns out to be there.
    fn adopt(&mut self, peer: Peer) {
        let Some(place) = self
            .places
            .get(&peer)
            .filter(|place| place.connection.is_none())
        else {
            return;
        };
        let address = place.address.clone();
        let bootstrap = self.places.iter_mut().find(|(peer, place)| {
            matches!(peer, Peer::Bootstrap(_))
                && place.address == address
                && place.in_flight_count().is_some()
        });
        let Some(mut connection) = bootstrap.and_then(|(_, place)| place.connection.take()) else {
            return;
        };
        connection.peer = peer;
        if let Some(place) = self.places.get_mut(&peer) {
            place.connection = Some(connection);
        }
    }
}

fn request(topics: Option<&Set<TopicName>>, allow_auto_create: bool) -> Request {
    let topics = topics.map(|topics| {
        let topics = topics
            .iter()
            .map(|topic| MetadataRequestTopic::default().with_name(Some(topic_out(topic))));
        topics.collect()
    });
    // Asking for all topics creates none.
    let allow_auto_create = allow_auto_create && topics.is_some();
    MetadataRequest::default()
        .with_topics(topics)
        .with_allow_auto_topic_creation(allow_auto_create)
        .into()
}
