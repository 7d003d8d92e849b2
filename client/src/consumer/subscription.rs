//! What a consumer reads: topics through its group, or partitions of its own choice.

use std::fmt;

use ottla_core::TopicName;
use ottla_core::sorted::Set;
use regex_lite::Regex;

use super::ConfigError;

/// What is wanted of a group.
#[derive(Debug, Clone)]
pub enum Subscription {
    /// These topics.
    Topics(Set<TopicName>),
    /// All topics of this pattern, also those that are created later.
    Pattern(Pattern),
}

/// A regular expression that has to fit a topic's whole name, as in Java.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    /// Reads a regular expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, ConfigError> {
        let regex = Regex::new(&format!("^(?:{text})$"))
            .map_err(|error| ConfigError(format!("{text} is no regular expression: {error}")))?;
        Ok(Self {
            text: text.to_owned(),
            regex,
        })
    }

    /// Whether the whole name fits.
    pub fn matches(&self, topic: &str) -> bool {
        self.regex.is_match(topic)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// Where the partitions come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Nothing is read.
    Nothing,
    /// The group's leader gives them.
    Group {
        subscription: Subscription,
        /// The topics that it stands for now.
        topics: Set<TopicName>,
        /// The metadata that was there when it was made: a pattern is held against newer ones before the group is joined.
        since_epoch: u64,
    },
    /// The user has named them.
    User,
}

impl Source {
    /// The topics that the group is joined for.
    pub(super) fn topics(&self) -> Option<&Set<TopicName>> {
        match self {
            Self::Group { topics, .. } => Some(topics),
            Self::Nothing | Self::User => None,
        }
    }

    pub(super) fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Group {
                subscription: Subscription::Pattern(pattern),
                ..
            } => Some(pattern),
            _ => None,
        }
    }

    /// Whether a topic's partitions may be assigned.
    pub(super) fn wants(&self, topic: &TopicName) -> bool {
        match self {
            Self::Group {
                subscription: Subscription::Topics(topics),
                ..
            } => topics.contains(topic),
            Self::Group {
                subscription: Subscription::Pattern(pattern),
                ..
            } => pattern.matches(topic),
            Self::Nothing | Self::User => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_the_whole_name() {
        let pattern = Pattern::new("orders|pay.*").unwrap();
        assert!(pattern.matches("orders") && pattern.matches("payments"));
        assert!(!pattern.matches("orders-2") && !pattern.matches("my-orders"));
        let error = Pattern::new("(").unwrap_err();
        assert!(error.0.starts_with("( is no regular expression"), "{error}");
    }
}
