//! A line with blanks becomes an action.

use super::ParseError;
use super::words::in_quotes;
use crate::action::Action;

impl Action {
    /// Fills the blanks of a line, `{name}`, and reads it. Values go in as they are; `"{name}"` takes any text and quotes it. A word whose blanks
    /// all stay empty is left out.
    ///
    /// # Errors
    /// If what has come of it is no action's line.
    pub fn fill(line: &str, values: &[(&str, &str)]) -> Result<Self, ParseError> {
        let words = line.split(' ').filter_map(|word| fill(word, values));
        words.collect::<Vec<String>>().join(" ").parse()
    }
}

/// `None`: there is nothing to fill in.
fn fill(word: &str, values: &[(&str, &str)]) -> Option<String> {
    let (mut filled, mut rest) = (String::new(), word);
    let mut is_empty = word.contains('{');
    while let Some((before, name, after)) = blank(rest) {
        let value = values.iter().find(|(known, _)| *known == name);
        let value = value.map_or("", |(_, value)| value.trim());
        is_empty &= value.is_empty();
        match (before.strip_suffix('"'), after.strip_prefix('"')) {
            (Some(before), Some(after)) => {
                let quoted = std::fmt::from_fn(|f| in_quotes(value, f));
                filled.push_str(&format!("{before}{quoted}"));
                rest = after;
            }
            _ => {
                filled.push_str(before);
                filled.push_str(value);
                rest = after;
            }
        }
    }
    (!is_empty).then(|| filled + rest)
}

/// The first blank's name, with what stands before and behind it.
fn blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(line: &str, values: &[(&str, &str)]) -> String {
        Action::fill(line, values)
            .map_or_else(|error| error.to_string(), |action| action.to_string())
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let line = "topic {name} partitions={partitions} retention.ms={retention}";
        let values = [("name", " orders "), ("partitions", "3"), ("retention", "")];
        assert_eq!(filled(line, &values), "topic orders partitions=3");
    }

    #[test]
    fn a_value_may_be_empty_beside_another() {
        let values = [("key", "retention.ms"), ("value", "")];
        assert_eq!(
            filled("configure orders {key}={value}", &values),
            "configure orders retention.ms="
        );
    }

    #[test]
    fn a_text_stays_a_text() {
        let line = r#"send shop key="{key}" value="{value}" count={count}"#;
        let send = |key, value| filled(line, &[("key", key), ("value", value), ("count", "1")]);
        assert_eq!(send("none", ""), r#"send shop key="none""#);
        assert_eq!(send("0..9", ""), r#"send shop key="0..9""#);
        assert_eq!(
            send("", r#"a "b" \ topic={key} {count}"#),
            r#"send shop value="a \"b\" \\ topic={key} {count}""#
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(
            filled("partitions orders {count}", &[("count", "many")]),
            "column 19: `many` is no number from 1 to 64"
        );
    }
}
