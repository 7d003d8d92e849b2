//! Producers and consumers, as they see themselves.

use ottla_client::consumer::Consumer;
use ottla_client::producer::Producer;

use super::{Activity, ConsumerView, GroupView, Life, ProducerView, ReadView};
use crate::World;
use crate::resident::{Client, Resident};

pub(super) fn producers(world: &World) -> Vec<ProducerView> {
    let view = |resident: &Resident| match &resident.client {
        Client::Producer(producer) => Some(producer_view(&resident.name, producer)),
        Client::Consumer(_) | Client::Program(_) => None,
    };
    world.residents.values().filter_map(view).collect()
}

fn producer_view(name: &str, producer: &Producer) -> ProducerView {
    let backlog = producer.backlog();
    let buffered_count: usize = backlog
        .map(|backlog| backlog.gathered_records_count + backlog.sent_records_count)
        .sum();
    ProducerView {
        name: name.to_owned(),
        life: Life::Running,
        topic: String::new(),
        summary: String::new(),
        sent_count: buffered_count as u64,
        acknowledged_count: 0,
        failed_count: 0,
        buffered_count: buffered_count as u64,
    }
}

pub(super) fn consumers(world: &World, groups: &[GroupView]) -> Vec<ConsumerView> {
    let view = |resident: &Resident| match &resident.client {
        Client::Consumer(consumer) => Some(consumer_view(&resident.name, consumer, groups)),
        Client::Producer(_) | Client::Program(_) => None,
    };
    world.residents.values().filter_map(view).collect()
}

fn consumer_view(name: &str, consumer: &Consumer, groups: &[GroupView]) -> ConsumerView {
    let group_id = consumer.config().group_id.as_deref();
    let group = groups.iter().find(|group| Some(&*group.id) == group_id);
    let member = consumer.member();
    ConsumerView {
        name: name.to_owned(),
        life: Life::Running,
        group: group_id.map(str::to_owned),
        activity: activity(name, consumer, group),
        member_id: member.map(|(member, _)| member.to_string()),
        generation: member.map(|(_, generation)| generation),
        partitions: reads(consumer),
        processed_count: 0,
        summary: String::new(),
    }
}

fn activity(name: &str, consumer: &Consumer, group: Option<&GroupView>) -> Activity {
    if let Some(error) = consumer.fatal_error() {
        return Activity::Failed(error.to_string());
    }
    let is_in_turn = |group: &GroupView| group.state != "Stable";
    match (consumer.config().group_id.is_some(), consumer.member()) {
        (true, None) => {
            let is_known = |group: &GroupView| group.members.iter().any(|m| m.client == name);
            match group.is_some_and(is_known) {
                true => Activity::Rebalancing,
                false => Activity::Connecting,
            }
        }
        (true, Some(_)) if group.is_some_and(is_in_turn) => Activity::Rebalancing,
        _ if consumer.assignment().is_empty() => Activity::Idle,
        _ => Activity::Waiting,
    }
}

fn reads(consumer: &Consumer) -> Vec<ReadView> {
    let paused = consumer.paused();
    let partitions = consumer.assignment().into_iter();
    partitions
        .map(|partition| ReadView {
            position: consumer.position(&partition).map(|offset| offset.0),
            is_paused: paused.contains(&partition),
            partition,
        })
        .collect()
}
