//! Requests and responses, apart from the versions in which they travel.
//!
//! A [`Request`] is written in its *canonical* form, which is its newest one: `FindCoordinator` with a list of keys, `OffsetFetch` with a list of
//! groups, `LeaveGroup` with a list of members, `DeleteTopics` with a list of topic states. [`Request::encode`] rewrites it for the version
//! that the broker speaks, and [`Response::decode`] gives back the canonical answer, whatever version it came in. What a version cannot express
//! is an error before anything is sent.
//!
//! Topics go by name: Produce, Fetch, OffsetCommit and OffsetFetch stay at the newest version that still names them.

mod adapt;
mod delete_topics;
mod find_coordinator;
mod frame;
mod leave_group;
mod list_offsets;
pub(crate) mod names;
mod offset_fetch;

use std::ops::RangeInclusive;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Encodable, HeaderVersion};

pub use frame::{Inexpressible, Undecodable};
pub use kafka_protocol::messages::ApiKey;

macro_rules! apis {
    ($($name:ident($request:ident, $response:ident) = $versions:expr;)*) => {
        /// What a client asks, in its canonical form.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Request {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name($request),)*
        }

        /// What a broker answers, in its canonical form.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Response {
            $(#[doc = concat!("The answer to `", stringify!($name), "`.")] $name($response),)*
        }

        /// Everything that is spoken, by number.
        pub const APIS: &[ApiKey] = &[$(ApiKey::$name),*];

        /// The versions that are spoken; `None` for an API that is not.
        pub fn versions(api: ApiKey) -> Option<RangeInclusive<i16>> {
            match api {
                $(ApiKey::$name => Some($versions),)*
                _ => None,
            }
        }

        impl Request {
            /// Which API this is a request of.
            pub fn api(&self) -> ApiKey {
                match self {
                    $(Self::$name(_) => ApiKey::$name,)*
                }
            }

            fn body_bytes(&self, version: i16) -> Result<usize, String> {
                match self {
                    $(Self::$name(body) => body.compute_size(version),)*
                }
                .map_err(|error| error.to_string())
            }

            fn write_body(&self, frame: &mut BytesMut, version: i16) -> Result<(), String> {
                match self {
                    $(Self::$name(body) => body.encode(frame, version),)*
                }
                .map_err(|error| error.to_string())
            }

            fn header_version(&self, version: i16) -> i16 {
                match self {
                    $(Self::$name(_) => $request::header_version(version),)*
                }
            }
        }

        impl Response {
            /// Which API this is an answer of.
            pub fn api(&self) -> ApiKey {
                match self {
                    $(Self::$name(_) => ApiKey::$name,)*
                }
            }

            fn read_body(api: ApiKey, version: i16, body: &Bytes) -> Option<Response> {
                match api {
                    $(ApiKey::$name => ottla_codec::decode(body, version).map(Self::$name),)*
                    _ => None,
                }
            }

            fn header_version(api: ApiKey, version: i16) -> i16 {
                match api {
                    $(ApiKey::$name => $response::header_version(version),)*
                    _ => 0,
                }
            }
        }

        $(
            impl From<$request> for Request {
                fn from(request: $request) -> Self {
                    Self::$name(request)
                }
            }

            impl From<$response> for Response {
                fn from(response: $response) -> Self {
                    Self::$name(response)
                }
            }

            impl TryFrom<Response> for $response {
                type Error = WrongAnswer;

                fn try_from(response: Response) -> Result<Self, WrongAnswer> {
                    match response {
                        Response::$name(response) => Ok(response),
                        _ => Err(WrongAnswer),
                    }
                }
            }
        )*
    };
}

apis! {
    Produce(ProduceRequest, ProduceResponse) = 3..=12;
    Fetch(FetchRequest, FetchResponse) = 4..=12;
    ListOffsets(ListOffsetsRequest, ListOffsetsResponse) = 1..=10;
    Metadata(MetadataRequest, MetadataResponse) = 4..=12;
    OffsetCommit(OffsetCommitRequest, OffsetCommitResponse) = 2..=9;
    OffsetFetch(OffsetFetchRequest, OffsetFetchResponse) = 2..=9;
    FindCoordinator(FindCoordinatorRequest, FindCoordinatorResponse) = 0..=6;
    JoinGroup(JoinGroupRequest, JoinGroupResponse) = 0..=9;
    Heartbeat(HeartbeatRequest, HeartbeatResponse) = 0..=4;
    LeaveGroup(LeaveGroupRequest, LeaveGroupResponse) = 0..=5;
    SyncGroup(SyncGroupRequest, SyncGroupResponse) = 0..=5;
    DescribeGroups(DescribeGroupsRequest, DescribeGroupsResponse) = 0..=6;
    ListGroups(ListGroupsRequest, ListGroupsResponse) = 0..=5;
    ApiVersions(ApiVersionsRequest, ApiVersionsResponse) = 0..=4;
    CreateTopics(CreateTopicsRequest, CreateTopicsResponse) = 2..=7;
    DeleteTopics(DeleteTopicsRequest, DeleteTopicsResponse) = 1..=6;
    DeleteRecords(DeleteRecordsRequest, DeleteRecordsResponse) = 0..=2;
    InitProducerId(InitProducerIdRequest, InitProducerIdResponse) = 0..=5;
    OffsetForLeaderEpoch(OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse) = 2..=4;
    DescribeConfigs(DescribeConfigsRequest, DescribeConfigsResponse) = 1..=4;
    AlterConfigs(AlterConfigsRequest, AlterConfigsResponse) = 0..=2;
    DescribeLogDirs(DescribeLogDirsRequest, DescribeLogDirsResponse) = 1..=4;
    CreatePartitions(CreatePartitionsRequest, CreatePartitionsResponse) = 0..=3;
    DeleteGroups(DeleteGroupsRequest, DeleteGroupsResponse) = 0..=2;
    IncrementalAlterConfigs(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse) = 0..=1;
    ListPartitionReassignments(ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse) = 0..=0;
    OffsetDelete(OffsetDeleteRequest, OffsetDeleteResponse) = 0..=0;
    DescribeCluster(DescribeClusterRequest, DescribeClusterResponse) = 0..=2;
    DescribeProducers(DescribeProducersRequest, DescribeProducersResponse) = 0..=0;
    ConsumerGroupDescribe(ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse) = 0..=1;
    ListConfigResources(ListConfigResourcesRequest, ListConfigResourcesResponse) = 0..=1;
    DescribeTopicPartitions(DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse) = 0..=0;
}

/// The response is one of another API than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the response is not one of the API that was asked for")]
pub struct WrongAnswer;

impl Request {
    /// Whether the broker answers at all: a produce with `acks=0` is sent and forgotten.
    pub fn is_answered(&self) -> bool {
        !matches!(self, Self::Produce(request) if request.acks == 0)
    }
}
