//! Groups: which there are, and who is in them.

use std::collections::BTreeMap;

use ottla_core::{ApiError, GroupId, TopicPartition};

use super::{AskError, Node, Question};

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
}

/// The answer to [`ListGroups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupList {
    /// The groups.
    pub groups: BTreeMap<GroupId, ListedGroup>,
    /// The brokers that could not tell theirs, and why.
    pub failures: BTreeMap<i32, AskError>,
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
    type Answer = BTreeMap<GroupId, Result<GroupDescription, ApiError>>;
    const CALL: &'static str = "describeConsumerGroups";
}

/// A group, as its coordinator describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDescription {
    /// Such as `Stable` or `Empty`.
    pub state: String,
    /// `consumer`, `connect` ...; empty for a group that only has offsets.
    pub protocol_type: String,
    /// The assignor, such as `range`; empty while there is none.
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

/// Who coordinates a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindCoordinator {
    /// Which.
    pub group: GroupId,
}

impl Question for FindCoordinator {
    type Answer = Node;
    const CALL: &'static str = "findCoordinator";
}

/// Forgets groups with their offsets. They must have no members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteGroups {
    /// Which.
    pub groups: Vec<GroupId>,
}

impl Question for DeleteGroups {
    type Answer = BTreeMap<GroupId, Result<(), ApiError>>;
    const CALL: &'static str = "deleteConsumerGroups";
}
