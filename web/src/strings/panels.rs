//! Texts of the panels under the scene.

pub(crate) const PANELS: &str = "Behind the scene";
pub(crate) const LOG: &str = "What happened";
pub(crate) const FRAMES: &str = "Frames";
pub(crate) const TABLES: &str = "Tables";
pub(crate) const TERMINAL: &str = "Terminal";
pub(crate) const TALLER: &str = "More room for this";
pub(crate) const LOWER: &str = "Less room for this";
pub(crate) const NOTHING_YET: &str = "Nothing has happened yet.";
pub(crate) const SCENE: &str = "Scene";
pub(crate) const SOON: &str = "What will happen";
pub(crate) const GO_THERE: &str = "Go to this moment";
