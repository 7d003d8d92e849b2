//! What somebody has learned so far, and its text.

use std::fmt;

use ottla_lab::sorted::{Map, Set};

/// What somebody has learned so far. Its text has a line for each thing, so that a damaged one keeps the others:
///
/// ```text
/// ottla progress 1
/// done 18-more-members
/// predicted 18-more-members 1 right
/// exam 11 of 12
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    done: Set<String>,
    answers: Map<String, Answer>,
    exam: Option<ExamResult>,
}

/// How a prediction was answered: the first answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Which option, counted from 0.
    pub(crate) option: usize,
    /// Whether the engine agreed.
    pub(crate) is_right: bool,
}

/// The best exam so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExamResult {
    /// How many answers were right.
    pub(crate) right_count: usize,
    /// How many questions there were.
    pub(crate) questions_count: usize,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Counted from 1.
    pub(crate) line: usize,
    /// What it says, cut short.
    pub(crate) text: String,
}

impl Progress {
    /// Reads what can be read, and says what cannot.
    pub(crate) fn parse(text: &str) -> (Self, Vec<Damage>) {
        let mut progress = Self::default();
        let mut damages = Vec::new();
        for (index, line) in text.lines().enumerate().take(LINES_MAX) {
            let line = line.trim();
            let is_read = match index {
                0 => line == HEAD,
                _ => line.is_empty() || progress.read_line(line).is_some(),
            };
            if !is_read {
                damages.push(Damage {
                    line: index + 1,
                    text: line.chars().take(SHOWN_CHARS_MAX).collect(),
                });
            }
        }
        (progress, damages)
    }

    /// Whether a lesson's goals have been reached.
    pub(crate) fn is_done(&self, slug: &str) -> bool {
        self.done.contains(slug)
    }

    /// How a lesson's prediction was answered.
    pub(crate) fn answer(&self, slug: &str) -> Option<Answer> {
        self.answers.get(slug).copied()
    }

    /// The best exam so far.
    pub(crate) fn exam(&self) -> Option<ExamResult> {
        self.exam
    }

    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A lesson's goals are reached. Whether that is new.
    pub(crate) fn finish(&mut self, slug: &str) -> bool {
        self.done.insert(slug.to_owned())
    }

    /// A prediction was answered. Only the first answer counts.
    pub(crate) fn predict(&mut self, slug: &str, answer: Answer) {
        self.answers.entry(slug.to_owned()).or_insert(answer);
    }

    /// An exam has ended. The best one is kept.
    pub(crate) fn examine(&mut self, result: ExamResult) {
        let is_better = self.exam.is_none_or(|best| {
            result.right_count * best.questions_count.max(1)
                >= best.right_count * result.questions_count.max(1)
        });
        if is_better {
            self.exam = Some(result);
        }
    }

    /// Adds what another progress has, for instance one from a file.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.done.extend(other.done.clone());
        for (slug, answer) in &other.answers {
            self.predict(slug, *answer);
        }
        if let Some(exam) = other.exam {
            self.examine(exam);
        }
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["done", slug] if is_slug(slug) => {
                self.finish(slug);
            }
            ["predicted", slug, option, verdict] if is_slug(slug) => {
                let answer = Answer {
                    option: option.parse().ok().filter(|option| *option < COUNT_MAX)?,
                    is_right: match verdict {
                        "right" => true,
                        "wrong" => false,
                        _ => return None,
                    },
                };
                self.predict(slug, answer);
            }
            ["exam", right, "of", questions] => {
                let right_count = right.parse().ok()?;
                let questions_count = questions.parse().ok().filter(|n| *n < COUNT_MAX)?;
                if right_count > questions_count {
                    return None;
                }
                self.examine(ExamResult {
                    right_count,
                    questions_count,
                });
            }
            _ => return None,
        }
        Some(())
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        for slug in &self.done {
            writeln!(f, "done {slug}")?;
        }
        for (slug, answer) in &self.answers {
            let verdict = if answer.is_right { "right" } else { "wrong" };
            writeln!(f, "predicted {slug} {} {verdict}", answer.option)?;
        }
        if let Some(exam) = self.exam {
            writeln!(f, "exam {} of {}", exam.right_count, exam.questions_count)?;
        }
        Ok(())
    }
}

fn is_slug(text: &str) -> bool {
    text.len() <= SLUG_BYTES_MAX && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

const HEAD: &str = "ottla progress 1";
const LINES_MAX: usize = 2000;
const SLUG_BYTES_MAX: usize = 100;
const SHOWN_CHARS_MAX: usize = 60;
const COUNT_MAX: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_as_it_was_written() {
        let mut progress = Progress::default();
        progress.finish("18-more-members");
        progress.predict(
            "18-more-members",
            Answer {
                option: 1,
                is_right: true,
            },
        );
        progress.examine(ExamResult {
            right_count: 11,
            questions_count: 12,
        });
        let text = progress.to_string();
        assert_eq!(
            text,
            "ottla progress 1\ndone 18-more-members\npredicted 18-more-members 1 right\nexam 11 of 12\n"
        );
        assert_eq!(Progress::parse(&text), (progress, vec![]));
    }

    #[test]
    fn a_damaged_line_is_named_and_the_others_are_kept() {
        let text = "ottla progress 1\ndone 1-a-log\ndone <script>\npredicted 2-x 1 perhaps\nexam 13 of 12\ndone 2-x\n\u{0}\u{ff}";
        let (progress, damages) = Progress::parse(text);
        assert!(progress.is_done("1-a-log") && progress.is_done("2-x"));
        assert_eq!(progress.answer("2-x"), None);
        assert_eq!(progress.exam(), None);
        let lines: Vec<usize> = damages.iter().map(|damage| damage.line).collect();
        assert_eq!(lines, [3, 4, 5, 7]);
        assert_eq!(damages[0].text, "done <script>");
    }

    #[test]
    fn what_is_no_progress_at_all_is_damaged_and_nothing_else() {
        for text in ["", "{\"done\":[1]}", "\u{feff}x", "ottla progress 99"] {
            let (progress, damages) = Progress::parse(text);
            assert!(progress.is_empty(), "{text:?}");
            assert_eq!(damages.len(), usize::from(!text.is_empty()), "{text:?}");
        }
        let (_, damages) = Progress::parse(&"x\n".repeat(1_000_000));
        assert_eq!(damages.len(), LINES_MAX);
        let (_, damages) = Progress::parse(&"y".repeat(1_000_000));
        assert_eq!(damages[0].text.len(), SHOWN_CHARS_MAX);
    }

    #[test]
    fn the_first_answer_and_the_best_exam_count() {
        let mut progress = Progress::default();
        let wrong = Answer {
            option: 0,
            is_right: false,
        };
        progress.predict("1-a-log", wrong);
        progress.predict(
            "1-a-log",
            Answer {
                option: 2,
                is_right: true,
            },
        );
        assert_eq!(progress.answer("1-a-log"), Some(wrong));
        for right_count in [3, 9, 5] {
            progress.examine(ExamResult {
                right_count,
                questions_count: 10,
            });
        }
        assert_eq!(progress.exam().map(|exam| exam.right_count), Some(9));
    }

    #[test]
    fn progress_from_a_file_is_added_to_what_is_there() {
        let (mut here, _) = Progress::parse("ottla progress 1\ndone 1-a\nexam 4 of 10");
        let (file, _) = Progress::parse("ottla progress 1\ndone 2-b\nexam 3 of 10");
        here.merge(&file);
        assert!(here.is_done("1-a") && here.is_done("2-b"));
        assert_eq!(here.exam().map(|exam| exam.right_count), Some(4));
    }
}
