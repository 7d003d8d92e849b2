//! The names of files and folders: Apache Kafka's.

use std::path::{Path, PathBuf};

use ottla_core::{Offset, TopicPartition, Uuid};

pub(super) const META_PROPERTIES: &str = "meta.properties";
pub(super) const OTTLA_PROPERTIES: &str = "ottla.properties";
pub(super) const CLEAN_SHUTDOWN: &str = ".kafka_cleanshutdown";
pub(super) const RECOVERY_POINTS: &str = "recovery-point-offset-checkpoint";
pub(super) const LOG_STARTS: &str = "log-start-offset-checkpoint";
pub(super) const PARTITION_METADATA: &str = "partition.metadata";
pub(super) const LEADER_EPOCHS: &str = "leader-epoch-checkpoint";
pub(super) const METADATA_TOPIC: &str = "__cluster_metadata";

/// The id of `__cluster_metadata` in every cluster.
pub(super) const METADATA_TOPIC_ID: Uuid = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/// The files of a segment, told apart by their suffix.
pub(super) const LOG: &str = "log";
pub(super) const INDEX: &str = "index";
pub(super) const TIME_INDEX: &str = "timeindex";
pub(super) const SNAPSHOT: &str = "snapshot";
/// A segment that is to be removed in the background.
pub(super) const DELETED: &str = "deleted";

/// Ends the name of a folder that is to be removed.
pub(super) const DELETE_FOLDER: &str = "-delete";
/// Ends the name of a folder that no metadata names, and that is kept for its owner.
pub(super) const STRAY_FOLDER: &str = "-stray";

/// A file of the segment (or snapshot) that begins at `offset`.
pub(super) fn segment_path(folder: &Path, offset: Offset, suffix: &str) -> PathBuf {
    folder.join(format!("{:020}.{suffix}", offset.0))
}

/// Offset and suffix out of a file's name.
pub(super) fn parse_segment_name(name: &str) -> Option<(Offset, &str)> {
    let (digits, suffix) = name.split_once('.')?;
    let all_digits = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((Offset(digits.parse().ok().filter(|_| all_digits)?), suffix))
}

pub(super) fn folder_name(partition: &TopicPartition) -> String {
    partition.to_string()
}

/// Topic and partition out of a folder's name, if it is a log's.
pub(super) fn parse_folder_name(name: &str) -> Option<TopicPartition> {
    let (topic, partition) = name.rsplit_once('-')?;
    let digits = !partition.is_empty() && partition.bytes().all(|byte| byte.is_ascii_digit());
    let partition = partition.parse().ok().filter(|_| digits)?;
    (!topic.is_empty()).then(|| TopicPartition {
        topic: topic.into(),
        partition,
    })
}

/// A new name for a folder that is put aside: unique, and no longer a log's.
pub(super) fn aside_name(name: &str, id: Uuid, ending: &str) -> String {
    let id: String = id.0.iter().map(|byte| format!("{byte:02x}")).collect();
    // The whole has to stay within 255 bytes, and a topic's name alone may have 249.
    let kept: String = name
        .chars()
        .take(255 - 1 - id.len() - ending.len())
        .collect();
    format!("{kept}.{id}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        let path = segment_path(Path::new("/d/t-0"), Offset(4096), TIME_INDEX);
        assert_eq!(path, Path::new("/d/t-0/00000000000000004096.timeindex"));
        let name = "00000000000000004096.timeindex";
        assert_eq!(parse_segment_name(name), Some((Offset(4096), TIME_INDEX)));
        assert_eq!(parse_segment_name("leader-epoch-checkpoint"), None);
        assert_eq!(parse_segment_name("7.log"), None);

        let partition = parse_folder_name("orders-eu-12").expect("a log's folder");
        assert_eq!(folder_name(&partition), "orders-eu-12");
        assert_eq!(partition.partition, 12);
        assert_eq!(parse_folder_name("orders"), None);
        assert_eq!(parse_folder_name("orders-x"), None);
        let aside = aside_name("orders-eu-12", Uuid([7; 16]), DELETE_FOLDER);
        assert_eq!(
            aside,
            "orders-eu-12.07070707070707070707070707070707-delete"
        );
        assert_eq!(parse_folder_name(&aside), None);
    }
}
