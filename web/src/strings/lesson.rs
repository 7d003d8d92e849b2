//! Texts around a lesson.

pub(crate) const PREDICT: &str = "Predict, before you see it";
pub(crate) const SKIP_QUESTION: &str = "Skip the question";
pub(crate) const RIGHT: &str = "Right.";
pub(crate) const WRONG: &str = "Not so.";
pub(crate) const WATCH: &str = "Watch the scene: it shows what happens.";
pub(crate) const RIGHT_ANSWER: &str = "what the engine does";
pub(crate) const RIGHT_CHOSEN: &str = "your answer, and what the engine does";
pub(crate) const YOUR_ANSWER: &str = "your answer";
pub(crate) const UNDECIDED: &str =
    "The engine gives no single answer to this question. That is a mistake of ours:";
pub(crate) const ASK_AGAIN: &str = "Watch it again";

pub(crate) const TRY: &str = "Try";
pub(crate) const YOUR_TURN: &str = "Your turn";
pub(crate) const REACHED: &str = "reached";
pub(crate) const NOT_REACHED: &str = "not yet reached";
pub(crate) const HINT: &str = "Hint";
pub(crate) const NEXT_HINT: &str = "Another hint";
pub(crate) const SOLUTION: &str = "Show solution";
pub(crate) const RESET: &str = "Start over";
pub(crate) const ALL_REACHED: &str = "All reached. This lesson is done.";
pub(crate) const DONE_BEFORE: &str = "You have done this lesson before.";
pub(crate) const SOLUTION_SHOWN: &str =
    "This is one way. Start over and find another, or go on from here.";
pub(crate) const TO_SANDBOX: &str = "Go on with this scene in the sandbox";

pub(crate) const MISTAKES: &str = "What people get wrong";
pub(crate) const REAL_CODE: &str = "In real code";
pub(crate) const COPY_TEST: &str = "Copy as Node test";
pub(crate) const COPY_COMMANDS: &str = "Copy as command lines";
pub(crate) const ALL_LESSONS: &str = "All lessons";
pub(crate) const TO_EXAM: &str = "To the exam";
pub(crate) const BROKEN: &str = "This lesson cannot be shown";

pub(crate) fn kick(number: u32, part: &str, minutes: u32) -> String {
    let minutes = super::parts::counted(minutes as usize, "minute");
    format!("Lesson {number} · {part} · about {minutes}")
}

pub(crate) fn next(title: &str) -> String {
    format!("Next: {title}")
}

pub(crate) fn hint(index: usize, count: usize) -> String {
    format!("Hint {index} of {count}")
}
