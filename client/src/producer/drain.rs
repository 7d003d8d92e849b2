//! Which batches go into which request: one request to each broker that leads a partition with a batch that need not wait, and in it one batch of
//! each partition that it leads.

use kafka_protocol::messages::ProduceRequest;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Now};

use super::answers::{Call, InCall};
use super::batch::Flight;
use super::identity::Permit;
use super::partition::{Candidate, Partition, Readiness, Rules};
use super::{Phase, Place, Producer, ProducerEvent};
use crate::interface::Output;
use crate::network::{BrokerId, Target};

impl Producer {
    /// Sends what can be sent.
    pub(super) fn drain(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.phase == Phase::Closed {
            return;
        }
        self.drained_at = now.mono;
        self.take_metadata(now, out);
        if self.busy.is_empty() {
            return;
        }
        let permit = self.identity(now, out);
        if permit == Permit::NotYet {
            return;
        }
        loop {
            let mut has_sent = false;
            for leader in self.ready_leaders(now, permit, out) {
                let target = Target::Broker(leader);
                if self.network.can_send(&target) {
                    has_sent |= self.send_to(now, leader, permit, out);
                } else if !self.calls_of_broker.contains_key(&leader) {
                    self.network.prepare(now, &target, out);
                }
            }
            if !has_sent {
                return;
            }
        }
    }

    /// When a batch will have lingered, or backed off, long enough.
    pub(super) fn next_sending(&self) -> Option<Instant> {
        let permit = self.known_permit();
        let moments = self.busy.iter().filter_map(|place| {
            let partition = self.partition(*place);
            if matches!(permit, Permit::As(_)) && partition.waits_for_resolution() {
                return Some(self.drained_at);
            }
            let rules = self.rules(*place, self.drained_at, permit);
            partition.leader?;
            match partition.readiness(partition.candidate(&rules)?, &rules) {
                Readiness::Lingers(until) | Readiness::BacksOff(until) => Some(until),
                // It waits for its broker, and that is for the network to know.
                Readiness::Ready => None,
            }
        });
        // Without a batch nobody asks for an identity.
        let identity = self.next_identity().filter(|_| !self.busy.is_empty());
        moments.chain(identity).min()
    }

    pub(super) fn partition(&self, place: Place) -> &Partition {
        &self.topics[place.0].partitions[place.1]
    }

    pub(super) fn partition_mut(&mut self, place: Place) -> &mut Partition {
        &mut self.topics[place.0].partitions[place.1]
    }

    fn ready_leaders(&mut self, now: Now, permit: Permit, out: &mut Vec<Output>) -> Set<BrokerId> {
        let mut leaders = Set::new();
        let mut has_orphans = false;
        for place in &self.busy {
            let partition = self.partition(*place);
            let Some(leader) = partition.leader else {
                has_orphans = true;
                continue;
            };
            if leaders.contains(&leader) {
                continue;
            }
            let rules = self.rules(*place, now.mono, permit);
            let candidate = partition.candidate(&rules);
            let is_ready = |it| partition.readiness(it, &rules) == Readiness::Ready;
            if candidate.is_some_and(is_ready) {
                leaders.insert(leader);
            }
        }
        if has_orphans {
            self.refresh_metadata(now, out);
        }
        leaders
    }

    /// Asks for newer metadata than is known, once.
    pub(super) fn refresh_metadata(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.refreshed_at != Some(self.metadata_epoch) {
            self.refreshed_at = Some(self.metadata_epoch);
            self.network.refresh_metadata(now, out);
        }
    }

    fn rules(&self, place: Place, now: Instant, permit: Permit) -> Rules {
        let topic = &self.topics[place.0];
        Rules {
            hurry: self.is_flushing || self.is_exhausted || self.phase != Phase::Open,
            identity: match permit {
                Permit::As(identity) => Some(identity),
                _ => None,
            },
            ..Rules::new(&self.config, now, topic.ratio)
        }
    }

