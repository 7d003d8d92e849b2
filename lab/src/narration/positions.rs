//! Where consumers begin to read, and why there.

use std::sync::Arc;

use ottla_core::sorted::Map;
use ottla_core::{Instant, Offset, TopicPartition};

use super::known::Known;
use super::pace::Pace;
use super::told::{Naming, list, told};
use super::{Sentence, Tone};

/// Who begins to read where, to be told when the moment is over.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions(Map<(Why, Arc<str>), Places>);

pub(super) type Places = Map<TopicPartition, Offset>;

/// Why reading begins where it does, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// The group has committed it.
    Committed,
    /// It was told to go there.
    Sought,
    /// It has no group that could have committed anything.
    IsAlone,
    /// The group has not committed anything.
    NothingCommitted,
    /// The log does not hold the place where it was to go on.
    OutOfRange,
}

impl Positions {
    /// A consumer begins at an offset: its group's, or after it has asked the log.
    pub(super) fn hear(
        &mut self,
        known: &mut Known,
        who: &Arc<str>,
        partition: &TopicPartition,
        offset: Offset,
        is_reset: bool,
    ) {
        let has_group = known.group_of(who).is_some();
        let (is_sought, had_place) = match known.clients.get_mut(who) {
            Some(client) => (
                is_reset && client.sought.remove(partition),
                !client.places.insert(partition.clone()),
            ),
            None => (false, false),
        };
        let why = match (is_reset, is_sought, had_place) {
            (false, ..) => Why::Committed,
            (_, true, _) => Why::Sought,
            (.., true) => Why::OutOfRange,
            _ if has_group || !known.clients.contains_key(who) => Why::NothingCommitted,
            _ => Why::IsAlone,
        };
        let places = self.0.entry((why, who.clone())).or_default();
        places.insert(partition.clone(), offset);
    }

    /// The moment is over: it is told, without those who only go on where they were themselves.
    pub(super) fn tell(&mut self, known: &mut Known, at: Instant, sentences: &mut Vec<Sentence>) {
        let mut positioned = Vec::new();
        for ((why, who), mut places) in std::mem::take(&mut self.0) {
            if let Some(client) = known.clients.get_mut(&who) {
                client.note_committed(&mut places);
                client.commits = Pace::default();
            }
            if !places.is_empty() {
                positioned.push((why, who, places));
            }
        }
        // What members of one group do is told together.
        let together = |one: &(Why, Arc<str>, Places), next: &(Why, Arc<str>, Places)| {
            let group = known.group_of(&one.1);
            one.0 == next.0 && group.is_some() && group == known.group_of(&next.1)
        };
        let told = positioned.chunk_by(together);
        sentences.extend(told.map(|some| sentence(known.naming(), at, some)));
    }
}

fn sentence(naming: Naming, at: Instant, some: &[(Why, Arc<str>, Places)]) -> Sentence {
    let names: Vec<&str> = some.iter().map(|(_, who, _)| &**who).collect();
    let names = list(&names);
    let say = |template| told(at, Tone::Plain, template, &[&names]);
    let mut sentence = match (some[0].0, some.len()) {
        (Why::Committed, 1) => say("{} goes on where its group has committed:"),
        (Why::Committed, _) => return say("{} go on where their group has committed."),
        (Why::Sought, 1) => say("{} goes on"),
        (Why::Sought, _) => say("{} go on"),
        (Why::IsAlone, 1) => say("{} begins"),
        (Why::IsAlone, _) => say("{} begin"),
        (Why::NothingCommitted, 1) => say("{} finds nothing committed and begins"),
        (Why::NothingCommitted, _) => say("{} find nothing committed and begin"),
        (Why::OutOfRange, count) => {
            let template = match count {
                1 => {
                    "*{}* asks for an offset that the log does not hold (OFFSET_OUT_OF_RANGE). It goes on"
                }
                _ => {
                    "*{}* ask for offsets that the log does not hold (OFFSET_OUT_OF_RANGE). They go on"
                }
            };
            told(at, Tone::Loss, template, &[&names])
        }
    };
    let places = some.iter().flat_map(|(_, _, places)| places.clone());
    add_places(naming, &places.collect(), &mut sentence);
    sentence
}

/// `at offset 5 of partition 0`, `at offsets 5 and 7 of partitions 0 and 1`.
pub(super) fn add_places(naming: Naming, places: &Places, sentence: &mut Sentence) {
    let places: Vec<(TopicPartition, Offset)> = places
        .iter()
        .map(|(place, offset)| (place.clone(), *offset))
        .collect();
    let is_same = places.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let partitions: Vec<TopicPartition> = places.iter().map(|(place, _)| place.clone()).collect();
    match places.as_slice() {
        [(_, offset), ..] if is_same => {
            let offset = offset.to_string();
            sentence.add(
                " at offset *{}* of {}.",
                &[&offset, &naming.all(&partitions)],
            );
        }
        all => {
            let place = |(place, offset): &(TopicPartition, Offset)| {
                format!("{offset} of {}", naming.one(place))
            };
            let all: Vec<String> = all.iter().map(place).collect();
            sentence.add(" at offset {}.", &[&list(&all)]);
        }
    }
}
