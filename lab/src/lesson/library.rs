//! The lessons that come with the program.

use super::Lesson;
use super::document::Document;
use super::error::LessonError;

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the curriculum.
    pub number: u32,
    /// `18-more-members`.
    pub slug: String,
    /// `D`.
    pub part: String,
    /// `Groups`.
    pub part_title: String,
    /// `More members than partitions`.
    pub title: String,
    /// How long it takes, about.
    pub minutes: u32,
    /// What is to be learnt, in a sentence.
    pub claim: String,
    /// What people believe before.
    pub myth: String,
}

/// The table of contents, in the curriculum's order. Cheap: only titles and facts are read.
pub fn all() -> Vec<Entry> {
    let entries = LESSONS
        .iter()
        .filter_map(|(slug, text)| Entry::of(slug, &Document::head(text).ok()?).ok());
    entries.collect()
}

/// A lesson by its slug (`18-more-members`) or by its number alone; `None` if there is none.
///
/// # Errors
/// If its file is wrong, which a test rules out for those of this program.
pub fn find(name: &str) -> Option<Result<Lesson, LessonError>> {
    let is_it = |slug: &str| slug == name || slug.split('-').next() == Some(name);
    let (slug, text) = LESSONS.iter().find(|(slug, _)| is_it(slug))?;
    Some(Lesson::parse(slug, text))
}

impl Entry {
    pub(super) fn of(slug: &str, document: &Document<'_>) -> Result<Self, LessonError> {
        let title = document.title;
        let wrong = || {
            LessonError::new(
                title.number,
                "the title begins with its number: \"# 18. More members than partitions\".",
            )
        };
        let (number, name) = title.text.split_once(". ").ok_or_else(wrong)?;
        let part = document.fact("Part")?;
        let (letter, part_title) = part.text.split_once(", ").ok_or_else(|| {
            LessonError::new(
                part.number,
                "a part is a letter and a name: \"- Part: D, Groups\".",
            )
        })?;
        let minutes = document.fact("Minutes")?;
        let not_minutes = |_| {
            LessonError::new(
                minutes.number,
                format!("\"{}\" are no minutes: a whole number.", minutes.text),
            )
        };
        Ok(Self {
            number: number.parse().map_err(|_| wrong())?,
            slug: slug.to_owned(),
            part: letter.to_owned(),
            part_title: part_title.to_owned(),
            title: name.to_owned(),
            minutes: minutes.text.parse().map_err(not_minutes)?,
            claim: document.fact("Claim")?.text.to_owned(),
            myth: document.fact("Myth")?.text.to_owned(),
        })
    }
}

/// A lesson's slug, and its file.
macro_rules! lesson {
    ($slug:literal) => {
        (
            $slug,
            include_str!(concat!("../../../lessons/", $slug, ".md")),
        )
    };
}

/// The files of `lessons/`; a test compares the list with the folder.
pub(super) const LESSONS: &[(&str, &str)] = &[
    lesson!("01-a-topic-is-a-log"),
    lesson!("02-reading-does-not-delete"),
    lesson!("03-partitions-are-logs"),
    lesson!("04-keys"),
    lesson!("05-without-a-key"),
    lesson!("06-order"),
    lesson!("07-adding-partitions"),
    lesson!("08-three-clients-one-key"),
    lesson!("09-a-hot-key"),
    lesson!("10-batches"),
    lesson!("11-position-and-commit"),
    lesson!("12-where-a-group-begins"),
    lesson!("13-lag"),
    lesson!("14-commit-before-or-after"),
    lesson!("15-seek-and-reset"),
    lesson!("16-poison"),
    lesson!("17-one-group"),
    lesson!("18-more-members"),
    lesson!("19-two-groups"),
    lesson!("20-join-and-sync"),
    lesson!("21-crash-or-leave"),
    lesson!("22-assignors"),
    lesson!("23-static-members"),
    lesson!("24-zombies"),
    lesson!("31-retention"),
    lesson!("33-idempotent-producer"),
];
/// The questions of the exam, in their order.
pub(super) const EXAM: &[&str] = &[
    include_str!("../../../lessons/exam/1-the-log.md"),
    include_str!("../../../lessons/exam/2-consuming.md"),
    include_str!("../../../lessons/exam/3-groups-and-failures.md"),
];
pub(super) const SCENES: &str = include_str!("../../../lessons/scenes.md");
pub(super) const GLOSSARY: &str = include_str!("../../../lessons/glossary.md");
