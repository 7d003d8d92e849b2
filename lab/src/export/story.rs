//! What has been done in a timeline, and what was sent meanwhile.

use ottla_core::Instant;
use ottla_core::sorted::Map;

use crate::action::{Action, Millis};
use crate::timeline::Timeline;

/// A part of what happened.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Somebody did this at this moment.
    Done(Instant, Action),
    /// A producer sent these, one after the other.
    Sent(Batch),
}

/// Records that a producer sent to a topic, between two actions.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) producer: String,
    pub(super) topic: String,
    pub(super) records: Vec<Record>,
}

/// A record that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) key: Option<String>,
    pub(super) value: String,
}

/// Everything up to the moment that is shown, in order.
pub(super) fn parts(timeline: &Timeline) -> Vec<Part> {
    let actions = timeline.start().actions.iter().chain(timeline.actions());
    let actions = actions.filter(|(at, _)| *at <= timeline.now());
    let mut actions: Vec<(Instant, Action)> = actions.cloned().collect();
    actions.sort_by_key(|(at, _)| *at);
    let mut batches = batches(timeline, &actions);
    let mut parts = Vec::new();
    for (place, (at, action)) in (1..).zip(actions) {
        parts.push(Part::Done(at, action));
        let sent = batches.remove(&place).unwrap_or_default();
        parts.extend(sent.into_iter().map(Part::Sent));
    }
    parts
}

/// Whether the learner has written a program.
pub(super) fn has_programs(parts: &[Part]) -> bool {
    let is_program = |part: &Part| matches!(part, Part::Done(_, Action::Code { .. }));
    parts.iter().any(is_program)
}

/// What was sent, by the number of actions that were done before it.
fn batches(timeline: &Timeline, actions: &[(Instant, Action)]) -> Map<usize, Vec<Batch>> {
    let mut batches: Map<usize, Vec<Batch>> = Map::new();
    for resident in timeline.world().residents() {
        let Some(app) = resident.as_producer() else {
            continue;
        };
        for sent in app.deliveries().iter() {
            let place = actions.partition_point(|(at, _)| *at <= sent.at);
            let batches = batches.entry(place).or_default();
            let is_here =
                |last: &&mut Batch| *last.producer == *resident.name && *last.topic == *sent.topic;
            let record = Record {
                key: sent.key.as_deref().map(str::to_owned),
                value: sent.value.to_string(),
            };
            match batches.last_mut().filter(is_here) {
                Some(last) => last.records.push(record),
                None => batches.push(Batch {
                    producer: resident.name.to_string(),
                    topic: sent.topic.to_string(),
                    records: vec![record],
                }),
            }
        }
    }
    batches
}

/// An action with its moment, as a comment says it. Nothing in it ends the comment, or turns around what is read. A program's source follows it.
pub(super) fn told(at: Instant, action: &Action) -> String {
    let at = Millis(at.0.div_ceil(1000));
    let text = match action {
        Action::Code { name, .. } => format!("{at} code {name}"),
        _ => format!("{at} {action}"),
    };
    text.replace(is_unseen, "?")
}

/// Signs that nobody sees, of which some end a line and some turn a text around.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
