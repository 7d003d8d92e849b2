//! Which page is shown: the part of the address behind `#`, so that any file host will do.

use std::fmt;

/// A page. Prints as the address that leads to it, and is read from any text at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `#/`
    Home,
    /// `#/lessons`
    Lessons,
    /// `#/lesson/18-more-members`
    Lesson(String),
    /// `#/sandbox`, `#/sandbox?1;...` with a scene in it.
    Sandbox(Option<String>),
    /// `#/scene/growing-group`: the sandbox with a scene that comes with the page.
    Scene(String),
    /// `#/exam`
    Exam,
    /// `#/glossary`, `#/glossary/offset`
    Glossary(Option<String>),
    /// `#/about`
    About,
    /// `#/bench`
    Bench,
    /// Nothing that this page knows.
    Unknown(String),
}

impl Route {
    /// The page of an address's part behind and with `#`.
    pub(crate) fn parse(hash: &str) -> Self {
        let path = hash.strip_prefix('#').unwrap_or(hash);
        let path = path.strip_prefix('/').unwrap_or(path);
        if let Some(("sandbox", scene)) = path.split_once('?') {
            return Self::Sandbox((!scene.is_empty()).then(|| scene.to_owned()));
        }
        let mut parts = path.trim_end_matches('/').split('/');
        let route = match (parts.next(), parts.next()) {
            (None | Some(""), None) => Self::Home,
            (Some("lessons"), None) => Self::Lessons,
            (Some("lesson"), Some(slug)) if is_slug(slug) => Self::Lesson(slug.to_owned()),
            (Some("sandbox"), None) => Self::Sandbox(None),
            (Some("scene"), Some(slug)) if is_slug(slug) => Self::Scene(slug.to_owned()),
            (Some("exam"), None) => Self::Exam,
            (Some("glossary"), None) => Self::Glossary(None),
            (Some("glossary"), Some(term)) if is_slug(term) => {
                Self::Glossary(Some(term.to_owned()))
            }
            (Some("about"), None) => Self::About,
            (Some("bench"), None) => Self::Bench,
            _ => Self::unknown(path),
        };
        match parts.next() {
            None => route,
            Some(_) => Self::unknown(path),
        }
    }

    fn unknown(path: &str) -> Self {
        Self::Unknown(path.chars().take(SHOWN_CHARS_MAX).collect())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("#/"),
            Self::Lessons => f.write_str("#/lessons"),
            Self::Lesson(slug) => write!(f, "#/lesson/{slug}"),
            Self::Sandbox(None) => f.write_str("#/sandbox"),
            Self::Sandbox(Some(scene)) => write!(f, "#/sandbox?{scene}"),
            Self::Scene(slug) => write!(f, "#/scene/{slug}"),
            Self::Exam => f.write_str("#/exam"),
            Self::Glossary(None) => f.write_str("#/glossary"),
            Self::Glossary(Some(term)) => write!(f, "#/glossary/{term}"),
            Self::About => f.write_str("#/about"),
            Self::Bench => f.write_str("#/bench"),
            Self::Unknown(path) => write!(f, "#/{path}"),
        }
    }
}

/// A term as a part of an address: `Log end offset` is `log-end-offset`.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for char in text.chars() {
        if char.is_alphanumeric() {
            slug.extend(char.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SLUG_BYTES_MAX
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.".contains(c))
}

const SLUG_BYTES_MAX: usize = 100;
const SHOWN_CHARS_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_again_by_its_address() {
        for address in [
            "#/",
            "#/lessons",
            "#/lesson/18-more-members",
            "#/sandbox",
            "#/sandbox?1;seed=7;0 topic orders partitions=3?/#&",
            "#/scene/growing-group",
            "#/exam",
            "#/glossary",
            "#/glossary/log-end-offset",
            "#/about",
            "#/bench",
        ] {
            let route = Route::parse(address);
            assert!(!matches!(route, Route::Unknown(_)), "{address}");
            assert_eq!(route.to_string(), address);
        }
    }

    #[test]
    fn an_address_without_anything_is_home() {
        for address in ["", "#", "#/", "/"] {
            assert_eq!(Route::parse(address), Route::Home, "{address:?}");
        }
        assert_eq!(Route::parse("#/lessons/"), Route::Lessons);
        assert_eq!(Route::parse("#/sandbox?"), Route::Sandbox(None));
    }

    #[test]
    fn hostile_addresses_are_pages_that_are_not_there() {
        for address in [
            "#/lesson",
            "#/lesson/",
            "#/lesson/../../etc/passwd",
            "#/lesson/<script>alert(1)</script>",
            "#/lesson/a%2Fb",
            "#/glossary/\"onmouseover=alert(1)",
            "#/about/more",
            "#/scene/a/b/c",
            "#/\u{202e}sgnisol",
            "#javascript:alert(1)",
        ] {
            let route = Route::parse(address);
            assert!(
                matches!(route, Route::Unknown(_)),
                "{address:?} gave {route:?}"
            );
        }
        let Route::Unknown(shown) = Route::parse(&format!("#/{}", "x".repeat(1_000_000))) else {
            panic!("no such page");
        };
        assert_eq!(shown.len(), SHOWN_CHARS_MAX);
        assert!(matches!(
            Route::parse(&format!("#/lesson/{}", "x".repeat(101))),
            Route::Unknown(_)
        ));
    }

    #[test]
    fn a_term_becomes_a_part_of_an_address() {
        assert_eq!(slug("Log end offset"), "log-end-offset");
        assert_eq!(slug("In-sync replicas (ISR)"), "in-sync-replicas-isr");
        assert_eq!(slug("__consumer_offsets"), "consumer-offsets");
        assert_eq!(slug("<>"), "");
    }
}
