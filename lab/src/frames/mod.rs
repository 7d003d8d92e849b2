//! Frames as they went over a link, and their fields.

mod message;
mod people;
mod reader;
mod records;
mod schema;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, RequestHeader};
use kafka_protocol::protocol::Decodable;
use ottla_client::LinkId;
use ottla_core::Instant;
use ottla_wire::APIS;

use crate::Direction;

use reader::{Damage, Reader};
use schema::Half;

/// A whole frame that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// No other frame of this world has it; the flight of this frame has the same.
    pub id: u64,
    /// When its first byte was sent.
    pub sent_at: Instant,
    /// When its last byte arrives.
    pub arrives_at: Instant,
    /// On which link, and whose.
    pub link: LinkId,
    /// The client's name.
    pub client: std::sync::Arc<str>,
    /// Which way.
    pub direction: Direction,
    /// The number of its API; of an answer, as all of these three, that of its request.
    pub api_key: i16,
    /// The version.
    pub api_version: i16,
    /// Pairs a request and its answer.
    pub correlation_id: i32,
    /// All of it, with the four bytes of its size.
    pub bytes: Bytes,
}

/// A field of a frame, with those inside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As Kafka's schema names it: `session_timeout_ms`; `[0]` and so on in an array.
    pub name: String,
    /// Its value, for people, a number's meaning behind it: `27 REBALANCE_IN_PROGRESS`. Empty if it only holds others.
    pub value: String,
    /// Which bytes of the frame it is. Records that are compressed have those of all of them.
    pub bytes: std::ops::Range<usize>,
    /// The fields inside.
    pub fields: Vec<Field>,
}

impl Frame {
    /// The API as Kafka names it: `JoinGroup`.
    pub fn api_name(&self) -> &'static str {
        api_name(self.api_key).unwrap_or("unknown")
    }

    /// Whether it only says that all is as it was: a heartbeat and its good answer, a fetch, an answer to it without a record.
    pub fn is_routine(&self) -> bool {
        match (self.api_key, self.direction) {
            (HEARTBEAT | FETCH, Direction::ToBroker) => true,
            (HEARTBEAT, Direction::ToClient) => !has(&self.fields(), "error_code", |value| {
                !value.starts_with("0 ")
            }),
            (FETCH, Direction::ToClient) => !has(&self.fields(), "records", |value| {
                !matches!(value, "null" | "0 bytes")
            }),
            _ => false,
        }
    }

    /// Its fields: size, header, body. What cannot be read is a field `unread` whose value says why, so that all bytes are some field's.
    pub fn fields(&self) -> Vec<Field> {
        let mut reader = Reader::new(&self.bytes);
        let mut fields = Vec::new();
        if let Err(damage) = self.read(&mut reader, &mut fields) {
            fields.push(Field::unread(damage.0, &reader));
        } else if !reader.is_at_end() {
            fields.push(Field::unread("more than its fields need", &reader));
        }
        fields
    }

    /// Its message, if it is a request of this API. `None` if it is not, or cannot be read.
    pub(crate) fn request<M: Decodable>(&self, api: ApiKey) -> Option<M> {
        if self.direction != Direction::ToBroker || self.api_key != api as i16 {
            return None;
        }
        let mut body = self.bytes.slice(self.bytes.len().min(SIZE_BYTES)..);
        let header_version = api.request_header_version(self.api_version);
        RequestHeader::decode(&mut body, header_version).ok()?;
        ottla_codec::decode(&body, self.api_version)
    }

    /// Its message, if it is an answer of this API. `None` if it is not, or cannot be read.
    pub(crate) fn answer<M: Decodable>(&self, api: ApiKey) -> Option<M> {
        if self.direction != Direction::ToClient || self.api_key != api as i16 {
            return None;
        }
        let correlation_id_ends = SIZE_BYTES + size_of::<i32>();
        let mut body = self
            .bytes
            .slice(self.bytes.len().min(correlation_id_ends)..);
        if api.response_header_version(self.api_version) >= 1 {
            ottla_codec::skip_tagged_fields(&mut body)?;
        }
        ottla_codec::decode(&body, self.api_version)
    }

    fn read(&self, reader: &mut Reader<'_>, fields: &mut Vec<Field>) -> Result<(), Damage> {
        let size = i32::from_be_bytes(reader.array()?);
        fields.push(Field::new("size", size.to_string(), 0..reader.at()));
        let half = match self.direction {
            Direction::ToBroker => Half::Request,
            Direction::ToClient => Half::Response,
        };
        let key = self.api_key.to_string();
        let message = schema::message(&key, self.version(half), half);
        let is_flexible = message.as_ref().is_some_and(|message| message.is_flexible);
        Field::holding(
            "header",
            "",
            reader.at(),
            reader,
            fields,
            |reader, fields| self.read_header(reader, half, is_flexible, fields),
        )?;
        let message = message.ok_or(Damage("no such API in this version"))?;
        Field::holding("body", "", reader.at(), reader, fields, |reader, fields| {
            message::read(reader, &message, fields)
        })
    }

    /// A broker that does not know the version of an ApiVersions request answers in version 0.
    fn version(&self, half: Half) -> i16 {
        let is_refused = self.bytes.get(8..10) == Some(&UNSUPPORTED_VERSION);
        match half == Half::Response && self.api_key == API_VERSIONS && is_refused {
            true => 0,
            false => self.api_version,
        }
    }

    fn read_header(
        &self,
        reader: &mut Reader<'_>,
        half: Half,
        is_flexible: bool,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        let header = schema::message("header", 0, half).expect("it is in the schema");
        message::read(reader, &header, fields)?;
        // A client that asks which versions there are must be able to read the answer of any broker.
        let has_tags = is_flexible && (half == Half::Request || self.api_key != API_VERSIONS);
        match has_tags {
            true => message::read_tags(reader, fields),
            false => Ok(()),
        }
    }
}

