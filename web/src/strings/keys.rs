//! The keys, and what they do.

pub(crate) const TITLE: &str = "Keys";
pub(crate) const EXPLAIN: &str = "They work wherever you are not writing.";

/// Each key with what it does.
pub(crate) const KEYS: &[(&str, &str)] = &[
    ("Space", "play, pause"),
    (
        "→ ←",
        "to the next thing that happens, back to before the last",
    ),
    ("Shift → ←", "a second on, a second back"),
    ("Home End", "to the beginning, to the end of what was lived"),
    ("+ −", "faster, slower"),
    (
        "U R",
        "undo and redo what you did; also Ctrl Z, Ctrl Shift Z",
    ),
    ("T P C", "in the sandbox: a topic, a producer, a consumer"),
    (
        "Tab Enter",
        "to an object of the scene; what it is and what it can do",
    ),
    ("?", "these keys"),
    ("Esc", "close what is open"),
];
