//! A Markdown file as the parts that lessons are made of: a title, facts, and sections of lines and fenced blocks.

use super::error::LessonError;

/// A file, cut into its parts. Borrowed: nothing is copied until somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document<'a> {
    pub(super) title: Line<'a>,
    /// `- Minutes: 4` above the first section.
    pub(super) facts: Vec<(&'a str, Line<'a>)>,
    /// In their order.
    pub(super) sections: Vec<Section<'a>>,
}

/// What stands under a heading of the second level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section<'a> {
    pub(super) heading: Line<'a>,
    pub(super) parts: Vec<SectionPart<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SectionPart<'a> {
    Text(Line<'a>),
    Fence(Fence<'a>),
}

/// A block between two lines of three backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence<'a> {
    /// The line of its opening, and what stands behind the backticks.
    pub(super) info: Line<'a>,
    pub(super) lines: Vec<Line<'a>>,
}

/// A line and its number, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

impl<'a> Document<'a> {
    /// Only the title and the facts: what a table of contents needs.
    pub(super) fn head(text: &'a str) -> Result<Self, LessonError> {
        Self::read(text, true)
    }

    /// All of it.
    pub(super) fn parse(text: &'a str) -> Result<Self, LessonError> {
        Self::read(text, false)
    }

    fn read(text: &'a str, is_head_only: bool) -> Result<Self, LessonError> {
        if text.len() > SIZE_MAX_BYTES {
            let message = format!(
                "the file has {} bytes; at most {SIZE_MAX_BYTES} are allowed.",
                text.len()
            );
            return Err(LessonError::new(1, message));
        }
        let lines = text.lines().enumerate();
        let mut lines = lines.map(|(index, text)| Line {
            number: index + 1,
            text,
        });
        let mut document = Self {
            title: title(&mut lines)?,
            facts: Vec::new(),
            sections: Vec::new(),
        };
        while let Some(line) = lines.next() {
            if let Some(heading) = line.text.strip_prefix("## ") {
                if is_head_only {
                    break;
                }
                document.sections.push(Section {
                    heading: line.with(heading.trim()),
                    parts: Vec::new(),
                });
                continue;
            }
            match document.sections.last_mut() {
                None => document.facts.extend(fact(line)),
                Some(section) => section.parts.push(match line.text.strip_prefix("```") {
                    Some(info) => SectionPart::Fence(fence(line.with(info.trim()), &mut lines)?),
                    None => SectionPart::Text(line),
                }),
            }
        }
        Ok(document)
    }

    /// A fact that has to be there.
    pub(super) fn fact(&self, name: &str) -> Result<Line<'a>, LessonError> {
        let fact = self.facts.iter().find(|(known, _)| *known == name);
        let missing = || {
            let message = format!("the line \"- {name}: ...\" is missing under the title.");
            LessonError::new(self.title.number, message)
        };
        fact.map(|(_, line)| *line).ok_or_else(missing)
    }
}

impl<'a> Section<'a> {
    /// Its fenced blocks of this kind.
    pub(super) fn fences(&self, kind: &str) -> impl Iterator<Item = &Fence<'a>> {
        self.parts.iter().filter_map(move |part| match part {
            SectionPart::Fence(fence) if fence.info.text == kind => Some(fence),
            _ => None,
        })
    }

    /// The one block of this kind that it must have.
    pub(super) fn fence(&self, kind: &str) -> Result<&Fence<'a>, LessonError> {
        let mut found = self.fences(kind);
        match (found.next(), found.next()) {
            (Some(fence), None) => Ok(fence),
            (first, _) => {
                let line = first.map_or(self.heading.number, |fence| fence.info.number);
                let message = format!(
                    "\"## {}\" needs one block that begins with ```{kind}.",
                    self.heading.text
                );
                Err(LessonError::new(line, message))
            }
        }
    }

    /// The entries of its list: `- like this`, each with its line.
    pub(super) fn items(&self) -> Vec<(usize, String)> {
        let mut items: Vec<(usize, String)> = Vec::new();
        for part in &self.parts {
            let SectionPart::Text(line) = part else {
                continue;
            };
            match (line.text.strip_prefix("- "), items.last_mut()) {
                (Some(item), _) => items.push((line.number, item.trim().to_owned())),
                (None, Some((_, item))) if line.text.starts_with("  ") => {
                    item.push(' ');
                    item.push_str(line.text.trim());
                }
                _ => {}
            }
        }
        items
    }
}

impl<'a> Line<'a> {
    pub(super) fn with(self, text: &'a str) -> Self {
        Self { text, ..self }
    }
}

fn title<'a>(lines: &mut impl Iterator<Item = Line<'a>>) -> Result<Line<'a>, LessonError> {
    let first = lines.find(|line| !line.text.trim().is_empty());
    let title = first.and_then(|line| Some(line.with(line.text.strip_prefix("# ")?.trim())));
    title.ok_or_else(|| {
        LessonError::new(
            1,
            "the file has to begin with its title: \"# 18. More members than partitions\".",
        )
    })
}

fn fact(line: Line<'_>) -> Option<(&str, Line<'_>)> {
    let (name, value) = line.text.strip_prefix("- ")?.split_once(':')?;
    Some((name.trim(), line.with(value.trim())))
}

fn fence<'a>(
    info: Line<'a>,
    lines: &mut impl Iterator<Item = Line<'a>>,
) -> Result<Fence<'a>, LessonError> {
    let mut inside = Vec::new();
    for line in lines {
        if line.text.trim_end() == "```" {
            return Ok(Fence {
                info,
                lines: inside,
            });
        }
        inside.push(line);
    }
    Err(LessonError::new(
        info.number,
        "this block is not closed: a line of ``` is missing.",
    ))
}

/// No lesson needs more.
const SIZE_MAX_BYTES: usize = 64 * 1024;
