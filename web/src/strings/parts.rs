//! Texts that are on all pages.

pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const NOT_COPIED: &str = "The browser forbids it";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const DISMISS: &str = "Dismiss";

pub(crate) fn window_title(page: &str) -> String {
    format!("{page} · Ottla")
}

/// `1 record`, `2 records`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}
