//! Consumer groups, as their coordinator sees them.

use ottla_client::assignor::parse_assignment;
use ottla_core::group::{Group, Member, Offsets};
use ottla_core::sorted::{Map, Set};
use ottla_core::{Broker, Instant, MemberId, Timer, TopicPartition};

use super::{ConsumerView, GroupView, MemberView, OffsetView};
use crate::World;
use crate::resident::Resident;
use crate::server::owner_behind;

pub(super) fn groups(world: &World) -> Vec<GroupView> {
    let names = members_of_the_world(world);
    let view = |group: &Group| group_view(world, group, &names);
    world.broker().groups().map(view).collect()
}

impl GroupView {
    /// The coordinator's entry of a consumer, as a place in [`members`](Self::members). Who is dead, or about to join again, and so has no member
    /// id, goes by its name: its newest entry.
    pub fn member_of(&self, consumer: &ConsumerView) -> Option<usize> {
        if consumer.group.as_ref() != Some(&self.id) {
            return None;
        }
        match &consumer.member_id {
            Some(id) => self
                .members
                .iter()
                .position(|member| member.member_id == *id),
            None => self
                .members
                .iter()
                .rposition(|member| member.client == consumer.name),
        }
    }
}

/// Which client has which member id, as far as it knows itself.
fn members_of_the_world(world: &World) -> Map<&MemberId, &str> {
    let member = |resident| {
        let (member, _) = Resident::consumer(resident)?.member()?;
        Some((member, &**resident.name()))
    };
    world.residents().filter_map(member).collect()
}

fn group_view(world: &World, group: &Group, names: &Map<&MemberId, &str>) -> GroupView {
    let broker = world.broker();
    let members: Vec<MemberView> = group
        .members()
        .map(|member| member_view(world, group, member, names))
        .collect();
    let read = members.iter().flat_map(|member| &member.partitions);
    let offsets = offset_views(broker, group.offsets(), read.collect());
    let rebalance = Timer::Rebalance {
        group: group.id().clone(),
    };
    GroupView {
        id: group.id().to_string(),
        state: group.state().name().to_owned(),
        generation: group.generation_id(),
        assignor: group.protocol_name().unwrap_or_default().to_owned(),
        rebalance_ends_at: broker.deadline(&rebalance),
        members,
        offsets,
    }
}

fn member_view(
    world: &World,
    group: &Group,
    member: &Member,
    names: &Map<&MemberId, &str>,
) -> MemberView {
    let (broker, now) = (world.broker(), world.now().mono);
    let session = Timer::Session {
        group: group.id().clone(),
        member: member.id.clone(),
    };
    let session_us = u64::try_from(member.session_timeout_ms).unwrap_or(0) * 1000;
    let ends_at = broker.deadline(&session);
    // Who has just joined, and waits for a first answer, has more time than its session timeout.
    let session = ends_at.and_then(|ends| {
        let heard_at = Instant(ends.0.checked_sub(session_us)?);
        (heard_at <= now).then_some((heard_at, ends))
    });
    let client = names.get(&member.id).copied();
    let client = client.or_else(|| client_behind(world, member));
    let client = client.unwrap_or(&member.client_id);
    MemberView {
        member_id: member.id.to_string(),
        client: client.to_owned(),
        group_instance_id: member.instance_id.clone(),
        is_leader: group.leader() == Some(&member.id),
        is_awaited: group.state().awaits(&member.id),
        partitions: parse_assignment(&member.assignment).unwrap_or_default(),
        heard_at: session.map(|(heard_at, _)| heard_at),
        session_ends_at: session.map(|(_, ends_at)| ends_at),
    }
}

/// A program, or a command in the terminal, does not tell its member id: it is known by where it comes from.
fn client_behind<'a>(world: &'a World, member: &Member) -> Option<&'a str> {
    let owner = owner_behind(&member.client_host)?;
    world.name_of(owner).map(|name| &**name)
}

fn offset_views(broker: &Broker, offsets: &Offsets, read: Set<&TopicPartition>) -> Vec<OffsetView> {
    let committed = offsets.iter().map(|(topic, partition, _)| TopicPartition {
        topic: topic.clone(),
        partition,
    });
    let mut partitions: Set<TopicPartition> = committed.collect();
    partitions.extend(read.into_iter().cloned());
    let view = |partition: TopicPartition| {
        let committed = offsets
            .committed(&partition.topic, partition.partition)
            .map(|committed| committed.offset.0);
        let log = broker.partition_log(&partition.topic, partition.partition);
        let lag = log.map_or(0, |log| {
            let next = committed.unwrap_or(log.start_offset().0);
            log.high_watermark().0 - next
        });
        OffsetView {
            partition,
            committed,
            lag: lag.max(0),
        }
    };
    partitions.into_iter().map(view).collect()
}
