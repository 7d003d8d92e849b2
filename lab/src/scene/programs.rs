//! Programs of the learner, as the broker sees them: what is inside is theirs.

use ottla_core::TopicPartition;

use super::{Activity, ConsumerView, GroupView, MemberView, ProducerView, ReadView};
use crate::World;
use crate::code::Program;
use crate::resident::{Client, Resident};

/// Those that read or belong to a group; all others are producers, or will be.
pub(super) fn consumers(world: &World, groups: &[GroupView]) -> Vec<ConsumerView> {
    let programs = programs(world).filter(|(resident, _)| is_consumer(world, resident));
    programs
        .map(|(resident, program)| consumer_view(resident, program, groups))
        .collect()
}

/// Those that have neither fetched nor joined a group.
pub(super) fn producers(world: &World) -> Vec<ProducerView> {
    let programs = programs(world).filter(|(resident, _)| !is_consumer(world, resident));
    programs
        .map(|(resident, _)| producer_view(world, resident))
        .collect()
}

fn programs(world: &World) -> impl Iterator<Item = (&Resident, &Program)> {
    world
        .residents()
        .filter_map(|resident| match &resident.client {
            Client::Program(program) => Some((resident, &**program)),
            _ => None,
        })
}

fn is_consumer(world: &World, resident: &Resident) -> bool {
    let has_sent = |api: &str| world.requests(resident.name(), api).count > 0;
    has_sent("JoinGroup") || has_sent("Fetch")
}

fn producer_view(world: &World, resident: &Resident) -> ProducerView {
    let counts = world.links.tap.records.of(resident.owners[0]);
    ProducerView {
        name: resident.name().to_string(),
        life: resident.life(),
        topic: String::new(),
        summary: SUMMARY.to_owned(),
        sent_count: counts.sent,
        acknowledged_count: counts.acknowledged,
        failed_count: counts.failed,
        buffered_count: counts.asked,
    }
}

fn consumer_view(resident: &Resident, program: &Program, groups: &[GroupView]) -> ConsumerView {
    let name = &**resident.name();
    let group = groups
        .iter()
        .find(|group| Some(&*group.id) == program.group());
    let members = group.map_or(&[][..], |group| &group.members);
    // Of several lives the newest.
    let member = members.iter().rfind(|member| member.client == name);
    let read = |partition: &TopicPartition| ReadView {
        partition: partition.clone(),
        position: None,
        is_paused: false,
    };
    ConsumerView {
        name: name.to_owned(),
        life: resident.life(),
        group: program.group().map(str::to_owned),
        activity: activity(group, member),
        member_id: member.map(|member| member.member_id.clone()),
        generation: member.and(group).map(|group| group.generation),
        partitions: member.map_or(Vec::new(), |member| {
            member.partitions.iter().map(read).collect()
        }),
        processed_count: 0,
        summary: SUMMARY.to_owned(),
    }
}

fn activity(group: Option<&GroupView>, member: Option<&MemberView>) -> Activity {
    match (group, member) {
        (None, _) | (_, None) => Activity::Connecting,
        (Some(group), _) if group.state != "Stable" => Activity::Rebalancing,
        (_, Some(member)) if member.partitions.is_empty() => Activity::Idle,
        _ => Activity::Waiting,
    }
}

const SUMMARY: &str = "KafkaJS";
