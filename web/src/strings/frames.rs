//! Texts of the frames' panel.

use ottla_lab::Direction;
use ottla_lab::frames::Frame;

pub(crate) const CLIENT: &str = "Client";
pub(crate) const ALL: &str = "All clients";
pub(crate) const HIDE_ROUTINE: &str = "Hide heartbeats, empty fetches";
pub(crate) const LIST: &str = "Frames, oldest first";
pub(crate) const NONE: &str = "No frames yet. They appear as clients and the broker talk.";
pub(crate) const NONE_SHOWN: &str = "Only heartbeats and empty fetches so far.";
pub(crate) const CHOOSE: &str = "Choose a frame to read it byte by byte.";
pub(crate) const FIELDS: &str = "Fields";
pub(crate) const BYTES: &str = "Bytes";
pub(crate) const BACK: &str = "All frames";
pub(crate) const ITS_ANSWER: &str = "Its answer";
pub(crate) const ITS_REQUEST: &str = "Its request";
pub(crate) const GO_THERE: &str = "Go to its moment";

/// Which way a frame goes, as a sign and in words.
pub(crate) fn way(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::ToBroker => ("→", "request"),
        Direction::ToClient => ("←", "answer"),
    }
}

/// `JoinGroup request, version 9`.
pub(crate) fn title(frame: &Frame) -> String {
    let (_, word) = way(frame.direction);
    format!("{} {word}, version {}", frame.api_name(), frame.api_version)
}

/// `204 B`, `1.2 kB`.
pub(crate) fn size(size_bytes: usize) -> String {
    match size_bytes {
        0..1000 => format!("{size_bytes} B"),
        _ => format!("{}.{} kB", size_bytes / 1000, size_bytes % 1000 / 100),
    }
}

/// Which bytes a field is.
pub(crate) fn place(bytes: &std::ops::Range<usize>) -> String {
    match bytes.len() {
        0 => format!("no byte, at {}", bytes.start),
        1 => format!("byte {}", bytes.start),
        _ => format!("bytes {} to {}", bytes.start, bytes.end - 1),
    }
}
