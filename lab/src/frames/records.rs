//! Record batches: what Produce carries to the broker and Fetch from it.

use ottla_core::batch::{BatchHeader, Compression, TimestampType, shared_records};

use super::reader::{Damage, LengthForm, Reader};
use super::{Field, message, people};

/// Reads batches until the bytes end. A fetch may end in a part of one.
pub(super) fn read(reader: &mut Reader<'_>, left_count: &mut usize, fields: &mut Vec<Field>) {
    let mut index = 0;
    while !reader.is_at_end() {
        let rest = reader.slice(reader.left());
        let header = BatchHeader::parse(rest);
        let header = header.filter(|header| header.size_bytes as usize <= rest.len());
        let Some(header) = header else {
            fields.push(Field::unread("a part of a batch", reader));
            return;
        };
        let mut inner = reader
            .inner(header.size_bytes as usize)
            .expect("it is not longer than what is left");
        let mut field = Field::new(format!("batch[{index}]"), summary(&header), inner.left());
        if let Err(damage) = batch(&mut inner, &header, left_count, &mut field.fields) {
            field.fields.push(Field::unread(damage.0, &inner));
        }
        fields.push(field);
        index += 1;
    }
}

fn summary(header: &BatchHeader) -> String {
    match header.records_count {
        1 => "1 record".into(),
        count => format!("{count} records"),
    }
}

fn batch(
    reader: &mut Reader<'_>,
    header: &BatchHeader,
    left_count: &mut usize,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let whole = reader.slice(reader.left());
    let crc = match header.fits(whole) {
        true => format!("{:#010x} (right)", header.crc),
        false => format!("{:#010x} (wrong)", header.crc),
    };
    let mut fixed = |name: &str, size_bytes: usize, value: String| {
        let start = reader.at();
        reader.take(size_bytes)?;
        fields.push(Field::new(name, value, start..reader.at()));
        Ok::<(), Damage>(())
    };
    let number = |name: &'static str, number: i64| people::number(name, number);
    fixed("base_offset", 8, header.base_offset.0.to_string())?;
    fixed("batch_length", 4, (header.size_bytes - 12).to_string())?;
    fixed("partition_leader_epoch", 4, header.leader_epoch.to_string())?;
    fixed("magic", 1, "2".into())?;
    fixed("crc", 4, crc)?;
    fixed("attributes", 2, attributes(header))?;
    fixed("last_offset_delta", 4, header.last_offset_delta.to_string())?;
    let (base, max) = (header.base_timestamp.0, header.max_timestamp.0);
    fixed("base_timestamp", 8, number("base_timestamp", base))?;
    fixed("max_timestamp", 8, number("max_timestamp", max))?;
    fixed("producer_id", 8, header.producer_id.to_string())?;
    fixed("producer_epoch", 2, header.producer_epoch.to_string())?;
    fixed("base_sequence", 4, header.base_sequence.to_string())?;
    fixed("records_count", 4, header.records_count.to_string())?;
    if header.compression != Compression::None {
        return compressed(reader, whole, left_count, fields);
    }
    let mut index = 0;
    while !reader.is_at_end() {
        *left_count = left_count.checked_sub(1).ok_or(message::TOO_MANY)?;
        let name = format!("record[{index}]");
        Field::holding(name, "", reader.at(), reader, fields, |reader, fields| {
            record(reader, header, fields)
        })?;
        index += 1;
    }
    Ok(())
}

fn attributes(header: &BatchHeader) -> String {
    let mut words = vec![match header.compression {
        Compression::None => "not compressed",
        Compression::Gzip => "gzip",
        Compression::Snappy => "snappy",
        Compression::Lz4 => "lz4",
        Compression::Zstd => "zstd",
    }];
    if header.timestamp_type == TimestampType::LogAppendTime {
        words.push("log append time");
    }
    if header.is_transactional {
        words.push("transactional");
    }
    if header.is_control {
        words.push("control");
    }
    words.join(", ")
}

fn record(
    reader: &mut Reader<'_>,
    header: &BatchHeader,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let start = reader.at();
    let length = reader.length(LengthForm::Varint)?;
    let length = length.ok_or(Damage("a record without a length"))?;
    fields.push(Field::new("length", length.to_string(), start..reader.at()));
    let mut reader = reader.inner(length)?;
    let result = record_body(&mut reader, header, fields);
    if result.is_ok() && !reader.is_at_end() {
        return Err(Damage("a record that is longer than what it holds"));
    }
    result
}

fn record_body(
    reader: &mut Reader<'_>,
    header: &BatchHeader,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let start = reader.at();
    let [attributes] = reader.array()?;
    fields.push(Field::new(
        "attributes",
        attributes.to_string(),
        start..reader.at(),
    ));
    let start = reader.at();
    let delta = reader.varint()?;
    let at = people::number("timestamp", header.base_timestamp.0.saturating_add(delta));
    fields.push(Field::new(
        "timestamp_delta",
        format!("{delta} → {at}"),
        start..reader.at(),
    ));
    let start = reader.at();
    let delta = reader.varint()?;
    let offset = header.base_offset.0.saturating_add(delta);
    fields.push(Field::new(
        "offset_delta",
        format!("{delta} → {offset}"),
        start..reader.at(),
    ));
    blob(reader, "key", fields)?;
    blob(reader, "value", fields)?;
    let start = reader.at();
    let count = reader.length(LengthForm::Varint)?.unwrap_or(0);
    let value = people::count(count);
    Field::holding("headers", value, start, reader, fields, |reader, fields| {
        (0..count).try_for_each(|index| record_header(reader, index, fields))
    })
}

fn record_header(
    reader: &mut Reader<'_>,
    index: usize,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let name = format!("[{index}]");
    Field::holding(name, "", reader.at(), reader, fields, |reader, fields| {
        blob(reader, "key", fields)?;
        blob(reader, "value", fields)
    })
}

/// A varint length and so many bytes.
fn blob(reader: &mut Reader<'_>, name: &str, fields: &mut Vec<Field>) -> Result<(), Damage> {
    let start = reader.at();
    let length = reader.length(LengthForm::Varint)?;
    let bytes = length.map(|length| reader.take(length)).transpose()?;
    let value = bytes.map_or_else(|| "null".into(), people::bytes);
    fields.push(Field::new(name, value, start..reader.at()));
    Ok(())
}

/// Records that are compressed have no bytes of their own: each is where all are.
fn compressed(
    reader: &mut Reader<'_>,
    whole: &[u8],
    left_count: &mut usize,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let place = reader.left();
    let mut all = Field::new("records", people::size(place.len()), place.clone());
    reader.take(place.len())?;
    let records = shared_records(bytes::Bytes::copy_from_slice(whole));
    let result = records.map_err(|_| Damage("it cannot be decompressed"));
    let result = result.and_then(|mut records| {
        records.try_for_each(|record| {
            *left_count = left_count.checked_sub(1).ok_or(message::TOO_MANY)?;
            let record = record.map_err(|_| Damage("a record that cannot be read"))?;
            let text = |bytes: &Option<bytes::Bytes>| {
                let bytes = bytes.as_deref();
                bytes.map_or_else(|| "null".into(), people::bytes)
            };
            let mut field = Field::new(
                format!("record[{}]", all.fields.len()),
                format!("offset {}", record.offset.0),
                place.clone(),
            );
            let (key, value) = (text(&record.key), text(&record.value));
            field.fields.push(Field::new("key", key, place.clone()));
            field.fields.push(Field::new("value", value, place.clone()));
            all.fields.push(field);
            Ok(())
        })
    });
    fields.push(all);
    result
}
