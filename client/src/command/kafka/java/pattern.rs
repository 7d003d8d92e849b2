//! A regular expression as a separator.

use regex_lite::Regex;

/// What splits a text: Java's `Pattern.split`.
#[derive(Debug, Clone)]
pub(crate) enum Separator {
    /// No character of it means anything but itself.
    Literal(String),
    /// A regular expression.
    Pattern(Regex),
}

impl Separator {
    /// # Errors
    /// What is wrong with the expression.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if !text.is_empty() && !text.contains(META) {
            return Ok(Self::Literal(text.to_owned()));
        }
        Regex::new(text)
            .map(Self::Pattern)
            .map_err(|error| error.to_string())
    }

    /// The parts of `text`: without the empty ones at the end, and one at least.
    pub(crate) fn split<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let mut parts: Vec<&str> = match self {
            Self::Literal(separator) => text.split(separator.as_str()).collect(),
            Self::Pattern(regex) => {
                let mut parts = Vec::new();
                let mut start = 0;
                for found in regex.find_iter(text).filter(|found| found.end() > 0) {
                    if found.range().is_empty() && found.start() == text.len() {
                        continue;
                    }
                    parts.push(&text[start..found.start()]);
                    start = found.end();
                }
                parts.push(&text[start..]);
                parts
            }
        };
        if parts.len() > 1 {
            let used = parts.iter().rposition(|part| !part.is_empty());
            parts.truncate(used.map_or(0, |last| last + 1));
        }
        parts
    }
}

const META: [char; 14] = [
    '\\', '^', '$', '.', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_as_java_splits_it() {
        let split = |separator: &str, text: &'static str| {
            Separator::parse(separator)
                .expect("a separator")
                .split(text)
        };
        assert_eq!(split(",", "a,b,,c,,"), ["a", "b", "", "c"]);
        assert_eq!(split(",", ",a"), ["", "a"]);
        assert_eq!(split(",", ""), [""]);
        assert_eq!(split(",", "plain"), ["plain"]);
        assert_eq!(split(",", ",,"), Vec::<&str>::new());
        assert_eq!(split("\\|", "a|b|"), ["a", "b"]);
        assert_eq!(split("|", "abc"), ["a", "b", "c"]);
        assert_eq!(split("[;,] *", "a; b,c"), ["a", "b", "c"]);
    }
}
