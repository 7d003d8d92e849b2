//! The dialogs that can be opened from every page.

mod keys;
mod progress;

pub(crate) use keys::KeysDialog;
pub(crate) use progress::ProgressDialog;
