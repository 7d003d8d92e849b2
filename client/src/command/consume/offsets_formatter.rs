//! Kafka's `OffsetsMessageFormatter`: what groups have committed, read out of `__consumer_offsets`.

use bytes::Buf;
use ottla_core::Uuid;

use super::json::push_text;
use crate::command::kafka::java::push_integer;
use crate::consumer::Fetched;

/// Appends a commit as an object, without an end of line, as Kafka's formatter does; nothing for the records of other kinds.
///
/// # Errors
/// A record that is none of its kind.
pub(super) fn write(fetched: &Fetched, out: &mut Vec<u8>) -> Result<(), String> {
    let Some(key) = fetched.record.key.as_deref() else {
        return Ok(());
    };
    let start = out.len();
    let value = fetched.record.value.as_deref();
    match write_commit(key, value, out) {
        Some(()) => Ok(()),
        None => {
            out.truncate(start);
            let offset = fetched.record.offset;
            Err(format!(
                "java.lang.RuntimeException: Could not read record at offset {offset} due to: it is malformed"
            ))
        }
    }
}

fn write_commit(mut key: &[u8], value: Option<&[u8]>, out: &mut Vec<u8>) -> Option<()> {
    let kind = key.try_get_i16().ok()?;
    // 0 and 1 are commits; group metadata and KIP-848's records are others.
    if !matches!(kind, 0 | 1) {
        return Some(());
    }
    out.extend_from_slice(b"{\"key\":{\"type\":");
    push_integer(out, i64::from(kind));
    out.extend_from_slice(b",\"data\":{\"group\":");
    push_text(out, text(&mut key)?);
    out.extend_from_slice(b",\"topic\":");
    push_text(out, text(&mut key)?);
    out.extend_from_slice(b",\"partition\":");
    push_integer(out, i64::from(key.try_get_i32().ok()?));
    out.extend_from_slice(b"}},\"value\":");
    match value {
        None => out.extend_from_slice(b"null"),
        Some(value) => write_value(value, out)?,
    }
    out.push(b'}');
    Some(())
}

fn write_value(mut value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let version = value
        .try_get_i16()
        .ok()
        .filter(|version| (0..=4).contains(version))?;
    out.extend_from_slice(b"{\"version\":");
    push_integer(out, i64::from(version));
    out.extend_from_slice(b",\"data\":{\"offset\":");
    push_integer(out, value.try_get_i64().ok()?);
    if version >= 3 {
        out.extend_from_slice(b",\"leaderEpoch\":");
        push_integer(out, i64::from(value.try_get_i32().ok()?));
    }
    out.extend_from_slice(b",\"metadata\":");
    match version {
        4 => push_text(out, compact_text(&mut value)?),
        _ => push_text(out, text(&mut value)?),
    }
    out.extend_from_slice(b",\"commitTimestamp\":");
    push_integer(out, value.try_get_i64().ok()?);
    if version == 1 {
        out.extend_from_slice(b",\"expireTimestamp\":");
        push_integer(out, value.try_get_i64().ok()?);
    }
    if version == 4
        && let Some(id) = topic_id(&mut value)?
    {
        out.extend_from_slice(b",\"topicId\":");
        push_text(out, &id.to_string());
    }
    out.extend_from_slice(b"}}");
    Some(())
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(bytes.try_get_i16().ok()?).ok()?;
    cut(bytes, length)
}

fn compact_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(varint(bytes)?).ok()?.checked_sub(1)?;
    cut(bytes, length)
}

fn cut<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a str> {
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

/// The tagged fields at the end: 0 is the topic's id.
fn topic_id(bytes: &mut &[u8]) -> Option<Option<Uuid>> {
    let mut found = None;
    for _ in 0..varint(bytes)? {
        let tag = varint(bytes)?;
        let length = usize::try_from(varint(bytes)?).ok()?;
        let (field, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        if tag == 0 {
            found = Some(Uuid(field.try_into().ok()?));
        }
    }
    Some(found)
}

fn varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..32).step_by(7) {
        let byte = bytes.try_get_u8().ok()?;
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::consume::tests::fetched;

    const KEY: &[u8] = b"\0\x01\0\x04shop\0\x06orders\0\0\0\x02";

    fn written(key: &'static [u8], value: Option<&'static [u8]>) -> Result<String, String> {
        let mut record = fetched();
        record.record.key = Some(key.into());
        record.record.value = value.map(Into::into);
        let mut out = Vec::new();
        write(&record, &mut out).map(|()| String::from_utf8(out).expect("text"))
    }

    #[test]
    fn a_commit_is_an_object() {
        let value = b"\0\x04\0\0\0\0\0\0\0\x1e\xff\xff\xff\xff\x03hi\0\0\0\0\0\0\x03\xe8\x01\0\x10TR2?fTG\xea\xa5\xe5\xa9\x11\x9e\xfa\x9f\x0e";
        assert_eq!(
            written(KEY, Some(value)).as_deref(),
            Ok(concat!(
                r#"{"key":{"type":1,"data":{"group":"shop","topic":"orders","partition":2}},"#,
                r#""value":{"version":4,"data":{"offset":30,"leaderEpoch":-1,"metadata":"hi","commitTimestamp":1000,"topicId":"VFIyP2ZUR-ql5akRnvqfDg"}}}"#
            ))
        );
        let old = b"\0\x01\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02";
        assert_eq!(
            written(KEY, Some(old)).as_deref(),
            Ok(concat!(
                r#"{"key":{"type":1,"data":{"group":"shop","topic":"orders","partition":2}},"#,
                r#""value":{"version":1,"data":{"offset":5,"metadata":"","commitTimestamp":1,"expireTimestamp":2}}}"#
            ))
        );
    }

    #[test]
    fn a_deleted_commit_has_no_value_and_other_records_are_passed_over() {
        assert_eq!(
            written(KEY, None).as_deref(),
            Ok(
                r#"{"key":{"type":1,"data":{"group":"shop","topic":"orders","partition":2}},"value":null}"#
            )
        );
        assert_eq!(written(b"\0\x02\0\x04shop", None).as_deref(), Ok(""));
    }

    #[test]
    fn a_record_that_is_cut_anywhere_is_an_error() {
        let value: &'static [u8] =
            b"\0\x03\0\0\0\0\0\0\0\x1e\0\0\0\x01\0\x02hi\0\0\0\0\0\0\x03\xe8";
        assert!(written(KEY, Some(value)).is_ok());
        for end in 0..value.len() {
            assert!(written(KEY, Some(&value[..end])).is_err(), "{end}");
        }
        for end in 2..KEY.len() {
            assert!(written(&KEY[..end], None).is_err(), "{end}");
        }
    }
}
