//! Groups of the new consumer protocol (KIP-848), which have a question of their own.

use kafka_protocol::messages::consumer_group_describe_response::{DescribedGroup, Member};
use kafka_protocol::messages::{ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse};
use ottla_core::GroupId;
use ottla_core::sorted::Map;

use super::clerk::if_any;
use super::coordinators::to_coordinators;
use super::{AskError, Clerk, GroupDescription, MemberDescription, Node, Stop};
use crate::protocol::names::{group_out, partition};

/// Those of these groups that are of the new protocol.
pub(super) fn describe(
    clerk: &mut Clerk,
    groups: &[GroupId],
    coordinators: &Map<GroupId, Node>,
) -> Result<Map<GroupId, GroupDescription>, Stop> {
    let requests = to_coordinators(groups, |group| {
        ConsumerGroupDescribeRequest::default().with_group_ids(vec![group_out(group)])
    });
    let responses = clerk.ask_each(requests, |response: &ConsumerGroupDescribeResponse| {
        if_any(response.groups.iter().map(|group| group.error_code))
    })?;
    let mut found = Map::new();
    for (group, response) in groups.iter().zip(responses) {
        let groups = match response {
            Ok(response) => response.groups,
            // Before Kafka 4.0 there are none.
            Err(AskError::Unsupported { .. } | AskError::Refused(_)) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let coordinator = coordinators.get(group);
        let described = groups.into_iter().filter(|group| group.error_code == 0);
        found.extend(described.map(|told| (group.clone(), described_group(told, coordinator))));
    }
    Ok(found)
}

fn described_group(group: DescribedGroup, coordinator: Option<&Node>) -> GroupDescription {
    GroupDescription {
        state: group.group_state.to_string(),
        protocol_type: "consumer".to_owned(),
        assignor: group.assignor_name.to_string(),
        coordinator: coordinator.cloned(),
        members: group.members.into_iter().map(described_member).collect(),
    }
}

fn described_member(member: Member) -> MemberDescription {
    let topics = member.assignment.topic_partitions.iter();
    let assignment = topics.flat_map(|topic| {
        let partitions = topic.partitions.iter();
        partitions.map(|index| partition(&topic.topic_name, *index))
    });
    MemberDescription {
        id: member.member_id.to_string(),
        instance_id: member.instance_id.map(|id| id.to_string()),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: assignment.collect(),
    }
}
