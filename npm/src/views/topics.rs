use ottla_core::Broker;
use ottla_core::sorted::Map;
use serde::Serialize;

/// A topic. Those in which the broker keeps its own state are marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopicView {
    name: String,
    id: String,
    is_internal: bool,
    /// What has been set for it.
    config: Map<String, String>,
    partitions: Vec<PartitionView>,
}

/// A partition of a topic: its records are those from the start offset on, below the end offset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartitionView {
    partition: i32,
    start_offset: i64,
    end_offset: i64,
    size_bytes: u64,
}

/// All topics, by name.
pub(crate) fn topics(broker: &Broker) -> Vec<TopicView> {
    let topics = broker.metadata().topics().map(|topic| TopicView {
        name: topic.name.to_string(),
        id: topic.id.to_string(),
        is_internal: topic.is_internal(),
        config: (topic.configs.iter())
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        partitions: (topic.partitions.iter())
            .filter_map(|partition| broker.log(partition.log))
            .map(|log| PartitionView {
                partition: log.partition().partition,
                start_offset: log.start_offset().0,
                end_offset: log.high_watermark().0,
                size_bytes: log.size_bytes(),
            })
            .collect(),
    });
    topics.collect()
}
