//! The frame around the pages.

pub(crate) const SKIP: &str = "Skip to the content";
pub(crate) const HOME: &str = "Ottla, home";
pub(crate) const NAVIGATION: &str = "Pages";
pub(crate) const LESSONS: &str = "Lessons";
pub(crate) const SANDBOX: &str = "Sandbox";
pub(crate) const EXAM: &str = "Exam";
pub(crate) const GLOSSARY: &str = "Glossary";
pub(crate) const GLOSSARY_LEAD: &str =
    "Kafka's words in plain ones. In the lessons, point at a bold word.";
pub(crate) const ABOUT: &str = "About";
pub(crate) const MENU: &str = "Menu";
pub(crate) const KEYS: &str = "All keys";
pub(crate) const PROGRESS: &str = "Your progress";
pub(crate) const PART: &str = "Lessons of this part";

pub(crate) const THEME_SYSTEM: &str = "Light or dark: as your system";
pub(crate) const THEME_LIGHT: &str = "Light or dark: light";
pub(crate) const THEME_DARK: &str = "Light or dark: dark";

pub(crate) const NOT_FOUND: &str = "There is no such page";
pub(crate) const NOT_FOUND_TEXT: &str =
    "The address leads nowhere. It may have been cut short on its way to you.";
pub(crate) const NOT_FOUND_LESSON: &str =
    "There is no such lesson. It may have been given another name.";
pub(crate) const TO_LESSONS: &str = "All lessons";
pub(crate) const TO_HOME: &str = "To the first page";

pub(crate) fn dot(number: u32, title: &str, is_done: bool) -> String {
    let done = if is_done { " (done)" } else { "" };
    format!("{number} {title}{done}")
}
