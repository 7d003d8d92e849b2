//! Which topics a `--topic` means: Kafka's `TopicFilter`.

use regex_lite::Regex;

use super::failure::Failure;

/// A regular expression that has to match a topic's whole name. A comma means "or"; blanks and quotes around it do not count.
#[derive(Debug, Clone)]
pub(super) struct TopicFilter(Regex);

impl TopicFilter {
    /// Reads it.
    ///
    /// # Errors
    /// What Kafka says of an expression that is none.
    pub(super) fn parse(raw: &str) -> Result<Self, Failure> {
        let regex = raw.trim().replace(',', "|").replace(' ', "");
        let regex = regex.trim_matches(['"', '\'']);
        // Looked at by itself first: `a)(b` must not become part of something that makes sense.
        let parsed = Regex::new(regex).and_then(|_| Regex::new(&format!("^(?:{regex})$")));
        parsed.map(Self).map_err(|_| {
            Failure::thrown(
                "java.lang.RuntimeException",
                format!("{regex} is an invalid regex."),
            )
        })
    }

    /// Whether a topic is meant.
    pub(super) fn includes(&self, topic: &str) -> bool {
        self.0.is_match(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_has_to_match() {
        let includes =
            |raw: &str, topic: &str| TopicFilter::parse(raw).expect("a filter").includes(topic);
        assert!(includes("orders", "orders"));
        assert!(!includes("orders", "orders-2"));
        assert!(includes("user.*", "user_audit"));
        assert!(includes("orders, payments", "payments"));
        assert!(!includes("orders|payments", "payments-2"));
        assert!(includes("\"orders\"", "orders"));
        assert!(includes(".*", "__consumer_offsets"));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for raw in ["[", "a)(b", "*"] {
            assert!(TopicFilter::parse(raw).is_err(), "{raw}");
        }
    }
}
