//! Texts of the tab Code, and of programs that keep time waiting.

use ottla_lab::code::End;

pub(crate) const TITLE: &str = "Code";
pub(crate) const FILES: &str = "Programs";
pub(crate) const ADD: &str = "Another program";
pub(crate) const RUN: &str = "Run";
pub(crate) const RUN_AGAIN: &str = "Run again";
pub(crate) const RUN_TITLE: &str = "Start it now, in the world that is shown";
pub(crate) const STOP: &str = "Stop";
pub(crate) const STOP_TITLE: &str =
    "SIGTERM: the program may finish what it does. Crash it in the picture to see the difference";
pub(crate) const EDITOR: &str = "Source; Escape and then Tab leaves it";
pub(crate) const LOADING: &str = "The editor is on its way.";
pub(crate) const NO_EDITOR: &str = "The editor could not be loaded; this field will do.";
pub(crate) const CONSOLE: &str = "Console";
pub(crate) const SILENT: &str = "What programs print stands here, with the time of the world.";
pub(crate) const STOPPED: &str =
    "The program gave no answer and was stopped. Is there a loop that never ends?";
pub(crate) const STOP_IT: &str = "Stop it";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const DISTRUSTED: &str = "This scene runs code that came with its link. It cannot leave this page; look at it under Code, or let it run.";
pub(crate) const TRUST: &str = "Let it run";
pub(crate) const GO_TO_LINE: &str = "Go to this line";

/// Somebody computes for too long.
pub(crate) fn busy(name: &str) -> String {
    format!(
        "Time waits: {name} has given no answer for 2 seconds. Is there a loop that never ends?"
    )
}

/// No worker.
pub(crate) fn not_loaded(name: &str) -> String {
    format!("Time waits: what runs {name} could not be loaded. Is the network there?")
}

/// How a program is, behind its name.
pub(crate) fn state(is_frozen: bool, end: Option<End>) -> &'static str {
    match (end, is_frozen) {
        (Some(End::Done), _) => "ended",
        (Some(End::Failed), _) => "failed",
        (Some(End::Stopped), _) => "killed",
        (None, true) => "stands still",
        (None, false) => "runs",
    }
}

/// The source is too long.
pub(crate) fn too_long(bytes_count: usize, bytes_max: usize) -> String {
    format!(
        "The program has {bytes_count} bytes; {bytes_max} are allowed, so that it fits into a link."
    )
}

pub(crate) const EMPTY_PROGRAM: &str = "import { Kafka } from 'kafkajs';\n\nconst kafka = new Kafka({ brokers: ['localhost:9092'] });\n";

/// What stands in the editor at first sight, in scenes without programs.
pub(crate) const EXAMPLES: [(&str, &str); 3] = [
    (
        "producer.js",
        include_str!("../../code/examples/producer.js"),
    ),
    (
        "consumer.js",
        include_str!("../../code/examples/consumer.js"),
    ),
    ("both.js", include_str!("../../code/examples/both.js")),
];
