//! What a program does in a turn.

use bytes::Bytes;
use ottla_client::Address;
use ottla_core::Instant;

/// What a program does in a turn. It comes from outside: [`bounded`](Self::bounded) before it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// What it wants of its sockets, in order.
    pub ops: Vec<CodeOp>,
    /// When it wants a turn, even if nothing comes.
    pub deadline: Option<Instant>,
    /// What it printed, in order.
    pub prints: Vec<Print>,
    /// Whether it is over.
    pub end: Option<End>,
}

/// What is to be done with a socket. Sockets are counted by the program, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeOp {
    /// Make it. Answered by `Connected` or `Closed`.
    Connect(u32, Address),
    /// Send bytes.
    Send(u32, Bytes),
    /// End it. Not answered.
    Close(u32),
}

/// A line on a program's console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// How it was meant.
    pub kind: Printed,
    /// The text; it may have several lines.
    pub text: String,
    /// The line of the source that printed it or failed, counted from 1.
    pub line: Option<u32>,
}

/// How a line on a console was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// `console.log`, `console.info`, `console.debug`.
    Plain,
    /// `console.warn`.
    Warning,
    /// `console.error`, and what ended the program.
    Error,
    /// Not the program's own: that it began, that it is over.
    Note,
}

/// How a program came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It had nothing more to do, or said `process.exit()`.
    Done,
    /// An error that nobody caught, or another exit code than 0.
    Failed,
    /// A person stopped it, because it gave no answer.
    Stopped,
}

impl Answer {
    /// The answer that is put in the place of one that does not come.
    pub fn stopped(why: &str) -> Self {
        let print = Print {
            kind: Printed::Error,
            text: why.to_owned(),
            line: None,
        };
        Self {
            prints: vec![print],
            end: Some(End::Stopped),
            ..Self::default()
        }
    }

    /// Cut to what a world takes in one turn: what is too much is left out, and said.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let printed_count = self.prints.len();
        self.prints.truncate(PRINTS_MAX);
        for print in &mut self.prints {
            cut(&mut print.text);
        }
        if printed_count > PRINTS_MAX {
            let left_out_count = printed_count - PRINTS_MAX;
            self.prints.push(Print {
                kind: Printed::Note,
                text: format!("{left_out_count} more lines at this moment are not shown"),
                line: None,
            });
        }
        let mut bytes_left = SEND_MAX_BYTES;
        let is_too_much = self.ops.len() > OPS_MAX
            || self.ops.iter().any(|op| match op {
                CodeOp::Send(_, bytes) => {
                    let is_over = bytes.len() > bytes_left;
                    bytes_left = bytes_left.saturating_sub(bytes.len());
                    is_over
                }
                CodeOp::Connect(..) | CodeOp::Close(_) => false,
            });
        match is_too_much {
            true => Self::stopped(
                "The program sent more than 16 MB at one moment: it was stopped. Send less, or wait in between.",
            ),
            false => self,
        }
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn size_bytes(&self) -> usize {
        let sent_bytes = self.ops.iter().map(|op| match op {
            CodeOp::Send(_, bytes) => bytes.len(),
            CodeOp::Connect(..) | CodeOp::Close(_) => 0,
        });
        let printed_bytes = self.prints.iter().map(|print| print.text.len());
        ANSWER_BYTES + sent_bytes.chain(printed_bytes).sum::<usize>()
    }
}

fn cut(text: &mut String) {
    if text.len() > PRINT_MAX_BYTES {
        let end = (0..=PRINT_MAX_BYTES)
            .rev()
            .find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
}

const PRINTS_MAX: usize = 200;
const PRINT_MAX_BYTES: usize = 4 << 10;
const OPS_MAX: usize = 4_096;
const SEND_MAX_BYTES: usize = 16 << 20;
/// What an answer takes beside its bytes, roughly.
const ANSWER_BYTES: usize = 200;
