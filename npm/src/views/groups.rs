use ottla_core::sorted::Set;

use ottla_core::Broker;
use ottla_core::group::{Group, Member, State};
use serde::Serialize;

use crate::assignment::{self, Assigned};

/// A consumer group, as its coordinator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct GroupView {
    id: String,
    /// Kafka's word: `Stable` and so on.
    state: &'static str,
    generation: i32,
    /// The assignor of its generation.
    protocol: Option<String>,
    /// The member that works out the assignment.
    leader: Option<String>,
    members: Vec<MemberView>,
    offsets: Vec<OffsetView>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberView {
    member_id: String,
    client_id: String,
    client_host: String,
    /// The name of a static member.
    instance_id: Option<String>,
    assignment: Vec<Assigned>,
}

/// How far a group has come in a partition that it has committed or reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OffsetView {
    topic: String,
    partition: i32,
    /// The next offset to read, if any was committed.
    committed: Option<i64>,
    start: i64,
    end: i64,
    /// How many records there are from there on, if any was committed.
    lag: Option<i64>,
    metadata: Option<String>,
}

/// All groups, by their ids.
pub(crate) fn groups(broker: &Broker) -> Vec<GroupView> {
    let alive = broker.groups().filter(|group| is_alive(group));
    alive.map(|group| view(broker, group)).collect()
}

/// One group, if it is known.
pub(crate) fn group(broker: &Broker, id: &str) -> Option<GroupView> {
    let group = broker.group(id).filter(|group| is_alive(group))?;
    Some(view(broker, group))
}

fn is_alive(group: &Group) -> bool {
    !matches!(group.state(), State::Dead)
}

fn view(broker: &Broker, group: &Group) -> GroupView {
    let members: Vec<MemberView> = group.members().map(member).collect();
    let offsets = offsets(broker, group, &members);
    GroupView {
        id: group.id().to_string(),
        state: group.state().name(),
        generation: group.generation_id(),
        protocol: group.protocol_name().map(str::to_owned),
        leader: group.leader().map(|leader| leader.to_string()),
        members,
        offsets,
    }
}

fn member(member: &Member) -> MemberView {
    MemberView {
        member_id: member.id.to_string(),
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        instance_id: member.instance_id.clone(),
        assignment: assignment::read(&member.assignment),
    }
}

fn offsets(broker: &Broker, group: &Group, members: &[MemberView]) -> Vec<OffsetView> {
    let committed = group.offsets().iter();
    let mut partitions: Set<(&str, i32)> = committed
        .map(|(topic, partition, _)| (topic.as_str(), partition))
        .collect();
    for assigned in members.iter().flat_map(|member| &member.assignment) {
        let of_topic = assigned.partitions.iter();
        partitions.extend(of_topic.map(|index| (assigned.topic.as_str(), *index)));
    }
    let offsets = partitions.into_iter().filter_map(|(topic, partition)| {
        let log = broker.partition_log(topic, partition)?;
        let committed = group.offsets().committed(topic, partition);
        let next = committed.map(|committed| committed.offset);
        Some(OffsetView {
            topic: topic.to_owned(),
            partition,
            committed: next.map(|next| next.0),
            start: log.start_offset().0,
            end: log.high_watermark().0,
            lag: next.map(|next| (log.high_watermark() - next.max(log.start_offset())).max(0)),
            metadata: committed.map(|committed| committed.metadata.clone()),
        })
    });
    offsets.collect()
}
