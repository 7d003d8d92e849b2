//! Texts of the benchmark's page.

use crate::pages::Phase;

pub(crate) const TITLE: &str = "How fast it is";
pub(crate) const EXPLAIN: &str = "64 partitions and 64 members, with four producers that send 80 records a second, on the machine that you sit at. The first numbers come after a second, the last ones within half a minute; other tabs and programs make them worse.";
pub(crate) const COLUMNS: [&str; 5] = ["What", "Median", "95 of 100", "Worst", "Goal"];
pub(crate) const COPY: &str = "Copy results";
pub(crate) const PROGRESS: &str = "How much of this is done";
pub(crate) const FRAMES: &str = "Frames in a second, playing";
pub(crate) const FRAME_SCRIPT: &str = "Script in a frame: world, painting, rendering";
pub(crate) const LONG_TASKS: &str = "Tasks of more than 50 ms, playing";
pub(crate) const SCENE: &str = "A scene worked out from nothing";
pub(crate) const USUAL_SEEK: &str = "A seek in ten minutes, 3 × 4";
pub(crate) const LARGE_SEEK: &str = "A seek in ten minutes, 64 × 64";
pub(crate) const PAINTED_SEEK: &str = "The same, until it is painted";
pub(crate) const USUAL_LIFE: &str = "Ten minutes lived through, 3 × 4";
pub(crate) const LARGE_LIFE: &str = "Ten minutes lived through, 64 × 64";
pub(crate) const MEMORY: &str = "Memory with all of that";

pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Playing => "It plays for five seconds …",
        Phase::LivingUsual => "Ten minutes of a usual scene are lived through …",
        Phase::SeekingUsual => "To and fro in a usual scene …",
        Phase::LivingLarge => "Ten minutes of 64 × 64 are lived through …",
        Phase::SeekingLarge => "To and fro in 64 × 64 …",
        Phase::Seeing => "To and fro, with the picture …",
        Phase::Done => "Measured.",
    }
}

/// What is copied.
pub(crate) fn results(lines: &str) -> String {
    let navigator = web_sys::window().map(|window| window.navigator());
    let browser = navigator.and_then(|navigator| navigator.user_agent().ok());
    format!("Ottla, {}\n{lines}", browser.unwrap_or_default())
}

pub(crate) fn millis(millis: f64) -> String {
    format!("{millis:.1} ms")
}

pub(crate) fn seconds(millis: f64) -> String {
    super::time::seconds((millis * 1000.0) as u64)
}

pub(crate) fn rate(per_s: f64) -> String {
    format!("{per_s:.1}")
}

pub(crate) fn megabytes(bytes: f64) -> String {
    format!("{:.0} MB", bytes / 1e6)
}

pub(crate) fn goal_ms(millis: f64, is_met: bool) -> String {
    goal(&format!("{millis:.0} ms at most"), is_met)
}

pub(crate) fn goal_rate(per_s: f64, is_met: bool) -> String {
    goal(&format!("{per_s:.0}"), is_met)
}

pub(crate) fn goal_count(count: usize, is_met: bool) -> String {
    goal(&count.to_string(), is_met)
}

fn goal(goal: &str, is_met: bool) -> String {
    format!("{goal}: {}", if is_met { "met" } else { "not met" })
}
