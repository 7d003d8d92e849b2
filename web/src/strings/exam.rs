//! Texts of the exam.

pub(crate) const TITLE: &str = "The exam";
pub(crate) const LEAD: &str = "What happens if? Each question has a scene; the engine gives the answer after you have given yours.";
pub(crate) const BEGIN: &str = "Begin";
pub(crate) const NEXT: &str = "Next question";
pub(crate) const RESULT: &str = "See the result";
pub(crate) const AGAIN: &str = "Take it again";
pub(crate) const REREAD: &str = "Worth reading again";
pub(crate) const ALL_RIGHT: &str = "There is nothing to read again.";
pub(crate) const BROKEN: &str = "The exam cannot be shown:";
pub(crate) const SHOWN: &str = "In the end:";
pub(crate) const QUESTION: &str = "Question";

pub(crate) fn about(questions_count: usize) -> String {
    format!("{questions_count} questions, as long as you need, as often as you like.")
}

pub(crate) fn place(index: usize, count: usize) -> String {
    format!("Question {index} of {count}")
}

pub(crate) fn result(right: usize, count: usize) -> String {
    format!("{right} of {count} right")
}
