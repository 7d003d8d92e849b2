//! A question with several answers, of which the engine decides one to be right.

use ottla_core::Instant;
use ottla_core::sorted::Set;

use super::document::Fence;
use super::error::LessonError;
use super::predicate::Predicate;
use super::script::{Reader, Script};
use crate::World;
use crate::action::ActionError;
use crate::narration::Host;
use crate::timeline::Timeline;

/// A question about what will be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// In a sentence.
    pub question: String,
    /// What is done when an answer has been given, and until when the scene plays then.
    pub script: Script,
    /// What one may answer.
    pub choices: Vec<Choice>,
    scene: Script,
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// In a sentence.
    pub text: String,
    /// When it is the right one.
    pub when: Predicate,
    /// Said to whom has chosen it; may be empty.
    pub because: String,
}

/// What the engine has made of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which answer is right, counted from 0.
    pub right: usize,
    /// For each answer what the scene has shown of that of which the answer speaks, in sentences.
    pub shown: Vec<Vec<String>>,
}

/// A question to which not exactly one answer is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// The scene cannot be played.
    #[error("the scene cannot be played: {0}")]
    Unplayable(String),
    /// So many answers are right: the places of these.
    #[error("not one answer is right but {0:?} (counted from 0)")]
    Right(Vec<usize>),
}

impl Prediction {
    /// Plays the scene and says which answer is right, counted from 0.
    ///
    /// # Errors
    /// If not exactly one is: the lesson is wrong then.
    pub fn answer(&self) -> Result<usize, Undecided> {
        Ok(self.outcome()?.right)
    }

    /// Plays the scene and says which answer is right, and what has decided it.
    ///
    /// # Errors
    /// If not exactly one is: the lesson is wrong then.
    pub fn outcome(&self) -> Result<Outcome, Undecided> {
        let moments: Set<Instant> = self
            .choices
            .iter()
            .flat_map(|choice| choice.when.moments())
            .collect();
        let mut timeline = self.played()?;
        let world = timeline.world().clone();
        let mut past: Vec<(Instant, World)> = Vec::new();
        for moment in moments {
            timeline.seek(moment);
            past.push((moment, timeline.world().clone()));
        }
        let holds = |choice: &Choice| choice.when.holds_over(&world, &past);
        let right: Vec<usize> = (0..self.choices.len())
            .filter(|index| holds(&self.choices[*index]))
            .collect();
        match right[..] {
            [right] => Ok(Outcome {
                right,
                shown: self
                    .choices
                    .iter()
                    .map(|choice| choice.when.shown_over(&world, &past))
                    .collect(),
            }),
            _ => Err(Undecided::Right(right)),
        }
    }

    /// The world in which the answer is watched, where the scene pauses: the question's actions are yet to come, and are not the learner's.
    pub fn watched(&self, by: Host) -> Timeline {
        self.script.shown_after(&self.scene, by)
    }

    /// The world in which the answer is seen.
    pub(super) fn world(&self) -> Result<World, Undecided> {
        Ok(self.played()?.world().clone())
    }

    fn played(&self) -> Result<Timeline, Undecided> {
        let unplayable = |error: ActionError| Undecided::Unplayable(error.to_string());
        let mut timeline =
            Timeline::new(self.scene.start()).map_err(|(_, error)| unplayable(error))?;
        self.script.play_on(&mut timeline).map_err(unplayable)?;
        Ok(timeline)
    }

    /// The lines of a fenced block.
    pub(super) fn of_fence(fence: &Fence<'_>, scene: &Script) -> Result<Self, LessonError> {
        let mut question = None;
        let mut reader = Reader::default();
        let mut drafts: Vec<Draft> = Vec::new();
        for line in &fence.lines {
            let text = line.text.trim();
            let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
            match (first, drafts.last_mut()) {
                ("ask", None) => question = Some(rest.trim().to_owned()),
                ("-", _) => drafts.push(Draft::new(line.number, rest)),
                ("when", Some(draft)) => draft.when = Some(predicate(line.number, rest)?),
                ("because", Some(draft)) => draft.because = rest.trim().to_owned(),
                ("", _) => {}
                (_, None) => reader.line(*line)?,
                (_, Some(_)) => {
                    let allowed = ["- an answer", "when a statement", "because a sentence"];
                    return Err(LessonError::unknown(
                        line.number,
                        "the beginning",
                        first,
                        &allowed,
                    ));
                }
            }
        }
        let line = fence.info.number;
        let missing = || LessonError::new(line, "the line \"ask What will ...?\" is missing.");
        if !(2..=CHOICES_MAX).contains(&drafts.len()) {
            return Err(LessonError::new(
                line,
                format!("a prediction has 2 to {CHOICES_MAX} answers."),
            ));
        }
        let choices = drafts.into_iter().map(Draft::choice);
        Ok(Self {
            question: question.ok_or_else(missing)?,
            script: reader.script(line)?,
            choices: choices.collect::<Result<_, _>>()?,
            scene: scene.clone(),
        })
    }
}

struct Draft {
    line: usize,
    text: String,
    when: Option<Predicate>,
    because: String,
}

impl Draft {
    fn new(line: usize, text: &str) -> Self {
        Self {
            line,
            text: text.trim().to_owned(),
            when: None,
            because: String::new(),
        }
    }

    fn choice(self) -> Result<Choice, LessonError> {
        let missing = || {
            LessonError::new(
                self.line,
                "the answer has no line \"when ...\": the statement that makes it right.",
            )
        };
        Ok(Choice {
            when: self.when.ok_or_else(missing)?,
            text: self.text,
            because: self.because,
        })
    }
}

/// A statement in a lesson's file.
pub(super) fn predicate(line: usize, text: &str) -> Result<Predicate, LessonError> {
    text.trim()
        .parse()
        .map_err(|message: String| LessonError::new(line, message))
}

const CHOICES_MAX: usize = 5;
