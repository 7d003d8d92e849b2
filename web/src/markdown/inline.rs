//! What stands inside a line.

use ottla_lab::Instant;
use ottla_lab::lesson;

use crate::route::Route;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Span {
    /// Letters.
    Text(String),
    /// `**strong**`: in lessons, one of Kafka's words.
    Strong(Vec<Span>),
    /// `*emphasis*`
    Emphasis(Vec<Span>),
    /// `` `code` ``
    Code(String),
    /// `[text](address)`
    Link {
        /// What is read.
        text: Vec<Span>,
        /// Where it leads: a page of this site, another site, or a moment of the scene.
        to: Target,
    },
}

/// Where a link leads. Every other address is shown, and leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// `#/lesson/...`, or as between lesson files: `18-more-members.md`
    Here(String),
    /// `https://...`
    Away(String),
    /// `at:6s`: the scene goes to this moment.
    Moment(Instant),
}

/// The parts of a line. A sign without its other half is a letter.
pub(crate) fn spans(text: &str) -> Vec<Span> {
    parse(text, DEPTH_MAX)
}

/// The letters alone.
pub(crate) fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Code(text) => text.clone(),
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Link { text: inner, .. } => {
                plain(inner)
            }
        })
        .collect()
}

fn parse(text: &str, depth: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut letters = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = match first {
            '`' => code(rest),
            _ if depth == 0 => None,
            '*' => strong(rest, depth).or_else(|| emphasis(rest, depth)),
            '[' => link(rest, depth),
            _ => None,
        };
        match found {
            Some((span, length)) => {
                if !letters.is_empty() {
                    spans.push(Span::Text(std::mem::take(&mut letters)));
                }
                spans.push(span);
                rest = &rest[length..];
            }
            None => {
                // A backslash before a sign makes it a letter.
                let escaped = rest
                    .strip_prefix('\\')
                    .and_then(|after| after.chars().next())
                    .filter(char::is_ascii_punctuation);
                letters.push(escaped.unwrap_or(first));
                rest = &rest[first.len_utf8() + escaped.map_or(0, char::len_utf8)..];
            }
        }
    }
    if !letters.is_empty() {
        spans.push(Span::Text(letters));
    }
    spans
}

fn code(rest: &str) -> Option<(Span, usize)> {
    let end = rest[1..].find('`')?;
    (end > 0).then(|| (Span::Code(rest[1..=end].to_owned()), end + 2))
}

fn strong(rest: &str, depth: usize) -> Option<(Span, usize)> {
    let inner = rest.strip_prefix("**")?;
    let end = inner.find("**").filter(|end| is_solid(&inner[..*end]))?;
    Some((Span::Strong(parse(&inner[..end], depth - 1)), end + 4))
}

fn emphasis(rest: &str, depth: usize) -> Option<(Span, usize)> {
    let inner = rest.strip_prefix('*')?;
    let end = inner.find('*').filter(|end| is_solid(&inner[..*end]))?;
    Some((Span::Emphasis(parse(&inner[..end], depth - 1)), end + 2))
}

fn link(rest: &str, depth: usize) -> Option<(Span, usize)> {
    let inner = rest.strip_prefix('[')?;
    let (text, after) = inner.split_once("](")?;
    if text.is_empty() || text.contains('[') {
        return None;
    }
    let (address, _) = after.split_once(')')?;
    let span = Span::Link {
        text: parse(text, depth - 1),
        to: target(address)?,
    };
    Some((span, 1 + text.len() + 2 + address.len() + 1))
}

fn target(address: &str) -> Option<Target> {
    if address.starts_with("#/") {
        return Some(Target::Here(address.to_owned()));
    }
    if address.starts_with("https://") {
        return Some(Target::Away(address.to_owned()));
    }
    let route = match lesson::Target::of(address)? {
        lesson::Target::Moment(at) => return Some(Target::Moment(at)),
        lesson::Target::Lesson(slug) => Route::parse(&Route::Lesson(slug).to_string()),
        lesson::Target::Glossary => Route::Glossary(None),
    };
    let is_page = !matches!(route, Route::Unknown(_));
    is_page.then(|| Target::Here(route.to_string()))
}

/// `2 * 3 * 4` is a product, not an emphasis.
fn is_solid(inner: &str) -> bool {
    !inner.is_empty() && !inner.starts_with(' ') && !inner.ends_with(' ')
}

const DEPTH_MAX: usize = 4;
