//! What is Java's own in the output of Kafka's tools: the order of a `HashMap`, how numbers become text, dates, properties, patterns.

mod dates;
mod exceptions;
mod hash_order;
mod numbers;
mod pattern;
mod properties;

pub(crate) use dates::{parse_date_time, parse_duration_ms};
pub(crate) use exceptions::Exception;
pub(crate) use hash_order::{hash_of_partition, hash_of_string, hash_order, sized_hash_order};
pub(crate) use numbers::{double, float, push_integer};
pub(crate) use pattern::Separator;
pub(crate) use properties::{Properties, parse_key_values, parse_properties};

/// `text` behind which spaces are put until `width` UTF-16 units are there: `%-<width>s`.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(length(text));
    let mut padded = String::with_capacity(text.len() + missing);
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// `String.length()`: UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
