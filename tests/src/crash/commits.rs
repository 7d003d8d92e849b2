//! A group's committed offsets, and their account.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestTopic;
use kafka_protocol::messages::{FindCoordinatorRequest, OffsetCommitRequest, OffsetFetchRequest};
use kafka_protocol::protocol::StrBytes;

use super::client::{Client, known};

/// A consumer that only commits: always all partitions of a topic, each time a higher offset, also as metadata.
pub struct Commits {
    group: String,
    topic: String,
    partitions: i32,
    /// The highest that was acknowledged or seen; -1 before the first.
    acknowledged: i64,
    /// The highest that was sent.
    attempted: i64,
}

impl Commits {
    /// Nothing is committed.
    pub fn new(group: &str, topic: &str, partitions: i32) -> Self {
        Self {
            group: group.to_owned(),
            topic: topic.to_owned(),
            partitions,
            acknowledged: -1,
            attempted: -1,
        }
    }

    /// Commits until the broker is gone.
    ///
    /// # Errors
    /// Always: the connection's end.
    ///
    /// # Panics
    /// When a commit is refused.
    pub fn work(&mut self, address: SocketAddr) -> io::Result<Infallible> {
        let mut client = Client::connect(address)?;
        loop {
            self.attempted += 1;
            let offset = self.attempted;
            let partitions = (0..self.partitions).map(|partition| {
                OffsetCommitRequestPartition::default()
                    .with_partition_index(partition)
                    .with_committed_offset(offset)
                    .with_committed_metadata(Some(StrBytes::from_string(offset.to_string())))
            });
            let topics = vec![
                OffsetCommitRequestTopic::default()
                    .with_name(self.topic_name().into())
                    .with_partitions(partitions.collect()),
            ];
            let request = OffsetCommitRequest::default()
                .with_group_id(self.group_name().into())
                .with_topics(topics);
            let answers = &client.call(OFFSET_COMMIT, &request)?.topics[0].partitions;
            let refused = answers.iter().find(|answer| answer.error_code != 0);
            match refused.map(|answer| answer.error_code) {
                None => self.acknowledged = offset,
                // Only at the very first, and only until the group's partition has a leader.
                Some(COORDINATOR_LOAD_IN_PROGRESS | NOT_COORDINATOR) if self.acknowledged < 0 => {
                    self.attempted -= 1;
                }
                Some(error) => panic!("the commit of {offset} was refused with {error}"),
            }
        }
    }

    /// Every partition has the last acknowledged commit, or a later one that was sent.
    ///
    /// # Errors
    /// When the broker is gone.
    ///
    /// # Panics
    /// When it is not so.
    pub fn check(&mut self, client: &mut Client) -> io::Result<()> {
        let topic = OffsetFetchRequestTopic::default()
            .with_name(self.topic_name().into())
            .with_partition_indexes((0..self.partitions).collect());
        let request = OffsetFetchRequest::default()
            .with_group_id(self.group_name().into())
            .with_topics(Some(vec![topic]));
        let deadline = Instant::now() + LOADED_WITHIN;
        let response = loop {
            let response = client.call(OFFSET_FETCH, &request)?;
            match response.error_code {
                0 => break response,
                // It is still reading the group's offsets.
                COORDINATOR_LOAD_IN_PROGRESS | NOT_COORDINATOR if Instant::now() < deadline => {
                    thread::sleep(POLL);
                }
                error => panic!("OffsetFetch fails with {error}"),
            }
        };
        let mut lowest = i64::MAX;
        for answer in &response.topics[0].partitions {
            let offset = answer.committed_offset;
            assert_eq!(
                answer.error_code, 0,
                "the committed offset cannot be fetched"
            );
            assert!(
                (self.acknowledged..=self.attempted).contains(&offset),
                "{}-{}: committed {offset}, but {} was acknowledged and {} sent",
                self.topic,
                answer.partition_index,
                self.acknowledged,
                self.attempted
            );
            if offset >= 0 {
                let metadata = answer.metadata.as_ref().map(StrBytes::as_str);
                assert_eq!(metadata, Some(offset.to_string().as_str()));
            }
            lowest = lowest.min(offset);
        }
        self.acknowledged = lowest;
        Ok(())
    }

    /// How many commits were acknowledged.
    pub fn acknowledged_count(&self) -> i64 {
        self.acknowledged + 1
    }

    fn group_name(&self) -> StrBytes {
        StrBytes::from_string(self.group.clone())
    }

    fn topic_name(&self) -> StrBytes {
        StrBytes::from_string(self.topic.clone())
    }
}

/// Waits until a group has a coordinator, for which a broker may first have to make the topic of committed offsets.
///
/// # Errors
/// When the broker is gone.
///
/// # Panics
/// When there is none in time.
pub fn find_coordinator(client: &mut Client, group: &str) -> io::Result<()> {
    let request =
        FindCoordinatorRequest::default().with_key(StrBytes::from_string(group.to_owned()));
    let deadline = Instant::now() + LOADED_WITHIN;
    loop {
        match client.call(FIND_COORDINATOR, &request)?.error_code {
            0 => return Ok(()),
            COORDINATOR_NOT_AVAILABLE if Instant::now() < deadline => thread::sleep(POLL),
            error => panic!("FindCoordinator fails with {error}"),
        }
    }
}

const COORDINATOR_LOAD_IN_PROGRESS: i16 = 14;
const COORDINATOR_NOT_AVAILABLE: i16 = 15;
const NOT_COORDINATOR: i16 = 16;
const LOADED_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(2);
const FIND_COORDINATOR: i16 = known::<FindCoordinatorRequest>(3);
const OFFSET_COMMIT: i16 = known::<OffsetCommitRequest>(8);
const OFFSET_FETCH: i16 = known::<OffsetFetchRequest>(7);
