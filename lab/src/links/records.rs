//! Records of clients that nobody can look into, counted where their frames pass.

use std::collections::VecDeque;

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, ProduceRequest, ProduceResponse};
use ottla_client::LinkId;
use ottla_core::sorted::{Map, Set};

use super::Direction;
use crate::frames::Frame;
use crate::scene::readable;

/// The records of one client, as its requests and their answers tell. What is sent again counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RecordCounts {
    /// All that it has sent.
    pub(crate) sent: u64,
    /// The broker has answered that it has them; without an answer to wait for (`acks=0`) they count when they are sent.
    pub(crate) acknowledged: u64,
    /// Refused, or their link ended without an answer; and not sent again so far.
    pub(crate) failed: u64,
    /// Not answered yet.
    pub(crate) asked: u64,
}

/// Counts the records of those whose links it was told to watch.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordTally {
    watched: Map<u32, Watched>,
}

#[derive(Debug, Clone, Default)]
struct Watched {
    counts: RecordCounts,
    /// By link and correlation id.
    asked: Map<(LinkId, i32), Vec<Batch>>,
    /// What may come again, oldest first.
    failed: VecDeque<Batch>,
}

/// What is the same when it is sent again: its time may be another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Batch {
    place: Place,
    records: Vec<(Option<Bytes>, Option<Bytes>)>,
}

/// A topic by name and id (one of them is empty), and a partition.
type Place = (String, [u8; 16], i32);

impl RecordTally {
    /// From now on the links of this owner count.
    pub(super) fn watch(&mut self, owner: u32) {
        self.watched.entry(owner).or_default();
    }

    /// What has been counted of an owner.
    pub(crate) fn of(&self, owner: u32) -> RecordCounts {
        let watched = self.watched.get(&owner);
        watched.map(|watched| watched.counts).unwrap_or_default()
    }

    pub(super) fn see(&mut self, frame: &Frame) {
        if frame.api_key != ApiKey::Produce as i16 {
            return;
        }
        let Some(watched) = self.watched.get_mut(&frame.link.owner) else {
            return;
        };
        match frame.direction {
            Direction::ToBroker => watched.ask(frame),
            Direction::ToClient => watched.hear(frame),
        };
    }

    /// What was asked on this link is not answered any more.
    pub(super) fn ended(&mut self, link: LinkId) {
        if let Some(watched) = self.watched.get_mut(&link.owner) {
            let mut unanswered = Vec::new();
            watched.asked.retain(|(on, _), batches| {
                let is_other = *on != link;
                if !is_other {
                    unanswered.append(batches);
                }
                is_other
            });
            for batch in unanswered {
                watched.counts.asked -= batch.count();
                fail(&mut watched.counts, &mut watched.failed, batch);
            }
        }
    }
}

impl Watched {
    fn ask(&mut self, frame: &Frame) -> Option<()> {
        let (batches, is_answered) = produced(frame)?;
        for batch in &batches {
            let count = batch.count();
            match self.failed.iter().position(|failed| failed == batch) {
                Some(index) => {
                    self.failed.remove(index);
                    self.counts.failed -= count;
                }
                None => self.counts.sent += count,
            }
            match is_answered {
                true => self.counts.asked += count,
                false => self.counts.acknowledged += count,
            }
        }
        if is_answered {
            let asked = (frame.link, frame.correlation_id);
            self.asked.insert(asked, batches);
        }
        Some(())
    }

    fn hear(&mut self, frame: &Frame) -> Option<()> {
        let batches = self.asked.remove(&(frame.link, frame.correlation_id))?;
        let refused = refused(frame);
        for batch in batches {
            self.counts.asked -= batch.count();
            // An answer that cannot be read tells the client nothing either.
            match refused.as_ref().is_none_or(|it| it.contains(&batch.place)) {
                true => fail(&mut self.counts, &mut self.failed, batch),
                false => self.counts.acknowledged += batch.count(),
            }
        }
        Some(())
    }
}

fn fail(counts: &mut RecordCounts, failed: &mut VecDeque<Batch>, batch: Batch) {
    counts.failed += batch.count();
    failed.push_back(batch);
    if failed.len() > FAILED_KEPT {
        failed.pop_front();
    }
}

impl Batch {
    fn count(&self) -> u64 {
        self.records.len() as u64
    }
}

/// The batches of a request, and whether it will be answered.
fn produced(frame: &Frame) -> Option<(Vec<Batch>, bool)> {
    let request: ProduceRequest = frame.request(ApiKey::Produce)?;
    let mut batches = Vec::new();
    for topic in request.topic_data {
        for partition in topic.partition_data {
            let records = readable(partition.records.unwrap_or_default());
            batches.push(Batch {
                place: (
                    topic.name.0.to_string(),
                    topic.topic_id.into_bytes(),
                    partition.index,
                ),
                records: records.map(|record| (record.key, record.value)).collect(),
            });
        }
    }
    Some((batches, request.acks != 0))
}

/// Where an answer says that nothing was written.
fn refused(frame: &Frame) -> Option<Set<Place>> {
    let response: ProduceResponse = frame.answer(ApiKey::Produce)?;
    let mut refused = Set::new();
    for topic in response.responses {
        let (name, id) = (topic.name.0.to_string(), topic.topic_id.into_bytes());
        let partitions = topic.partition_responses.into_iter();
        let errors = partitions.filter(|partition| partition.error_code != 0);
        refused.extend(errors.map(|partition| (name.clone(), id, partition.index)));
    }
    Some(refused)
}

/// How many batches are remembered that may come again.
const FAILED_KEPT: usize = 64;
