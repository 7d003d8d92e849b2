//! What a world may hold, so that nobody's link can ask for more than a page can bear.

/// The limits of a world. Whoever asks for more is told which one it is: in an action's text, when it is done, or by the broker, which refuses
/// topics, partitions, members of a group and records beyond what it is [set up](crate::World::for_scene) for, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named as what they are")]
pub struct Limits {
    pub topics_count: usize,
    /// In one topic.
    pub partitions_count: u32,
    pub consumers_count: usize,
    pub producers_count: usize,
    pub groups_count: usize,
    /// Of all batches that the broker keeps.
    pub disk_bytes: u64,
    /// By the rate of one producer.
    pub records_per_s: u32,
    /// By one action.
    pub records_per_send: u32,
    /// Of a record, or of a line that is typed.
    pub value_bytes: usize,
    /// Keys that a producer is told one by one.
    pub keys_count: usize,
    /// Programs of the learner, and how long one of them may be.
    pub programs_count: usize,
    pub source_bytes: usize,
    pub name_length: usize,
    /// How long a world lives, and the longest span that can be asked for.
    pub time_ms: u64,
    /// How many actions a scene may have.
    pub actions_count: usize,
}

/// The limits of every world.
pub const LIMITS: Limits = Limits {
    topics_count: 8,
    partitions_count: 64,
    consumers_count: 64,
    producers_count: 16,
    groups_count: 16,
    disk_bytes: 64 << 20,
    records_per_s: 100,
    records_per_send: 1000,
    value_bytes: 4096,
    keys_count: 100,
    programs_count: 8,
    source_bytes: 8192,
    name_length: 60,
    time_ms: 3_600_000,
    actions_count: 1000,
};
