//! What the tool prints for answers that are known: the expectations are what Apache Kafka 4.3.1 printed in the same situation.

mod describing;
mod forgetting;
mod listing;
mod resetting;

use ottla_core::{ApiError, ErrorCode, GroupId, TopicPartition};

use super::run;
use crate::admin::{
    CommittedOffset, GroupDescription, ListedOffset, MemberDescription, Node, PartitionDescription,
    TopicDescription,
};
use crate::command::rehearsal::{Played, Rehearsal};
use crate::interface::Address;

fn play(rehearsal: Rehearsal, line: &str) -> Played {
    let arguments: Vec<String> = ["--bootstrap-server", "127.0.0.1:9092"]
        .into_iter()
        .chain(line.split(' ').filter(|word| !word.is_empty()))
        .map(str::to_owned)
        .collect();
    rehearsal.play(move |desk| run(desk, &arguments))
}

fn of(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: topic.into(),
        partition,
    }
}

fn committed(offset: i64) -> Result<CommittedOffset, ApiError> {
    Ok(CommittedOffset {
        offset,
        leader_epoch: None,
        metadata: String::new(),
    })
}

fn at(offset: i64) -> Result<ListedOffset, ApiError> {
    Ok(ListedOffset {
        offset,
        timestamp: -1,
        leader_epoch: None,
    })
}

fn topic(partitions_count: i32) -> Result<TopicDescription, ApiError> {
    let partition = |index| PartitionDescription {
        index,
        error: ErrorCode::None,
        leader: Some(1),
        leader_epoch: None,
        replicas: vec![1],
        isr: vec![1],
        offline: Vec::new(),
        eligible_leaders: None,
        last_known_eligible_leaders: None,
    };
    Ok(TopicDescription {
        id: ottla_core::Uuid::ZERO,
        internal: false,
        partitions: (0..partitions_count).map(partition).collect(),
    })
}

fn group(state: &str, members: Vec<MemberDescription>) -> Result<GroupDescription, ApiError> {
    Ok(GroupDescription {
        state: state.to_owned(),
        protocol_type: "consumer".to_owned(),
        assignor: if members.is_empty() { "" } else { "range" }.to_owned(),
        coordinator: Some(Node {
            id: 1,
            address: Address {
                host: "127.0.0.1".to_owned(),
                port: 22210,
            },
            rack: None,
        }),
        members,
    })
}

fn member(id: &str, assignment: &[TopicPartition]) -> MemberDescription {
    MemberDescription {
        id: id.to_owned(),
        instance_id: None,
        client_id: "console-consumer".to_owned(),
        host: "/127.0.0.1".to_owned(),
        assignment: assignment.to_vec(),
    }
}

fn shop<T>(value: T) -> ottla_core::sorted::Map<GroupId, T> {
    [(GroupId::from("shop"), value)].into()
}

fn unknown_topic() -> ApiError {
    ApiError::new(ErrorCode::UnknownTopicOrPartition, "")
}

fn no_group() -> ApiError {
    ApiError::new(ErrorCode::GroupIdNotFound, "")
}
