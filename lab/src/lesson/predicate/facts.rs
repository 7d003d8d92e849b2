//! What is true in a world. Whatever several statements ask for is worked out once.

use std::cell::OnceCell;

use ottla_core::TopicPartition;

use super::functions::Call;
use super::records::Records;
use crate::World;
use crate::lesson::tables::partition_of;
use crate::scene::{Activity, GroupView, Life, MemberView, PartitionView, ProducerView, Scene};

/// What a fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// There is no such thing.
    None,
    Number(i64),
    Word(String),
}

/// A world that is asked about.
pub(super) struct Facts<'w> {
    pub(super) world: &'w World,
    scene: OnceCell<Scene>,
}

impl<'w> Facts<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        Self {
            world,
            scene: OnceCell::new(),
        }
    }

    /// The fact's value.
    pub(super) fn value(&self, call: &Call) -> Value {
        self.known(call).unwrap_or(Value::None)
    }

    /// `None`: what is asked about is not there.
    pub(super) fn known(&self, call: &Call) -> Option<Value> {
        self.of_topics(call)
            .or_else(|| self.of_groups(call))
            .or_else(|| self.of_clients(call))
            .or_else(|| self.of_work(call))
    }

    fn of_topics(&self, call: &Call) -> Option<Value> {
        let topic = call.name(0);
        let log = || Some(self.partition(call.partition(0)?));
        Some(match call.function.name {
            "partitions" => count(self.partitions_of(topic).len()),
            "records" => Value::Number(self.records_count(topic)),
            "start" => number(log()?.map(|log| log.start_offset)),
            "end" => number(log()?.map(|log| log.end_offset)),
            "high_watermark" => number(log()?.map(|log| log.high_watermark)),
            "share" => {
                let partition = call.partition(0)?;
                let all = self.records_count(&partition.topic).max(1);
                let log = self.partition(partition);
                number(log.map(|log| 100 * log.records_count() / all))
            }
            "partition_of" => {
                let partitions_count = self.partitions_of(topic).len() as i32;
                let place = || partition_of(call.partitioner(2), call.name(1), partitions_count);
                number((partitions_count > 0).then(|| i64::from(place())))
            }
            "with_key" => count(Records::of(self.world, topic).with_key(call.name(1))),
            "places" => count(Records::of(self.world, topic).places(call.name(1))),
            "moved" => count(Records::of(self.world, topic).moved_percent()),
            "copies" => count(Records::of(self.world, topic).copies()),
            _ => return None,
        })
    }

    fn of_groups(&self, call: &Call) -> Option<Value> {
        let group = self.group(call.name(0));
        let members = group.map_or(&[][..], |group| &group.members);
        let offsets = group.map_or(&[][..], |group| &group.offsets);
        Some(match call.function.name {
            "members" => count(members.len()),
            "member" => truth(members.iter().any(|member| member.client == call.name(1))),
            "generation" => number(group.map(|group| i64::from(group.generation))),
            "state" => word(group.map(|group| group.state.clone())),
            "assignor" => word(group.map(|group| group.assignor.clone())),
            "owner" => {
                let partition = call.partition(1)?;
                let owns = |member: &&MemberView| member.partitions.contains(partition);
                word(
                    members
                        .iter()
                        .find(owns)
                        .map(|member| member.client.clone()),
                )
            }
            "committed" => {
                let partition = call.partition(1)?;
                let offset = offsets.iter().find(|offset| offset.partition == *partition);
                number(offset.and_then(|offset| offset.committed))
            }
            "lag" => {
                let is_meant = |partition: &TopicPartition| {
                    call.partition(1).is_none_or(|wanted| wanted == partition)
                };
                let meant = offsets.iter().filter(|offset| is_meant(&offset.partition));
                let lags: Vec<i64> = meant.map(|offset| offset.lag).collect();
                number((!lags.is_empty()).then(|| lags.iter().sum()))
            }
            _ => return None,
        })
    }

    fn of_clients(&self, call: &Call) -> Option<Value> {
        let name = call.name(0);
        let producer = || self.scene().producer(name);
        let consumer = self.scene().consumer(name);
        let about =
            |of: fn(&ProducerView) -> u64| number(producer().map(|producer| of(producer) as i64));
        Some(match call.function.name {
            "requests" => Value::Number(self.world.requests(name, call.name(1)).count as i64),
            "sent_bytes" => Value::Number(self.world.requests(name, call.name(1)).bytes as i64),
            "commits" => Value::Number(self.world.commits(name).done as i64),
            "refused_commits" => Value::Number(self.world.commits(name).failed as i64),
            "sent" if call.partition(1).is_none() => about(|producer| producer.sent_count),
            "acked" => about(|producer| producer.acknowledged_count),
            "failed" => about(|producer| producer.failed_count),
            "life" if name == "broker" => word(Some(life(self.scene().broker.life).into())),
            "life" => {
                let of_producer = || producer().map(|producer| producer.life);
                word(
                    consumer
                        .map(|consumer| consumer.life)
                        .or_else(of_producer)
                        .map(|it| life(it).into()),
                )
            }
            "activity" => word(consumer.map(|consumer| activity(&consumer.activity).into())),
            "assigned" => {
                let members = self.scene().groups.iter().flat_map(|group| &group.members);
                count(
                    members
                        .filter(|member| member.client == name)
                        .map(|member| member.partitions.len())
                        .sum(),
                )
            }
            "reads" => {
                let partitions = consumer.map_or(&[][..], |consumer| &consumer.partitions);
                let is_meant = |partition: &TopicPartition| {
                    call.partition(1).is_none_or(|wanted| wanted == partition)
                };
                count(
                    partitions
                        .iter()
                        .filter(|read| is_meant(&read.partition))
                        .count(),
                )
            }
            "position" | "paused" => {
                let wanted = call.partition(1)?;
                let read = consumer?
                    .partitions
                    .iter()
                    .find(|read| read.partition == *wanted);
                match call.function.name {
                    "position" => number(read.and_then(|read| read.position)),
                    _ => truth(read.is_some_and(|read| read.is_paused)),
                }
            }
            _ => return None,
        })
    }

    fn scene(&self) -> &Scene {
        self.scene.get_or_init(|| Scene::of(self.world))
    }

    fn partitions_of(&self, topic: &str) -> &[PartitionView] {
        let found = self.scene().topic(topic);
        found.map_or(&[], |topic| &topic.partitions)
    }

    fn records_count(&self, topic: &str) -> i64 {
        let partitions = self.partitions_of(topic).iter();
        partitions.map(PartitionView::records_count).sum()
    }

    fn partition(&self, wanted: &TopicPartition) -> Option<&PartitionView> {
        self.scene().partition(&wanted.topic, wanted.partition)
    }

    pub(super) fn group(&self, id: &str) -> Option<&GroupView> {
        self.scene().group(id)
    }
}

pub(super) fn count(count: usize) -> Value {
    Value::Number(count as i64)
}

pub(super) fn truth(is_so: bool) -> Value {
    Value::Number(i64::from(is_so))
}

fn number(number: Option<i64>) -> Value {
    number.map_or(Value::None, Value::Number)
}

fn word(word: Option<String>) -> Value {
    word.map_or(Value::None, Value::Word)
}

fn life(life: Life) -> &'static str {
    match life {
        Life::Running => "running",
        Life::Frozen(_) => "frozen",
        Life::Crashed(_) => "crashed",
        Life::Left(_) => "left",
    }
}

fn activity(activity: &Activity) -> &'static str {
    match activity {
        Activity::Connecting => "connecting",
        Activity::Rebalancing => "rebalancing",
        Activity::Idle => "idle",
        Activity::Waiting => "waiting",
        Activity::Working { .. } => "working",
        Activity::Failed(_) => "failed",
    }
}
