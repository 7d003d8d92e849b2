//! From the canonical form to a version's own, and back.

use std::borrow::Cow;

use super::{
    Request, Response, delete_topics, find_coordinator, leave_group, list_offsets, offset_fetch,
};

/// The request as `version` writes it. What is only a hint is dropped where a version has no place for it; what would change the meaning is
/// refused, here or by the codec.
pub(super) fn request(request: &Request, version: i16) -> Result<Cow<'_, Request>, String> {
    let mut adapted = Cow::Borrowed(request);
    match request {
        Request::FindCoordinator(body) if version <= 3 => {
            adapted = Cow::Owned(find_coordinator::with_one_key(body)?.into());
        }
        Request::OffsetFetch(body) if version <= 7 => {
            adapted = Cow::Owned(offset_fetch::of_one_group(body, version)?.into());
        }
        Request::LeaveGroup(body) if version <= 2 => {
            adapted = Cow::Owned(leave_group::of_one_member(body)?.into());
        }
        Request::DeleteTopics(body) if version <= 5 => {
            adapted = Cow::Owned(delete_topics::by_name(body)?.into());
        }
        Request::ListOffsets(body) => list_offsets::check(body, version)?,
        Request::CreateTopics(body)
            if version <= 3 && body.topics.iter().any(|topic| topic.num_partitions == -1) =>
        {
            return Err("the broker's default number of partitions".into());
        }
        Request::Fetch(body) if version <= 11 => {
            let mut body = body.clone();
            let partitions = body
                .topics
                .iter_mut()
                .flat_map(|topic| &mut topic.partitions);
            partitions.for_each(|partition| partition.last_fetched_epoch = -1);
            if version <= 6 {
                body.forgotten_topics_data.clear();
            }
            adapted = Cow::Owned(body.into());
        }
        Request::Metadata(body) => {
            let mut body = body.clone();
            body.include_topic_authorized_operations &= version >= 8;
            body.include_cluster_authorized_operations &= (8..=10).contains(&version);
            adapted = Cow::Owned(body.into());
        }
        Request::DescribeConfigs(body) if version <= 2 => {
            adapted = Cow::Owned(body.clone().with_include_documentation(false).into());
        }
        _ => {}
    }
    Ok(adapted)
}

/// The answer in canonical form; `request` is what was asked, in canonical form too.
pub(super) fn response(request: &Request, version: i16, response: Response) -> Response {
    match (request, response) {
        (Request::FindCoordinator(request), Response::FindCoordinator(body)) if version <= 3 => {
            find_coordinator::as_list(request, body).into()
        }
        (Request::OffsetFetch(request), Response::OffsetFetch(body)) if version <= 7 => {
            offset_fetch::as_list(request, body).into()
        }
        (Request::LeaveGroup(request), Response::LeaveGroup(body)) if version <= 2 => {
            leave_group::as_list(request, body).into()
        }
        (_, response) => response,
    }
}
