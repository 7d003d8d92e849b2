//! The exam: what happens if ...? Questions with scenes, which the engine answers.

use super::document::{Document, SectionPart};
use super::error::LessonError;
use super::library::EXAM;
use super::prediction::Prediction;
use super::prose::{self, Block};
use super::script::Script;

/// A question of the exam.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What it is about, in a few words.
    pub title: String,
    /// The lessons that have the answer, by number.
    pub lessons: Vec<u32>,
    /// What is shown while it is asked.
    pub scene: Script,
    /// What is asked.
    pub prediction: Prediction,
    /// What is said before it is asked.
    pub text: Vec<Block>,
    /// What is said once it has been answered.
    pub explanation: Vec<Block>,
}

/// All questions.
///
/// # Errors
/// If a file is wrong, which a test rules out for those of this program.
pub fn exam() -> Result<Vec<Question>, LessonError> {
    let files: Result<Vec<_>, _> = EXAM.iter().map(|text| questions(text)).collect();
    Ok(files?.concat())
}

pub(super) fn questions(text: &str) -> Result<Vec<Question>, LessonError> {
    let document = Document::parse(text)?;
    let questions = document.sections.iter().map(|section| {
        let heading = section.heading;
        let wrong = || {
            LessonError::new(
                heading.number,
                "a question's heading names its lessons: \"## A member crashes (18, 21)\".",
            )
        };
        let (title, lessons) = heading
            .text
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once(" ("))
            .ok_or_else(wrong)?;
        let lessons = lessons
            .split(',')
            .map(|number| number.trim().parse().map_err(|_| wrong()));
        let scene = Script::of_fence(section.fence("scene")?)?;
        let prediction = Prediction::of_fence(section.fence("predict")?, &scene)?;
        let mut around = section
            .parts
            .split(|part| matches!(part, SectionPart::Fence(_)));
        let mut text = || prose::blocks(around.next().unwrap_or_default(), &prediction);
        let (before, between, explanation) = (text()?, text()?, text()?);
        Ok(Question {
            title: title.to_owned(),
            lessons: lessons.collect::<Result<_, _>>()?,
            prediction,
            scene,
            text: before.into_iter().chain(between).collect(),
            explanation,
        })
    });
    questions.collect()
}
