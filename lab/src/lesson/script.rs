//! Timed lines: what is done in a scene, and until when it is played.

use ottla_core::Instant;

use super::document::{Fence, Line};
use super::error::LessonError;
use crate::action::{Action, ActionError, moment};
use crate::narration::Host;
use crate::timeline::{Start, Timeline};

/// Actions with their times, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// What chance begins with; only a scene says it.
    pub seed: u64,
    /// What is done, and when.
    pub actions: Vec<(Instant, Action)>,
    /// Until when it is played.
    pub until: Instant,
}

impl Script {
    /// As the beginning of a world.
    pub fn start(&self) -> Start {
        Start {
            seed: self.seed,
            actions: self.actions.clone(),
        }
    }

    /// Plays a scene and, as a learner would, this after it. The world stands at [`until`](Self::until) then.
    ///
    /// # Errors
    /// If an action cannot be done.
    pub(crate) fn played_after(&self, scene: &Script) -> Result<Timeline, ActionError> {
        let mut timeline = Timeline::new(scene.start()).map_err(|(_, error)| error)?;
        self.play_on(&mut timeline)?;
        Ok(timeline)
    }

    /// A scene where it ends, with this yet to come, which somebody else does than the learner.
    pub(super) fn shown_after(&self, scene: &Script, by: Host) -> Timeline {
        let mut timeline = Timeline::shown(scene.start(), by, self.actions.clone());
        timeline.seek(scene.until);
        timeline
    }

    /// Does all of it in a world whose time has not come so far.
    pub(super) fn play_on(&self, timeline: &mut Timeline) -> Result<(), ActionError> {
        for (at, action) in &self.actions {
            timeline.seek(*at);
            timeline.act(action.clone())?;
        }
        timeline.seek(self.until);
        Ok(())
    }

    /// The lines of a fenced block: `seed 7`, `2s crash worker-1`, `until 12s`, `# a remark`.
    pub(super) fn of_fence(fence: &Fence<'_>) -> Result<Self, LessonError> {
        let mut reader = Reader::default();
        for line in &fence.lines {
            reader.line(*line)?;
        }
        reader.script(fence.info.number)
    }
}

/// Reads timed lines, one after the other.
#[derive(Debug, Default)]
pub(super) struct Reader {
    seed: Option<u64>,
    actions: Vec<(Instant, Action)>,
    until: Option<Instant>,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>) -> Result<(), LessonError> {
        let text = line.text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        let wrong = |message: String| LessonError::new(line.number, message);
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        match first {
            "seed" => {
                let seed = rest.trim().parse();
                self.seed = Some(
                    seed.map_err(|_| wrong(format!("\"{rest}\" is no seed: a whole number.")))?,
                );
            }
            "until" => self.until = Some(moment(rest.trim()).map_err(wrong)?),
            _ if !first.starts_with(|char: char| char.is_ascii_digit()) => {
                let allowed = [
                    "seed 7",
                    "until 12s",
                    "a time and an action, such as 2s crash worker-1",
                ];
                return Err(LessonError::unknown(
                    line.number,
                    "the beginning",
                    first,
                    &allowed,
                ));
            }
            _ => self.action(line, moment(first).map_err(wrong)?, rest.trim())?,
        }
        Ok(())
    }

    fn action(&mut self, line: Line<'_>, at: Instant, text: &str) -> Result<(), LessonError> {
        let wrong = |message: String| LessonError::new(line.number, message);
        if self.actions.last().is_some_and(|(last, _)| *last > at) {
            return Err(wrong(
                "this is earlier than the line before it: lines are in order of time.".into(),
            ));
        }
        if self.actions.len() == ACTIONS_MAX {
            return Err(wrong(format!("more than {ACTIONS_MAX} actions.")));
        }
        let action = text
            .parse::<Action>()
            .map_err(|error| wrong(error.to_string()))?;
        self.actions.push((at, action));
        Ok(())
    }

    pub(super) fn script(self, line: usize) -> Result<Script, LessonError> {
        let Some(until) = self.until else {
            return Err(LessonError::new(
                line,
                "the line \"until 12s\" is missing: how long this is played.",
            ));
        };
        if self.actions.last().is_some_and(|(at, _)| *at > until) {
            return Err(LessonError::new(
                line,
                "an action comes after its \"until\".",
            ));
        }
        Ok(Script {
            seed: self.seed.unwrap_or(1),
            actions: self.actions,
            until,
        })
    }
}

const ACTIONS_MAX: usize = 200;
