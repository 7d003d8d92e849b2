//! Up to version 5 topics are deleted by name only.

use kafka_protocol::messages::DeleteTopicsRequest;

pub(super) fn by_name(request: &DeleteTopicsRequest) -> Result<DeleteTopicsRequest, String> {
    let names = request.topics.iter().map(|topic| topic.name.clone());
    let names: Option<Vec<_>> = names.collect();
    Ok(DeleteTopicsRequest::default()
        .with_topic_names(names.ok_or("a topic's id")?)
        .with_timeout_ms(request.timeout_ms))
}
