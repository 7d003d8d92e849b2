//! What the browser keeps from visit to visit. It may keep nothing: then the page works without.

mod keeper;
mod progress;

pub(crate) use keeper::{Change, Kept, ProgressContext, use_progress};
pub(crate) use progress::{Answer, Damage, ExamResult, Progress};

/// Under which name something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// What has been learned.
    Progress,
    /// Light or dark.
    Theme,
    /// What could not be read of the progress, so that it is not lost by writing over it.
    DamagedProgress,
}

/// The browser would not keep it: it has no storage, forbids it, or is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotKept;

/// What was kept, if anything was.
pub(crate) fn read(key: Key) -> Option<String> {
    storage()?.get_item(key.name()).ok()?
}

/// Keeps something.
pub(crate) fn write(key: Key, text: &str) -> Result<(), NotKept> {
    let storage = storage().ok_or(NotKept)?;
    storage.set_item(key.name(), text).map_err(|_| NotKept)
}

/// Forgets something.
pub(crate) fn remove(key: Key) {
    if let Some(storage) = storage() {
        // What cannot be removed could not be written either.
        let _ = storage.remove_item(key.name());
    }
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Progress => "ottla.progress",
            Self::Theme => "ottla.theme",
            Self::DamagedProgress => "ottla.progress.damaged",
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
