//! The terminal's lines.

use ottla_client::Output;
use ottla_core::Now;

use super::World;
use super::checks::refuse;
use crate::action::ActionError;
use crate::resident::{Client, Resident};
use crate::terminal::Terminal;

impl World {
    /// The terminal; `None` before its first command.
    pub fn terminal(&self) -> Option<&Terminal> {
        self.resident(TERMINAL).and_then(Resident::as_terminal)
    }

    pub(super) fn run(&mut self, text: &str) -> Result<(), ActionError> {
        if let Some(command) = self.terminal().and_then(Terminal::running) {
            return refuse(format!("`{command}` still runs: ctrl-C ends it"));
        }
        let owners = [self.people.next_number(), self.people.next_number()];
        let client = match self.client(TERMINAL) {
            Some(client) => {
                self.people.set_owners(client, owners.to_vec());
                client
            }
            None => self.settle(TERMINAL, owners.to_vec(), Client::Terminal(Box::default())),
        };
        if let Some(resident) = self.people.get(client).cloned() {
            self.introduce(&resident);
        }
        let seed = self.random.next_u64();
        self.with_terminal(client, |terminal, now, out| {
            terminal.run(now, text, owners, seed, out);
        });
        Ok(())
    }

    pub(super) fn tell_command(
        &mut self,
        act: impl FnOnce(&mut Terminal, Now, &mut Vec<Output>),
    ) -> Result<(), ActionError> {
        let is_running = self.terminal().and_then(Terminal::running).is_some();
        match self.client(TERMINAL).filter(|_| is_running) {
            Some(client) => {
                self.with_terminal(client, act);
                Ok(())
            }
            None => refuse("no command runs in the terminal: `run` one first".into()),
        }
    }

    fn with_terminal(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Terminal, Now, &mut Vec<Output>),
    ) {
        self.with(client, |resident, now, out| {
            if let Client::Terminal(terminal) = &mut resident.client {
                act(terminal, now, out);
            }
        });
    }
}

/// Its name in the log.
pub(super) const TERMINAL: &str = "terminal";
