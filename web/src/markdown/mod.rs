//! Markdown, the part of it that lessons use: paragraphs, headings, lists, quotes, code, tables; strong, emphasis, code, links.
//!
//! It is read into values and shown as text nodes: HTML inside it is letters like all others.

mod inline;
mod render;

pub(crate) use inline::{Span, spans};
pub(crate) use render::{Markdown, Prose};

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// `## Heading`
    Heading(u8, Vec<Span>),
    /// Lines until an empty one.
    Paragraph(Vec<Span>),
    /// `- item` or `1. item`
    List {
        /// Whether its items are counted.
        is_ordered: bool,
        /// Their text.
        items: Vec<Vec<Span>>,
    },
    /// `> quote`
    Quote(Vec<Span>),
    /// Between fences.
    Code {
        /// What stands behind the fence.
        language: String,
        /// The lines.
        text: String,
    },
    /// `| a | b |`, the first row its head.
    Table(Vec<Vec<Vec<Span>>>),
}

/// The blocks of a text. Whatever is not understood is a paragraph.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.is_empty() {
            at += 1;
        } else if let Some(language) = line.strip_prefix("```") {
            let end = (at + 1..lines.len())
                .find(|index| lines[*index].trim() == "```")
                .unwrap_or(lines.len());
            blocks.push(Block::Code {
                language: language.trim().to_owned(),
                text: lines[at + 1..end].join("\n"),
            });
            at = end + 1;
        } else if let Some((level, title)) = heading(line) {
            blocks.push(Block::Heading(level, spans(title)));
            at += 1;
        } else {
            let kind = kind(line);
            let end = (at + 1..lines.len())
                .find(|index| ends_before(lines[*index], kind))
                .unwrap_or(lines.len());
            blocks.push(block(kind, &lines[at..end]));
            at = end;
        }
    }
    blocks
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Bullets,
    Numbers,
    Quote,
    Table,
}

fn kind(line: &str) -> Kind {
    match item(line) {
        Some((true, _)) => Kind::Numbers,
        Some((false, _)) => Kind::Bullets,
        None if line.starts_with('>') => Kind::Quote,
        None if line.starts_with('|') => Kind::Table,
        None => Kind::Paragraph,
    }
}

/// Whether a block ends before this line. A list's item goes on in the next line, if nothing else begins there.
fn ends_before(line: &str, kind_before: Kind) -> bool {
    let line = line.trim();
    if line.is_empty() || line.starts_with("```") || heading(line).is_some() {
        return true;
    }
    match kind(line) {
        Kind::Paragraph => kind_before == Kind::Table,
        kind => kind != kind_before,
    }
}

fn block(kind: Kind, lines: &[&str]) -> Block {
    match kind {
        Kind::Paragraph => Block::Paragraph(spans(&joined(lines))),
        Kind::Quote => {
            let lines: Vec<&str> = lines
                .iter()
                .map(|line| line.trim().trim_start_matches('>'))
                .collect();
            Block::Quote(spans(&joined(&lines)))
        }
        Kind::Bullets | Kind::Numbers => Block::List {
            is_ordered: kind == Kind::Numbers,
            items: items(lines).iter().map(|item| spans(item)).collect(),
        },
        Kind::Table => Block::Table(
            lines
                .iter()
                .filter(|line| line.chars().any(|c| !"|-: ".contains(c)))
                .map(|line| {
                    let inner = line.trim().trim_matches('|');
                    inner.split('|').map(|cell| spans(cell.trim())).collect()
                })
                .collect(),
        ),
    }
}

fn items(lines: &[&str]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (item(line.trim()), items.last_mut()) {
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            (Some((_, text)), _) => items.push(text.to_owned()),
            (None, None) => items.push(line.trim().to_owned()),
        }
    }
    items
}

fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((false, text.trim()));
    }
    let (number, text) = line.split_once(". ")?;
    let is_number =
        !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (true, text.trim()))
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let title = line.trim_start_matches('#');
    let level = u8::try_from(line.len() - title.len()).ok()?;
    ((1..=4).contains(&level) && title.starts_with(' ')).then(|| (level, title.trim()))
}

fn joined(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests;
