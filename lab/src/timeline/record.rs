//! What has happened in the whole of the time that has been lived, kept once.

use std::sync::Arc;

use ottla_core::Instant;

use super::{Mark, MarkKind};
use crate::action::{Action, ActionError};
use crate::narration::{Part, Sentence, Tone};
use crate::{Line, Teller, World};

/// What has happened, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    lines: Vec<Line>,
    sentences: Vec<Sentence>,
    marks: Vec<Mark>,
}

/// How much of the record a world has told.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) lines_count: usize,
    pub(super) sentences_count: usize,
    pub(super) marks_count: usize,
}

impl Record {
    pub(super) fn lines(&self, told: &Told) -> &[Line] {
        &self.lines[..told.lines_count]
    }

    pub(super) fn sentences(&self, told: &Told) -> &[Sentence] {
        &self.sentences[..told.sentences_count]
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// When the first sentence was said that this world has not told yet.
    pub(super) fn next_sentence_at(&self, told: &Told) -> Option<Instant> {
        let next = self.sentences.get(told.sentences_count);
        next.map(|next| next.at)
    }

    /// Takes what a world has to tell. What was told before, in an earlier life of the same world, is not kept again.
    pub(super) fn listen(&mut self, world: &mut World, told: &mut Told) {
        for line in world.take_log() {
            self.hear(line, told);
        }
    }

    /// Somebody has done something, or tried to.
    pub(super) fn hear_action(
        &mut self,
        at: Instant,
        action: &Action,
        error: Option<&ActionError>,
        told: &mut Told,
    ) {
        match error {
            None => self.mark(at, MarkKind::Action, &format!("{action:?}"), told),
            Some(error) => {
                let text = format!("`{action:?}` could not be done: {error}");
                self.mark(at, MarkKind::Loss, &text, told);
                let (who, what) = (Arc::from("world"), Teller::World(text));
                self.hear(Line { at, who, what }, told);
            }
        }
    }

    fn hear(&mut self, line: Line, told: &mut Told) {
        if let Some(sentence) = sentence(&line) {
            let kind = match sentence.tone {
                Tone::Turn => Some(MarkKind::Event),
                Tone::Loss => Some(MarkKind::Loss),
                Tone::Action | Tone::Plain => None,
            };
            if let Some(kind) = kind {
                self.mark(sentence.at, kind, &text(&sentence.parts), told);
            }
            keep(&mut self.sentences, &mut told.sentences_count, sentence);
        }
        keep(&mut self.lines, &mut told.lines_count, line);
    }

    fn mark(&mut self, at: Instant, kind: MarkKind, text: &str, told: &mut Told) {
        let text = text.to_owned();
        keep(
            &mut self.marks,
            &mut told.marks_count,
            Mark { at, kind, text },
        );
    }

    /// Forgets what this world has not told.
    pub(super) fn truncate(&mut self, told: &Told) {
        self.lines.truncate(told.lines_count);
        self.sentences.truncate(told.sentences_count);
        self.marks.truncate(told.marks_count);
    }
}

/// Keeps what is new. What is not new is what it was the first time: the same start and the same actions give the same life.
fn keep<T: PartialEq + std::fmt::Debug>(kept: &mut Vec<T>, told_count: &mut usize, new: T) {
    match kept.get(*told_count) {
        Some(old) => debug_assert_eq!(*old, new, "a life that was lived again went another way"),
        None => kept.push(new),
    }
    *told_count += 1;
}

fn text(parts: &[Part]) -> String {
    let texts = parts.iter().map(|part| match part {
        Part::Text(text) | Part::Strong(text) => text.as_str(),
    });
    texts.collect()
}

fn sentence(line: &Line) -> Option<Sentence> {
    Some(Sentence {
        at: line.at,
        tone: Tone::Plain,
        parts: vec![Part::Text(line.to_string())],
    })
}
