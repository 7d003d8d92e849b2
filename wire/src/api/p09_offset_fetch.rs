//! OffsetFetch, key 9: versions 1 to 9.
//!
//! Tells how far groups have come. What was never committed is offset -1 and no error, also of groups and topics that nobody knows.
//! - 2: null topics ask for everything that the group has committed; the answer carries an error of the group.
//! - 3: the answer carries a throttle time (always 0).
//! - 5: the epoch that was committed with the offset.
//! - 6: flexible.
//! - 7: `require_stable`: offsets of open transactions are to be awaited. There are none.
//! - 8: several groups at once.
//! - 9: a member may name itself and its epoch, which only groups of the newer protocol have.
//!
//! Only offsets that are stored are told.

use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{ApiKey, OffsetFetchRequest, OffsetFetchResponse};
use ottla_core::group::{CommittedOffset, Group, State};
use ottla_core::{Broker, TopicName};

use super::convert::{text, topic_name};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetFetch as i16,
    name: "OffsetFetch",
    versions: 1..=9,
    decode,
};

/// Partitions by topic; `None` asks for all.
type Wanted = Option<Vec<(TopicName, Vec<i32>)>>;

/// What a partition has, by topic.
type Found<'a> = Vec<(TopicName, Vec<(i32, Option<&'a CommittedOffset>)>)>;

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: OffsetFetchRequest = frame.body()?;
    if frame.header.version < 8 {
        let wanted: Wanted = body.topics.map(|topics| {
            let topics = topics.into_iter();
            topics
                .map(|topic| {
                    (
                        TopicName::from(topic.name.as_str()),
                        topic.partition_indexes,
                    )
                })
                .collect()
        });
        return Ok(Action::view(move |world| {
            one_group(&body.group_id, &wanted, world)
        }));
    }
    let groups: Vec<(String, Wanted)> = body
        .groups
        .into_iter()
        .map(|group| {
            let wanted = group.topics.map(|topics| {
                let topics = topics.into_iter();
                topics
                    .map(|topic| {
                        (
                            TopicName::from(topic.name.as_str()),
                            topic.partition_indexes,
                        )
                    })
                    .collect()
            });
            (group.group_id.to_string(), wanted)
        })
        .collect();
    Ok(Action::view(move |world| many_groups(&groups, world)))
}

fn one_group(group: &str, wanted: &Wanted, world: &mut World<'_>) -> Action {
    let knows_epochs = world.version() >= 5;
    let topics = find(world.broker, group, wanted)
        .into_iter()
        .map(|(name, partitions)| {
            let partitions = partitions.into_iter().map(|(index, committed)| {
                let (offset, epoch, metadata) = fields(committed);
                OffsetFetchResponsePartition::default()
                    .with_partition_index(index)
                    .with_committed_offset(offset)
                    .with_committed_leader_epoch(if knows_epochs { epoch } else { -1 })
                    .with_metadata(Some(text(metadata)))
            });
            OffsetFetchResponseTopic::default()
                .with_name(topic_name(&name))
                .with_partitions(partitions.collect())
        });
    let topics = topics.collect();
    world.answer(&OffsetFetchResponse::default().with_topics(topics))
}

fn many_groups(groups: &[(String, Wanted)], world: &mut World<'_>) -> Action {
    let groups = groups.iter().map(|(group, wanted)| {
        let topics = find(world.broker, group, wanted)
            .into_iter()
            .map(|(name, partitions)| {
                let partitions = partitions.into_iter().map(|(index, committed)| {
                    let (offset, epoch, metadata) = fields(committed);
                    OffsetFetchResponsePartitions::default()
                        .with_partition_index(index)
                        .with_committed_offset(offset)
                        .with_committed_leader_epoch(epoch)
                        .with_metadata(Some(text(metadata)))
                });
                OffsetFetchResponseTopics::default()
                    .with_name(topic_name(&name))
                    .with_partitions(partitions.collect())
            });
        OffsetFetchResponseGroup::default()
            .with_group_id(text(group).into())
            .with_topics(topics.collect())
    });
    let groups = groups.collect();
    world.answer(&OffsetFetchResponse::default().with_groups(groups))
}

fn find<'a>(broker: &'a Broker, group: &str, wanted: &Wanted) -> Found<'a> {
    let group = broker
        .group(group)
        .filter(|group| !matches!(group.state(), State::Dead));
    match wanted {
        None => all(group),
        Some(topics) => topics
            .iter()
            .map(|(topic, partitions)| {
                let committed = |partition| group?.offsets().committed(topic, partition);
                let partitions = partitions.iter().map(|index| (*index, committed(*index)));
                (topic.clone(), partitions.collect())
            })
            .collect(),
    }
}

fn all(group: Option<&Group>) -> Found<'_> {
    let mut found: Found<'_> = Vec::new();
    let offsets = group.into_iter().flat_map(|group| group.offsets().iter());
    for (topic, partition, committed) in offsets {
        match found.last_mut() {
            Some((last, partitions)) if last == topic => {
                partitions.push((partition, Some(committed)));
            }
            _ => found.push((topic.clone(), vec![(partition, Some(committed))])),
        }
    }
    found
}

/// Offset, epoch and note.
fn fields(committed: Option<&CommittedOffset>) -> (i64, i32, &str) {
    match committed {
        Some(committed) => (
            committed.offset.0,
            committed.leader_epoch.unwrap_or(-1),
            &committed.metadata,
        ),
        None => (-1, -1, ""),
    }
}
