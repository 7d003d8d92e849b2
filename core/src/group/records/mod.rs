//! The records of `__consumer_offsets`, in Kafka's own format.
//!
//! The first two bytes of a key tell what the record is: 0 and 1 an offset (`OffsetCommitKey`), 2 a group (`GroupMetadataKey`), others
//! belong to other kinds of groups. The first two bytes of a value are its version. Written are the versions that Apache Kafka 4.3
//! writes, read are all that it reads; what each holds says Kafka's schema in `group-coordinator/src/main/resources/common/message`.

mod fields;

use bytes::{BufMut, Bytes, BytesMut};

use super::offsets::CommittedOffset;
use crate::{GroupId, MemberId, Offset, Timestamp, TopicName, Uuid};
pub(super) use fields::TEXT_MAX_BYTES;
use fields::{Fields, put_bytes, put_compact, put_optional_text, put_text};

const OFFSET_COMMIT_KEY: i16 = 1;
const GROUP_METADATA_KEY: i16 = 2;
/// Carries an expire timestamp, as no other version does.
const EXPIRING_OFFSET_VALUE: i16 = 1;
/// The first flexible version; carries the topic's id as a tagged field.
const OFFSET_VALUE: i16 = 4;
const TOPIC_ID_TAG: u8 = 0;
const GROUP_VALUE: i16 = 3;

/// A record of `__consumer_offsets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A group has come so far; `None` forgets it.
    Offset {
        /// The group.
        group: GroupId,
        /// The topic.
        topic: TopicName,
        /// The partition's index.
        partition: i32,
        /// How far.
        value: Option<CommittedOffset>,
    },
    /// A group's generation and members; `None` forgets it.
    Group {
        /// The group.
        group: GroupId,
        /// What it is.
        value: Option<GroupValue>,
    },
}

/// A generation of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupValue {
    /// `consumer` ...; empty if the group has never had members.
    pub protocol_type: String,
    /// The generation.
    pub generation_id: i32,
    /// The assignor.
    pub protocol_name: Option<String>,
    /// The leader.
    pub leader: Option<MemberId>,
    /// Since when the group is in its state; `None` in records older than version 2.
    pub state_since: Option<Timestamp>,
    /// The members.
    pub members: Vec<MemberValue>,
}

/// A member of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberValue {
    /// Its id.
    pub member_id: MemberId,
    /// Its static name.
    pub instance_id: Option<String>,
    /// The client's name for itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// How long a rebalance waits for it.
    pub rebalance_timeout_ms: i32,
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// What it told the chosen assignor.
    pub subscription: Bytes,
    /// What the assignor gave it.
    pub assignment: Bytes,
}

/// Bytes that are no record of `__consumer_offsets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The key ends too early, or its text is not UTF-8.
    #[error("the key of a record of __consumer_offsets is damaged")]
    Key,
    /// The same of the value.
    #[error("the value of a record of __consumer_offsets is damaged")]
    Value,
    /// The value has a version that is not known here.
    #[error(
        "version {0} of a value of __consumer_offsets is not known: it was written by a newer broker"
    )]
    Version(i16),
}

impl Record {
    pub(super) fn offset(
        group: &GroupId,
        topic: &TopicName,
        partition: i32,
        value: Option<CommittedOffset>,
    ) -> Self {
        Self::Offset {
            group: group.clone(),
            topic: topic.clone(),
            partition,
            value,
        }
    }

    /// The record's key and value. Texts must not be longer than 32767 bytes, but for an offset's metadata.
    pub fn encode(&self) -> (Bytes, Option<Bytes>) {
        let mut key = BytesMut::new();
        let value = match self {
            Self::Offset {
                group,
                topic,
                partition,
                value,
            } => {
                key.put_i16(OFFSET_COMMIT_KEY);
                put_text(&mut key, group);
                put_text(&mut key, topic);
                key.put_i32(*partition);
                value.as_ref().map(encode_offset)
            }
            Self::Group { group, value } => {
                key.put_i16(GROUP_METADATA_KEY);
                put_text(&mut key, group);
                value.as_ref().map(encode_group)
            }
        };
        (key.freeze(), value)
    }

    /// The record, or `None` if it belongs to another kind of group.
    pub fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Option<Self>, RecordError> {
        let mut key = Fields::new(key);
        let kind = key.i16().ok_or(RecordError::Key)?;
        let record = match kind {
            0 | OFFSET_COMMIT_KEY => {
                let (group, topic, partition) = offset_key(&mut key).ok_or(RecordError::Key)?;
                Self::Offset {
                    group,
                    topic,
                    partition,
                    value: value.map(decode_offset).transpose()?,
                }
            }
            GROUP_METADATA_KEY => Self::Group {
                group: key.text().ok_or(RecordError::Key)?.into(),
                value: value.map(decode_group).transpose()?,
            },
            _ => return Ok(None),
        };
        Ok(Some(record))
    }
}

fn offset_key(key: &mut Fields<'_>) -> Option<(GroupId, TopicName, i32)> {
    Some((key.text()?.into(), key.text()?.into(), key.i32()?))
}

fn encode_offset(offset: &CommittedOffset) -> Bytes {
    let mut value = BytesMut::new();
    match offset.expire_timestamp {
        Some(expire_timestamp) => {
            value.put_i16(EXPIRING_OFFSET_VALUE);
            value.put_i64(offset.offset.0);
            put_text(&mut value, &offset.metadata);
            value.put_i64(offset.commit_timestamp.0);
            value.put_i64(expire_timestamp.0);
        }
        None => {
            value.put_i16(OFFSET_VALUE);
            value.put_i64(offset.offset.0);
            value.put_i32(offset.leader_epoch.unwrap_or(-1));
            put_compact(&mut value, offset.metadata.as_bytes());
            value.put_i64(offset.commit_timestamp.0);
            if offset.topic_id == Uuid::ZERO {
                value.put_u8(0);
            } else {
                value.put_slice(&[1, TOPIC_ID_TAG, 16]);
                value.put_slice(&offset.topic_id.0);
            }
        }
    }
    value.freeze()
}

