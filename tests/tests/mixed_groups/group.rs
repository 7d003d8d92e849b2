//! The group as its coordinator sees it, and the topic that it reads.

use ottla_core::sorted::Map;
use std::cell::RefCell;
use std::thread;
use std::time::{Duration, Instant};

use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestTopic;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{
    BrokerId, CreateTopicsRequest, DescribeGroupsRequest, GroupId, ListOffsetsRequest,
    OffsetFetchRequest, ProduceRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use ottla_client::assignor::parse_assignment;
use ottla_tests::broker::Broker;
use ottla_tests::raw::{Connection, batch};

use crate::member::Member;

pub(crate) struct Group {
    /// The group's and the topic's.
    name: String,
    connection: RefCell<Connection>,
    /// Records that each partition holds.
    produced_count: i64,
}

/// Partitions by the members' client ids.
type Split = Map<String, Vec<i32>>;

impl Group {
    /// A group of that name over a topic of that name with six partitions.
    pub(crate) fn of(broker: &Broker, name: &str) -> Self {
        let mut connection = Connection::open(broker);
        let topic = CreatableTopic::default()
            .with_name(topic_name(name))
            .with_num_partitions(PARTITIONS_COUNT)
            .with_replication_factor(1);
        let request = CreateTopicsRequest::default()
            .with_topics(vec![topic])
            .with_timeout_ms(TIMEOUT_MS);
        let created = connection.ask(&request, 5);
        assert_eq!(created.topics[0].error_code, 0);
        let group = Self {
            name: name.to_owned(),
            connection: RefCell::new(connection),
            produced_count: 0,
        };
        until("leaders of the partitions", || group.has_leaders());
        group
    }

    pub(crate) fn id(&self) -> &str {
        &self.name
    }

    pub(crate) fn topic(&self) -> &str {
        &self.name
    }

    /// Three more records to each partition, all different.
    pub(crate) fn produce(&mut self) {
        let partitions = (0..PARTITIONS_COUNT).map(|partition| {
            let values: Vec<String> = (self.produced_count..self.produced_count + 3)
                .map(|count| format!("{partition}.{count}"))
                .collect();
            let values: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
            PartitionProduceData::default()
                .with_index(partition)
                .with_records(Some(batch(&values).freeze()))
        });
        let topic = TopicProduceData::default()
            .with_name(topic_name(&self.name))
            .with_partition_data(partitions.collect());
        let request = ProduceRequest::default()
            .with_acks(-1)
            .with_timeout_ms(TIMEOUT_MS)
            .with_topic_data(vec![topic]);
        let answer = self.connection.borrow_mut().ask(&request, 9);
        for partition in &answer.responses[0].partition_responses {
            assert_eq!(partition.error_code, 0);
        }
        self.produced_count += 3;
    }

    /// Waits until the group is stable with these members and so many partitions each.
    pub(crate) fn is_split_into(&self, members: &[(&Member, usize)]) {
        let expected: Map<&str, usize> = members
            .iter()
            .map(|(member, count)| (member.client_id(), *count))
            .collect();
        let wanted = |split: &Split| {
            let counts = split.iter().map(|(id, share)| (id.as_str(), share.len()));
            counts.collect::<Map<_, _>>() == expected
        };
        until(&format!("a split into {expected:?}"), || {
            let split = self.split();
            match &split {
                Some(shares) if wanted(shares) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        });
    }

    /// The partitions of a member.
    pub(crate) fn share_of(&self, member: &Member) -> Vec<i32> {
        let split = self.split().expect("the group is stable");
        split[member.client_id()].clone()
    }

    /// Waits until the members have read and committed all that was produced, and holds that nothing was read twice.
    pub(crate) fn has_read_everything(&self, members: &mut [&mut Member]) {
        let expected: Vec<(i32, String)> = (0..PARTITIONS_COUNT)
            .flat_map(|partition| {
                (0..self.produced_count)
                    .map(move |count| (partition, format!("{partition}.{count}")))
            })
            .collect();
        until("everything is read", || {
            let read: Vec<(i32, String)> = members.iter_mut().flat_map(|it| it.read()).collect();
            match read.len() >= expected.len() {
                true => Ok(()),
                false => Err(format!("{} of {}", read.len(), expected.len())),
            }
        });
        let everywhere = [self.produced_count; PARTITIONS_COUNT as usize];
        until("everything is committed", || {
            let committed = self.committed();
            match committed == everywhere {
                true => Ok(()),
                false => Err(format!("{committed:?} of {everywhere:?}")),
            }
        });
        let mut read: Vec<(i32, String)> = members.iter_mut().flat_map(|it| it.read()).collect();
        let number = |value: &str| value.split('.').nth(1).map(str::parse::<i64>);
        read.sort_by_key(|(partition, value)| (*partition, number(value).expect("a number").ok()));
        assert_eq!(read, expected, "each record once");
    }

    /// Apache Kafka answers the creation before the partitions have their leader.
    fn has_leaders(&self) -> Result<(), String> {
        let partitions = (0..PARTITIONS_COUNT).map(|partition| {
            ListOffsetsPartition::default()
                .with_partition_index(partition)
                .with_timestamp(-1)
        });
        let topic = ListOffsetsTopic::default()
            .with_name(topic_name(&self.name))
            .with_partitions(partitions.collect());
        let request = ListOffsetsRequest::default()
            .with_replica_id(BrokerId(-1))
            .with_topics(vec![topic]);
        let answer = self.connection.borrow_mut().ask(&request, 5);
        let mut partitions = answer.topics[0].partitions.iter();
        match partitions.find(|partition| partition.error_code != 0) {
            None => Ok(()),
            Some(without) => Err(format!("{without:?}")),
        }
    }

    /// None unless it is stable or empty.
    fn split(&self) -> Option<Split> {
        let request = DescribeGroupsRequest::default().with_groups(vec![group_id(&self.name)]);
        let answer = self.connection.borrow_mut().ask(&request, 5);
        let group = &answer.groups[0];
        if group.error_code != 0 || !["Stable", "Empty"].contains(&group.group_state.as_str()) {
            return None;
        }
        let members = group.members.iter().map(|member| {
            let share = parse_assignment(&member.member_assignment).expect("a client wrote it");
            let mut share: Vec<i32> = share.into_iter().map(|it| it.partition).collect();
            share.sort_unstable();
            (member.client_id.to_string(), share)
        });
        Some(members.collect())
    }

    /// By partition; -1 for none.
    fn committed(&self) -> Vec<i64> {
        let topic = OffsetFetchRequestTopic::default()
            .with_name(topic_name(&self.name))
            .with_partition_indexes((0..PARTITIONS_COUNT).collect());
        let request = OffsetFetchRequest::default()
            .with_group_id(group_id(&self.name))
            .with_topics(Some(vec![topic]));
        let answer = self.connection.borrow_mut().ask(&request, 5);
        let partitions = &answer.topics[0].partitions;
        partitions.iter().map(|it| it.committed_offset).collect()
    }
}

/// Waits for a condition that says what is there in its place.
fn until(what: &str, mut condition: impl FnMut() -> Result<(), String>) {
    let deadline = Instant::now() + PATIENCE;
    while let Err(instead) = condition() {
        assert!(Instant::now() < deadline, "waiting for {what}: {instead}");
        thread::sleep(POLL);
    }
}

fn topic_name(name: &str) -> TopicName {
    TopicName(StrBytes::from_string(name.to_owned()))
}

fn group_id(name: &str) -> GroupId {
    GroupId(StrBytes::from_string(name.to_owned()))
}

const PARTITIONS_COUNT: i32 = 6;
const TIMEOUT_MS: i32 = 10_000;
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);
