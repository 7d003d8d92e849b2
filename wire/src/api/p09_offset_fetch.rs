//! OffsetFetch, key 9: versions 1 to 10.
//!
//! Tells how far groups have come. What was never committed is offset -1 and no error, also of groups and topics that nobody knows.
//! - 2: null topics ask for everything that the group has committed; the answer carries an error of the group.
//! - 3: the answer carries a throttle time (always 0).
//! - 5: the epoch that was committed with the offset.
//! - 6: flexible.
//! - 7: `require_stable`: offsets of open transactions are to be awaited. There are none.
//! - 8: several groups at once.
//! - 9: a member may name itself and its epoch, which only groups of the newer protocol have.
//! - 10: topics are named by their ids; one that nobody knows is UNKNOWN_TOPIC_ID. The library does not read it yet: it is read by hand.
//!
//! Only offsets that are stored are told.

use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{ApiKey, OffsetFetchRequest, OffsetFetchResponse};
use ottla_core::group::{CommittedOffset, Group, State};
use ottla_core::{Broker, ErrorCode, TopicName, TopicRef};

use super::convert::{text, topic_name, uuid};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};
use crate::primitives::Reader;

pub(super) const API: Api = Api {
    key: ApiKey::OffsetFetch as i16,
    name: "OffsetFetch",
    versions: 1..=10,
    decode,
    refuse,
};

/// A group, and the partitions that are asked for, by topic; `None` asks for all.
struct Wanted {
    group: String,
    topics: Option<Vec<(TopicRef, Vec<i32>)>>,
}

/// A topic, and what its partitions have: nothing, an offset, or an error.
struct Found<'a> {
    topic: TopicRef,
    partitions: Vec<(i32, Result<Option<&'a CommittedOffset>, ErrorCode>)>,
}

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let groups = read(frame)?;
    Ok(Action::view(move |world| match &groups[..] {
        [wanted] if world.version() < 8 => answer_group(wanted, world),
        groups => answer_groups(groups, world),
    }))
}

/// In versions 2 to 7 the error is that of the whole answer, later of each group; before there are only partitions that can have one.
fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let groups = read(frame)?;
    let refused = OffsetFetchResponse::default();
    let refused = match frame.header.version {
        ..2 => {
            let topics = groups.iter().flat_map(|group| &group.topics).flatten();
            let found = topics.map(|(topic, partitions)| Found {
                topic: topic.clone(),
                partitions: partitions
                    .iter()
                    .map(|index| (*index, Err(error)))
                    .collect(),
            });
            let answers = found.map(|found| answer_topic(found, false));
            refused.with_topics(answers.collect())
        }
        2..8 => refused.with_error_code(error.number()),
        8.. => {
            let groups = groups.iter().map(|wanted| {
                OffsetFetchResponseGroup::default()
                    .with_group_id(text(&wanted.group).into())
                    .with_error_code(error.number())
            });
            refused.with_groups(groups.collect())
        }
    };
    Ok(Action::answer(frame.header, &refused))
}

/// The groups that are asked for; before version 8 there is one.
fn read(frame: &Frame<'_>) -> Result<Vec<Wanted>, Malformed> {
    if frame.header.version >= 10 {
        let body = &mut Reader::new(frame.body.clone(), true);
        return read_with_ids(body).ok_or_else(|| frame.malformed());
    }
    let body: OffsetFetchRequest = frame.body()?;
    let by_name = |name: &str, partitions| (TopicRef::Name(TopicName::from(name)), partitions);
    if frame.header.version < 8 {
        let topics = body.topics.map(|topics| {
            let topics = topics.into_iter();
            topics
                .map(|topic| by_name(&topic.name, topic.partition_indexes))
                .collect()
        });
        let group = body.group_id.to_string();
        return Ok(vec![Wanted { group, topics }]);
    }
    let groups = body.groups.into_iter().map(|group| Wanted {
        group: group.group_id.to_string(),
        topics: group.topics.map(|topics| {
            let topics = topics.into_iter();
            topics
                .map(|topic| by_name(&topic.name, topic.partition_indexes))
                .collect()
        }),
    });
    Ok(groups.collect())
}

fn read_with_ids(body: &mut Reader) -> Option<Vec<Wanted>> {
    let mut groups = Vec::new();
    for _ in 0..body.array()? {
        let group = body.text()??;
        let (_member_id, _member_epoch) = (body.text()?, body.i32()?);
        let topics = match body.optional_array()? {
            None => None,
            Some(count) => {
                let mut topics = Vec::new();
                for _ in 0..count {
                    let topic = body.topic(true)?;
                    let mut partitions = Vec::new();
                    for _ in 0..body.array()? {
                        partitions.push(body.i32()?);
                    }
                    body.skip_tags()?;
                    topics.push((topic, partitions));
                }
                Some(topics)
            }
        };
        body.skip_tags()?;
        groups.push(Wanted { group, topics });
    }
    let _require_stable = body.i8()?;
    body.skip_tags()?;
    Some(groups)
}

