//! The other decoder: `kafka-protocol`'s, whose messages tell their fields by `Debug` only.

use kafka_protocol::messages::{ApiKey, RequestHeader, RequestKind, ResponseHeader, ResponseKind};
use kafka_protocol::protocol::Decodable;
use ottla_core::Uuid;
use ottla_lab::Direction;
use ottla_lab::frames::Frame;

/// A value without parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// A number, a string in quotes, `true` or `false`, an id, `null`.
    Text(String),
    Bytes,
}

impl Scalar {
    /// Whether the tutorial tells it so. A meaning may stand behind a number.
    pub(crate) fn is_told_as(&self, told: &str) -> bool {
        match self {
            Self::Bytes => told.contains(" byte") || told.starts_with('"'),
            Self::Text(text) if text.starts_with('"') => text == told,
            Self::Text(text) => Some(text.as_str()) == told.split(' ').next(),
        }
    }
}

/// The values of a frame's body, with the names of their fields; `None` if it is no sound body to the last byte.
pub(crate) fn scalars(key: ApiKey, frame: &Frame) -> Option<Vec<(String, Scalar)>> {
    let mut body = frame.bytes.slice(4..);
    let told = match frame.direction {
        Direction::ToBroker => {
            let version = key.request_header_version(frame.api_version);
            RequestHeader::decode(&mut body, version).ok()?;
            let message = RequestKind::decode(key, &mut body, frame.api_version);
            format!("{:?}", message.ok()?)
        }
        Direction::ToClient => {
            let version = key.response_header_version(frame.api_version);
            ResponseHeader::decode(&mut body, version).ok()?;
            let message = ResponseKind::decode(key, &mut body, frame.api_version);
            format!("{:?}", message.ok()?)
        }
    };
    body.is_empty().then(|| read(&told))
}

/// Takes `Debug`'s text apart.
fn read(told: &str) -> Vec<(String, Scalar)> {
    let mut scalars = Vec::new();
    let mut name = String::new();
    let mut rest = told;
    while let Some(first) = rest.chars().next() {
        let is_bytes = rest.starts_with("b\"");
        let length = match first {
            '"' => quoted(rest),
            _ if is_bytes => 1 + quoted(&rest[1..]),
            c if is_of_word(c) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            c => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        let (token, behind) = rest.split_at(length);
        rest = behind;
        if is_bytes {
            scalars.push((name.clone(), Scalar::Bytes));
        } else if rest.starts_with(": ") {
            name = token.trim_start_matches('_').to_owned();
        } else if !rest.starts_with('(') && !rest.starts_with(" {") {
            scalars.push((name.clone(), Scalar::Text(as_told(token))));
        }
    }
    scalars
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// How long a text in quotes is, with them.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let is_end = *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    });
    end.expect("a closing quote").0 + 1
}

fn as_told(token: &str) -> String {
    let digits: String = token.split('-').collect();
    if token.len() == 36 && digits.len() == 32 {
        let number = u128::from_str_radix(&digits, 16).expect("an id");
        return Uuid(number.to_be_bytes()).to_string();
    }
    match token {
        "None" => "null".into(),
        _ => token.to_owned(),
    }
}
