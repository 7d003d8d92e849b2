//! What the tutorial reads out of frames, field by field, is what another decoder reads out of them: to the last byte, and with the same values.

mod other;

use ottla_core::sorted::Map;
use std::ops::Range;

use bytes::Bytes;
use kafka_protocol::messages::ApiKey;
use ottla_client::LinkId;
use ottla_core::Instant;
use ottla_lab::Direction;
use ottla_lab::frames::{Field, Frame};
use ottla_tests::crash::Random;
use ottla_tests::fuzzing::{Target, request};

use other::scalars;

#[test]
fn requests_and_answers_of_every_api_and_version_are_read_as_another_decoder_reads_them() {
    let mut random = Random::new(5);
    let mut target = Target::default();
    let mut read: Map<(i16, i16), u32> = Map::new();
    let mut sound_count = 0;
    for run in 0..12_000 {
        if run % 300 == 0 {
            target = Target::default();
        }
        let request = request(&mut random);
        let whole = [&(request.len() as i32).to_be_bytes(), &request[..]].concat();
        let asked = frame(Direction::ToBroker, whole.into());
        // The other decoder believes every length: only what the broker takes is given to it.
        let Ok(answers) = target.answers(request.into()) else {
            continue;
        };
        sound_count += u32::from(check(&asked, run));
        for bytes in answers {
            let answer = Frame {
                direction: Direction::ToClient,
                bytes,
                ..asked.clone()
            };
            assert!(check(&answer, run), "run {run}: {answer:?}");
            *read.entry((asked.api_key, asked.api_version)).or_default() += 1;
        }
    }
    assert!(sound_count > 6000, "{sound_count}");
    let served = ottla_wire::APIS
        .iter()
        .flat_map(|api| api.versions.clone().map(|version| (api.key, version)));
    let missing: Vec<(i16, i16)> = served.filter(|api| !read.contains_key(api)).collect();
    assert_eq!(missing, UNWRITTEN, "no answer was read of these");
}

/// Versions of Produce, OffsetCommit and OffsetFetch that the generator of requests cannot write.
const UNWRITTEN: [(i16, i16); 6] = [(0, 0), (0, 1), (0, 2), (8, 10), (9, 1), (9, 3)];

fn frame(direction: Direction, bytes: Bytes) -> Frame {
    let number = |at: usize| i16::from_be_bytes([bytes[at], bytes[at + 1]]);
    Frame {
        id: 1,
        sent_at: Instant(0),
        arrives_at: Instant(0),
        link: LinkId {
            owner: 1,
            serial: 1,
        },
        client: "chance".into(),
        direction,
        api_key: number(4),
        api_version: number(6),
        correlation_id: 0,
        bytes,
    }
}

/// Whether it is a sound frame; then it was read well.
fn check(frame: &Frame, run: u32) -> bool {
    let key = ApiKey::try_from(frame.api_key).expect("it is served");
    let Some(mut theirs) = scalars(key, frame) else {
        return false;
    };
    let fields = frame.fields();
    assert_eq!(fields[0].bytes, 0..4, "run {run}: {frame:?}");
    cover(&fields, 0..frame.bytes.len(), run);
    let body = &fields.last().expect("a frame has a body").fields;
    let mut ours = Vec::new();
    flatten(body, "", &mut ours);
    for (name, value) in ours {
        let place = theirs
            .iter()
            .position(|(other, scalar)| *other == name && scalar.is_told_as(&value));
        let place = place.unwrap_or_else(|| {
            panic!("run {run}: {key:?} {frame:?}: {name} is not {value} in {theirs:?}")
        });
        theirs.swap_remove(place);
    }
    true
}

/// Fields lie one behind the other in what holds them, up to its end (before them may be their count), and nothing was left unread.
fn cover(fields: &[Field], place: Range<usize>, run: u32) {
    let mut end = fields.first().map_or(place.end, |first| first.bytes.start);
    for field in fields {
        assert_ne!(field.name, "unread", "run {run}: {fields:#?}");
        let is_behind = field.bytes.start == end || field.bytes == place;
        assert!(is_behind && end >= place.start, "run {run}: {field:?}");
        cover(&field.fields, field.bytes.clone(), run);
        end = field.bytes.end;
    }
    assert_eq!(end, place.end, "run {run}: {fields:?}");
}

/// Name and value of what holds no others. What is in records or in bytes is another matter.
fn flatten(fields: &[Field], array: &str, all: &mut Vec<(String, String)>) {
    for field in fields {
        let name = match field.name.starts_with('[') {
            true => array,
            false => &field.name,
        };
        let is_blob = field.value.contains(" byte");
        if field.fields.is_empty() || is_blob {
            let is_value = field.value != "none" && !field.value.is_empty();
            if is_value && !name.starts_with("tag_") {
                all.push((name.to_owned(), field.value.clone()));
            }
        } else {
            flatten(&field.fields, name, all);
        }
    }
}
