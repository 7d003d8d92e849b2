//! Light or dark: as the system has it, or as somebody has chosen.

use crate::browser::document;
use crate::storage::{self, Key};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light, whatever the system has.
    Light,
    /// Dark, whatever the system has.
    Dark,
}

impl Theme {
    /// What was chosen at an earlier visit.
    pub(crate) fn kept() -> Self {
        storage::read(Key::Theme).map_or(Self::System, |text| Self::parse(&text))
    }

    /// Shows the page so, and keeps the choice if the browser can.
    pub(crate) fn choose(self) {
        // A theme that is not kept is no reason to bother anybody.
        let _ = match self {
            Self::System => {
                storage::remove(Key::Theme);
                Ok(())
            }
            Self::Light | Self::Dark => storage::write(Key::Theme, self.name()),
        };
        self.show();
    }

    /// The one that the switch goes to next.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The style sheet goes by an attribute; without it, by the system. The page's head does the same before anything is drawn.
    fn show(self) {
        let root = document().and_then(|document| document.document_element());
        let Some(root) = root else { return };
        let _ = match self {
            Self::System => root.remove_attribute(ATTRIBUTE),
            Self::Light | Self::Dark => root.set_attribute(ATTRIBUTE, self.name()),
        };
    }

    fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

const ATTRIBUTE: &str = "data-theme";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_kept_is_a_theme() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.name()), theme);
        }
        assert_eq!(Theme::parse("\"><script>"), Theme::System);
    }

    #[test]
    fn the_switch_comes_round() {
        assert_eq!(Theme::System.next().next().next(), Theme::System);
    }
}