fn decode_offset(value: &[u8]) -> Result<CommittedOffset, RecordError> {
    let mut fields = Fields::new(value);
    let version = fields.i16().ok_or(RecordError::Value)?;
    if !(0..=OFFSET_VALUE).contains(&version) {
        return Err(RecordError::Version(version));
    }
    offset_value(&mut fields, version).ok_or(RecordError::Value)
}

fn offset_value(fields: &mut Fields<'_>, version: i16) -> Option<CommittedOffset> {
    let is_flexible = version >= 4;
    let offset = Offset(fields.i64()?);
    let leader_epoch = if version >= 3 { fields.i32()? } else { -1 };
    let metadata = if is_flexible {
        fields.compact_text()?
    } else {
        fields.text()?
    };
    let commit_timestamp = Timestamp(fields.i64()?);
    let expire_timestamp = if version == EXPIRING_OFFSET_VALUE {
        fields.i64()?
    } else {
        -1
    };
    let mut topic_id = Uuid::ZERO;
    if is_flexible {
        for _ in 0..fields.varint()? {
            let tag = fields.varint()?;
            let length = usize::try_from(fields.varint()?).ok()?;
            let bytes = fields.take(length)?;
            if tag == u32::from(TOPIC_ID_TAG) {
                topic_id = Uuid(bytes.try_into().ok()?);
            }
        }
    }
    Some(CommittedOffset {
        offset,
        leader_epoch: Some(leader_epoch).filter(|epoch| *epoch >= 0),
        metadata: metadata.to_owned(),
        commit_timestamp,
        expire_timestamp: Some(Timestamp(expire_timestamp)).filter(|t| *t != Timestamp::NONE),
        topic_id,
    })
}

fn encode_group(group: &GroupValue) -> Bytes {
    let mut value = BytesMut::new();
    value.put_i16(GROUP_VALUE);
    put_text(&mut value, &group.protocol_type);
    value.put_i32(group.generation_id);
    put_optional_text(&mut value, group.protocol_name.as_deref());
    put_optional_text(&mut value, group.leader.as_deref());
    value.put_i64(group.state_since.unwrap_or(Timestamp::NONE).0);
    value.put_i32(i32::try_from(group.members.len()).unwrap_or(i32::MAX));
    for member in &group.members {
        put_text(&mut value, &member.member_id);
        put_optional_text(&mut value, member.instance_id.as_deref());
        put_text(&mut value, &member.client_id);
        put_text(&mut value, &member.client_host);
        value.put_i32(member.rebalance_timeout_ms);
        value.put_i32(member.session_timeout_ms);
        put_bytes(&mut value, &member.subscription);
        put_bytes(&mut value, &member.assignment);
    }
    value.freeze()
}

fn decode_group(value: &[u8]) -> Result<GroupValue, RecordError> {
    let mut fields = Fields::new(value);
    let version = fields.i16().ok_or(RecordError::Value)?;
    match version {
        0..=GROUP_VALUE => group_value(&mut fields, version).ok_or(RecordError::Value),
        4 => {
            // The first flexible version: the same fields as in version 3, in compact form.
            fields.become_flexible();
            group_value(&mut fields, version).ok_or(RecordError::Value)
        }
        _ => Err(RecordError::Version(version)),
    }
}

fn group_value(fields: &mut Fields<'_>, version: i16) -> Option<GroupValue> {
    let protocol_type = fields.text()?.to_owned();
    let generation_id = fields.i32()?;
    let protocol_name = fields.optional_text()?.map(str::to_owned);
    let leader = fields.optional_text()?.map(MemberId::from);
    let since = if version >= 2 {
        Timestamp(fields.i64()?)
    } else {
        Timestamp::NONE
    };
    let mut members = Vec::new();
    for _ in 0..fields.count()? {
        members.push(member_value(fields, version)?);
    }
    fields.skip_tags()?;
    Some(GroupValue {
        protocol_type,
        generation_id,
        protocol_name,
        leader,
        state_since: Some(since).filter(|t| *t != Timestamp::NONE),
        members,
    })
}

fn member_value(fields: &mut Fields<'_>, version: i16) -> Option<MemberValue> {
    let member_id = fields.text()?.into();
    let instance_id = if version >= 3 {
        fields.optional_text()?.map(str::to_owned)
    } else {
        None
    };
    let client_id = fields.text()?.to_owned();
    let client_host = fields.text()?.to_owned();
    let rebalance_timeout_ms = if version >= 1 { fields.i32()? } else { -1 };
    let session_timeout_ms = fields.i32()?;
    let subscription = Bytes::copy_from_slice(fields.bytes()?);
    let assignment = Bytes::copy_from_slice(fields.bytes()?);
    fields.skip_tags()?;
    Some(MemberValue {
        member_id,
        instance_id,
        client_id,
        client_host,
        // Before rebalances had a timeout of their own, they waited for a session.
        rebalance_timeout_ms: if rebalance_timeout_ms < 0 {
            session_timeout_ms
        } else {
            rebalance_timeout_ms
        },
        session_timeout_ms,
        subscription,
        assignment,
    })
}

#[cfg(test)]
mod tests;
