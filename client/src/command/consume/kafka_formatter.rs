//! Kafka's `DefaultMessageFormatter`: its properties and its layout.

use ottla_core::batch::TimestampType;

use super::deserializer::Deserializer;
use crate::command::kafka::java::{Properties, push_integer};
use crate::consumer::Fetched;

/// How Kafka's console consumer prints a record: the columns that are asked for, a separator between them.
#[derive(Debug, Clone)]
pub(crate) struct KafkaFormatter {
    timestamp: bool,
    partition: bool,
    offset: bool,
    /// Share groups count deliveries; consumer groups do not: always `NOT_PRESENT`.
    delivery: bool,
    /// The tool does not pass the epoch on to its formatter: always `NOT_PRESENT`.
    epoch: bool,
    headers: bool,
    key: bool,
    value: bool,
    key_separator: Vec<u8>,
    line_separator: Vec<u8>,
    headers_separator: Vec<u8>,
    null_literal: Vec<u8>,
    key_deserializer: Option<Deserializer>,
    value_deserializer: Option<Deserializer>,
    headers_deserializer: Option<Deserializer>,
}

impl KafkaFormatter {
    /// As Kafka's formatter is configured; and the deserializers that it does not know, which Kafka's formatter goes on without.
    pub(crate) fn from_properties(properties: &Properties) -> (Self, Vec<String>) {
        let flag = |name: &str, default: bool| match properties.get(name) {
            Some(value) => value.trim().eq_ignore_ascii_case("true"),
            None => default,
        };
        let bytes = |name: &str, default: &str| match properties.get(name) {
            Some(value) => value.clone().into_bytes(),
            None => default.as_bytes().to_vec(),
        };
        let mut unknown = Vec::new();
        let mut deserializer = |name: &str| {
            let class = properties.get(name)?;
            let known = Deserializer::of_class(class);
            if known.is_none() {
                unknown.push(class.clone());
            }
            known
        };
        let formatter = Self {
            timestamp: flag("print.timestamp", false),
            partition: flag("print.partition", false),
            offset: flag("print.offset", false),
            delivery: flag("print.delivery", false),
            epoch: flag("print.epoch", false),
            headers: flag("print.headers", false),
            key: flag("print.key", false),
            value: flag("print.value", true),
            key_separator: bytes("key.separator", "\t"),
            line_separator: bytes("line.separator", "\n"),
            headers_separator: bytes("headers.separator", ","),
            null_literal: bytes("null.literal", "null"),
            key_deserializer: deserializer("key.deserializer"),
            value_deserializer: deserializer("value.deserializer"),
            headers_deserializer: deserializer("headers.deserializer"),
        };
        (formatter, unknown)
    }

    /// Appends a record.
    ///
    /// # Errors
    /// A deserializer's; what stands before it in the line is written, as Kafka's formatter does.
    pub(crate) fn write(&self, fetched: &Fetched, out: &mut Vec<u8>) -> Result<(), String> {
        let record = &fetched.record;
        let mut rest = [
            self.timestamp,
            self.partition,
            self.offset,
            self.delivery,
            self.epoch,
            self.headers,
            self.key,
            self.value,
        ]
        .into_iter()
        .filter(|asked| *asked)
        .count();
        let mut end_column = |out: &mut Vec<u8>| {
            rest -= 1;
            let is_last = rest == 0;
            out.extend_from_slice(if is_last {
                &self.line_separator
            } else {
                &self.key_separator
            });
        };
        if self.timestamp {
            out.extend_from_slice(match fetched.timestamp_type {
                TimestampType::CreateTime => b"CreateTime:",
                TimestampType::LogAppendTime => b"LogAppendTime:",
            });
            push_integer(out, record.timestamp.0);
            end_column(out);
        }
        if self.partition {
            out.extend_from_slice(b"Partition:");
            push_integer(out, i64::from(fetched.partition.partition));
            end_column(out);
        }
        if self.offset {
            out.extend_from_slice(b"Offset:");
            push_integer(out, record.offset.0);
            end_column(out);
        }
        if self.delivery {
            out.extend_from_slice(b"Delivery:NOT_PRESENT");
            end_column(out);
        }
        if self.epoch {
            out.extend_from_slice(b"Epoch:NOT_PRESENT");
            end_column(out);
        }
        if self.headers {
            self.write_headers(fetched, out)?;
            end_column(out);
        }
        if self.key {
            self.field(record.key.as_deref(), self.key_deserializer, out)?;
            end_column(out);
        }
        if self.value {
            self.field(record.value.as_deref(), self.value_deserializer, out)?;
            end_column(out);
        }
        Ok(())
    }

    fn write_headers(&self, fetched: &Fetched, out: &mut Vec<u8>) -> Result<(), String> {
        if fetched.record.headers.is_empty() {
            out.extend_from_slice(b"NO_HEADERS");
        }
        for (index, header) in fetched.record.headers.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(&self.headers_separator);
            }
            out.extend_from_slice(String::from_utf8_lossy(&header.key).as_bytes());
            out.push(b':');
            self.field(header.value.as_deref(), self.headers_deserializer, out)?;
        }
        Ok(())
    }

    fn field(
        &self,
        bytes: Option<&[u8]>,
        deserializer: Option<Deserializer>,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let bytes = bytes.unwrap_or(&self.null_literal);
        match deserializer {
            None => {
                out.extend_from_slice(bytes);
                Ok(())
            }
            Some(deserializer) => deserializer.write(bytes, out),
        }
    }
}
