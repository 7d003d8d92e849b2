//! The small text files beside the logs, in Apache Kafka's formats.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use ottla_core::{Offset, TopicPartition, Uuid};

/// Puts a new file in the place of an old one. `durable`: also over a power failure.
pub(super) fn write_atomically(path: &Path, contents: &[u8], durable: bool) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(contents)?;
    if durable {
        file.sync_all()?;
    }
    drop(file);
    fs::rename(&temporary, path)?;
    match path.parent() {
        Some(folder) if durable => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// The text of a file, or `None` if there is none.
pub(super) fn read_if_there(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// `*-offset-checkpoint`: version, count, then a line for each log.
pub(super) fn write_offsets<'a>(
    offsets: impl ExactSizeIterator<Item = (&'a TopicPartition, &'a Offset)>,
) -> String {
    let mut text = format!("0\n{}\n", offsets.len());
    for (partition, offset) in offsets {
        let (topic, partition) = (&partition.topic, partition.partition);
        writeln!(text, "{topic} {partition} {offset}").expect("a String takes everything");
    }
    text
}

pub(super) fn parse_offsets(text: &str) -> Option<BTreeMap<TopicPartition, Offset>> {
    let entry = |line: &str| {
        let mut words = line.split(' ');
        let topic = words.next()?.into();
        let partition = words.next()?.parse().ok()?;
        let offset = Offset(words.next()?.parse().ok()?);
        Some((TopicPartition { topic, partition }, offset))
    };
    parse_lines(text)?.map(entry).collect()
}

/// `leader-epoch-checkpoint`: version, count, then a line for each epoch and its first offset.
pub(super) fn write_epochs(epochs: &[(i32, Offset)]) -> String {
    let mut text = format!("0\n{}\n", epochs.len());
    for (epoch, start_offset) in epochs {
        writeln!(text, "{epoch} {start_offset}").expect("a String takes everything");
    }
    text
}

pub(super) fn parse_epochs(text: &str) -> Option<Vec<(i32, Offset)>> {
    let entry = |line: &str| {
        let (epoch, start_offset) = line.split_once(' ')?;
        Some((epoch.parse().ok()?, Offset(start_offset.parse().ok()?)))
    };
    parse_lines(text)?.map(entry).collect()
}

/// The lines of a checkpoint, if the version is known and the count is right.
fn parse_lines(text: &str) -> Option<impl Iterator<Item = &str>> {
    let mut lines = text.lines();
    let known = lines.next()? == "0";
    let count: usize = lines.next()?.parse().ok()?;
    (known && lines.clone().count() == count).then_some(lines)
}

/// `partition.metadata`.
pub(super) fn write_partition_metadata(topic_id: Uuid) -> String {
    format!("version: 0\ntopic_id: {topic_id}")
}

pub(super) fn parse_partition_metadata(text: &str) -> Option<Uuid> {
    text.lines()
        .find_map(|line| line.strip_prefix("topic_id: "))
        .and_then(parse_uuid)
}

/// The value of a key in a properties file.
pub(super) fn property<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .find_map(|(name, value)| (name.trim() == key).then(|| value.trim()))
}

/// The inverse of [`Uuid`]'s `Display`: base64 for URLs, without padding.
fn parse_uuid(text: &str) -> Option<Uuid> {
    let mut number: u128 = 0;
    let mut last = 0;
    for (index, byte) in text.trim().bytes().enumerate() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        match index {
            0..=20 => number = number << 6 | u128::from(digit),
            21 => number = number << 2 | u128::from(digit >> 4),
            _ => return None,
        }
        last = index;
    }
    (last == 21).then(|| Uuid(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_are_read_as_they_are_written() {
        let orders = TopicPartition {
            topic: "orders".into(),
            partition: 3,
        };
        let offsets = BTreeMap::from([(orders, Offset(42))]);
        let text = write_offsets(offsets.iter());
        assert_eq!(text, "0\n1\norders 3 42\n");
        assert_eq!(parse_offsets(&text), Some(offsets));
        assert_eq!(parse_offsets("0\n2\norders 3 42\n"), None);
        assert_eq!(parse_offsets(""), None);

        let epochs = vec![(0, Offset(0)), (2, Offset(17))];
        assert_eq!(write_epochs(&epochs), "0\n2\n0 0\n2 17\n");
        assert_eq!(parse_epochs(&write_epochs(&epochs)), Some(epochs));
    }

    #[test]
    fn a_topic_id_survives_its_file() {
        let id = Uuid([0xfe, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff]);
        let text = write_partition_metadata(id);
        assert_eq!(text, "version: 0\ntopic_id: _gECAwQFBgcICQoLDA0O_w");
        assert_eq!(parse_partition_metadata(&text), Some(id));
        assert_eq!(parse_partition_metadata("version: 0\n"), None);
        assert_eq!(parse_partition_metadata("topic_id: short"), None);
    }

    #[test]
    fn properties_skip_comments() {
        let text = "#\n#node.id=9\nnode.id=1\nversion = 1\n";
        assert_eq!(property(text, "node.id"), Some("1"));
        assert_eq!(property(text, "version"), Some("1"));
        assert_eq!(property(text, "cluster.id"), None);
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        assert_eq!(read_if_there(&path).unwrap(), None);
        write_atomically(&path, b"one", true).unwrap();
        write_atomically(&path, b"two", false).unwrap();
        assert_eq!(read_if_there(&path).unwrap().as_deref(), Some("two"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
