//! The story of what happens, for JavaScript: `{ type, at, text, ...fields }`.

use ottla_core::interface::LeaveCause;
use ottla_core::{Event, Timestamp, TopicPartition};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::assignment::{self, Assigned};

/// An event, and when it happened by the wall clock.
#[derive(Debug, Clone)]
pub(crate) struct EventView {
    pub(crate) at: Timestamp,
    pub(crate) event: Event,
}

/// What a field holds.
enum Field<'a> {
    Text(&'a str),
    OptionalText(Option<&'a str>),
    /// As JavaScript's `number`.
    Number(i32),
    /// As `bigint`.
    Large(i64),
    Assignment(Vec<Assigned>),
}

type Fields<'a> = Vec<(&'static str, Field<'a>)>;

impl Serialize for EventView {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (kind, fields) = parts(&self.event);
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("type", kind)?;
        // Milliseconds since 1970 are a number in JavaScript.
        map.serialize_entry("at", &(self.at.0 as f64))?;
        map.serialize_entry("text", &self.event.to_string())?;
        for (name, field) in fields {
            match field {
                Field::Text(text) => map.serialize_entry(name, text)?,
                Field::OptionalText(text) => map.serialize_entry(name, &text)?,
                Field::Number(number) => map.serialize_entry(name, &number)?,
                Field::Large(number) => map.serialize_entry(name, &number)?,
                Field::Assignment(assignment) => map.serialize_entry(name, &assignment)?,
            }
        }
        map.end()
    }
}

/// An event's name, and its fields by theirs.
fn parts(event: &Event) -> (&'static str, Fields<'_>) {
    use Field::{Assignment, Large, Number, OptionalText, Text};

    match event {
        Event::TopicCreated {
            topic,
            partitions_count,
        } => (
            "topicCreated",
            vec![
                ("topic", Text(topic)),
                ("partitions", Number(*partitions_count)),
            ],
        ),
        Event::PartitionsAdded {
            topic,
            partitions_count,
        } => (
            "partitionsAdded",
            vec![
                ("topic", Text(topic)),
                ("partitions", Number(*partitions_count)),
            ],
        ),
        Event::TopicDeleted { topic } => ("topicDeleted", vec![("topic", Text(topic))]),
        Event::ConfigChanged {
            resource,
            name,
            value,
        } => (
            "configChanged",
            vec![
                ("resource", Text(resource)),
                ("name", Text(name)),
                ("value", OptionalText(value.as_deref())),
            ],
        ),
        Event::Note { .. } => ("note", Vec::new()),
        Event::Appended {
            partition,
            base_offset,
            records_count,
            size_bytes,
            ..
        } => (
            "appended",
            with(
                partition,
                vec![
                    ("offset", Large(base_offset.0)),
                    ("count", Number(*records_count)),
                    (
                        "sizeBytes",
                        Number(i32::try_from(*size_bytes).unwrap_or(i32::MAX)),
                    ),
                ],
            ),
        ),
        Event::Duplicate {
            partition,
            base_offset,
            ..
        } => (
            "duplicate",
            with(partition, vec![("offset", Large(base_offset.0))]),
        ),
        Event::Refused { partition, error } => (
            "refused",
            with(partition, vec![("error", Text(error.code.name()))]),
        ),
        Event::HighWatermark { partition, offset } => (
            "highWatermark",
            with(partition, vec![("offset", Large(offset.0))]),
        ),
        Event::Fetched {
            partition, offset, ..
        } => (
            "fetched",
            with(partition, vec![("offset", Large(offset.0))]),
        ),
        Event::FetchParked { .. } => ("fetchParked", Vec::new()),
        Event::SegmentRolled {
            partition,
            base_offset,
        } => (
            "segmentRolled",
            with(partition, vec![("offset", Large(base_offset.0))]),
        ),
        Event::RecordsDeleted {
            partition,
            log_start_offset,
        } => (
            "recordsDeleted",
            with(partition, vec![("startOffset", Large(log_start_offset.0))]),
        ),
        Event::StoreFailed { partition } => ("storeFailed", with(partition, Vec::new())),
        Event::MemberIdAssigned { group, member } => (
            "memberIdAssigned",
            vec![("group", Text(group)), ("memberId", Text(member))],
        ),
        Event::MemberJoined {
            group,
            member,
            client_id,
        } => (
            "memberJoined",
            vec![
                ("group", Text(group)),
                ("memberId", Text(member)),
                ("clientId", Text(client_id)),
            ],
        ),
        Event::MemberReplaced { group, old, new } => (
            "memberReplaced",
            vec![
                ("group", Text(group)),
                ("oldMemberId", Text(old)),
                ("memberId", Text(new)),
            ],
        ),
        Event::MemberLeft {
            group,
            member,
            cause,
        } => (
            "memberLeft",
            vec![
                ("group", Text(group)),
                ("memberId", Text(member)),
                ("cause", Text(cause_name(*cause))),
            ],
        ),
        Event::GroupState {
            group,
            from,
            to,
            why,
        } => (
            "groupState",
            vec![
                ("group", Text(group)),
                ("from", Text(from)),
                ("to", Text(to)),
                ("why", Text(why)),
            ],
        ),
        Event::Generation {
            group,
            generation_id,
            leader,
            protocol,
            members_count,
        } => (
            "generation",
            vec![
                ("group", Text(group)),
                ("generation", Number(*generation_id)),
                ("leader", Text(leader)),
                ("protocol", Text(protocol)),
                (
                    "members",
                    Number(i32::try_from(*members_count).unwrap_or(i32::MAX)),
                ),
            ],
        ),
        Event::Assigned {
            group,
            member,
            assignment,
        } => (
            "assigned",
            vec![
                ("group", Text(group)),
                ("memberId", Text(member)),
                ("assignment", Assignment(assignment::read(assignment))),
            ],
        ),
        Event::OffsetCommitted {
            group,
            partition,
            offset,
        } => (
            "offsetCommitted",
            with(
                partition,
                vec![("group", Text(group)), ("offset", Large(offset.0))],
            ),
        ),
        Event::OffsetExpired { group, partition } => (
            "offsetExpired",
            with(partition, vec![("group", Text(group))]),
        ),
        Event::GroupDeleted { group } => ("groupDeleted", vec![("group", Text(group))]),
    }
}

/// A partition's fields, and more.
fn with<'a>(partition: &'a TopicPartition, more: Fields<'a>) -> Fields<'a> {
    let mut fields = vec![
        ("topic", Field::Text(&partition.topic)),
        ("partition", Field::Number(partition.partition)),
    ];
    fields.extend(more);
    fields
}

fn cause_name(cause: LeaveCause) -> &'static str {
    match cause {
        LeaveCause::Left => "left",
        LeaveCause::SessionExpired => "sessionExpired",
        LeaveCause::RebalanceExpired => "rebalanceExpired",
        LeaveCause::SyncExpired => "syncExpired",
        LeaveCause::GroupFull => "groupFull",
    }
}
