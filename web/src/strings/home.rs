//! Texts of the first page and of the table of contents.

pub(crate) const TITLE: &str = "Learn Kafka on a real engine";
pub(crate) const CLAIM: &str = "See what Kafka does when a consumer dies.";
pub(crate) const LEAD: &str = "This page runs a real Kafka-compatible broker, here, in your browser. Crash things, step back, find out why. Then take the same engine to your tests and your laptop.";
pub(crate) const FIRST_LESSON: &str = "Start the first lesson";
pub(crate) const SANDBOX: &str = "Open the sandbox";

pub(crate) const LIVE: &str = "A broker, running in this page";
pub(crate) const CRASH: &str = "Crash another";
pub(crate) const AGAIN: &str = "Start them again";
pub(crate) const PLAY: &str = "Play";
pub(crate) const PAUSE: &str = "Pause";

pub(crate) const LEARN: &str = "Learn";
pub(crate) const NODE: &str = "Test in Node";
pub(crate) const NODE_TEXT: &str = "The same engine inside your test process, with unmodified KafkaJS and time in your hands. The package is not published yet; any scene can be copied as such a test already.";
pub(crate) const RUN: &str = "Run it";
pub(crate) const RUN_TEXT: &str =
    "One small binary that every Kafka client accepts. It starts before you let go of Enter.";
pub(crate) const RUN_SAMPLE: (&str, &str) = ("ottla", "ready bootstrap.servers=127.0.0.1:9092");
pub(crate) const NODE_SAMPLE: (&str, &str) =
    ("brokers: ottla.brokers", "await ottla.clock.advance('30s')");

pub(crate) const CONTENTS: &str = "What you will be able to explain";
pub(crate) const LESSONS_LEAD: &str = "Each takes a few minutes: a text beside a running scene, a question that the scene answers, and something to reach by yourself.";
pub(crate) const DONE: &str = "done";
pub(crate) const NEXT: &str = "next";
pub(crate) const EXAM: &str = "And then the exam";

pub(crate) fn learn_text(lessons_count: usize) -> String {
    format!(
        "{lessons_count} short lessons. You predict, you try, the engine answers. No account, works offline."
    )
}

pub(crate) fn go_on(title: &str) -> String {
    format!("Go on: {title}")
}

/// What is worked out and what comes of it.
pub(crate) fn key_sample(key: &str, partition: i32) -> (String, String) {
    (
        format!("(murmur2(\"{key}\") & 0x7fffffff) % 3"),
        format!("→ partition {partition}, as in Java"),
    )
}
