//! Topics that the controller has made, and the brokers are about to know.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, MetadataResponse};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, TopicName};

use super::{Clerk, Question, Stop};
use crate::network::Target;
use crate::protocol::names::{topic_in, topic_out};

/// Waits until a broker shows these topics with that many partitions.
///
/// A controller answers before the brokers have heard of its decision: who looks at once may be told that there is nothing. When the time for
/// a question is over, the answer comes all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitTopics {
    /// The partitions that each topic is to have.
    pub partitions_counts: Map<TopicName, i32>,
}

impl Question for AwaitTopics {
    type Answer = ();
    const CALL: &'static str = "describeTopics";

    fn answer(&self, clerk: &mut Clerk) -> Result<(), Stop> {
        if self.partitions_counts.is_empty() {
            return Ok(());
        }
        let names = self.partitions_counts.keys();
        let topics =
            names.map(|name| MetadataRequestTopic::default().with_name(Some(topic_out(name))));
        let request = MetadataRequest::default()
            .with_topics(Some(topics.collect()))
            .with_allow_auto_topic_creation(false);
        let unknown = |response: &MetadataResponse| {
            (!self.are_shown(response)).then_some(ErrorCode::UnknownTopicOrPartition)
        };
        clerk.ask::<MetadataResponse>(Target::Any, request, unknown)?;
        Ok(())
    }
}

impl AwaitTopics {
    fn are_shown(&self, response: &MetadataResponse) -> bool {
        self.partitions_counts.iter().all(|(name, count)| {
            response.topics.iter().any(|topic| {
                topic.name.as_ref().map(topic_in).as_ref() == Some(name)
                    && topic.partitions.len() >= usize::try_from(*count).unwrap_or(0)
                    && topic.error_code != ErrorCode::UnknownTopicOrPartition.number()
            })
        })
    }
}
