//! Texts of what opens when an object of the picture is clicked.

use super::time::seconds;

pub(crate) const STATE: &str = "State";
pub(crate) const TOPICS: &str = "Topics";
pub(crate) const PARTITIONS: &str = "Partitions";
pub(crate) const GROUPS: &str = "Groups";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const START_OFFSET: &str = "Log start offset";
pub(crate) const HIGH_WATERMARK: &str = "High watermark";
pub(crate) const END_OFFSET: &str = "Log end offset";
pub(crate) const COMMITTED: &str = "Committed";
pub(crate) const KEY: &str = "Key";
pub(crate) const VALUE: &str = "Value";
pub(crate) const TIMESTAMP: &str = "Timestamp";
pub(crate) const PRODUCER: &str = "Sent by";
pub(crate) const HASH: &str = "Why here";
pub(crate) const SENDS_TO: &str = "Sends to";
pub(crate) const DOES: &str = "Settings";
pub(crate) const SENT: &str = "Sent";
pub(crate) const ACKNOWLEDGED: &str = "Acknowledged";
pub(crate) const FAILED: &str = "Failed";
pub(crate) const BUFFERED: &str = "In its buffer";
pub(crate) const GROUP: &str = "Group";
pub(crate) const GENERATION: &str = "Generation";
pub(crate) const PROCESSED: &str = "Records worked on";
pub(crate) const MEMBER_ID: &str = "Member id";
pub(crate) const ROLE: &str = "Role";
pub(crate) const LEADER: &str = "leader";
pub(crate) const LEADER_IS: &str = "Leader";
pub(crate) const INSTANCE_ID: &str = "group.instance.id";
pub(crate) const HEARD: &str = "Last heard of";
pub(crate) const SESSION_ENDS: &str = "Removed if silent";
pub(crate) const MEMBERS: &str = "Members";
pub(crate) const ASSIGNOR: &str = "Assignor";

pub(crate) const NONE: &str = "–";
pub(crate) const NO_KEY: &str = "none";
pub(crate) const YES: &str = "yes";
pub(crate) const NO: &str = "no";
pub(crate) const RUNS: &str = "runs";
pub(crate) const CONNECTS: &str = "connecting";
pub(crate) const REBALANCES: &str = "waits for the group's next generation";
pub(crate) const IDLE: &str = "a member without a partition: a spare";
pub(crate) const WAITS: &str = "waits for records";
pub(crate) const NOT_STORED: &str = "not stored yet: nobody may read it";

pub(crate) const TOPIC_COLUMNS: [&str; 4] = ["Partition", "First", "High watermark", "Next"];
pub(crate) const RECORD_COLUMNS: [&str; 3] = ["Offset", "Key", "Value"];
pub(crate) const READ_COLUMNS: [&str; 3] = ["Reads", "Position", "Paused"];
pub(crate) const OFFSET_COLUMNS: [&str; 3] = ["Partition", "Committed", "Lag"];

pub(crate) const SEND: &str = "Send";
pub(crate) const SEND_EXPLAIN: &str = "Send records now";
pub(crate) const RATE: &str = "Rate";
pub(crate) const RATE_EXPLAIN: &str = "How often it sends by itself";
pub(crate) const LOSE_ANSWER: &str = "Lose the next answer";
pub(crate) const LOSE_ANSWER_EXPLAIN: &str =
    "The broker stores its next records, and the answer that says so is lost";
