//! Programs of the learner: each is a process of its own, which can be killed.

use super::Node;
use super::words::{starter, text};
use crate::World;
use crate::code::End;
use crate::export::program_lines;

impl Node {
    /// A program starts, or another one in its place.
    pub(super) fn run_program(&mut self, name: &str, source: &str) {
        let is_new = self.programs.insert(name.to_owned());
        let variable = self.names.of(name);
        let starter = starter(&variable);
        let word = if is_new { "let " } else { "" };
        if !is_new {
            self.text.line(format!("{variable}.kill('SIGKILL');"));
        }
        self.text.line(format!("{word}{starter} = () => program(["));
        for line in program_lines(source) {
            self.text.line(format!("  {},", text(line)));
        }
        self.text.line("]);");
        self.text.line(format!("{word}{variable} = {starter}();"));
    }

    /// A program is started again; false if it is none.
    pub(super) fn restart_program(&mut self, name: &str) -> bool {
        let is_program = self.programs.contains(name);
        if is_program {
            let variable = self.names.of(name);
            let starter = starter(&variable);
            self.text.line(format!("{variable} = {starter}();"));
        }
        is_program
    }

    /// A program's process gets a signal; false if it is none.
    pub(super) fn signal_program(&mut self, name: &str, signal: &str) -> bool {
        let is_program = self.programs.contains(name);
        if is_program {
            let variable = self.names.of(name);
            self.text.line(format!("{variable}.kill('{signal}');"));
        }
        is_program
    }

    /// Programs that have come to their end in the scene do so here.
    pub(super) fn await_programs(&mut self, world: &World) {
        for name in self.programs.clone() {
            let exit_code = match world.program(&name).and_then(|program| program.end()) {
                Some((_, End::Done)) => 0,
                Some((_, End::Failed)) => 1,
                Some((_, End::Stopped)) | None => continue,
            };
            let variable = self.names.of(&name);
            self.text.line(format!(
                "assert.equal(await ended({variable}), {exit_code});"
            ));
        }
    }
}

pub(super) const PROGRAMS: [&str; 11] = [
    "// Programs are processes of their own, which find the broker where they look for it.",
    "await ottla.listen({ port: 9092 });",
    "const programs = [];",
    "const program = (lines) => {",
    "  const child = spawn(process.execPath, ['--input-type=module'], { stdio: ['pipe', 'inherit', 'inherit'] });",
    "  child.stdin.end(lines.join('\\n'));",
    "  programs.push(child);",
    "  return child;",
    "};",
    "const ended = async (child) => child.exitCode ?? child.signalCode ?? (await once(child, 'exit'))[0];",
    "t.after(() => programs.forEach((child) => child.kill('SIGKILL')));",
];
