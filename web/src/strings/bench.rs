//! Texts of the benchmark's page.

use crate::pages::BenchStage;

pub(crate) const TITLE: &str = "How fast it is";
pub(crate) const EXPLAIN: &str = "64 partitions and 64 members, with four producers that send 80 records a second, on the machine that you sit at.";
pub(crate) const WHAT: &str = "What";
pub(crate) const MEDIAN: &str = "Median";
pub(crate) const WORST: &str = "Worst";
pub(crate) const FRAME_INTERVAL: &str = "From one frame to the next, playing";
pub(crate) const FRAME_SCRIPT: &str = "Work in a frame: world, painting, rendering";
pub(crate) const SCENE: &str = "A scene worked out";
pub(crate) const MINUTE: &str = "A minute lived through";
pub(crate) const SEEK: &str = "A seek in ten minutes";

pub(crate) fn stage(stage: BenchStage) -> &'static str {
    match stage {
        BenchStage::Settling => "The group forms …",
        BenchStage::Playing => "It plays for five seconds …",
        BenchStage::Living => "Ten minutes are lived through …",
        BenchStage::Seeking => "To and fro …",
        BenchStage::Done => "Measured.",
    }
}

pub(crate) fn millis(millis: f64) -> String {
    format!("{millis:.1} ms")
}
