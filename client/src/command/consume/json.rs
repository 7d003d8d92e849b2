//! `ottla consume --json`: an object a line.

use ottla_core::batch::TimestampType;

use super::template::push_hex;
use crate::command::kafka::java::push_integer;
use crate::consumer::Fetched;

/// Appends `{"topic":…,"partition":…,"offset":…,"timestamp":…,"timestamp_type":…,"headers":[{"key":…,"value":…}],"key":…,"value":…}` and an
/// end of line. Keys and values that are no UTF-8 come as `key_hex` and `value_hex`.
pub(super) fn write(fetched: &Fetched, out: &mut Vec<u8>) {
    let record = &fetched.record;
    out.extend_from_slice(b"{\"topic\":");
    push_text(out, &fetched.partition.topic);
    out.extend_from_slice(b",\"partition\":");
    push_integer(out, i64::from(fetched.partition.partition));
    out.extend_from_slice(b",\"offset\":");
    push_integer(out, record.offset.0);
    out.extend_from_slice(b",\"timestamp\":");
    push_integer(out, record.timestamp.0);
    out.extend_from_slice(match fetched.timestamp_type {
        TimestampType::CreateTime => b",\"timestamp_type\":\"CreateTime\",\"headers\":[",
        TimestampType::LogAppendTime => b",\"timestamp_type\":\"LogAppendTime\",\"headers\":[",
    });
    for (index, header) in record.headers.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b"{" } else { b",{" });
        push_field(out, "key", Some(&header.key));
        out.push(b',');
        push_field(out, "value", header.value.as_deref());
        out.push(b'}');
    }
    out.extend_from_slice(b"],");
    push_field(out, "key", record.key.as_deref());
    out.push(b',');
    push_field(out, "value", record.value.as_deref());
    out.extend_from_slice(b"}\n");
}

/// `"name":"text"`, `"name":null` or `"name_hex":"00ff"`.
fn push_field(out: &mut Vec<u8>, name: &str, field: Option<&[u8]>) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    match field.map(|bytes| std::str::from_utf8(bytes).map_err(|_| bytes)) {
        None => out.extend_from_slice(b"\":null"),
        Some(Ok(text)) => {
            out.extend_from_slice(b"\":");
            push_text(out, text);
        }
        Some(Err(bytes)) => {
            out.extend_from_slice(b"_hex\":\"");
            push_hex(out, bytes);
            out.push(b'"');
        }
    }
}

/// Appends a text as a JSON string.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[plain_from..at]);
        plain_from = at + 1;
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            control => {
                out.extend_from_slice(b"\\u00");
                push_hex(out, &[control]);
            }
        }
    }
    out.extend_from_slice(&text.as_bytes()[plain_from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::consume::tests::fetched;

    fn written(fetched: &Fetched) -> String {
        let mut out = Vec::new();
        write(fetched, &mut out);
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn a_record_is_an_object() {
        assert_eq!(
            written(&fetched()),
            concat!(
                r#"{"topic":"orders","partition":2,"offset":15,"timestamp":1795242421234,"timestamp_type":"CreateTime","#,
                r#""headers":[{"key":"a","value":"1"},{"key":"b","value":null}],"key":"key","value":"value"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn any_bytes_can_be_read_again() {
        let mut record = fetched();
        record.record.headers.clear();
        record.record.key = Some(b"\xff\x00".as_slice().into());
        record.record.value = Some("quote \" backslash \\ tab \t bell \x07 é".into());
        let read: serde_json::Value = serde_json::from_str(&written(&record)).expect("JSON");
        assert_eq!(read["key_hex"], "ff00");
        assert_eq!(read["value"], "quote \" backslash \\ tab \t bell \x07 é");
        record.record.value = None;
        let read: serde_json::Value = serde_json::from_str(&written(&record)).expect("JSON");
        assert!(read["value"].is_null());
    }
}
