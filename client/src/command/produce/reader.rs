//! A line as a record: Kafka's `LineMessageReader`, its properties, their checks and its error texts.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memmem;
use ottla_core::batch::RecordHeader;
use ottla_core::sorted::Map;

use crate::command::kafka::java::Separator;

/// What a line holds, by the properties of Kafka's reader: `[headers<delimiter>][key<separator>]value`.
#[derive(Debug, Clone)]
pub(crate) struct LineReader {
    /// `parse.key` and `key.separator`.
    key_separator: Option<Bytes>,
    headers: Option<HeaderSyntax>,
    /// `ignore.error`: a line without separator is a value, and a header without one has no value.
    ignores_errors: bool,
    /// `null.marker`: a field that equals it is null.
    null_marker: Option<Bytes>,
    /// Bytes that are no UTF-8 become U+FFFD, as in Java; otherwise they stay what they are.
    replaces_malformed: bool,
    line_number: u64,
}

#[derive(Debug, Clone)]
struct HeaderSyntax {
    delimiter: Bytes,
    separator: Separator,
    key_separator: String,
}

/// A line, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) key: Option<Bytes>,
    pub(crate) value: Option<Bytes>,
    pub(crate) headers: Vec<RecordHeader>,
}

/// A line that cannot be taken apart. It is displayed in Kafka's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    /// `separator` is what Kafka calls the one that is missing.
    #[error("No {separator} found on line number {line_number}: '{line}'")]
    NoSeparator {
        separator: &'static str,
        line_number: u64,
        line: String,
    },
    #[error("No header key separator found in pair '{pair}' on line number {line_number}")]
    NoHeaderKeySeparator { pair: String, line_number: u64 },
    #[error("Header keys should not be equal to the null marker '{key}' as they can't be null")]
    NullHeaderKey { key: String },
}

impl LineReader {
    /// Each line is a value, whatever its bytes; with a separator, what stands before its first occurrence is the key.
    pub(crate) fn of_bytes(key_separator: Option<Bytes>) -> Self {
        Self {
            key_separator,
            headers: None,
            ignores_errors: false,
            null_marker: None,
            replaces_malformed: false,
            line_number: 0,
        }
    }

    /// As Kafka's reader is configured.
    ///
    /// # Errors
    /// Kafka's sentence, when two of the separators are the same.
    pub(crate) fn from_properties(properties: &Map<String, String>) -> Result<Self, String> {
        let flag = |name: &str| {
            properties
                .get(name)
                .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        };
        let text = |name: &str, default: &str| match properties.get(name) {
            Some(value) => value.clone(),
            None => default.to_owned(),
        };
        let key_separator = text("key.separator", "\t");
        let delimiter = text("headers.delimiter", "\t");
        let separator = text("headers.separator", ",");
        let header_key_separator = text("headers.key.separator", ":");
        let null_marker = properties.get("null.marker").cloned();
        let is_marker = |text: &String| null_marker.as_ref() == Some(text);
        let compiled = Separator::parse(&separator)?;
        let clashes = [
            (
                delimiter == separator,
                "headers.delimiter and headers.separator",
            ),
            (
                delimiter == header_key_separator,
                "headers.delimiter and headers.key.separator",
            ),
            (
                separator == header_key_separator,
                "headers.separator and headers.key.separator",
            ),
            (is_marker(&key_separator), "null.marker and key.separator"),
            (is_marker(&separator), "null.marker and headers.separator"),
            (is_marker(&delimiter), "null.marker and headers.delimiter"),
            (
                is_marker(&header_key_separator),
                "null.marker and headers.key.separator",
            ),
        ];
        if let Some((_, what)) = clashes.iter().find(|(clash, _)| *clash) {
            return Err(format!("{what} may not be equal"));
        }
        Ok(Self {
            key_separator: flag("parse.key").then(|| key_separator.into()),
            headers: flag("parse.headers").then(|| HeaderSyntax {
                delimiter: delimiter.into(),
                separator: compiled,
                key_separator: header_key_separator,
            }),
            ignores_errors: flag("ignore.error"),
            null_marker: null_marker.map(Bytes::from),
            replaces_malformed: true,
            line_number: 0,
        })
    }

