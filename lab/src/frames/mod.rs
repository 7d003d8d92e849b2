//! Frames as they went over a link, and their fields.

mod message;
mod people;
mod reader;
mod records;
mod schema;
#[cfg(test)]
mod tests;

use bytes::Bytes;
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
    /// When it was sent, and when it arrives.
    pub sent_at: Instant,
    /// When its last byte arrives.
    pub arrives_at: Instant,
    /// On which link, and whose.
    pub link: LinkId,
    /// The client's name.
    pub client: std::sync::Arc<str>,
    /// Which way.
    pub direction: Direction,
    /// API key, version and correlation id: of an answer, those of its request.
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
        let mut header = Field::new("header", "", reader.left());
        let result = self.read_header(reader, half, is_flexible, &mut header.fields);
        header.bytes.end = reader.at();
        fields.push(header);
        result?;
        let message = message.ok_or(Damage("no such API in this version"))?;
        let mut body = Field::new("body", "", reader.left());
        let result = message::read(reader, &message, &mut body.fields);
        body.bytes.end = reader.at();
        fields.push(body);
        result
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

const FETCH: i16 = 1;
const HEARTBEAT: i16 = 12;
const API_VERSIONS: i16 = 18;
/// As the two bytes of an error code.
const UNSUPPORTED_VERSION: [u8; 2] = 35_i16.to_be_bytes();
