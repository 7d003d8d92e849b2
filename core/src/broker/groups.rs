//! Groups: the coordinator decides, `__consumer_offsets` remembers, then the coordinator applies and answers.

use std::collections::VecDeque;

use super::Broker;
use crate::batch::BatchBuilder;
use crate::controller::{Metadata, OFFSETS_TOPIC};
use crate::group::{
    Coordinator, Effects, GroupRequest, Topics, World, Write, WriteId, unavailable,
};
use crate::log::Origin;
use crate::sorted::Map;
use crate::{
    ErrorCode, GroupId, LogId, Now, Offset, Output, Request, RequestId, Timer, TopicName, TopicRef,
    Uuid,
};

/// The writes of the coordinator that the store has not confirmed, by log, in the order of their offsets.
#[derive(Debug, Clone, Default)]
pub(super) struct GroupWrites(Map<LogId, VecDeque<(Offset, WriteId)>>);

impl Broker {
    pub(super) fn group_request(
        &mut self,
        now: Now,
        id: RequestId,
        request: Request,
        out: &mut Vec<Output>,
    ) {
        if self.metadata.topic(OFFSETS_TOPIC).is_none() {
            self.awaiting_offsets_topic.push_back((id, request));
            if self.awaiting_offsets_topic.len() == 1 {
                self.create_offsets_topic(now, out);
            }
            return;
        }
        let request =
            GroupRequest::try_from(request).expect("only group requests are brought here");
        self.coordinate(now, out, |coordinator, world, fx| {
            coordinator.handle(now, id, request, world, fx)
        });
    }

    /// Group requests that came too early are handled once their topic is there.
    pub(super) fn offsets_topic_may_exist(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.metadata.topic(OFFSETS_TOPIC).is_some() {
            for (id, request) in std::mem::take(&mut self.awaiting_offsets_topic) {
                self.group_request(now, id, request, out);
            }
        }
    }

    pub(super) fn offsets_topic_failed(&mut self, out: &mut Vec<Output>) {
        for (id, request) in std::mem::take(&mut self.awaiting_offsets_topic) {
            let request =
                GroupRequest::try_from(request).expect("only group requests are kept here");
            out.push(Output::Reply {
                id,
                response: unavailable(&request),
            });
        }
    }

    pub(super) fn group_timer(&mut self, now: Now, timer: &Timer, out: &mut Vec<Output>) {
        self.coordinate(now, out, |coordinator, world, fx| {
            coordinator.timer(now, timer, world, fx)
        });
    }

    pub(super) fn forget_offsets_of(&mut self, now: Now, topic: &TopicName, out: &mut Vec<Output>) {
        if self.metadata.topic(OFFSETS_TOPIC).is_some() {
            self.coordinate(now, out, |coordinator, world, fx| {
                coordinator.topic_deleted(now, topic, world, fx)
            });
        }
    }

    pub(super) fn group_records_written(
        &mut self,
        now: Now,
        log: LogId,
        high_watermark: Offset,
        out: &mut Vec<Output>,
    ) {
        while let Some(queue) = self.group_writes.0.get_mut(&log)
            && let Some((_, write)) = queue.pop_front_if(|(through, _)| *through <= high_watermark)
        {
            self.coordinate(now, out, |coordinator, world, fx| {
                coordinator.written(now, write, world, fx)
            });
        }
    }

    pub(super) fn group_write_failed(
        &mut self,
        now: Now,
        log: LogId,
        from: Offset,
        out: &mut Vec<Output>,
    ) {
        while let Some(queue) = self.group_writes.0.get_mut(&log)
            && let Some((_, write)) = queue.pop_back_if(|(through, _)| *through > from)
        {
            self.coordinate(now, out, |coordinator, world, fx| {
                coordinator.write_failed(now, write, world, fx)
            });
        }
    }

    /// Lets the coordinator work, and carries out what it wants.
    pub(super) fn coordinate(
        &mut self,
        now: Now,
        out: &mut Vec<Output>,
        work: impl FnOnce(&mut Coordinator, &World<'_>, &mut Effects),
    ) {
        let mut fx = Effects::default();
        let world = World {
            metadata: &self.metadata,
            config: self.metadata.config(),
        };
        work(&mut self.coordinator, &world, &mut fx);
        for write in fx.writes {
            self.write_group_records(now, write, out);
        }
        for (timer, at) in fx.timers {
            match at {
                Some(at) => self.timers.set(timer, at),
                None => self.timers.cancel(&timer),
            }
        }
        out.extend(fx.events.into_iter().map(Output::Event));
        out.extend(
            fx.replies
                .into_iter()
                .map(|(id, response)| Output::Reply { id, response }),
        );
    }

    fn write_group_records(&mut self, now: Now, write: Write, out: &mut Vec<Output>) {
        let mut batch = BatchBuilder::new();
        for (key, value) in write.records {
            batch.push(now.wall, Some(&key), value.as_deref());
        }
        let log = self.group_log(&write.group);
        let append = log.and_then(|log| {
            let hosted = self.logs.get_mut(log)?;
            let append = hosted
                .log
                .append(now, batch.build(), Origin::Coordinator, out)
                .ok()?;
            Some((log, append.through))
        });
        match append {
            Some((log, through)) => {
                let queue = self.group_writes.0.entry(log).or_default();
                queue.push_back((through, write.id));
                self.set_flush_timer(log);
            }
            None => self.coordinate(now, out, |coordinator, world, fx| {
                coordinator.write_failed(now, write.id, world, fx)
            }),
        }
    }

    /// The log that keeps a group: its topic's partition by the id's hash, as Kafka chooses it.
    fn group_log(&self, group: &GroupId) -> Option<LogId> {
        let partitions = &self.metadata.topic(OFFSETS_TOPIC)?.partitions;
        let index = java_hash(group) & 0x7fff_ffff;
        let index = usize::try_from(index).ok()? % partitions.len();
        Some(partitions[index].log)
    }
}

impl Topics for Metadata {
    fn resolve(&self, topic: &TopicRef) -> Result<(TopicName, Uuid, i32), ErrorCode> {
        let topic = Metadata::resolve(self, topic)?;
        let partitions_count = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
        Ok((topic.name.clone(), topic.id, partitions_count))
    }
}

/// Java's `String.hashCode`: over UTF-16 units, wrapping.
fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

#[cfg(test)]
mod tests {
    use super::java_hash;

    #[test]
    fn a_text_hashes_as_in_java() {
        assert_eq!(java_hash(""), 0);
        assert_eq!(java_hash("project"), -309_310_695);
        assert_eq!(java_hash("Ottla"), 76_528_836);
        assert_eq!(java_hash("überraschung 🎈"), 1_639_329_812);
    }
}
