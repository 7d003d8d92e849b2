//! Sentences out of templates.

use ottla_core::{Instant, TopicPartition};

use super::{Part, Sentence, Tone};

/// A sentence: in the template `{}` stands for the next of the values, and what is between two asterisks is stressed. Values are taken as they
/// are, whatever they contain.
pub(crate) fn told(at: Instant, tone: Tone, template: &str, values: &[&str]) -> Sentence {
    let mut sentence = Sentence {
        at,
        tone,
        parts: Vec::new(),
    };
    sentence.add(template, values);
    sentence
}

impl Sentence {
    /// Goes on, by the same rules.
    pub(crate) fn add(&mut self, template: &str, values: &[&str]) {
        let mut values = values.iter();
        for (index, piece) in template.split('*').enumerate() {
            let mut text = String::new();
            for (index, plain) in piece.split("{}").enumerate() {
                if index > 0 {
                    text.push_str(values.next().expect("as many values as places"));
                }
                text.push_str(plain);
            }
            self.push(text, index % 2 == 1);
        }
    }

    fn push(&mut self, text: String, is_strong: bool) {
        match (self.parts.last_mut(), is_strong) {
            _ if text.is_empty() => {}
            (Some(Part::Text(last)), false) => last.push_str(&text),
            (_, false) => self.parts.push(Part::Text(text)),
            (_, true) => self.parts.push(Part::Strong(text)),
        }
    }
}

/// `a`, `a and b`, `a, b and c`; of many the first few: `a, b, c and 5 more`.
pub(crate) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [all @ .., last] if names.len() <= LIST_MAX => format!("{} and {last}", all.join(", ")),
        all => {
            let shown = LIST_MAX - 2;
            let left = all.len() - shown;
            format!("{} and {left} more", all[..shown].join(", "))
        }
    }
}

/// `1 record`, `3 records`.
pub(crate) fn counted(count: usize, singular: &str) -> String {
    match count {
        1 => format!("1 {singular}"),
        _ => format!("{count} {singular}s"),
    }
}

/// `250 ms`, `4.2 s`, `10 s`, `5 min`.
pub(crate) fn span(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        60_000.. if ms.is_multiple_of(60_000) => format!("{} min", ms / 60_000),
        _ if ms % 1000 < 100 => format!("{} s", ms / 1000),
        _ => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
    }
}

/// How partitions are called: by their numbers where there is one topic only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Naming {
    pub(crate) is_one_topic: bool,
}

impl Naming {
    /// `partition 1`, or `orders-1`.
    pub(crate) fn one(self, partition: &TopicPartition) -> String {
        match self.is_one_topic {
            true => format!("partition {}", partition.partition),
            false => partition.to_string(),
        }
    }

    /// `partition 1`, `partitions 0 and 2`, `orders-0 and orders-2`.
    pub(crate) fn all(self, partitions: &[TopicPartition]) -> String {
        match (self.is_one_topic, partitions) {
            (_, [only]) => self.one(only),
            (true, all) => format!("partitions {}", self.numbers(all)),
            (false, all) => self.numbers(all),
        }
    }

    /// `0 and 2`, or `orders-0 and orders-2`.
    pub(crate) fn numbers(self, partitions: &[TopicPartition]) -> String {
        let name = |partition: &TopicPartition| match self.is_one_topic {
            true => partition.partition.to_string(),
            false => partition.to_string(),
        };
        let names: Vec<String> = partitions.iter().map(name).collect();
        list(&names)
    }
}

/// How many names a list has at most.
const LIST_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_taken_for_template() {
        let sentence = told(Instant(0), Tone::Plain, "key *{}* of {}.", &["*{}*", "**"]);
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(
            sentence.parts,
            [text("key "), Part::Strong("*{}*".into()), text(" of **.")]
        );
    }

    #[test]
    fn lists_and_spans_read_well() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(
            list(&["1", "2", "3", "4", "5", "6", "7"]),
            "1, 2, 3, 4 and 3 more"
        );
        assert_eq!(
            [250, 4200, 10_000, 10_050, 300_000].map(span),
            ["250 ms", "4.2 s", "10 s", "10 s", "5 min"]
        );
    }
}
