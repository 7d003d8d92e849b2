//! Tables in a lesson's text that the engine works out: a file names keys and partitions, never a result.
//!
//! ```text
//! key-bytes     a key's way through the hash, four bytes at a time
//! key-way       each step from a key's bytes to its partition
//! key-places    where keys go, as several clients decide it
//! key-moves     how many keys go elsewhere when a topic gets more partitions
//! wire          what clients have sent until the end of the question
//! ```

use ottla_client::partitioner::{Partitioner, PartitionerConfig, PartitionerKind, Partitions};
use ottla_core::Instant;

use super::document::Fence;
use super::error::LessonError;
use super::key_bytes;
use crate::World;
use crate::scene::{KeyWay, Scene, key_way};

/// A table that was worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows, in a sentence.
    pub caption: String,
    /// Its columns.
    pub head: Vec<String>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// `None`: the block is no table but a piece of code.
    pub(super) fn of_fence(
        fence: &Fence<'_>,
        world: &dyn Fn() -> Option<World>,
    ) -> Result<Option<Self>, LessonError> {
        if fence.info.text == "wire" {
            return wire(&Wishes::of_fence(fence)?, world()).map(Some);
        }
        let table = match fence.info.text {
            "key-bytes" => key_bytes,
            "key-way" => key_ways,
            "key-places" => key_places,
            "key-moves" => key_moves,
            _ => return Ok(None),
        };
        table(&Wishes::of_fence(fence)?).map(Some)
    }
}

/// Where a partitioner sends a key.
pub(super) fn partition_of(kind: PartitionerKind, key: &str, partitions_count: i32) -> i32 {
    let config = PartitionerConfig {
        kind,
        ..PartitionerConfig::default()
    };
    let with_leader: Vec<i32> = (0..partitions_count).collect();
    let partitions = Partitions {
        count: partitions_count.max(1),
        with_leader: &with_leader,
    };
    let mut partitioner = Partitioner::new(config, 1);
    partitioner
        .partition(Instant(0), Some(key.as_bytes()), partitions)
        .partition
}

/// What the lines of a block say: `keys emp001 user-42`, `partitions 3`.
struct Wishes<'a> {
    line: usize,
    entries: Vec<(&'a str, usize, Vec<&'a str>)>,
}

impl<'a> Wishes<'a> {
    fn of_fence(fence: &Fence<'a>) -> Result<Self, LessonError> {
        let mut entries = Vec::new();
        for line in &fence.lines {
            let mut words = line.text.split_whitespace();
            match words.next() {
                Some(name) if NAMES.contains(&name) => {
                    entries.push((name, line.number, words.collect()))
                }
                Some(name) => {
                    return Err(LessonError::unknown(
                        line.number,
                        "the beginning",
                        name,
                        &NAMES,
                    ));
                }
                None => {}
            }
        }
        Ok(Self {
            line: fence.info.number,
            entries,
        })
    }

