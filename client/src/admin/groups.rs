//! Groups: which there are, and who is in them.

use kafka_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use kafka_protocol::messages::{
    DescribeGroupsRequest, DescribeGroupsResponse, ListGroupsRequest, ListGroupsResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, ErrorCode, GroupId, TopicPartition};

use super::clerk::{failure, if_any};
use super::cluster::{from_metadata, to_each};
use super::consumer_protocol;
use super::coordinators::{coordinators, to_coordinators};
use super::{AskError, Clerk, Node, Question, Stop};
use crate::assignor::parse_assignment;
use crate::protocol::names::{group_in, group_out, text};

/// All groups, as all brokers tell them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListGroups {
    /// Only those in these states, such as `Stable`; empty is all.
    pub states: Vec<String>,
    /// Only those of these types, such as `classic`; empty is all.
    pub types: Vec<String>,
}

impl Question for ListGroups {
    type Answer = GroupList;
    const CALL: &'static str = "listGroups";

    fn answer(&self, clerk: &mut Clerk) -> Result<GroupList, Stop> {
        let brokers = from_metadata(clerk)?.brokers;
        let texts = |names: &[String]| names.iter().map(|name| text(name)).collect();
        let request = ListGroupsRequest::default()
            .with_states_filter(texts(&self.states))
            .with_types_filter(texts(&self.types));
        let again = |response: &ListGroupsResponse| if_any([response.error_code]);
        let responses = clerk.ask_placed(to_each(&brokers, request), again)?;
        let mut list = GroupList {
            groups: Map::new(),
            failures: Map::new(),
        };
        for (broker, response) in brokers.iter().zip(responses) {
            let groups = response.and_then(|response| match failure(response.error_code, None) {
                Some(error) => Err(AskError::Refused(error)),
                None => Ok(response.groups),
            });
            match groups {
                Ok(groups) => list.groups.extend(groups.into_iter().map(|group| {
                    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                    let listed = ListedGroup {
                        protocol_type: group.protocol_type.to_string(),
                        state: told(&group.group_state),
                        kind: told(&group.group_type),
                    };
                    (group_in(&group.group_id), listed)
                })),
                Err(error) => {
                    list.failures.insert(broker.id, error);
                }
            }
        }
        Ok(list)
    }
}

/// The answer to [`ListGroups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupList {
    /// The groups.
    pub groups: Map<GroupId, ListedGroup>,
    /// The brokers that could not tell theirs, and why.
    pub failures: Map<i32, AskError>,
}

/// A group in a [`GroupList`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedGroup {
    /// `consumer`, `connect` ...; empty for a group that only has offsets.
    pub protocol_type: String,
    /// Such as `Stable`; `None` where the broker does not tell (before Kafka 2.6).
    pub state: Option<String>,
    /// Such as `classic`; `None` where the broker does not tell (before Kafka 3.8).
    pub kind: Option<String>,
}

/// Groups with their members, each asked of its coordinator. Each group that was asked for is in the answer; one that does not exist is
/// GROUP_ID_NOT_FOUND.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeGroups {
    /// Which.
    pub groups: Vec<GroupId>,
}

impl Question for DescribeGroups {
    type Answer = Map<GroupId, Result<GroupDescription, ApiError>>;
    const CALL: &'static str = "describeConsumerGroups";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let requests = to_coordinators(&self.groups, |group| {
            DescribeGroupsRequest::default().with_groups(vec![group_out(group)])
        });
        let responses = clerk.ask_each(requests, |response: &DescribeGroupsResponse| {
            if_any(response.groups.iter().map(|group| group.error_code))
        })?;
        let nodes = coordinators(clerk, &self.groups)?;
        let mut answer = Map::new();
        for (group, response) in self.groups.iter().zip(responses) {
            let described = match response {
                Ok(response) => described(response, nodes.get(group)),
                Err(AskError::Refused(error)) => Err(error),
                Err(error) => return Err(error.into()),
            };
            answer.insert(group.clone(), described);
        }
        // Groups of the new protocol are not known by the old question (KIP-848).
        let missing = answer.iter().filter(|(_, told)| {
            let error = told.as_ref().err();
            error.is_some_and(|error| error.code == ErrorCode::GroupIdNotFound)
        });
        let missing: Vec<GroupId> = missing.map(|(group, _)| group.clone()).collect();
        let found = consumer_protocol::describe(clerk, &missing, &nodes)?;
        answer.extend(found.into_iter().map(|(group, told)| (group, Ok(told))));
        Ok(answer)
    }
}

fn described(
    response: DescribeGroupsResponse,
    coordinator: Option<&Node>,
) -> Result<GroupDescription, ApiError> {
    let mut groups = response.groups;
    let Some(group) = groups.pop() else {
        return Err(ErrorCode::GroupIdNotFound.into());
    };
    if let Some(error) = failure(group.error_code, group.error_message.as_deref()) {
        return Err(error);
    }
    // Versions 0 to 5 tell of a group that does not exist that it is dead; 6 has an error for it.
    if group.group_state.as_str() == "Dead" {
        let message = format!("Group {} not found.", group.group_id.as_str());
        return Err(ApiError::new(ErrorCode::GroupIdNotFound, message));
    }
    let is_of_consumers = is_of_consumers(&group);
    let members = group.members.into_iter();
    Ok(GroupDescription {
        state: group.group_state.to_string(),
        protocol_type: group.protocol_type.to_string(),
        assignor: group.protocol_data.to_string(),
        coordinator: coordinator.cloned(),
        members: members
            .map(|member| described_member(member, is_of_consumers))
            .collect(),
    })
}

fn is_of_consumers(group: &DescribedGroup) -> bool {
    group.protocol_type.as_str() == "consumer"
}

fn described_member(member: DescribedGroupMember, is_consumer: bool) -> MemberDescription {
    let assignment = match is_consumer {
        // What a member wrote is its own business: what cannot be read is shown as nothing.
        true => parse_assignment(&member.member_assignment).unwrap_or_default(),
        false => Vec::new(),
    };
    MemberDescription {
        id: member.member_id.to_string(),
        instance_id: member.group_instance_id.map(|id| id.to_string()),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment,
    }
}

/// A group, as its coordinator describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDescription {
    /// Such as `Stable` or `Empty`.
    pub state: String,
    /// `consumer`, `connect` ...; empty for a group that only has offsets.
    pub protocol_type: String,
    /// The assignor, such as `range` (for a group of the new protocol the broker's, such as `uniform`); empty while there is none.
    pub assignor: String,
    /// The broker that coordinates it.
    pub coordinator: Option<Node>,
    /// Its members, in the coordinator's order.
    pub members: Vec<MemberDescription>,
}

/// A member in a [`GroupDescription`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberDescription {
    /// The id that the coordinator gave it.
    pub id: String,
    /// `group.instance.id` of a static member.
    pub instance_id: Option<String>,
    /// `client.id`.
    pub client_id: String,
    /// The address it comes from, as `/127.0.0.1`.
    pub host: String,
    /// The partitions that it has. Empty where its protocol is none of consumers.
    pub assignment: Vec<TopicPartition>,
}
