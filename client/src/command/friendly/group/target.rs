//! Which partitions a reset is for, and where they go.

use std::str::FromStr;

use ottla_core::Timestamp;

use super::super::words::parse_moment;

/// Where the offsets of a group are to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResetTarget {
    /// To the first record that there is.
    Earliest,
    /// To the end.
    Latest,
    /// To this offset.
    Offset(i64),
    /// So many forward or backward.
    Shift(i64),
    /// To the first record from this moment on, which is written as in [`MomentText`].
    Moment(MomentText),
}

impl FromStr for ResetTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "write earliest, latest, an offset, +N, -N, a time as 2026-11-21T06:41 (UTC), or how long ago as 2h";
        let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
        match text {
            "earliest" => Ok(ResetTarget::Earliest),
            "latest" => Ok(ResetTarget::Latest),
            _ if text.starts_with(['+', '-']) && is_number(&text[1..]) => {
                let shift = text.parse().map_err(|_| wrong)?;
                Ok(ResetTarget::Shift(shift))
            }
            _ if is_number(text) => Ok(ResetTarget::Offset(text.parse().map_err(|_| wrong)?)),
            _ => Ok(ResetTarget::Moment(
                text.parse().map_err(|_: String| wrong)?,
            )),
        }
    }
}

/// A moment as it is typed: a time (`2026-11-21T06:41`, UTC unless it names a zone), a date, or how long ago (`10m`, `2h`, `3d`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MomentText(String);

impl MomentText {
    /// Which moment it is, said at this one.
    pub fn moment(&self, now: Timestamp) -> Timestamp {
        // Whether it can be read does not depend on when.
        parse_moment(&self.0, now).unwrap_or(now)
    }
}

impl FromStr for MomentText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match parse_moment(text, Timestamp(0)) {
            Some(_) => Ok(MomentText(text.to_owned())),
            None => Err(
                "write a time as 2026-11-21T06:41 (UTC), a date, or how long ago as 2h".to_owned(),
            ),
        }
    }
}

/// A topic, or some of its partitions: `orders`, `orders:0,2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSelection {
    /// The topic.
    pub topic: String,
    /// Its partitions; empty is all.
    pub partitions: Vec<i32>,
}

impl FromStr for TopicSelection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (topic, partitions) = match text.split_once(':') {
            Some((topic, partitions)) => (topic, partitions.split(',').collect()),
            None => (text, Vec::new()),
        };
        let index = |text: &str| text.parse().ok().filter(|index| *index >= 0);
        let partitions: Option<Vec<i32>> = partitions.into_iter().map(index).collect();
        match partitions {
            Some(partitions) if !topic.is_empty() => Ok(TopicSelection {
                topic: topic.to_owned(),
                partitions,
            }),
            _ => Err("write a topic, or some of its partitions as orders:0,2".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_told_apart() {
        let read = |text: &str| text.parse::<ResetTarget>();
        assert_eq!(read("earliest"), Ok(ResetTarget::Earliest));
        assert_eq!(read("12"), Ok(ResetTarget::Offset(12)));
        assert_eq!(read("+12"), Ok(ResetTarget::Shift(12)));
        assert_eq!(read("-12"), Ok(ResetTarget::Shift(-12)));
        for moment in ["2h", "2026-11-21", "2026-11-21T06:41:43Z"] {
            assert!(
                matches!(read(moment), Ok(ResetTarget::Moment(_))),
                "{moment}"
            );
        }
        for wrong in ["", "+", "soon", "1.5", "99999999999999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_selection_names_partitions_or_means_all() {
        let read = |text: &str| text.parse::<TopicSelection>().map(|one| one.partitions);
        assert_eq!(read("orders"), Ok(vec![]));
        assert_eq!(read("orders:0,2"), Ok(vec![0, 2]));
        for wrong in ["", ":1", "orders:", "orders:a", "orders:-1"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