    fn words(&self, name: &str) -> Result<(usize, &[&'a str]), LessonError> {
        let found = self
            .entries
            .iter()
            .find(|(known, _, words)| *known == name && !words.is_empty());
        let missing = || {
            LessonError::new(
                self.line,
                format!("the line \"{name} ...\" is missing in this block."),
            )
        };
        found
            .map(|(_, line, words)| (*line, &words[..]))
            .ok_or_else(missing)
    }

    /// `emp001 user-42`, or `0..99`.
    fn keys(&self) -> Result<Vec<String>, LessonError> {
        let (line, words) = self.words("keys")?;
        let keys: Vec<String> = match words {
            [range] if range.contains("..") => {
                let bounds = range
                    .split_once("..")
                    .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
                let (from, to): (u32, u32) = bounds.ok_or_else(|| {
                    LessonError::new(line, "a range of keys is two numbers: 0..99.")
                })?;
                (from..=to)
                    .take(KEYS_MAX + 1)
                    .map(|key| key.to_string())
                    .collect()
            }
            words => words.iter().map(|word| (*word).to_owned()).collect(),
        };
        match keys.len() {
            1..=KEYS_MAX => Ok(keys),
            _ => Err(LessonError::new(
                line,
                format!("1 to {KEYS_MAX} keys are allowed."),
            )),
        }
    }

    fn counts(&self) -> Result<Vec<i32>, LessonError> {
        let (line, words) = self.words("partitions")?;
        let wrong = || {
            LessonError::new(
                line,
                format!("at most {COUNTS_MAX} numbers, each from 1 to {PARTITIONS_MAX}."),
            )
        };
        if words.len() > COUNTS_MAX {
            return Err(wrong());
        }
        let counts = words.iter().map(|word| {
            word.parse()
                .ok()
                .filter(|count| (1..=PARTITIONS_MAX).contains(count))
        });
        counts.collect::<Option<_>>().ok_or_else(wrong)
    }

    fn partitioners(&self) -> Result<Vec<PartitionerKind>, LessonError> {
        let (line, words) = self.words("partitioners")?;
        let names: Vec<&str> = PartitionerKind::ALL
            .into_iter()
            .map(PartitionerKind::name)
            .collect();
        let kinds = words.iter().map(|word| {
            word.parse()
                .map_err(|_| LessonError::unknown(line, "the partitioner", word, &names))
        });
        kinds.collect()
    }
}

fn key_bytes(wishes: &Wishes<'_>) -> Result<Table, LessonError> {
    let (key, count) = (&wishes.keys()?[0], wishes.counts()?[0]);
    let steps = key_bytes::steps(key).into_iter();
    let mut rows: Vec<Vec<String>> = steps
        .map(|step| vec![step.what, format!("{:08x}", step.hash)])
        .collect();
    let KeyWay {
        positive,
        partition,
        ..
    } = key_way(key, count);
    rows.push(vec![
        "without its sign: & 7fffffff".into(),
        format!("{positive:08x} = {positive}"),
    ]);
    rows.push(vec![
        format!("the remainder: % {count}"),
        format!("{partition}: P{partition}"),
    ]);
    Ok(Table {
        caption: format!("The key {key}, four bytes at a time"),
        head: ["step", "the number then"].map(str::to_owned).to_vec(),
        rows,
    })
}

fn key_ways(wishes: &Wishes<'_>) -> Result<Table, LessonError> {
    let count = wishes.counts()?[0];
    let rows = wishes.keys()?.into_iter().map(|key| {
        let way = key_way(&key, count);
        let bytes: Vec<String> = key.bytes().map(|byte| format!("{byte:02x}")).collect();
        vec![
            key.clone(),
            bytes.join(" "),
            format!("{:08x} = {}", way.hash as u32, way.hash),
            way.positive.to_string(),
            format!("P{}", way.partition),
        ]
    });
    Ok(Table {
        caption: format!("From a key to one of {count} partitions, step by step"),
        head: [
            "key",
            "its bytes",
            "murmur2",
            "& 0x7fffffff",
            &format!("% {count}"),
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: rows.collect(),
    })
}

fn key_places(wishes: &Wishes<'_>) -> Result<Table, LessonError> {
    let (count, kinds) = (wishes.counts()?[0], wishes.partitioners()?);
    let head = std::iter::once("key").chain(kinds.iter().map(|kind| client_of(*kind)));
    let rows = wishes.keys()?.into_iter().map(|key| {
        let places = kinds
            .iter()
            .map(|kind| format!("P{}", partition_of(*kind, &key, count)));
        std::iter::once(key.clone()).chain(places).collect()
    });
    Ok(Table {
        caption: format!("The same keys, {count} partitions, and whose client sends them"),
        head: head.map(str::to_owned).collect(),
        rows: rows.collect(),
    })
}

fn key_moves(wishes: &Wishes<'_>) -> Result<Table, LessonError> {
    let keys = wishes.keys()?;
    let counts = wishes.counts()?;
    let place = |key: &str, count| partition_of(PartitionerKind::Default, key, count);
    let rows = counts.windows(2).map(|pair| {
        let moved_count = keys
            .iter()
            .filter(|key| place(key, pair[0]) != place(key, pair[1]))
            .count();
        let percent = moved_count * 100 / keys.len();
        vec![
            format!("{} to {}", pair[0], pair[1]),
            format!("{moved_count} of {}", keys.len()),
            format!("{percent} %"),
        ]
    });
    Ok(Table {
        caption: "How many keys go elsewhere when partitions are added".into(),
        head: ["partitions", "keys that move", "share"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    })
}

fn wire(wishes: &Wishes<'_>, world: Option<World>) -> Result<Table, LessonError> {
    let unplayable =
        || LessonError::new(wishes.line, "the scene of the question cannot be played.");
    let world = world.ok_or_else(unplayable)?;
    let scene = Scene::of(&world);
    let (line, clients) = wishes.words("clients")?;
    let api = wishes.words("api")?.1[0];
    let rows = clients.iter().map(|client| {
        let producer = scene.producer(client);
        let missing =
            || LessonError::new(line, format!("there is no producer {client} in the scene."));
        let records_count = producer.ok_or_else(missing)?.sent_count;
        let requests = world.requests(client, api);
        let bytes_each = requests.bytes / records_count.max(1);
        let numbers = [records_count, requests.count, requests.bytes, bytes_each];
        Ok(std::iter::once((*client).to_owned())
            .chain(numbers.map(|number| number.to_string()))
            .collect())
    });
    let requests = format!("{api} requests");
    Ok(Table {
        caption: "Counted on the wire".into(),
        head: ["producer", "records", &requests, "bytes", "bytes a record"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect::<Result<_, LessonError>>()?,
    })
}

/// Where people meet this partitioner.
fn client_of(kind: PartitionerKind) -> &'static str {
    match kind {
        PartitionerKind::Default => "Java",
        PartitionerKind::KafkaJs => "KafkaJS 2",
        PartitionerKind::KafkaJsLegacy => "KafkaJS 1",
        PartitionerKind::ConsistentRandom => "librdkafka",
        PartitionerKind::KafkaGo => "kafka-go",
        other => other.name(),
    }
}

const NAMES: [&str; 5] = ["keys", "partitions", "partitioners", "clients", "api"];
const KEYS_MAX: usize = 10_000;
const COUNTS_MAX: usize = 8;
const PARTITIONS_MAX: i32 = 64;
