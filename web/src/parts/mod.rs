//! Small things that all pages are made of.

mod copy;
mod dialog;
mod field;
mod file;
mod line_form;
mod menu;
mod notice;
mod page;
mod popover;
mod shared;
mod tabs;
mod term;

pub(crate) use copy::CopyButton;
pub(crate) use dialog::Dialog;
pub(crate) use field::{Field, FieldInput, values};
pub(crate) use file::{download, pick_text};
pub(crate) use line_form::LineForm;
pub(crate) use menu::Menu;
pub(crate) use notice::{Notice, NoticeList, Notices, use_notices};
pub(crate) use page::{IsFirstPage, use_page_title};
pub(crate) use popover::Popover;
pub(crate) use shared::Shared;
pub(crate) use tabs::Tabs;
pub(crate) use term::Term;
