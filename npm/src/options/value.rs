//! A JavaScript value before anybody knows whether it is what it should be.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Fields;
use crate::Failure;

/// A value out of JavaScript.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `undefined` or `null`.
    Nothing,
    Bool(bool),
    Integer(i128),
    Number(f64),
    Text(String),
    List,
    Object(Fields),
}

impl Value {
    /// A whole number.
    pub(crate) fn integer(&self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A configuration's value as Kafka writes it.
    pub(crate) fn as_setting(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(truth.to_string()),
            Self::Nothing | Self::List | Self::Object(_) => None,
        }
    }

    /// The fields of an object that has no others than these; those that are `undefined` or `null` are not there. Nothing is an object without fields.
    pub(crate) fn object(&self, place: &str, allowed: &[&str]) -> Result<Fields, Failure> {
        let fields = match self {
            Self::Nothing => return Ok(Fields::new()),
            Self::Object(fields) => fields,
            other => return Err(other.refused(place, "an object")),
        };
        if let Some(name) = fields.keys().find(|name| !allowed.contains(&name.as_str())) {
            return Err(Failure::option(format!(
                "{place} may have {}, but not {}",
                allowed.join(", "),
                quoted(name)
            )));
        }
        let given = fields.iter().filter(|(_, value)| **value != Self::Nothing);
        Ok(given
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect())
    }

    /// The entries of an object whose names may be anything.
    pub(crate) fn entries(&self, place: &str) -> Result<&Fields, Failure> {
        match self {
            Self::Object(fields) => Ok(fields),
            other => Err(other.refused(place, "an object")),
        }
    }

    /// This is not what it should be.
    pub(crate) fn refused(&self, place: &str, allowed: &str) -> Failure {
        Failure::option(format!("{place} must be {allowed}, not {self}"))
    }
}

/// A text in quotation marks: Debug says nothing where the program is built for size.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List => f.write_str("a list"),
            Self::Object(_) => f.write_str("an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Fields::new();
        while let Some((name, value)) = entries.next_entry()? {
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}
