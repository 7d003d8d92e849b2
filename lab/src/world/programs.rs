//! Programs of the learner: the world waits for what they answer.

use std::sync::Arc;

use ottla_core::Instant;

use super::World;
use crate::code::{Answer, Key, Program, Question};
use crate::resident::Client;

impl World {
    /// Adds a program of the learner, whose first turn is next.
    pub fn add_program(&mut self, name: &str, source: Arc<str>) -> u32 {
        let (owner, seed) = (self.clients_count + 1, self.random.next_u64());
        let program = Program::new(self.now, owner, source, seed);
        self.add(name, Client::Program(Box::new(program)))
    }

    /// What time waits for: the programs whose turn is the next event, and who have not answered yet.
    pub fn questions(&self) -> Vec<Question> {
        let next = self.next_event();
        next.map(|next| self.questions_at(next)).unwrap_or_default()
    }

    pub(super) fn questions_at(&self, next: Instant) -> Vec<Question> {
        let residents = self.residents.values();
        residents
            .filter_map(|resident| resident.question(next))
            .collect()
    }

    /// Answers a question. An answer to another one than is asked is forgotten.
    pub fn answer(&mut self, name: &str, key: Key, answer: Arc<Answer>) {
        for resident in self.residents.values_mut() {
            if let Client::Program(program) = &mut resident.client
                && *resident.name == *name
            {
                program.answer(key, answer.clone());
            }
        }
    }

    /// A program's process is killed: its links break, it is told nothing more, what it was stays to be looked at.
    pub fn kill_program(&mut self, client: u32) {
        let now = self.now;
        if let Some(program) = self.program_mut(client) {
            program.kill(now);
            self.links.break_all_of(now, client, &mut self.random);
        }
    }

    /// Asks a program to end: SIGTERM. Without a handler for it, it ends at once.
    pub fn terminate_program(&mut self, client: u32) {
        let now = self.now;
        if let Some(program) = self.program_mut(client) {
            program.terminate(now);
        }
    }

    /// Starts a program again, perhaps with another source. If it runs, it is killed.
    pub fn restart_program(&mut self, client: u32, source: Option<Arc<str>>) {
        self.kill_program(client);
        let (now, seed) = (self.now, self.random.next_u64());
        if let Some(program) = self.program_mut(client) {
            let source = source.unwrap_or_else(|| program.source().clone());
            program.restart(now, source, seed);
        }
    }

    fn program_mut(&mut self, client: u32) -> Option<&mut Program> {
        let resident = self.residents.get_mut(&client);
        match resident.map(|resident| &mut resident.client) {
            Some(Client::Program(program)) => Some(program),
            _ => None,
        }
    }

    /// A program that runs or has run, by its name.
    pub fn program(&self, name: &str) -> Option<&Program> {
        let mut residents = self.residents.values().rev();
        residents.find_map(|resident| match &resident.client {
            Client::Program(program) if *resident.name == *name => Some(&**program),
            _ => None,
        })
    }
}
