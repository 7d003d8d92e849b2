//! A scene written out for elsewhere: as a test for Node, and as command lines. `tests/tests/export` holds examples.
//!
//! What the actions did up to the moment that is shown, and every record that was sent, in their order. What cannot be done elsewhere is a comment.

mod node;
mod shell;
mod story;

use std::fmt;

pub use node::node_test;
pub use shell::command_lines;

/// A program of the learner as Node runs it when it comes on standard input as a module: `import` and `require` both work, as in the tutorial.
fn program_lines(source: &str) -> impl Iterator<Item = &str> {
    [
        "import { createRequire } from 'node:module';",
        "const require = createRequire(import.meta.url);",
    ]
    .into_iter()
    .chain(source.lines())
}

/// Lines, indented.
#[derive(Debug, Default)]
struct Text {
    text: String,
    depth: usize,
}

impl Text {
    fn line(&mut self, line: impl fmt::Display) {
        let line = line.to_string();
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("  ", self.depth));
            self.text.push_str(&line);
        }
        self.text.push('\n');
    }
}
