//! What has been learned, kept, and lost.

use crate::storage::Damage;

pub(crate) const NOT_KEPT: &str = "This browser keeps nothing for this page, so your progress is gone when you close it. You can export it as a file.";
pub(crate) const DAMAGED: &str =
    "Some of your kept progress was damaged. What could be read is still here.";
pub(crate) const EXPLAIN: &str =
    "What you have done is kept in this browser only. Nothing of it is sent anywhere.";
pub(crate) const EXPORT: &str = "Export as a file";
pub(crate) const IMPORT: &str = "Import from a file";
pub(crate) const CLEAR: &str = "Clear";
pub(crate) const CLEAR_SURE: &str = "Clear everything?";
pub(crate) const CLEARED: &str = "Your progress is cleared.";
pub(crate) const NOT_A_FILE: &str = "That file holds no progress.";
pub(crate) const NOT_EXPORTED: &str = "The browser did not take the file.";
pub(crate) const FILE_NAME: &str = "ottla-progress.txt";

pub(crate) fn lessons_done(done: usize, all: usize) -> String {
    format!("{done} of {all} lessons done")
}

pub(crate) fn predictions(right: usize, all: usize) -> String {
    format!("{right} of {all} predictions right")
}

pub(crate) fn best_exam(right: usize, all: usize) -> String {
    format!("Best exam: {right} of {all}")
}

pub(crate) fn damages(damages: &[Damage]) -> Vec<String> {
    let shown = damages.iter().take(DAMAGES_SHOWN_MAX);
    let line = |damage: &Damage| format!("line {}: {}", damage.line, damage.text);
    shown.map(line).collect()
}

const DAMAGES_SHOWN_MAX: usize = 5;

pub(crate) fn imported(damages_count: usize) -> String {
    match damages_count {
        0 => "The file's progress is added to yours.".to_owned(),
        1 => "The file's progress is added to yours; 1 line could not be read:".to_owned(),
        more => format!("The file's progress is added to yours; {more} lines could not be read:"),
    }
}