    /// Takes the next line apart. Keys and values are slices of it.
    ///
    /// # Errors
    /// What is missing, with the line's number from 1.
    pub(crate) fn read(&mut self, line: Bytes) -> Result<Line, LineError> {
        self.line_number += 1;
        let line = match self.replaces_malformed {
            true => well_formed(line),
            false => line,
        };
        if self.headers.is_none() && self.key_separator.is_none() {
            return Ok(Line {
                key: None,
                value: self.unless_null(line),
                headers: Vec::new(),
            });
        }
        let mut rest = line.clone();
        let delimiter = self.headers.as_ref().map(|headers| &headers.delimiter);
        let headers = self.cut(&mut rest, delimiter, "headers delimiter", &line)?;
        let key = self.cut(
            &mut rest,
            self.key_separator.as_ref(),
            "key separator",
            &line,
        )?;
        Ok(Line {
            key: key.and_then(|key| self.unless_null(key)),
            headers: match headers.and_then(|headers| self.unless_null(headers)) {
                Some(headers) => self.split_headers(&String::from_utf8_lossy(&headers))?,
                None => Vec::new(),
            },
            value: self.unless_null(rest),
        })
    }

    /// The number of the line read last, from 1.
    pub(crate) fn line_number(&self) -> u64 {
        self.line_number
    }

    /// What stands before `separator`, which is taken from `rest` together with it.
    fn cut(
        &self,
        rest: &mut Bytes,
        separator: Option<&Bytes>,
        separator_name: &'static str,
        line: &Bytes,
    ) -> Result<Option<Bytes>, LineError> {
        let Some(separator) = separator else {
            return Ok(None);
        };
        match memmem::find(rest, separator) {
            Some(at) => {
                let before = rest.split_to(at);
                let _ = rest.split_to(separator.len());
                Ok(Some(before))
            }
            None if self.ignores_errors => Ok(None),
            None => Err(LineError::NoSeparator {
                separator: separator_name,
                line_number: self.line_number,
                line: String::from_utf8_lossy(line).into_owned(),
            }),
        }
    }

    fn split_headers(&self, headers: &str) -> Result<Vec<RecordHeader>, LineError> {
        let Some(syntax) = &self.headers else {
            return Ok(Vec::new());
        };
        let pairs = syntax.separator.split(headers);
        pairs
            .into_iter()
            .map(|pair| self.header(pair, &syntax.key_separator))
            .collect()
    }

    fn header(&self, pair: &str, key_separator: &str) -> Result<RecordHeader, LineError> {
        let Some((key, value)) = pair.split_once(key_separator) else {
            if self.ignores_errors {
                return Ok(RecordHeader {
                    key: Bytes::copy_from_slice(pair.as_bytes()),
                    value: None,
                });
            }
            return Err(LineError::NoHeaderKeySeparator {
                pair: pair.to_owned(),
                line_number: self.line_number,
            });
        };
        if self.null_marker.as_deref() == Some(key.as_bytes()) {
            return Err(LineError::NullHeaderKey {
                key: key.to_owned(),
            });
        }
        Ok(RecordHeader {
            key: Bytes::copy_from_slice(key.as_bytes()),
            value: self.unless_null(Bytes::copy_from_slice(value.as_bytes())),
        })
    }

    fn unless_null(&self, field: Bytes) -> Option<Bytes> {
        (self.null_marker.as_ref() != Some(&field)).then_some(field)
    }
}

