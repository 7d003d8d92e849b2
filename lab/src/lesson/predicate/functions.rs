//! The facts that statements are made of: a table that is the manual, too.

use ottla_client::partitioner::PartitionerKind;
use ottla_core::TopicPartition;

/// A fact about a world. `lessons/README.md` lists them; a test compares.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// What it is called.
    pub name: &'static str,
    /// What stands in its parentheses; behind `?` what may be left out.
    pub arguments: &'static [&'static str],
    /// What it is.
    pub meaning: &'static str,
}

/// A fact with its arguments, which have been looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Argument>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    /// A topic, a group, a client, a key, an API.
    Name(String),
    Partition(TopicPartition),
    Number(i64),
    Partitioner(PartitionerKind),
}

impl Function {
    pub(super) fn named(name: &str) -> Result<&'static Self, String> {
        let found = FUNCTIONS.iter().find(|function| function.name == name);
        found.ok_or_else(|| {
            let allowed: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
            format!(
                "there is no fact \"{name}\". Allowed: {}.",
                allowed.join(", ")
            )
        })
    }

    /// As it is to be written: `lag(group, partition?)`.
    pub fn usage(&self) -> String {
        format!("{}({})", self.name, self.arguments.join(", "))
    }
}

impl Call {
    pub(super) fn new(function: &'static Function, given: Vec<String>) -> Result<Self, String> {
        let needed_count = function
            .arguments
            .iter()
            .filter(|kind| !kind.ends_with('?'))
            .count();
        if !(needed_count..=function.arguments.len()).contains(&given.len()) {
            return Err(format!(
                "{} was given {} arguments.",
                function.usage(),
                given.len()
            ));
        }
        let arguments = function.arguments.iter().zip(given);
        let arguments =
            arguments.map(|(kind, text)| argument(function, kind.trim_end_matches('?'), text));
        Ok(Self {
            function,
            arguments: arguments.collect::<Result<_, _>>()?,
        })
    }

    /// The name in this place; empty if there is none.
    pub(super) fn name(&self, place: usize) -> &str {
        match self.arguments.get(place) {
            Some(Argument::Name(name)) => name,
            _ => "",
        }
    }

    pub(super) fn partition(&self, place: usize) -> Option<&TopicPartition> {
        match self.arguments.get(place) {
            Some(Argument::Partition(partition)) => Some(partition),
            _ => None,
        }
    }

