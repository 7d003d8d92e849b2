//! A line's words, with their columns.

use std::fmt;

use super::ParseError;
use crate::brief::{WORD_MAX_CHARS, shortened};

/// A word as it was typed, quotes and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) column: usize,
}

/// `key=value`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) key: Word<'a>,
    pub(super) value: Word<'a>,
}

/// The words of a line that are not read yet.
#[derive(Debug)]
pub(super) struct Words<'a> {
    line: &'a str,
    words: std::vec::IntoIter<Word<'a>>,
}

impl<'a> Words<'a> {
    /// # Errors
    /// A quote that is not closed.
    pub(super) fn of(line: &'a str) -> Result<Self, ParseError> {
        let mut words = Vec::new();
        let mut begun: Option<(usize, usize)> = None;
        let (mut quote, mut is_escaped) = (None, false);
        for (column, (at, c)) in line.char_indices().enumerate() {
            if quote.is_some() {
                match c {
                    _ if is_escaped => is_escaped = false,
                    '\\' => is_escaped = true,
                    '"' => quote = None,
                    _ => {}
                }
            } else if c.is_whitespace() {
                if let Some((from, column)) = begun.take() {
                    let text = &line[from..at];
                    words.push(Word { text, column });
                }
            } else {
                begun = begun.or(Some((at, column + 1)));
                quote = (c == '"').then_some(column + 1);
            }
        }
        if let Some(column) = quote {
            return Err(ParseError {
                column,
                text: "this quote is not closed".into(),
            });
        }
        if let Some((from, column)) = begun {
            let text = &line[from..];
            words.push(Word { text, column });
        }
        Ok(Self {
            line,
            words: words.into_iter(),
        })
    }

    /// The next word. `what` names it in the error.
    pub(super) fn take(&mut self, what: &str) -> Result<Word<'a>, ParseError> {
        self.words.next().ok_or_else(|| self.missing(what))
    }

    /// Something that should stand at the line's end.
    pub(super) fn missing(&self, what: &str) -> ParseError {
        ParseError {
            column: self.line.trim_end().chars().count() + 1,
            text: format!("{what} is missing"),
        }
    }

    pub(super) fn next_if_any(&mut self) -> Option<Word<'a>> {
        self.words.next()
    }

    /// Nothing may follow.
    pub(super) fn end(mut self) -> Result<(), ParseError> {
        match self.words.next() {
            Some(word) => Err(word.error("is one word too many: nothing more is allowed here")),
            None => Ok(()),
        }
    }

    /// All that is left, as `key=value`, each key once. `allowed` is empty if every key is.
    pub(super) fn pairs(&mut self, allowed: &[&str]) -> Result<Vec<Pair<'a>>, ParseError> {
        let mut pairs: Vec<Pair<'a>> = Vec::new();
        for word in self.words.by_ref() {
            let Some((key, value)) = word.text.split_once('=') else {
                return Err(word.error(&format!("is no key=value{}", list(allowed))));
            };
            let pair = Pair {
                key: Word { text: key, ..word },
                value: Word {
                    text: value,
                    column: word.column + key.chars().count() + 1,
                },
            };
            if !allowed.is_empty() && !allowed.contains(&key) {
                return Err(pair
                    .key
                    .error(&format!("is not known here{}", list(allowed))));
            }
            if pairs.iter().any(|earlier| earlier.key.text == key) {
                return Err(pair.key.error("is said twice: once is allowed"));
            }
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

fn list(allowed: &[&str]) -> String {
    match allowed {
        [] => String::new(),
        _ => format!("; allowed are {}", allowed.join(", ")),
    }
}

impl<'a> Word<'a> {
    /// `problem` goes on after the word.
    pub(super) fn error(&self, problem: &str) -> ParseError {
        let word = shortened(self.text, WORD_MAX_CHARS);
        ParseError {
            column: self.column,
            text: format!("`{word}` {problem}"),
        }
    }

    /// What follows these letters, if it begins with them.
    pub(super) fn behind(&self, beginning: &str) -> Option<Word<'a>> {
        Some(Word {
            text: self.text.strip_prefix(beginning)?,
            column: self.column + beginning.len(),
        })
    }

    /// The text that is meant: as it stands, or between the quotes.
    pub(super) fn unquoted(&self) -> Result<String, ParseError> {
        let Some(rest) = self.text.strip_prefix('"') else {
            return match self.text.contains('"') {
                true => Err(self.error("has a quote inside: quotes go around the whole of it")),
                false => Ok(self.text.to_owned()),
            };
        };
        let mut text = String::new();
        let mut chars = rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' if chars.as_str().is_empty() => return Ok(text),
                '"' => break,
                '\\' => match chars.next().and_then(unescape) {
                    Some(c) => text.push(c),
                    None => {
                        return Err(
                            self.error(r#"has an unknown escape: \" \\ \n \r \t are allowed"#)
                        );
                    }
                },
                c => text.push(c),
            }
        }
        Err(self.error("goes on behind its quote: quotes go around the whole of it"))
    }

    /// Its parts between commas that are not quoted.
    pub(super) fn parts(&self) -> Vec<Word<'a>> {
        let mut parts = Vec::new();
        let (mut is_quoted, mut is_escaped) = (false, false);
        let (mut from, mut from_column) = (0, self.column);
        for (index, (at, c)) in self.text.char_indices().enumerate() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if is_quoted => is_escaped = true,
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => {
                    parts.push(Word {
                        text: &self.text[from..at],
                        column: from_column,
                    });
                    (from, from_column) = (at + 1, self.column + index + 1);
                }
                _ => {}
            }
        }
        parts.push(Word {
            text: &self.text[from..],
            column: from_column,
        });
        parts
    }
}

fn unescape(c: char) -> Option<char> {
    match c {
        '"' | '\\' => Some(c),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        _ => None,
    }
}

/// A text as it is written in a line: bare where that is clear.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Quoted<'_> {
    fn is_clear(&self) -> bool {
        let is_clear = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\\' | ',');
        !self.0.is_empty() && self.0.chars().all(is_clear)
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_clear() {
            true => f.write_str(self.0),
            false => in_quotes(self.0, f),
        }
    }
}

/// Between quotes, whatever it is.
pub(super) fn in_quotes(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
