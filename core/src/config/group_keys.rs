use super::key::{Check::*, Importance::Medium, Key, Kind, Kind::*, Update::ClusterWide};

const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    check: super::Check,
    synonyms: &'static [&'static str],
    documentation: &'static str,
) -> Key {
    Key {
        name,
        kind,
        default: Some(default),
        check,
        importance: Medium,
        update: ClusterWide,
        synonyms,
        documentation,
    }
}

/// What a consumer group can be told: Apache Kafka 4.3's keys, types and defaults (`GroupConfig`), by name. They speak of the newer
/// group protocols; a group of the classic protocol is told by its members and obeys none of them.
#[rustfmt::skip] // A table: a key in two lines.
pub const GROUP_KEYS: &[Key] = &[
    key("consumer.assignment.interval.ms", Int, "1000", AtLeast(0), &["group.consumer.assignment.interval.ms"],
        "The shortest time between two assignments of a consumer group."),
    key("consumer.heartbeat.interval.ms", Int, "5000", AtLeast(1), &["group.consumer.heartbeat.interval.ms"],
        "How often the members of a consumer group send heartbeats."),
    key("consumer.session.timeout.ms", Int, "45000", AtLeast(1), &["group.consumer.session.timeout.ms"],
        "How long a member of a consumer group may be silent."),
    key("share.assignment.interval.ms", Int, "1000", AtLeast(0), &["group.share.assignment.interval.ms"],
        "The shortest time between two assignments of a share group."),
    key("share.auto.offset.reset", String, "latest", OffsetReset, &["share.auto.offset.reset"],
        "Where a share group starts to read: 'latest', 'earliest', or 'by_duration:' and an ISO 8601 duration back from now."),
    key("share.delivery.count.limit", Int, "5", AtLeast(2), &["group.share.delivery.count.limit"],
        "How often a record is given to a share group before it is given up."),
    key("share.heartbeat.interval.ms", Int, "5000", AtLeast(1), &["group.share.heartbeat.interval.ms"],
        "How often the members of a share group send heartbeats."),
    key("share.isolation.level", String, "read_uncommitted", OneOf(&["read_committed", "read_uncommitted"]), &["share.isolation.level"],
        "Whether a share group sees records of open and aborted transactions."),
    key("share.partition.max.record.locks", Int, "2000", AtLeast(100), &["group.share.partition.max.record.locks"],
        "How many records of a partition can be in the hands of a share group's members at a time."),
    key("share.record.lock.duration.ms", Int, "30000", AtLeast(1000), &["group.share.record.lock.duration.ms"],
        "How long a share group's member may keep a record before another one gets it."),
    key("share.renew.acknowledge.enable", Boolean, "true", Any, &["share.renew.acknowledge.enable"],
        "Whether members of a share group may ask to keep a record longer."),
    key("share.session.timeout.ms", Int, "45000", AtLeast(1), &["group.share.session.timeout.ms"],
        "How long a member of a share group may be silent."),
    key("streams.assignment.interval.ms", Int, "1000", AtLeast(0), &["group.streams.assignment.interval.ms"],
        "The shortest time between two assignments of a streams group."),
    key("streams.heartbeat.interval.ms", Int, "5000", AtLeast(1), &["group.streams.heartbeat.interval.ms"],
        "How often the members of a streams group send heartbeats."),
    key("streams.initial.rebalance.delay.ms", Int, "3000", AtLeast(0), &["group.streams.initial.rebalance.delay.ms"],
        "How long the first assignment of a new streams group waits for more members."),
    key("streams.num.standby.replicas", Int, "0", AtLeast(0), &["group.streams.num.standby.replicas"],
        "How many standby copies of each task a streams group keeps."),
    key("streams.session.timeout.ms", Int, "45000", AtLeast(1), &["group.streams.session.timeout.ms"],
        "How long a member of a streams group may be silent."),
];

/// A group's key, the least that brokers allow for it and the most, by Kafka's defaults.
type Limit = (&'static str, Option<i64>, Option<i64>);

const LIMITS: &[Limit] = &[
    ("consumer.assignment.interval.ms", Some(0), Some(15_000)),
    ("consumer.heartbeat.interval.ms", Some(5_000), Some(15_000)),
    ("consumer.session.timeout.ms", Some(45_000), Some(60_000)),
    ("share.assignment.interval.ms", Some(0), Some(15_000)),
    ("share.delivery.count.limit", Some(2), Some(10)),
    ("share.heartbeat.interval.ms", Some(5_000), Some(15_000)),
    ("share.partition.max.record.locks", Some(100), Some(4_000)),
    ("share.record.lock.duration.ms", Some(15_000), Some(60_000)),
    ("share.session.timeout.ms", Some(45_000), Some(60_000)),
    ("streams.assignment.interval.ms", Some(0), Some(15_000)),
    ("streams.heartbeat.interval.ms", Some(5_000), Some(15_000)),
    ("streams.num.standby.replicas", None, Some(2)),
    ("streams.session.timeout.ms", Some(45_000), Some(60_000)),
];

/// Whether brokers allow this number for a group's key, in Kafka's words if not.
pub fn check_group_limit(name: &str, value: &str) -> Result<(), std::string::String> {
    let Some((_, least, most)) = LIMITS.iter().find(|(key, ..)| *key == name) else {
        return Ok(());
    };
    let Ok(number) = value.trim().parse::<i64>() else {
        return Ok(()); // Its type is checked before.
    };
    let (kind, rest) = name.split_once('.').unwrap_or((name, ""));
    let rest = rest.strip_prefix("num.").unwrap_or(rest);
    if least.is_some_and(|least| number < least) {
        return Err(format!(
            "{name} must be greater than or equal to group.{kind}.min.{rest}"
        ));
    }
    if most.is_some_and(|most| number > most) {
        return Err(format!(
            "{name} must be less than or equal to group.{kind}.max.{rest}"
        ));
    }
    Ok(())
}
