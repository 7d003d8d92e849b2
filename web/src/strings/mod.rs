//! Every text of the page that is no lesson and no narration, in one place, so that it can be translated.

pub(crate) mod about;
pub(crate) mod bench;
pub(crate) mod code;
pub(crate) mod controls;
pub(crate) mod exam;
pub(crate) mod frames;
pub(crate) mod home;
pub(crate) mod inspector;
pub(crate) mod keys;
pub(crate) mod lesson;
pub(crate) mod panels;
pub(crate) mod parts;
pub(crate) mod progress;
pub(crate) mod sandbox;
pub(crate) mod shell;
pub(crate) mod stage;
pub(crate) mod terminal;
pub(crate) mod time;
