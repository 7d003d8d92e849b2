//! What stands in a line's words: spans of time, rates, keys, names, numbers.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use ottla_core::{Instant, TopicPartition};

use super::ParseError;
use super::words::{Quoted, Word, in_quotes};
use crate::action::{Keys, LIMITS, Millis, Rate};
use crate::brief::{WORD_MAX_CHARS, shortened};

impl Word<'_> {
    /// A name of a client, a topic, a group.
    pub(super) fn name(&self) -> Result<String, ParseError> {
        let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let is_short = self.text.len() <= LIMITS.name_length;
        match !self.text.is_empty() && is_short && self.text.chars().all(is_legal) {
            true => Ok(self.text.to_owned()),
            false => Err(self.error(&format!(
                "is no name: up to {} letters, digits, `.`, `_` and `-` are allowed",
                LIMITS.name_length
            ))),
        }
    }

    /// Names between commas.
    pub(super) fn names(&self) -> Result<Vec<String>, ParseError> {
        self.parts().iter().map(Word::name).collect()
    }

    /// A number between these two.
    pub(super) fn number<N>(&self, allowed: RangeInclusive<N>) -> Result<N, ParseError>
    where
        N: FromStr + PartialOrd + fmt::Display,
    {
        let number = self.text.parse().ok();
        number
            .filter(|number| allowed.contains(number))
            .ok_or_else(|| {
                let (first, last) = (allowed.start(), allowed.end());
                self.error(&format!("is no number from {first} to {last}"))
            })
    }

    /// One of these words.
    pub(super) fn one_of<T>(
        &self,
        read: impl Fn(&str) -> Option<T>,
        allowed: &str,
    ) -> Result<T, ParseError> {
        read(self.text).ok_or_else(|| self.error(&format!("is not known; allowed are {allowed}")))
    }

    /// A span of time.
    pub(super) fn span(&self) -> Result<Millis, ParseError> {
        let span: Millis = self.text.parse().map_err(|problem: String| ParseError {
            column: self.column,
            text: problem,
        })?;
        match span.0 <= LIMITS.time_ms {
            true => Ok(span),
            false => Err(self.error(&format!(
                "is too long: up to {} are allowed",
                Millis(LIMITS.time_ms)
            ))),
        }
    }

    /// A span of at least so much.
    pub(super) fn span_from(&self, least: Millis) -> Result<Millis, ParseError> {
        let span = self.span()?;
        match span >= least {
            true => Ok(span),
            false => Err(self.error(&format!("is too short: {least} or more are allowed"))),
        }
    }

    pub(super) fn rate(&self) -> Result<Rate, ParseError> {
        let refuse = || {
            self.error(&format!(
                "is no rate: write 5/s, 1/10s or 0, up to {}/s",
                LIMITS.records_per_s
            ))
        };
        if self.text == "0" {
            return Ok(Rate::default());
        }
        let (times, span) = self.text.split_once('/').ok_or_else(refuse)?;
        let span_ms = match span {
            "s" => 1000,
            span => span.parse::<Millis>().map_err(|_| refuse())?.0,
        };
        let times_1000 = thousandths(times).ok_or_else(refuse)?;
        let per_1000_s = (times_1000 * 1000)
            .checked_div(span_ms)
            .ok_or_else(refuse)?;
        let most = u64::from(LIMITS.records_per_s) * 1000;
        match u32::try_from(per_1000_s) {
            Ok(rate) if (1..=most).contains(&per_1000_s) => Ok(Rate { per_1000_s: rate }),
            _ => Err(refuse()),
        }
    }

    pub(super) fn keys(&self) -> Result<Keys, ParseError> {
        if self.text == "none" {
            return Ok(Keys::None);
        }
        if let Some((first, last)) = range(self.text) {
            return match first <= last {
                true => Ok(Keys::Range(first, last)),
                false => Err(self.error("runs backwards: the smaller number comes first")),
            };
        }
        let parts = self.parts();
        if parts.len() > LIMITS.keys_count {
            let most = LIMITS.keys_count;
            return Err(self.error(&format!("has too many keys: {most} are allowed")));
        }
        let keys = parts.iter().map(Word::value);
        Ok(Keys::Of(keys.collect::<Result<_, _>>()?))
    }

    /// A record's key or value, or a line.
    pub(super) fn value(&self) -> Result<String, ParseError> {
        self.bounded(self.unquoted()?)
    }

    /// A text that is no longer than a value may be. The error speaks of this word.
    pub(super) fn bounded(&self, text: String) -> Result<String, ParseError> {
        match text.len() <= LIMITS.value_bytes {
            true => Ok(text),
            false => Err(self.error(&format!(
                "is too long: {} bytes are allowed",
                LIMITS.value_bytes
            ))),
        }
    }

    /// A program's source.
    pub(super) fn source(&self) -> Result<Arc<str>, ParseError> {
        let text = self.unquoted()?;
        match text.len() <= LIMITS.source_bytes {
            true => Ok(text.into()),
            false => Err(self.error(&format!(
                "is too long: a program may have {} bytes",
                LIMITS.source_bytes
            ))),
        }
    }

    /// `orders-0`.
    pub(super) fn partition(&self) -> Result<TopicPartition, ParseError> {
        let refuse = || self.error("is no partition: write topic-number, such as orders-0");
        let (topic, index) = self.text.rsplit_once('-').ok_or_else(refuse)?;
        let topic = Word {
            text: topic,
            ..*self
        }
        .name()
        .map_err(|_| refuse())?;
        let index: i32 = index.parse().map_err(|_| refuse())?;
        let is_allowed = (0..LIMITS.partitions_count as i32).contains(&index);
        let partition = TopicPartition {
            topic: topic.into(),
            partition: index,
        };
        // "orders-+1" and "orders-01" are read, but nobody writes them so.
        match is_allowed && partition.to_string() == self.text {
            true => Ok(partition),
            false => Err(refuse()),
        }
    }
}