pub(crate) const CRASH: &str = "Crash";
pub(crate) const CRASH_EXPLAIN: &str = "Its process dies without a word (SIGKILL)";
pub(crate) const FREEZE: &str = "Freeze";
pub(crate) const FREEZE_EXPLAIN: &str = "Its process stands still, as in a long garbage collection";
pub(crate) const THAW: &str = "Thaw";
pub(crate) const THAW_EXPLAIN: &str = "It goes on as if nothing had been";
pub(crate) const LEAVE: &str = "Leave";
pub(crate) const STOP: &str = "Stop";
pub(crate) const LEAVE_EXPLAIN: &str = "It ends in order";
pub(crate) const CUT: &str = "Cut its links";
pub(crate) const CUT_EXPLAIN: &str = "Its connections break; it connects again";
pub(crate) const RESTART: &str = "Restart";
pub(crate) const RESTART_EXPLAIN: &str = "A new process with the same settings";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_EXPLAIN: &str = "Take it out of the scene";
pub(crate) const PAUSE: &str = "Pause fetching";
pub(crate) const PAUSE_EXPLAIN: &str = "It keeps its partitions and fetches no more from them";
pub(crate) const RESUME: &str = "Resume fetching";
pub(crate) const RESUME_EXPLAIN: &str = "It fetches again";
pub(crate) const COMMIT: &str = "Commit";
pub(crate) const COMMIT_EXPLAIN: &str = "Commit where it is, now";
pub(crate) const SEEK: &str = "Seek";
pub(crate) const SEEK_EXPLAIN: &str = "Go on reading elsewhere";
pub(crate) const WORK: &str = "Work";
pub(crate) const WORK_EXPLAIN: &str = "How long it works on each record";
pub(crate) const START: &str = "Start";
pub(crate) const BROKER_STOP_EXPLAIN: &str = "It ends in order";
pub(crate) const BROKER_CRASH_EXPLAIN: &str = "Its process dies; what it has stored stays";
pub(crate) const BROKER_START_EXPLAIN: &str = "It starts on what it has stored";
pub(crate) const NEW_TOPIC: &str = "New topic";
pub(crate) const NEW_TOPIC_EXPLAIN: &str = "Make a topic";
pub(crate) const LATENCY: &str = "Latency";
pub(crate) const LATENCY_EXPLAIN: &str = "How long bytes are on their way, on all links";
pub(crate) const DISK: &str = "Disk";
pub(crate) const DISK_EXPLAIN: &str = "How long the disk needs until a write is stored";
pub(crate) const ADD_PARTITIONS: &str = "Add partitions";
pub(crate) const ADD_PARTITIONS_EXPLAIN: &str = "Keys will go elsewhere than before";
pub(crate) const CONFIGURE: &str = "Configure";
pub(crate) const CONFIGURE_EXPLAIN: &str =
    "Change a setting of the topic; an empty value sets it back";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const DELETE_EXPLAIN: &str = "Delete the topic with all its records";

pub(crate) const RATE_FIELD: &str = "Records: 5/s, 1/10s, 0 for none";
pub(crate) const PARTITION_FIELD: &str = "Partition";
pub(crate) const SEEK_FIELD: &str = "To: an offset, beginning or end";
pub(crate) const WORK_FIELD: &str = "For each record: 0, 250ms, 2s";
pub(crate) const NAME_FIELD: &str = "Name";
pub(crate) const PARTITIONS_FIELD: &str = "Partitions in all";
pub(crate) const LATENCY_FIELD: &str = "One way: 20ms, 1s";
pub(crate) const JITTER_FIELD: &str = "And up to so much more";
pub(crate) const DISK_FIELD: &str = "A write takes: 0, 5ms, 1s";
pub(crate) const CONFIG_FIELD: &str = "Setting";
pub(crate) const KEY_FIELD: &str = "Key (empty: its own next one)";
pub(crate) const VALUE_FIELD: &str = "Value (empty: its own next one)";
pub(crate) const COUNT_FIELD: &str = "How many";

pub(crate) fn topic(name: &str) -> String {
    format!("topic {name}")
}

pub(crate) fn partition(topic: &str, index: i32) -> String {
    format!("{topic}, partition {index}")
}

pub(crate) fn record(topic: &str, index: i32, offset: i64) -> String {
    format!("{topic}-{index}, offset {offset}")
}

pub(crate) fn member(client: &str) -> String {
    format!("member {client}")
}

pub(crate) fn committed(group: &str, committed: Option<i64>, lag: i64) -> String {
    match committed {
        Some(committed) => format!("{committed} by {group}, lag {lag}"),
        None => format!("nothing by {group}, lag {lag}"),
    }
}

/// `murmur2 = 0x9c5a…; & 0x7fffffff = 474…; % 3 = 1`
pub(crate) fn hash(hash: i32, positive: i32, count: usize, partition: i32) -> String {
    format!("murmur2 0x{hash:08x}, & 0x7fffffff = {positive}, % {count} = {partition}")
}

pub(crate) fn works(partition: &str, offset: i64) -> String {
    format!("works on {partition}, offset {offset}")
}

pub(crate) fn failed(reason: &str) -> String {
    format!("failed: {reason}")
}

pub(crate) fn ago(micros: u64) -> String {
    format!("{} ago", seconds(micros))
}

pub(crate) fn in_time(micros: u64) -> String {
    format!("in {}", seconds(micros))
}

pub(crate) fn more(count: usize) -> String {
    format!("and {count} older ones")
}
