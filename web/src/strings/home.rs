//! Texts of the first page.

pub(crate) const CLAIM: &str = "See what Kafka does when a consumer dies.";
pub(crate) const LEAD: &str = "This page runs a real Kafka-compatible broker, here, in your browser. Crash things, step back, find out why. Then take the same engine to your tests and your laptop.";
pub(crate) const FIRST_LESSON: &str = "Start the first lesson";
pub(crate) const SANDBOX: &str = "Open the sandbox";

pub(crate) const LEARN: &str = "Learn";
pub(crate) const LEARN_TEXT: &str =
    "You predict, you try, the engine answers. No account, works offline.";
pub(crate) const NODE: &str = "Test in Node";
pub(crate) const NODE_TEXT: &str = "The same engine inside your test process, with unmodified KafkaJS and time in your hands. The package is not published yet; a scene can be copied as a test today.";
pub(crate) const RUN: &str = "Run it";
pub(crate) const RUN_TEXT: &str =
    "One small binary that every Kafka client accepts. Starts before you let go of Enter.";
