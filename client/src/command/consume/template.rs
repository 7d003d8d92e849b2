//! `ottla consume --format`: a line for each record.

use ottla_core::Timestamp;

use crate::calendar::Civil;
use crate::command::kafka::java::push_integer;
use crate::consumer::Fetched;

/// Text with placeholders: `%k` key, `%v` value, `%t` topic, `%p` partition, `%o` offset, `%T` time (UTC), `%m` time in milliseconds since 1970,
/// `%h` headers, `%%` a percent sign; `\n`, `\t`, `\r`, `\0`, `\\` and `\xNN`. An end of line follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
    /// Bytes that are no text are printed as hexadecimal digits; control characters too, which would upset a terminal.
    is_readable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Key,
    Value,
    Topic,
    Partition,
    Offset,
    Time,
    Milliseconds,
    Headers,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// A placeholder or an escape that there is not.
    pub(crate) fn parse(text: &str, is_readable: bool) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = Vec::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            let part = match character {
                '%' => placeholder(characters.next())?,
                '\\' => Part::Text(vec![escape(&mut characters)?]),
                other => Part::Text(other.to_string().into_bytes()),
            };
            match part {
                Part::Text(more) => plain.extend(more),
                part => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(part);
                }
            }
        }
        plain.push(b'\n');
        parts.push(Part::Text(plain));
        Ok(Self { parts, is_readable })
    }

    /// Appends a record.
    pub(super) fn write(&self, fetched: &Fetched, out: &mut Vec<u8>) {
        let record = &fetched.record;
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text),
                Part::Key => self.field(record.key.as_deref(), out),
                Part::Value => self.field(record.value.as_deref(), out),
                Part::Topic => out.extend_from_slice(fetched.partition.topic.as_bytes()),
                Part::Partition => push_integer(out, i64::from(fetched.partition.partition)),
                Part::Offset => push_integer(out, record.offset.0),
                Part::Time => push_time(out, record.timestamp),
                Part::Milliseconds => push_integer(out, record.timestamp.0),
                Part::Headers => {
                    for (index, header) in record.headers.iter().enumerate() {
                        if index > 0 {
                            out.push(b',');
                        }
                        self.field(Some(&header.key), out);
                        out.push(b'=');
                        self.field(header.value.as_deref(), out);
                    }
                }
            }
        }
    }

    fn field(&self, field: Option<&[u8]>, out: &mut Vec<u8>) {
        match field {
            None => out.extend_from_slice(b"null"),
            Some(bytes) if self.is_readable && !is_readable(bytes) => {
                out.extend_from_slice(b"0x");
                push_hex(out, bytes);
            }
            Some(bytes) => out.extend_from_slice(bytes),
        }
    }
}

/// Text in which `\n`, `\t`, `\r`, `\0`, `\\` and `\xNN` stand for bytes.
///
/// # Errors
/// An escape that there is not.
pub(crate) fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => bytes.push(escape(&mut characters)?),
            other => bytes.extend(other.to_string().into_bytes()),
        }
    }
    Ok(bytes)
}

/// Appends hexadecimal digits.
pub(super) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

fn placeholder(letter: Option<char>) -> Result<Part, String> {
    Ok(match letter {
        Some('%') => Part::Text(vec![b'%']),
        Some('k') => Part::Key,
        Some('v') => Part::Value,
        Some('t') => Part::Topic,
        Some('p') => Part::Partition,
        Some('o') => Part::Offset,
        Some('T') => Part::Time,
        Some('m') => Part::Milliseconds,
        Some('h') => Part::Headers,
        Some(other) => return Err(format!("there is no %{other}; there are {PLACEHOLDERS}")),
        None => return Err("a lone % stands at its end; %% prints one".to_owned()),
    })
}

fn escape(characters: &mut std::str::Chars<'_>) -> Result<u8, String> {
    Ok(match characters.next() {
        Some('n') => b'\n',
        Some('t') => b'\t',
        Some('r') => b'\r',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('x') => {
            let digits: String = characters.take(2).collect();
            let is_hex = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let byte = is_hex
                .then(|| u8::from_str_radix(&digits, 16).ok())
                .flatten();
            byte.ok_or_else(|| format!("\\x{digits} is no byte: write two hexadecimal digits"))?
        }
        Some(other) => {
            return Err(format!(
                "there is no \\{other}; there are \\n \\t \\r \\0 \\\\ \\xNN"
            ));
        }
        None => return Err("a lone \\ stands at its end; \\\\ prints one".to_owned()),
    })
}

/// Text that may go to a terminal. A tab may.
fn is_readable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.chars()
            .all(|character| character == '\t' || !character.is_control())
    })
}

/// `2026-11-21T06:27:01.234Z`.
fn push_time(out: &mut Vec<u8>, timestamp: Timestamp) {
    if timestamp == Timestamp::NONE {
        return out.push(b'-');
    }
    let at = Civil::of(timestamp);
    let fields = [
        (at.year, 4, b'-'),
        (i64::from(at.month), 2, b'-'),
        (i64::from(at.day), 2, b'T'),
        (i64::from(at.hour), 2, b':'),
        (i64::from(at.minute), 2, b':'),
        (i64::from(at.second), 2, b'.'),
        (i64::from(at.millisecond), 3, b'Z'),
    ];
    for (number, width, end) in fields {
        let start = out.len();
        push_integer(out, number);
        while out.len() - start < width {
            out.insert(start, b'0');
        }
        out.push(end);
    }
}

const PLACEHOLDERS: &str = "%k %v %t %p %o %T %m %h %%";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::consume::tests::fetched;

    fn line(template: &str, is_readable: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let template = Template::parse(template, is_readable).expect("a good template");
        template.write(&fetched(), &mut out);
        out
    }

    #[test]
    fn each_placeholder_is_a_part_of_the_record() {
        assert_eq!(line("%k\\t%v", false), b"key\tvalue\n");
        assert_eq!(
            line("%t[%p]@%o %T %m 100%% %h \\x41\\\\", false),
            b"orders[2]@15 2026-11-21T06:27:01.234Z 1795242421234 100% a=1,b=null A\\\n"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_hexadecimal_for_people_and_themselves_for_pipes() {
        let mut record = fetched();
        record.record.key = None;
        record.record.value = Some(b"\xff\x00".as_slice().into());
        let mut out = Vec::new();
        for is_readable in [true, false] {
            let template = Template::parse("%k %v", is_readable).expect("a good template");
            template.write(&record, &mut out);
        }
        assert_eq!(out, b"null 0xff00\nnull \xff\x00\n");
        record.record.value = Some(b"a\x1b[31m".as_slice().into());
        out.clear();
        Template::parse("%v", true)
            .expect("a good template")
            .write(&record, &mut out);
        assert_eq!(out, b"0x611b5b33316d\n");
    }

    #[test]
    fn what_there_is_not_is_refused() {
        for (template, error) in [
            ("%x", "there is no %x; there are %k %v %t %p %o %T %m %h %%"),
            ("a%", "a lone % stands at its end; %% prints one"),
            (
                "\\q",
                "there is no \\q; there are \\n \\t \\r \\0 \\\\ \\xNN",
            ),
            ("\\xg1", "\\xg1 is no byte: write two hexadecimal digits"),
            ("a\\", "a lone \\ stands at its end; \\\\ prints one"),
        ] {
            assert_eq!(Template::parse(template, false), Err(error.to_owned()));
        }
    }
}