impl Field {
    fn new(
        name: impl Into<String>,
        value: impl Into<String>,
        bytes: std::ops::Range<usize>,
    ) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            bytes,
            fields: Vec::new(),
        }
    }

    /// Reads a field that begins here and holds others. It is kept with those that could be read before a damage.
    fn holding(
        name: impl Into<String>,
        value: impl Into<String>,
        start: usize,
        reader: &mut Reader<'_>,
        fields: &mut Vec<Field>,
        read: impl FnOnce(&mut Reader<'_>, &mut Vec<Field>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut field = Self::new(name, value, start..start);
        let result = read(reader, &mut field.fields);
        field.bytes.end = reader.at();
        fields.push(field);
        result
    }

    /// What is left, which cannot be read for this reason.
    fn unread(why: &str, reader: &Reader<'_>) -> Self {
        let left = reader.left();
        Self::new(
            "unread",
            format!("{}: {why}", people::size(left.len())),
            left,
        )
    }
}

/// An API as Kafka names it, if the broker serves it.
pub(crate) fn api_name(key: i16) -> Option<&'static str> {
    let api = APIS.iter().find(|api| api.key == key)?;
    Some(api.name)
}

/// Whether there is a field of this name with such a value.
fn has(fields: &[Field], name: &str, is_such: fn(&str) -> bool) -> bool {
    fields.iter().any(|field| {
        field.name == name && is_such(&field.value) || has(&field.fields, name, is_such)
    })
}

const FETCH: i16 = ApiKey::Fetch as i16;
const HEARTBEAT: i16 = ApiKey::Heartbeat as i16;
const API_VERSIONS: i16 = ApiKey::ApiVersions as i16;
/// What a frame's own size takes.
const SIZE_BYTES: usize = 4;
/// As the two bytes of an error code.
const UNSUPPORTED_VERSION: [u8; 2] = 35_i16.to_be_bytes();
