//! Answers that are kept.

use std::sync::Arc;

use ottla_core::Instant;
use ottla_core::sorted::Map;

use super::{Answer, Key, Question, Turn};
use crate::World;

/// The answers that programs have given, of all histories that were lived through.
///
/// A program that is to go on from somewhere is run again from its start with the [turns](Self::history) that it had.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    turns: Map<Key, Lived>,
    size_bytes: usize,
}

#[derive(Debug, Clone)]
struct Lived {
    previous: Key,
    turn: Arc<Turn>,
    answer: Arc<Answer>,
}

impl Answers {
    /// Lets time pass in a world up to this moment, or until a program has a turn that it has not had in any history: then the world
    /// [waits](World::questions), and `false` is answered.
    pub fn advance(&self, world: &mut World, to: Instant) -> bool {
        loop {
            world.advance(to);
            if world.now().mono >= to {
                return true;
            }
            let questions = world.questions();
            let mut is_any_unknown = false;
            for question in questions {
                match self.turns.get(&question.key) {
                    Some(lived) => world.answer(&question.name, question.key, lived.answer.clone()),
                    None => is_any_unknown = true,
                }
            }
            if is_any_unknown {
                return false;
            }
        }
    }

    /// Whether this was answered before.
    pub fn knows(&self, question: &Question) -> bool {
        self.turns.contains_key(&question.key)
    }

    /// Keeps an answer. What comes from outside is cut to its bounds; when too much has been kept, the answer is that the program was stopped.
    pub fn keep(&mut self, question: &Question, answer: Answer) {
        let mut answer = answer.bounded();
        if self.size_bytes + answer.size_bytes() > RECORD_MAX_BYTES {
            answer = Answer::stopped(
                "The programs of this scene have done more than can be kept: this one was stopped. Reset the scene.",
            );
        }
        self.size_bytes += answer.size_bytes();
        self.turns.insert(
            question.key,
            Lived {
                previous: question.previous,
                turn: Arc::new(question.turn.clone()),
                answer: Arc::new(answer),
            },
        );
    }

    /// The turns that a program had before this one, oldest first.
    pub fn history(&self, question: &Question) -> Vec<Arc<Turn>> {
        let mut turns = Vec::new();
        let mut key = question.previous;
        while let Some(lived) = self.turns.get(&key) {
            turns.push(lived.turn.clone());
            key = lived.previous;
        }
        turns.reverse();
        turns
    }
}

/// A scene's programs may do so much, in all its histories.
const RECORD_MAX_BYTES: usize = 128 << 20;
