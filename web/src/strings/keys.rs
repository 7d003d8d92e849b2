//! The keys, and what they do.

pub(crate) const TITLE: &str = "Keys";
pub(crate) const EXPLAIN: &str = "They work wherever you are not writing.";

/// Each key with what it does.
pub(crate) const KEYS: &[(&str, &str)] = &[
    ("Space", "play, pause"),
    ("→  ←", "one event on, one event back"),
    ("Shift →  Shift ←", "one second on, one second back"),
    ("Home", "to the beginning"),
    ("+  −", "faster, slower"),
    ("U  R", "undo and redo what you did"),
    (
        "Tab, Enter",
        "to an object of the scene; what it is and what it can do",
    ),
    ("?", "these keys"),
    ("Esc", "close what is open"),
];
