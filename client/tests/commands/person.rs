//! The person at the terminal: types, presses ctrl-C, waits.

use ottla_client::command::{Program, ProgramInput};
use ottla_core::Instant;

use crate::support::World;

impl World {
    /// What happens when there is no news of links: something is typed, ctrl-C is pressed, or time passes.
    pub(crate) fn what_comes_next(&mut self, program: &Program) -> ProgramInput {
        if program.wants_stdin() {
            return match self.stdin.pop_front() {
                Some(bytes) => ProgramInput::Stdin(bytes),
                None => ProgramInput::StdinEnded,
            };
        }
        let deadline = program.next_deadline();
        let is_first = |at: &Instant| deadline.is_none_or(|deadline| deadline > *at);
        match self.interrupt_at.filter(is_first) {
            Some(at) => {
                self.interrupt_at = None;
                self.pass_until(Some(at));
                ProgramInput::Interrupt
            }
            None => {
                self.pass_until(deadline);
                ProgramInput::Tick
            }
        }
    }
}