    /// One request with what there is for a broker. False if there is nothing.
    fn send_to(
        &mut self,
        now: Now,
        leader: BrokerId,
        permit: Permit,
        out: &mut Vec<Output>,
    ) -> bool {
        let chosen = self.choose(now, leader, permit);
        let mut batches = Vec::with_capacity(chosen.len());
        let mut data: Map<usize, Vec<PartitionProduceData>> = Map::new();
        for (place, candidate) in chosen {
            let index = match candidate {
                Candidate::Again(index) => index,
                Candidate::New => self.seal(place, permit),
            };
            let partition = self.partition_mut(place);
            let batch = &mut partition.sent[index];
            let mut produced = PartitionProduceData::default();
            produced.index = partition.name.partition;
            produced.records = Some(batch.bytes());
            data.entry(place.0).or_default().push(produced);
            batches.push(InCall {
                place,
                serial: batch.serial,
            });
        }
        if batches.is_empty() {
            return false;
        }

        let mut request = ProduceRequest::default();
        request.acks = self.config.acks.number();
        request.timeout_ms =
            i32::try_from(self.config.network.request_timeout_ms).unwrap_or(i32::MAX);
        for (topic, partitions) in data {
            let mut of_topic = TopicProduceData::default();
            of_topic.name = self.topics[topic].wire_name.clone();
            of_topic.partition_data = partitions;
            request.topic_data.push(of_topic);
        }
        let target = Target::Broker(leader);
        let call = self.network.request(now, target, request.into(), out);
        for batch in &batches {
            self.mark_sent(batch, leader, Flight::OnWire(call), out);
        }
        *self.calls_of_broker.entry(leader).or_default() += 1;
        self.calls.insert(call, Call { leader, batches });
        true
    }

    /// The next batch of each partition of a broker, as long as they fit into a request; the first always does.
    fn choose(&mut self, now: Now, leader: BrokerId, permit: Permit) -> Vec<(Place, Candidate)> {
        let begin = self.begin_at.remove(&leader).unwrap_or_default();
        let mut chosen = Vec::new();
        let mut size_bytes = 0;
        for place in self.busy.range(begin..).chain(self.busy.range(..begin)) {
            let partition = self.partition(*place);
            if partition.leader != Some(leader) {
                continue;
            }
            let rules = self.rules(*place, now.mono, permit);
            let Some(candidate) = partition.candidate(&rules) else {
                continue;
            };
            if let Readiness::BacksOff(_) = partition.readiness(candidate, &rules) {
                continue;
            }
            size_bytes += match candidate {
                Candidate::Again(index) => partition.sent[index].size_bytes(),
                Candidate::New => rules.room.estimate(partition.open[0].size_bytes()),
            };
            if size_bytes > self.config.max_request_size && !chosen.is_empty() {
                self.begin_at.insert(leader, *place);
                break;
            }
            chosen.push((*place, candidate));
        }
        chosen
    }

    /// Makes the bytes of the partition's first open batch; its place among the sent ones.
    fn seal(&mut self, place: Place, permit: Permit) -> usize {
        let serial = self.serial();
        let identity = match permit {
            Permit::As(identity) => Some(identity),
            _ => None,
        };
        let topic = &mut self.topics[place.0];
        let partition = &mut topic.partitions[place.1];
        let open_bytes = partition.open[0].size_bytes();
        partition.seal(serial, identity);
        let index = partition.sent.len() - 1;
        let sealed_bytes = partition.sent[index].size_bytes();
        topic.learn_ratio(open_bytes, sealed_bytes);
        self.buffered_bytes = self.buffered_bytes - open_bytes + sealed_bytes;
        index
    }

    pub(super) fn serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }

    fn mark_sent(
        &mut self,
        sent: &InCall,
        leader: BrokerId,
        flight: Flight,
        out: &mut Vec<Output>,
    ) {
        let partition = self.partition_mut(sent.place);
        let batch = partition
            .sent
            .iter_mut()
            .find(|batch| batch.serial == sent.serial)
            .expect("it has just been put there");
        batch.flight = flight;
        let event = ProducerEvent::BatchSent {
            records_count: batch.records_count(),
            size_bytes: batch.size_bytes(),
            base_sequence: batch.sequence().map_or(-1, |sequence| sequence.base),
            attempt: batch.retries.saturating_add(1),
            broker: leader,
            partition: partition.name.clone(),
        };
        self.tell(event, out);
    }
}