/// `0..9`.
fn range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once("..")?;
    let number = |text: &str| text.parse().ok().filter(|_| is_digits(text));
    Some((number(first)?, number(last)?))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// `2` or `0.25`, times 1000.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if !is_digits(whole) || !is_digits(part) || part.len() > 3 || whole.len() > 9 {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1000 + part)
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0");
        }
        if !self.0.is_multiple_of(1000) {
            return write!(f, "{}ms", self.0);
        }
        let seconds = self.0 / 1000;
        for (count, unit) in [
            (seconds / 3600, "h"),
            (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        Ok(())
    }
}

/// `0`, `250ms`, `6s`, `1m30s`, `1h`: numbers with units, the larger ones first.
impl FromStr for Millis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || {
            let text = shortened(text, WORD_MAX_CHARS);
            format!("`{text}` is no span of time: write 250ms, 6s, 1m30s or 0")
        };
        if text == "0" {
            return Ok(Self(0));
        }
        let (mut rest, mut total_ms, mut least_ms) = (text, 0_u64, u64::MAX);
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let count: u64 = rest[..digits].parse().map_err(|_| refuse())?;
            rest = &rest[digits..];
            let letters = rest
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(rest.len());
            let unit_ms = match &rest[..letters] {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                _ => return Err(refuse()),
            };
            if unit_ms >= least_ms {
                return Err(refuse());
            }
            let part_ms = count.checked_mul(unit_ms).ok_or_else(refuse)?;
            total_ms = total_ms.checked_add(part_ms).ok_or_else(refuse)?;
            (rest, least_ms) = (&rest[letters..], unit_ms);
        }
        match text.is_empty() {
            true => Err(refuse()),
            false => Ok(Self(total_ms)),
        }
    }
}

/// The moment of a scene that is so much after its beginning: `250ms`, `6s`, `1m30s`, `0`.
///
/// # Errors
/// If it is no time, or later than a scene lives.
pub(crate) fn moment(text: &str) -> Result<Instant, String> {
    let Ok(span) = text.parse::<Millis>() else {
        let text = shortened(text, WORD_MAX_CHARS);
        return Err(format!("`{text}` is no time: write 250ms, 6s, 1m30s or 0"));
    };
    match span.0 <= LIMITS.time_ms {
        true => Ok(Instant(span.0 * 1000)),
        false => Err(format!(
            "`{span}` is beyond the end of a scene, which lives for {}",
            Millis(LIMITS.time_ms)
        )),
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.per_1000_s;
        match rate {
            0 => f.write_str("0"),
            _ if rate.is_multiple_of(1000) => write!(f, "{}/s", rate / 1000),
            _ if rate < 1000 && 1_000_000 % rate == 0 => {
                write!(f, "1/{}", Millis(u64::from(1_000_000 / rate)))
            }
            _ => {
                let decimal = format!("{}.{:03}", rate / 1000, rate % 1000);
                write!(f, "{}/s", decimal.trim_end_matches('0'))
            }
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Range(first, last) => write!(f, "{first}..{last}"),
            Self::Of(keys) => keys.iter().enumerate().try_for_each(|(index, key)| {
                if index > 0 {
                    f.write_str(",")?;
                }
                let is_word = keys.len() == 1 && (key == "none" || range(key).is_some());
                match is_word {
                    true => in_quotes(key, f),
                    false => write!(f, "{}", Quoted(key)),
                }
            }),
        }
    }
}
