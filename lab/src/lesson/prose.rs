//! The text of lessons: Markdown, with tables in between that the engine works out.

use ottla_core::Instant;

use super::document::{Section, SectionPart};
use super::error::LessonError;
use super::prediction::Prediction;
use super::tables::Table;
use crate::action::moment;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Paragraphs and lists. `**bold**` is a word of the glossary, `[text](at:12s)` a moment of the scene, `[text](18-more-members.md)` a lesson.
    Markdown(String),
    /// Numbers that were worked out, not written.
    Table(Table),
}

/// Where a link in a lesson's text leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `at:12s`: to a moment of the scene.
    Moment(Instant),
    /// `18-more-members.md`: to the lesson of this slug.
    Lesson(String),
    /// `glossary.md`.
    Glossary,
}

impl Target {
    /// Reads what stands in a link's parentheses. `None`: it leads nowhere that a lesson knows.
    pub fn of(link: &str) -> Option<Self> {
        if let Some(at) = link.strip_prefix("at:") {
            return moment(at).ok().map(Self::Moment);
        }
        match link.strip_suffix(".md")? {
            "glossary" => Some(Self::Glossary),
            slug => Some(Self::Lesson(slug.to_owned())),
        }
    }
}

/// The text of a section that must have one.
pub(super) fn text(
    section: &Section<'_>,
    question: &Prediction,
) -> Result<Vec<Block>, LessonError> {
    let blocks = blocks(&section.parts, question)?;
    if blocks.is_empty() {
        let heading = section.heading;
        return Err(LessonError::new(
            heading.number,
            format!("\"## {}\" has no text.", heading.text),
        ));
    }
    Ok(blocks)
}

/// The text of some lines; blocks of code stay as they are. Tables may speak of the question's end.
pub(super) fn blocks(
    parts: &[SectionPart<'_>],
    question: &Prediction,
) -> Result<Vec<Block>, LessonError> {
    let mut blocks = Vec::new();
    let mut text = String::new();
    for part in parts {
        match part {
            SectionPart::Text(line) => {
                text.push_str(line.text);
                text.push('\n');
            }
            SectionPart::Fence(fence) => match Table::of_fence(fence, &|| question.world().ok())? {
                Some(table) => {
                    flush(&mut text, &mut blocks);
                    blocks.push(Block::Table(table));
                }
                None => {
                    text.push_str(&format!("```{}\n", fence.info.text));
                    for line in &fence.lines {
                        text.push_str(line.text);
                        text.push('\n');
                    }
                    text.push_str("```\n");
                }
            },
        }
    }
    flush(&mut text, &mut blocks);
    Ok(blocks)
}

fn flush(text: &mut String, blocks: &mut Vec<Block>) {
    let trimmed = text.trim();
    if !trimmed.is_empty() {
        blocks.push(Block::Markdown(trimmed.to_owned()));
    }
    text.clear();
}
