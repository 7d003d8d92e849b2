//! Up to version 7 a request asks about one group.

use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestTopic;
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartitions, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse};

/// Whether offsets of open transactions are waited for is a wish, which an older broker does not know: Java's clients drop it too.
pub(super) fn of_one_group(
    request: &OffsetFetchRequest,
    version: i16,
) -> Result<OffsetFetchRequest, String> {
    let [group] = &request.groups[..] else {
        return Err("not exactly one group".into());
    };
    let topics = group.topics.as_ref().map(|topics| {
        let topics = topics.iter().map(|topic| {
            OffsetFetchRequestTopic::default()
                .with_name(topic.name.clone())
                .with_partition_indexes(topic.partition_indexes.clone())
        });
        topics.collect()
    });
    Ok(OffsetFetchRequest::default()
        .with_group_id(group.group_id.clone())
        .with_topics(topics)
        .with_require_stable(request.require_stable && version >= 7))
}

pub(super) fn as_list(
    request: &OffsetFetchRequest,
    response: OffsetFetchResponse,
) -> OffsetFetchResponse {
    let topics = response.topics.into_iter().map(|topic| {
        let partitions = topic.partitions.into_iter().map(|partition| {
            OffsetFetchResponsePartitions::default()
                .with_partition_index(partition.partition_index)
                .with_committed_offset(partition.committed_offset)
                .with_committed_leader_epoch(partition.committed_leader_epoch)
                .with_metadata(partition.metadata)
                .with_error_code(partition.error_code)
        });
        OffsetFetchResponseTopics::default()
            .with_name(topic.name)
            .with_partitions(partitions.collect())
    });
    let group_id = request.groups.first().map(|group| group.group_id.clone());
    let group = OffsetFetchResponseGroup::default()
        .with_group_id(group_id.unwrap_or_default())
        .with_error_code(response.error_code)
        .with_topics(topics.collect());
    OffsetFetchResponse::default()
        .with_throttle_time_ms(response.throttle_time_ms)
        .with_groups(vec![group])
}
