//! What has happened in the whole of the time that has been lived, kept once.

use std::sync::Arc;

use ottla_core::Instant;

use super::{Mark, MarkKind};
use crate::action::{Action, ActionError};
use crate::frames::Frame;
use crate::narration::{Narrator, Sentence};
use crate::{Line, Teller, World};

/// What has happened, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    lines: Kept<Line>,
    sentences: Kept<Sentence>,
    marks: Kept<Mark>,
    frames: Kept<Frame>,
}

/// Things in their order, without the oldest if they are too many.
#[derive(Debug, Clone)]
struct Kept<T> {
    things: Vec<T>,
    /// How many have been dropped at the front.
    dropped_count: usize,
}

/// How much of the record a world has told.
#[derive(Debug, Clone)]
pub(super) struct Told {
    narrator: Narrator,
    lines_count: usize,
    pub(super) sentences_count: usize,
    marks_count: usize,
    frames_count: usize,
}

impl Told {
    /// Nothing yet.
    pub(super) fn new(narrator: Narrator) -> Self {
        Self {
            narrator,
            lines_count: 0,
            sentences_count: 0,
            marks_count: 0,
            frames_count: 0,
        }
    }
}

impl Record {
    pub(super) fn lines(&self, told: &Told) -> &[Line] {
        self.lines.until(told.lines_count)
    }

    pub(super) fn sentences(&self, told: &Told) -> &[Sentence] {
        self.sentences.until(told.sentences_count)
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks.things
    }

    pub(super) fn frames(&self, told: &Told) -> &[Frame] {
        self.frames.until(told.frames_count)
    }

    /// When the first sentence was said that this world has not told yet.
    pub(super) fn next_sentence_at(&self, told: &Told) -> Option<Instant> {
        let next = self.sentences.from(told.sentences_count).first();
        next.map(|next| next.at)
    }

    /// Takes what a world has to tell. What was told before, in an earlier life of the same world, is not kept again.
    pub(super) fn listen(&mut self, world: &mut World, told: &mut Told) {
        let (lines, frames) = (world.take_log(), world.take_frames());
        for sentence in told.narrator.hear(world, &lines, &frames) {
            if let Some(mark) = sentence.mark().filter(|mark| mark.kind != MarkKind::Action) {
                self.marks.keep(&mut told.marks_count, mark);
            }
            self.sentences.keep(&mut told.sentences_count, sentence);
        }
        for line in lines {
            self.lines.keep(&mut told.lines_count, line);
        }
        for frame in frames {
            self.frames.keep(&mut told.frames_count, frame);
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
            None => {
                let text = match action {
                    // Not all of its source.
                    Action::Code { name, .. } => format!("code {name}"),
                    _ => action.to_string(),
                };
                self.mark(at, MarkKind::Action, &text, told);
            }
            Some(error) => {
                let text = format!("`{action}` could not be done: {error}");
                self.mark(at, MarkKind::Loss, &text, told);
                let (who, what) = (Arc::from("world"), Teller::World(text));
                self.lines
                    .keep(&mut told.lines_count, Line { at, who, what });
            }
        }
    }

    fn mark(&mut self, at: Instant, kind: MarkKind, text: &str, told: &mut Told) {
        let text = text.to_owned();
        self.marks
            .keep(&mut told.marks_count, Mark { at, kind, text });
    }

    /// Forgets what this world has not told.
    pub(super) fn truncate(&mut self, told: &Told) {
        self.lines.truncate(told.lines_count);
        self.sentences.truncate(told.sentences_count);
        self.marks.truncate(told.marks_count);
        self.frames.truncate(told.frames_count);
    }
}

impl<T: PartialEq + std::fmt::Debug> Kept<T> {
    /// Keeps what is new. What is not new is what it was the first time: the same start and the same actions give the same life.
    fn keep(&mut self, told_count: &mut usize, new: T) {
        match told_count.checked_sub(self.dropped_count) {
            Some(index) if index == self.things.len() => self.things.push(new),
            Some(index) => debug_assert_eq!(
                self.things[index], new,
                "a life that was lived again went another way"
            ),
            None => {}
        }
        *told_count += 1;
        if self.things.len() >= 2 * THINGS_MAX {
            self.things.drain(..THINGS_MAX);
            self.dropped_count += THINGS_MAX;
        }
    }

    fn until(&self, told_count: usize) -> &[T] {
        &self.things[..told_count.saturating_sub(self.dropped_count)]
    }

    fn from(&self, told_count: usize) -> &[T] {
        &self.things[told_count.saturating_sub(self.dropped_count)..]
    }

    fn truncate(&mut self, told_count: usize) {
        let count = told_count.saturating_sub(self.dropped_count);
        self.things.truncate(count);
        self.dropped_count = self.dropped_count.min(told_count);
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            things: Vec::new(),
            dropped_count: 0,
        }
    }
}

/// How many of each are kept, at least, of a life in which more happens.
const THINGS_MAX: usize = 30_000;
