//! From a file to a lesson.

use super::document::{Document, Fence, Section, SectionPart};
use super::error::LessonError;
use super::library::Entry;
use super::prediction::{Prediction, predicate};
use super::script::Script;
use super::{Goal, Lesson, Snippet, prose};

pub(super) fn lesson(slug: &str, text: &str) -> Result<Lesson, LessonError> {
    let document = Document::parse(text)?;
    let entry = Entry::of(slug, &document)?;
    for section in &document.sections {
        if !HEADINGS.contains(&section.heading.text) {
            return Err(LessonError::unknown(
                section.heading.number,
                "the heading",
                section.heading.text,
                &HEADINGS,
            ));
        }
    }
    let end = text.lines().count().max(1);
    let section = |heading: &str| {
        let found = document
            .sections
            .iter()
            .find(|section| section.heading.text == heading);
        found.ok_or_else(|| {
            LessonError::new(end, format!("the section \"## {heading}\" is missing."))
        })
    };
    let scene = Script::of_fence(section("Scene")?.fence("scene")?)?;
    let prediction = Prediction::of_fence(section("Predict")?.fence("predict")?, &scene)?;
    Ok(Lesson {
        entry,
        text: prose::text(section("See")?, &prediction)?,
        explanation: prose::text(section("Why")?, &prediction)?,
        tries: some_items(section("Try")?, 1, 6)?,
        goals: goals(section("Goal")?.fence("goal")?)?,
        hints: some_items(section("Hints")?, 2, 3)?,
        solution: Script::of_fence(section("Solution")?.fence("solution")?)?,
        mistakes: prose::text(section("What people get wrong")?, &prediction)?,
        real_code: snippets(section("In real code")?)?,
        prediction,
        scene,
    })
}

fn some_items(
    section: &Section<'_>,
    least: usize,
    most: usize,
) -> Result<Vec<String>, LessonError> {
    let items: Vec<String> = section.items().into_iter().map(|(_, item)| item).collect();
    if !(least..=most).contains(&items.len()) {
        let heading = section.heading;
        let message = format!(
            "\"## {}\" needs {least} to {most} lines that begin with \"- \".",
            heading.text
        );
        return Err(LessonError::new(heading.number, message));
    }
    Ok(items)
}

/// `- a sentence`, and under it `when` with a statement.
fn goals(fence: &Fence<'_>) -> Result<Vec<Goal>, LessonError> {
    let mut goals = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for line in &fence.lines {
        let text = line.text.trim();
        match (text.strip_prefix("- "), text.strip_prefix("when "), open) {
            (Some(say), _, None) => open = Some((line.number, say.trim())),
            (_, Some(when), Some((_, say))) => {
                let when = predicate(line.number, when)?;
                if !when.moments().is_empty() {
                    return Err(LessonError::new(
                        line.number,
                        "a goal cannot look at another moment: \"at\" belongs in predictions.",
                    ));
                }
                goals.push(Goal {
                    say: say.to_owned(),
                    when,
                });
                open = None;
            }
            (_, _, Some((number, _))) if !text.is_empty() => {
                return Err(LessonError::new(
                    number,
                    "the goal has no line \"when ...\" under it.",
                ));
            }
            _ if text.is_empty() => {}
            _ => {
                let first = text.split(' ').next().unwrap_or_default();
                return Err(LessonError::unknown(
                    line.number,
                    "the beginning",
                    first,
                    &["- a goal", "when a statement"],
                ));
            }
        }
    }
    match (open, goals.len()) {
        (Some((number, _)), _) => Err(LessonError::new(
            number,
            "the goal has no line \"when ...\" under it.",
        )),
        (None, 1..=GOALS_MAX) => Ok(goals),
        (None, _) => Err(LessonError::new(
            fence.info.number,
            format!("a lesson has 1 to {GOALS_MAX} goals."),
        )),
    }
}

/// Fenced blocks whose first line names the language and who speaks it: `js KafkaJS`.
fn snippets(section: &Section<'_>) -> Result<Vec<Snippet>, LessonError> {
    let mut snippets = Vec::new();
    for part in &section.parts {
        let SectionPart::Fence(fence) = part else {
            continue;
        };
        let Some((language, label)) = fence.info.text.split_once(' ') else {
            let message = "the block needs a language and a name, such as ```js KafkaJS.";
            return Err(LessonError::new(fence.info.number, message));
        };
        let lines: Vec<&str> = fence.lines.iter().map(|line| line.text).collect();
        snippets.push(Snippet {
            label: label.trim().to_owned(),
            language: language.to_owned(),
            text: lines.join("\n"),
        });
    }
    Ok(snippets)
}

const HEADINGS: [&str; 10] = [
    "Scene",
    "See",
    "Predict",
    "Why",
    "Try",
    "Goal",
    "Hints",
    "Solution",
    "What people get wrong",
    "In real code",
];
const GOALS_MAX: usize = 6;
