//! How a key looks: a colour and a few characters. Both follow from the key alone, so that a record looks the same wherever it is.

use ottla_client::partitioner::murmur2;

use super::COLOURS_COUNT;

/// How a key finds its partition in Java's clients and in KafkaJS: `(murmur2(key) & 0x7fffffff) % partitions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyWay {
    /// Its murmur2.
    pub hash: i32,
    /// That without its sign.
    pub positive: i32,
    /// Where it leads.
    pub partition: i32,
}

/// The way of a key in a topic of so many partitions; at least one is assumed.
pub fn key_way(key: &str, partitions_count: i32) -> KeyWay {
    let hash = murmur2(key.as_bytes());
    let positive = hash & i32::MAX;
    KeyWay {
        hash,
        positive,
        partition: positive % partitions_count.max(1),
    }
}

/// Which colour a key has.
///
/// Numbered keys of a kind (`0` to `9`, `user-1` to `user-6`) go through the colours one after the other, and so do letters and names by the
/// alphabet: the few keys that people choose rarely share one.
pub(crate) fn colour(key: &str) -> u8 {
    let (stem, number) = split_number(key);
    let place =
        match number.is_empty() {
            false => remainder(number) + fnv(stem),
            true => last_segment(key).bytes().next().map_or(0, |first| {
                match first.to_ascii_lowercase() {
                    letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                    other => u32::from(other),
                }
            }),
        };
    (place % u32::from(COLOURS_COUNT)) as u8
}

/// At most four characters that tell a key from others of its kind: `001` for `emp001`, `7` for `user-7`, `alic` for `alice`.
pub(crate) fn label(key: &str) -> String {
    let (_, number) = split_number(key);
    let segment = last_segment(key);
    match number.is_empty() || key.chars().count() <= LABEL_MAX_CHARS {
        false => {
            let skipped = number.len().saturating_sub(LABEL_MAX_CHARS);
            number[skipped..].to_owned()
        }
        true if key.chars().count() <= LABEL_MAX_CHARS => key.to_owned(),
        true => segment.chars().take(LABEL_MAX_CHARS).collect(),
    }
}

/// What a record without a key has for a label.
pub(crate) const NO_KEY_LABEL: &str = "·";

/// A key and the number at its end.
fn split_number(key: &str) -> (&str, &str) {
    let stem = key.trim_end_matches(|last: char| last.is_ascii_digit());
    key.split_at(stem.len())
}

/// What stands behind the last sign that separates: `b` of `order-b`.
fn last_segment(key: &str) -> &str {
    let trimmed = key.trim_end_matches(|last: char| !last.is_alphanumeric());
    let segment = trimmed.rsplit(|sign: char| !sign.is_alphanumeric()).next();
    segment.filter(|segment| !segment.is_empty()).unwrap_or(key)
}

/// What is left of a number of any length.
fn remainder(digits: &str) -> u32 {
    digits.bytes().fold(0, |left, digit| {
        (left * 10 + u32::from(digit - b'0')) % u32::from(COLOURS_COUNT)
    })
}

/// 0 for nothing, so that plain numbers begin with the first colour.
fn fnv(text: &str) -> u32 {
    match text.is_empty() {
        true => 0,
        false => {
            text.bytes().fold(0x811c_9dc5, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            }) % u32::from(COLOURS_COUNT)
        }
    }
}

const LABEL_MAX_CHARS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(keys: &[&str]) -> Vec<String> {
        let look = |key: &&str| format!("{}/{}", label(key), colour(key));
        keys.iter().map(look).collect()
    }

    #[test]
    fn the_keys_0_to_9_go_through_all_colours() {
        let keys = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        assert_eq!(
            looks(&keys),
            [
                "0/0", "1/1", "2/2", "3/3", "4/4", "5/5", "6/0", "7/1", "8/2", "9/3"
            ]
        );
    }

    #[test]
    fn a_label_leaves_out_what_keys_of_a_kind_share() {
        assert_eq!(looks(&["a", "b", "c"]), ["a/0", "b/1", "c/2"]);
        assert_eq!(looks(&["emp001", "emp002"]), ["001/2", "002/3"]);
        assert_eq!(looks(&["user-1", "user-12"]), ["1/2", "12/1"]);
        assert_eq!(
            looks(&["alice", "bob", "carol"]),
            ["alic/0", "bob/1", "caro/2"]
        );
        assert_eq!(looks(&["order-a", "order-b"]), ["a/0", "b/1"]);
    }

    #[test]
    fn any_text_has_a_look() {
        for key in [
            "",
            "-",
            "---",
            "äöü-ßßßß",
            "日本語です",
            "\u{0}",
            "99999999999999999999999",
        ] {
            assert!(label(key).chars().count() <= LABEL_MAX_CHARS, "{key:?}");
            assert!(colour(key) < COLOURS_COUNT, "{key:?}");
        }
    }
}
