//! Actions as text: one line each, read and written without loss.
//!
//! ```text
//!   line ─▶ words (quotes, columns) ─▶ parse (what each action needs) ─▶ Action ─▶ print (only what differs from the defaults)
//!                                        └─ values: spans, rates, keys, names ─┘
//! ```

mod fill;
mod parse;
mod print;
mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod values;
mod words;

pub(crate) use values::moment;

/// What is wrong with an action's line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {text}")]
pub struct ParseError {
    /// Where, in characters, counted from 1.
    pub column: usize,
    /// Which word, and what is allowed in its place.
    pub text: String,
}
