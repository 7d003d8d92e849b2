//! What of a scene is rendered by Yew. All else, frames on their way and what runs with the clock, is painted.

use ottla_lab::scene::{
    Activity, ConsumerView, GroupView, Life, MemberView, PartitionView, ProducerView, Scene,
};

/// Whether the two must be rendered differently.
pub(super) fn differs(one: &Scene, other: &Scene) -> bool {
    (one.broker.id, kind(one.broker.life)) != (other.broker.id, kind(other.broker.life))
        || any(&one.topics, &other.topics, |a, b| {
            a.name != b.name || any(&a.partitions, &b.partitions, partition_differs)
        })
        || any(&one.groups, &other.groups, group_differs)
        || any(&one.producers, &other.producers, producer_differs)
        || any(&one.consumers, &other.consumers, consumer_differs)
}

fn any<T>(one: &[T], other: &[T], differs: impl Fn(&T, &T) -> bool) -> bool {
    one.len() != other.len()
        || one
            .iter()
            .zip(other)
            .any(|(one, other)| differs(one, other))
}

/// Records never change: where the log begins and ends says all, unless the topic was deleted and made again.
pub(crate) fn partition_differs(one: &PartitionView, other: &PartitionView) -> bool {
    let newest = |partition: &PartitionView| partition.cells.last().map(|cell| cell.timestamp_ms);
    (
        one.start_offset,
        one.high_watermark,
        one.end_offset,
        one.cells.len(),
    ) != (
        other.start_offset,
        other.high_watermark,
        other.end_offset,
        other.cells.len(),
    ) || newest(one) != newest(other)
}

fn group_differs(one: &GroupView, other: &GroupView) -> bool {
    (&one.id, &one.state, one.generation, &one.assignor)
        != (&other.id, &other.state, other.generation, &other.assignor)
        || one.offsets != other.offsets
        || any(&one.members, &other.members, member_differs)
}

fn member_differs(one: &MemberView, other: &MemberView) -> bool {
    (&one.member_id, &one.client, one.is_leader, &one.partitions)
        != (
            &other.member_id,
            &other.client,
            other.is_leader,
            &other.partitions,
        )
}

fn producer_differs(one: &ProducerView, other: &ProducerView) -> bool {
    (&one.name, kind(one.life), &one.topic, &one.summary)
        != (&other.name, kind(other.life), &other.topic, &other.summary)
}

fn consumer_differs(one: &ConsumerView, other: &ConsumerView) -> bool {
    (
        &one.name,
        kind(one.life),
        &one.group,
        activity(&one.activity),
        &one.summary,
    ) != (
        &other.name,
        kind(other.life),
        &other.group,
        activity(&other.activity),
        &other.summary,
    ) || one.partitions != other.partitions
}

fn kind(life: Life) -> std::mem::Discriminant<Life> {
    std::mem::discriminant(&life)
}

fn activity(activity: &Activity) -> std::mem::Discriminant<Activity> {
    std::mem::discriminant(activity)
}
