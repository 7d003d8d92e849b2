//! Programs of the learner: the world waits for what they answer.

use std::sync::Arc;

use ottla_core::Instant;

use super::World;
use crate::action::{ActionError, LIMITS};
use crate::code::{Answer, Key, Program, Question};
use crate::resident::{Client, Resident};

impl World {
    /// Adds a program of the learner, whose first turn is next.
    pub fn add_program(&mut self, name: &str, source: Arc<str>) -> u32 {
        let (owner, seed) = (self.people.next_number(), self.random.next_u64());
        let program = Program::new(self.now, owner, source, seed);
        self.settle(name, vec![owner], Client::Program(Box::new(program)))
    }

    /// What time waits for: the programs whose turn is the next event, and who have not answered yet.
    pub fn questions(&self) -> Vec<Question> {
        let next = self.next_event();
        next.map(|next| self.questions_at(next)).unwrap_or_default()
    }

    pub(super) fn questions_at(&self, next: Instant) -> Vec<Question> {
        let due = self.people.due(next).into_iter();
        due.filter_map(|client| self.people.get(client)?.question(next))
            .collect()
    }

    /// Answers a question. An answer to another one than is asked is forgotten.
    pub fn answer(&mut self, name: &str, key: Key, answer: Arc<Answer>) {
        if let Some(client) = self.client(name) {
            self.with_program(client, |program, _| program.answer(key, answer));
        }
    }

    /// Starts a program, or starts it again with another source.
    pub(super) fn run_code(&mut self, name: &str, source: &Arc<str>) -> Result<(), ActionError> {
        match self.client(name) {
            Some(client) if self.program(name).is_some() => {
                self.restart_program(client, source.clone());
            }
            _ => {
                self.make_room(name, "programs", LIMITS.programs_count, |resident| {
                    self.program(resident.name()).is_some()
                })?;
                self.add_program(name, source.clone());
            }
        }
        Ok(())
    }

    /// Starts a program again. If it runs, it is killed: its links break, it is told nothing more.
    pub(crate) fn restart_program(&mut self, client: u32, source: Arc<str>) {
        if self.people.get(client).is_some_and(Resident::is_alive) {
            self.end_process(client);
        }
        let seed = self.random.next_u64();
        self.with(client, |resident, _, _| resident.begin_again());
        self.with_program(client, |program, now| program.restart(now, source, seed));
    }

    fn with_program(&mut self, client: u32, act: impl FnOnce(&mut Program, Instant)) {
        self.with(client, |resident, now, _| {
            if let Client::Program(program) = &mut resident.client {
                act(program, now.mono);
            }
        });
    }

    /// A program that runs or has run, by its name.
    pub fn program(&self, name: &str) -> Option<&Program> {
        match &self.resident(name)?.client {
            Client::Program(program) => Some(program),
            _ => None,
        }
    }
}