fn answer_group(wanted: &Wanted, world: &mut World<'_>) -> Action {
    let knows_epochs = world.version() >= 5;
    let topics = find(world.broker, wanted, false).into_iter();
    let topics = topics.map(|found| answer_topic(found, knows_epochs));
    world.answer(&OffsetFetchResponse::default().with_topics(topics.collect()))
}

/// A topic as it is answered before version 8.
fn answer_topic(found: Found<'_>, knows_epochs: bool) -> OffsetFetchResponseTopic {
    let partitions = found.partitions.into_iter().map(|(index, committed)| {
        let (offset, epoch, metadata, error) = fields(committed);
        OffsetFetchResponsePartition::default()
            .with_partition_index(index)
            .with_committed_offset(offset)
            .with_committed_leader_epoch(if knows_epochs { epoch } else { -1 })
            .with_metadata(Some(text(metadata)))
            .with_error_code(error.number())
    });
    let topic = OffsetFetchResponseTopic::default().with_partitions(partitions.collect());
    match found.topic {
        TopicRef::Name(name) => topic.with_name(topic_name(&name)),
        TopicRef::Id(_) => topic,
    }
}

fn answer_groups(groups: &[Wanted], world: &mut World<'_>) -> Action {
    let by_id = world.version() >= 10;
    let groups = groups.iter().map(|wanted| {
        let topics = find(world.broker, wanted, by_id).into_iter().map(|found| {
            let partitions = found.partitions.into_iter().map(|(index, committed)| {
                let (offset, epoch, metadata, error) = fields(committed);
                OffsetFetchResponsePartitions::default()
                    .with_partition_index(index)
                    .with_committed_offset(offset)
                    .with_committed_leader_epoch(epoch)
                    .with_metadata(Some(text(metadata)))
                    .with_error_code(error.number())
            });
            let topic = OffsetFetchResponseTopics::default().with_partitions(partitions.collect());
            match found.topic {
                TopicRef::Name(name) => topic.with_name(topic_name(&name)),
                TopicRef::Id(id) => topic.with_topic_id(uuid(id)),
            }
        });
        OffsetFetchResponseGroup::default()
            .with_group_id(text(&wanted.group).into())
            .with_topics(topics.collect())
    });
    let groups = groups.collect();
    world.answer(&OffsetFetchResponse::default().with_groups(groups))
}

fn find<'a>(broker: &'a Broker, wanted: &Wanted, by_id: bool) -> Vec<Found<'a>> {
    let group = broker
        .group(&wanted.group)
        .filter(|group| !matches!(group.state(), State::Dead));
    match &wanted.topics {
        None => everything(broker, group, by_id),
        Some(topics) => topics
            .iter()
            .map(|(topic, partitions)| {
                let name = match topic {
                    TopicRef::Name(name) => Ok(name),
                    TopicRef::Id(_) => broker.metadata().resolve(topic).map(|topic| &topic.name),
                };
                let committed = |index| {
                    name.map(|name| group.and_then(|group| group.offsets().committed(name, index)))
                };
                Found {
                    topic: topic.clone(),
                    partitions: partitions
                        .iter()
                        .map(|index| (*index, committed(*index)))
                        .collect(),
                }
            })
            .collect(),
    }
}

fn everything<'a>(broker: &Broker, group: Option<&'a Group>, by_id: bool) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut last = None;
    for (name, partition, committed) in group.into_iter().flat_map(|group| group.offsets().iter()) {
        if last != Some(name) {
            last = Some(name);
            let topic = if by_id {
                broker
                    .metadata()
                    .topic(name)
                    .map(|topic| TopicRef::Id(topic.id))
            } else {
                Some(TopicRef::Name(name.clone()))
            };
            // Of a topic that is just being deleted there is no id any more.
            let topic = topic.unwrap_or(TopicRef::Id(ottla_core::Uuid::ZERO));
            found.push(Found {
                topic,
                partitions: Vec::new(),
            });
        }
        if let Some(topic) = found.last_mut() {
            topic.partitions.push((partition, Ok(Some(committed))));
        }
    }
    found.retain(|found| found.topic != TopicRef::Id(ottla_core::Uuid::ZERO));
    found
}

/// Offset, epoch, note and error.
fn fields(committed: Result<Option<&CommittedOffset>, ErrorCode>) -> (i64, i32, &str, ErrorCode) {
    match committed {
        Ok(Some(committed)) => (
            committed.offset.0,
            committed.leader_epoch.unwrap_or(-1),
            &committed.metadata,
            ErrorCode::None,
        ),
        Ok(None) => (-1, -1, "", ErrorCode::None),
        Err(error) => (-1, -1, "", error),
    }
}
