//! The leader shares the partitions out.

use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use ottla_core::sorted::{Map, Set};
use ottla_core::{Now, TopicName};

use super::membership::{Led, Stage};
use super::{Consumer, ConsumerEvent};
use crate::assignor::{Member, Topics, encode_assignment};
use crate::interface::Output;
use crate::protocol::names::text;

impl Consumer {
    /// This member leads: it needs to know all topics that any member wants.
    pub(super) fn lead(
        &mut self,
        now: Now,
        members: Vec<Member>,
        is_settled: bool,
        out: &mut Vec<Output>,
    ) {
        let names: Set<TopicName> = members
            .iter()
            .flat_map(|member| member.subscription.topics.iter().cloned())
            .collect();
        let until = now.mono.plus_ms(METADATA_WAIT_MS);
        let topics = self.topics_of(&names);
        if let Some(membership) = &mut self.membership {
            membership.led = Some(Led { names, topics });
            membership.stage = Stage::Assigning {
                members,
                is_settled,
                until,
            };
        }
        self.watch_topics(now, out);
        self.share_out(now, out);
    }

    /// Decides who reads what, once metadata of all topics is there. A topic of which nothing is heard in time counts as not there.
    pub(super) fn share_out(&mut self, now: Now, out: &mut Vec<Output>) {
        let Some(membership) = &self.membership else {
            return;
        };
        let (
            Stage::Assigning {
                members,
                is_settled,
                until,
            },
            Some(assignor),
            Some(led),
        ) = (&membership.stage, membership.assignor, &membership.led)
        else {
            return;
        };
        let known = &self.network.metadata().topics;
        let is_complete = led.names.iter().all(|name| known.contains_key(name));
        if !is_complete && now.mono < *until {
            return;
        }
        let topics = self.topics_of(&led.names);
        let assignment = match is_settled {
            true => Map::new(),
            false => assignor.assign(members, &topics),
        };
        let request = assignment.iter().map(|(member, partitions)| {
            SyncGroupRequestAssignment::default()
                .with_member_id(text(member))
                .with_assignment(encode_assignment(partitions))
        });
        let request = request.collect();
        if !is_settled {
            let generation = membership.generation;
            let shared = ConsumerEvent::Shared {
                generation,
                assignment,
            };
            out.push(shared.into());
        }
        let led = (self.membership.as_mut()).and_then(|membership| membership.led.as_mut());
        if let Some(led) = led {
            led.topics = topics;
        }
        self.sync(now, request, out);
    }

    /// The topics among `names` that there are, each partition with the racks of its replicas.
    pub(super) fn topics_of(&self, names: &Set<TopicName>) -> Topics {
        let metadata = self.network.metadata();
        let racks = |partition: &crate::network::Partition| {
            let brokers = partition
                .replicas
                .iter()
                .filter_map(|id| metadata.brokers.get(id));
            brokers
                .filter_map(|broker| broker.rack.clone())
                .collect::<Set<String>>()
        };
        let mut topics = Map::new();
        for name in names {
            let partitions = metadata.topics.get(name).map(|topic| &topic.partitions);
            if let Some(partitions) = partitions.filter(|partitions| !partitions.is_empty()) {
                topics.insert(name.clone(), partitions.iter().map(racks).collect());
            }
        }
        topics
    }

    /// Topics of a pattern come and go; so do partitions of what a leader has shared out.
    pub(super) fn rejoin_if_topics_changed(&mut self, out: &mut Vec<Output>) {
        let Some(membership) = &self.membership else {
            return;
        };
        if !matches!(membership.stage, Stage::Stable) {
            return;
        }
        let led = membership.led.as_ref();
        let reason = if led.is_some_and(|led| self.have_changed(led)) {
            "cached metadata has changed"
        } else if self
            .source
            .topics()
            .is_some_and(|topics| *topics != membership.joined_topics)
        {
            "subscription has changed"
        } else {
            return;
        };
        self.want_rejoin(reason, out);
    }

    /// Whether the leader would share out other partitions now. Where they are matters only to who has said where itself is.
    fn have_changed(&self, led: &Led) -> bool {
        let topics = self.topics_of(&led.names);
        match self.config.client_rack {
            Some(_) => topics != led.topics,
            None => {
                let counts = |topics: &Topics| {
                    topics
                        .iter()
                        .map(|(name, racks)| (name.clone(), racks.len()))
                        .collect()
                };
                let now: Map<TopicName, usize> = counts(&topics);
                now != counts(&led.topics)
            }
        }
    }
}

/// How long a leader waits for metadata; the group waits for it.
const METADATA_WAIT_MS: i64 = 5_000;
