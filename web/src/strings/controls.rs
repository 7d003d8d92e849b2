//! Texts of the bar under the picture.

use ottla_lab::Instant;

use super::time::clock;

pub(crate) const LABEL: &str = "Time";
pub(crate) const PLAY: &str = "Play";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const PLAY_KEY: &str = "Play or pause (Space)";
pub(crate) const STEP: &str = "Step";
pub(crate) const STEP_KEY: &str = "To the next thing that happens (→)";
pub(crate) const STEP_BACK: &str = "Step back";
pub(crate) const STEP_BACK_KEY: &str = "Back to before the last thing that happened (←)";
pub(crate) const SCRUBBER: &str = "Moment";
pub(crate) const CLOCK: &str = "Virtual time";
pub(crate) const SPEED: &str = "Speed";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const UNDO_KEY: &str = "Take back what you did last (Ctrl Z)";
pub(crate) const REDO: &str = "Redo";
pub(crate) const REDO_KEY: &str = "Do again what you took back (Ctrl Shift Z)";
pub(crate) const FORK: &str = "Fork";
pub(crate) const FORK_TITLE: &str =
    "Go on from here in a branch of its own; what came later stays in the other";
pub(crate) const BRANCH: &str = "Branch";
pub(crate) const RESET: &str = "Reset";
pub(crate) const RESET_TITLE: &str = "Back to how the scene began";
pub(crate) const HELD: &str = "Time stands still: Play shows what comes of it.";
pub(crate) const SEED_TITLE: &str =
    "What chance begins with: the same seed and the same actions give the same life";
pub(crate) const SHARE: &str = "Share";
pub(crate) const SHARE_TITLE: &str =
    "Copy a link that holds this scene with all that was done in it";

pub(crate) fn mark(at: Instant, text: &str) -> String {
    format!("{} {text}", clock(at))
}

pub(crate) fn seed(seed: u64) -> String {
    format!("seed {seed}")
}

pub(crate) fn branch(number: usize, count: usize) -> String {
    format!("branch {number} of {count}")
}