/// Java reads lines as UTF-8 and sends them as UTF-8: what was malformed goes out as U+FFFD.
fn well_formed(line: Bytes) -> Bytes {
    match String::from_utf8_lossy(&line) {
        Cow::Borrowed(_) => line,
        Cow::Owned(text) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(properties: &[(&str, &str)]) -> Result<LineReader, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        LineReader::from_properties(&properties.iter().map(owned).collect())
    }

    /// The line as `headers | key | value`, or the error.
    fn read(reader: &mut LineReader, line: &str) -> String {
        let text = |field: Option<Bytes>| match field {
            Some(bytes) => format!("{:?}", String::from_utf8_lossy(&bytes)),
            None => "null".to_owned(),
        };
        match reader.read(Bytes::copy_from_slice(line.as_bytes())) {
            Err(error) => error.to_string(),
            Ok(line) => {
                let headers = line.headers.into_iter();
                let headers: Vec<String> = headers
                    .map(|header| format!("{}={}", text(Some(header.key)), text(header.value)))
                    .collect();
                format!(
                    "[{}] {} {}",
                    headers.join(" "),
                    text(line.key),
                    text(line.value)
                )
            }
        }
    }

    #[test]
    fn a_line_is_a_value_unless_it_is_said_otherwise() {
        let mut reader = reader(&[("key.separator", ":")]).expect("a good configuration");
        assert_eq!(read(&mut reader, "a:b"), r#"[] null "a:b""#);
        assert_eq!(read(&mut reader, ""), r#"[] null """#);
    }

    #[test]
    fn the_first_separator_ends_the_key_and_a_line_without_one_is_named() {
        let mut reader = reader(&[("parse.key", " TRUE "), ("key.separator", ":")])
            .expect("a good configuration");
        assert_eq!(read(&mut reader, "k:v:w"), r#"[] "k" "v:w""#);
        assert_eq!(read(&mut reader, ":v"), r#"[] "" "v""#);
        assert_eq!(
            read(&mut reader, "novalue"),
            "No key separator found on line number 3: 'novalue'"
        );
    }

    #[test]
    fn errors_are_ignored_when_asked() {
        let mut reader = reader(&[
            ("parse.key", "true"),
            ("parse.headers", "true"),
            ("ignore.error", "true"),
        ])
        .expect("a good configuration");
        assert_eq!(read(&mut reader, "plain"), r#"[] null "plain""#);
        assert_eq!(read(&mut reader, "h\tk\tv"), r#"["h"=null] "k" "v""#);
        assert_eq!(read(&mut reader, "h:1\tv"), r#"["h"="1"] null "v""#);
    }

    #[test]
    fn headers_come_first_and_are_split_twice() {
        let mut reader = reader(&[
            ("parse.key", "true"),
            ("parse.headers", "true"),
            ("null.marker", "NULL"),
        ])
        .expect("a good configuration");
        assert_eq!(
            read(&mut reader, "h1:v1,h2:v:2,h3:NULL\tkey\tvalue"),
            r#"["h1"="v1" "h2"="v:2" "h3"=null] "key" "value""#
        );
        assert_eq!(read(&mut reader, "NULL\tNULL\tNULL"), "[] null null");
        assert_eq!(read(&mut reader, "h1:v1,,\tk\tv"), r#"["h1"="v1"] "k" "v""#);
        assert_eq!(
            read(&mut reader, "\tk\tv"),
            "No header key separator found in pair '' on line number 4"
        );
        assert_eq!(
            read(&mut reader, "a,b:1\tk\tv"),
            "No header key separator found in pair 'a' on line number 5"
        );
        assert_eq!(
            read(&mut reader, "none"),
            "No headers delimiter found on line number 6: 'none'"
        );
        assert_eq!(
            read(&mut reader, "NULL:1\tk\tv"),
            "Header keys should not be equal to the null marker 'NULL' as they can't be null"
        );
    }

    #[test]
    fn separators_that_cannot_be_told_apart_are_refused() {
        for (properties, sentence) in [
            (
                vec![("headers.delimiter", ",")],
                "headers.delimiter and headers.separator may not be equal",
            ),
            (
                vec![("headers.delimiter", ":")],
                "headers.delimiter and headers.key.separator may not be equal",
            ),
            (
                vec![("headers.separator", ":")],
                "headers.separator and headers.key.separator may not be equal",
            ),
            (
                vec![("null.marker", "\t")],
                "null.marker and key.separator may not be equal",
            ),
            (
                vec![("null.marker", ",")],
                "null.marker and headers.separator may not be equal",
            ),
            (
                vec![("null.marker", ":")],
                "null.marker and headers.key.separator may not be equal",
            ),
        ] {
            assert_eq!(reader(&properties).expect_err("refused"), sentence);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_as_java_does_or_kept() {
        let line = Bytes::from_static(b"a\xffb\tc");
        let mut java = reader(&[]).expect("a good configuration");
        let value = java.read(line.clone()).expect("a value").value;
        assert_eq!(value.as_deref(), Some("a\u{fffd}b\tc".as_bytes()));
        let mut plain = LineReader::of_bytes(Some(Bytes::from_static(b"\t")));
        let kept = plain.read(line).expect("a key and a value");
        assert_eq!(kept.key.as_deref(), Some(&b"a\xffb"[..]));
        assert_eq!(kept.value.as_deref(), Some(&b"c"[..]));
    }
}