    pub(super) fn number(&self, place: usize) -> Option<i64> {
        match self.arguments.get(place) {
            Some(Argument::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn partitioner(&self, place: usize) -> PartitionerKind {
        match self.arguments.get(place) {
            Some(Argument::Partitioner(kind)) => *kind,
            _ => PartitionerKind::Default,
        }
    }
}

fn argument(function: &Function, kind: &str, text: String) -> Result<Argument, String> {
    let wrong = |allowed: &str| format!("in {}, \"{text}\" has to be {allowed}.", function.usage());
    match kind {
        "partition" => {
            let partition =
                partition(&text).ok_or_else(|| wrong("a partition, such as orders-0"))?;
            Ok(Argument::Partition(partition))
        }
        "offset" => {
            let number = text.parse().map_err(|_| wrong("an offset: a number"))?;
            Ok(Argument::Number(number))
        }
        "partitioner" => {
            let names: Vec<&str> = PartitionerKind::ALL
                .into_iter()
                .map(PartitionerKind::name)
                .collect();
            let kind = text
                .parse()
                .map_err(|_| wrong(&format!("one of {}", names.join(", "))))?;
            Ok(Argument::Partitioner(kind))
        }
        _ => Ok(Argument::Name(text)),
    }
}

fn partition(text: &str) -> Option<TopicPartition> {
    let (topic, index) = text.rsplit_once('-')?;
    let index = index.parse().ok().filter(|index| *index >= 0)?;
    (!topic.is_empty()).then(|| TopicPartition {
        topic: topic.into(),
        partition: index,
    })
}

const fn fact(
    name: &'static str,
    arguments: &'static [&'static str],
    meaning: &'static str,
) -> Function {
    Function {
        name,
        arguments,
        meaning,
    }
}

/// All that can be asked.
pub const FUNCTIONS: &[Function] = &[
    fact(
        "partitions",
        &["topic"],
        "how many partitions the topic has",
    ),
    fact(
        "records",
        &["topic"],
        "how many records lie in the topic now",
    ),
    fact(
        "start",
        &["partition"],
        "the log start offset: the oldest record that is still there",
    ),
    fact(
        "end",
        &["partition"],
        "the log end offset: the next record will get it",
    ),
    fact(
        "high_watermark",
        &["partition"],
        "what may be read ends here",
    ),
    fact(
        "share",
        &["partition"],
        "how much of the topic's records lie in this partition, in percent",
    ),
    fact(
        "partition_of",
        &["topic", "key", "partitioner?"],
        "where this key goes now; as Java decides it, if no other is named",
    ),
    fact(
        "with_key",
        &["topic", "key"],
        "how many records with this key lie in the topic",
    ),
    fact(
        "places",
        &["topic", "key"],
        "in how many partitions records with this key lie",
    ),
    fact(
        "moved",
        &["topic"],
        "how many of the keys lie in more than one partition, in percent",
    ),
    fact(
        "copies",
        &["topic"],
        "how many records repeat another one's key and value",
    ),
    fact(
        "sent",
        &["producer", "partition?"],
        "how many records it has sent (to this partition)",
    ),
    fact(
        "acked",
        &["producer"],
        "how many of them the broker has acknowledged",
    ),
    fact("failed", &["producer"], "how many of them were given up"),
    fact(
        "partitioner",
        &["producer"],
        "the name of the partitioner that it was started with",
    ),
    fact(
        "requests",
        &["client", "api"],
        "how many requests of this API (Produce, Fetch, Heartbeat ...) it has sent",
    ),
    fact(
        "sent_bytes",
        &["client", "api"],
        "how many bytes those requests had",
    ),
    fact(
        "members",
        &["group"],
        "how many members the coordinator counts",
    ),
    fact(
        "member",
        &["group", "consumer"],
        "whether the coordinator counts this one",
    ),
    fact(
        "generation",
        &["group"],
        "the group's generation, as the coordinator says",
    ),
    fact(
        "state",
        &["group"],
        "Empty, PreparingRebalance, CompletingRebalance, Stable or Dead",
    ),
    fact(
        "assignor",
        &["group"],
        "the strategy that its members agreed upon",
    ),
    fact(
        "owner",
        &["group", "partition"],
        "the member to which the coordinator gave the partition",
    ),
    fact(
        "assigned",
        &["consumer"],
        "how many partitions the coordinator gave it",
    ),
    fact(
        "committed",
        &["group", "partition"],
        "the committed offset: the next one to be read",
    ),
    fact(
        "lag",
        &["group", "partition?"],
        "how many records are behind the committed offset",
    ),
    fact(
        "life",
        &["client"],
        "running, frozen, crashed or left; also of the broker",
    ),
    fact(
        "activity",
        &["consumer"],
        "connecting, rebalancing, idle, waiting, working or failed",
    ),
    fact(
        "reads",
        &["consumer", "partition?"],
        "how many partitions (or whether this one) it believes to be its own",
    ),
    fact(
        "position",
        &["consumer", "partition"],
        "the next record that it will be given",
    ),
    fact(
        "paused",
        &["consumer", "partition"],
        "whether it has paused the partition",
    ),
    fact(
        "worked",
        &["who", "partition?", "offset?"],
        "how many records a consumer, a group or \"any\" has worked on",
    ),
    fact(
        "worked_key",
        &["who", "key"],
        "how many records with this key they have worked on",
    ),
    fact(
        "in_order",
        &["who", "key?"],
        "whether they worked on the records in the order in which they were sent",
    ),
    fact(
        "duplicates",
        &["group"],
        "how many records the group has worked on more than once",
    ),
    fact(
        "missed",
        &["group"],
        "how many records it has passed by: below the committed offset, and never worked on",
    ),
    fact("commits", &["consumer"], "how many of its commits counted"),
    fact(
        "refused_commits",
        &["consumer"],
        "how many of its commits were refused",
    ),
];
