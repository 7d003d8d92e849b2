//! Texts of the sandbox.

pub(crate) const TITLE: &str = "Sandbox";
pub(crate) const TOOLS: &str = "What to add";
pub(crate) const SCENES: &str = "Scenes";
pub(crate) const BEGIN_WITH: &str = "Begin with a scene";
pub(crate) const OR_ADD: &str = "Or build your own: add a topic, then a producer and a consumer. Click what is there to see what it can do.";
pub(crate) const EMPTY: &str = "An empty one";
pub(crate) const WRITE_OUT: &str = "Take it along";
pub(crate) const ADD: &str = "Add";
pub(crate) const APPLY: &str = "Apply";
pub(crate) const DO: &str = "Do it";

pub(crate) const TOPIC: &str = "Add topic";
pub(crate) const PRODUCER: &str = "Add producer";
pub(crate) const CONSUMER: &str = "Add consumer";
pub(crate) const NETWORK: &str = "Network";
pub(crate) const ANY: &str = "Any action";

pub(crate) const SEED: &str = "Seed";

pub(crate) const NAME: &str = "Name";
pub(crate) const PARTITIONS: &str = "Partitions";
pub(crate) const RETENTION: &str = "retention.ms";
pub(crate) const TO_TOPIC: &str = "Sends to topic";
pub(crate) const KEYS: &str = "Keys: 0..9, a,b,c or none";
pub(crate) const RATE: &str = "How often";
pub(crate) const ACKS: &str = "acks";
pub(crate) const PARTITIONER: &str = "Partitioner";
pub(crate) const GROUP: &str = "Group";
pub(crate) const READS: &str = "Reads topic";
pub(crate) const FROM: &str = "Without a committed offset, from";
pub(crate) const ASSIGNOR: &str = "Assignor";
pub(crate) const COMMIT: &str = "Commits";
pub(crate) const WORK: &str = "Works on a record for";
pub(crate) const POISON: &str = "A record that it cannot handle";
pub(crate) const LATENCY: &str = "A frame needs";
pub(crate) const JITTER: &str = "and up to this longer";
pub(crate) const LINE: &str = "A line, as in lessons and links";
pub(crate) const LINE_SAMPLE: &str = "crash consumer-1";
pub(crate) const LINE_SAMPLES: &[&str] = &[
    "producer shop-2 topic=orders rate=10/s linger=500ms",
    "consumer fast group=billing topics=orders session=6s instance=one",
    "send shop key=emp001 value=hello count=10",
    "partitions orders 6",
    "configure orders retention.ms=10000",
    "broker crash",
    "disk 50ms",
];
pub(crate) const SEED_LABEL: &str = "What chance begins with";
pub(crate) const SEED_WRONG: &str = "A seed is a whole number.";
pub(crate) const NO_TOPIC: &str = "There is no topic yet: add one first.";

pub(crate) const RATES: &[(&str, &str)] = &[
    ("1/s", "once a second"),
    ("5/s", "5 a second"),
    ("20/s", "20 a second"),
    ("", "only when told to"),
];
pub(crate) const ALL_ACKS: &[(&str, &str)] = &[("all", "all"), ("1", "1"), ("0", "0")];
pub(crate) const PARTITIONERS: &[(&str, &str)] = &[
    ("", "Java's"),
    ("kafkajs", "KafkaJS 2"),
    ("consistent_random", "librdkafka's"),
];
pub(crate) const FROMS: &[(&str, &str)] = &[
    ("earliest", "the earliest record"),
    ("latest", "the latest"),
];
pub(crate) const ASSIGNORS: &[(&str, &str)] = &[
    ("range", "range"),
    ("roundrobin", "round robin"),
    ("sticky", "sticky"),
    ("cooperative-sticky", "cooperative sticky"),
];
pub(crate) const COMMITS: &[(&str, &str)] = &[
    ("auto:5s", "by itself, every 5 s"),
    ("after", "after the work on each record"),
    ("before", "before the work on a batch"),
    ("never", "only when told to"),
];
pub(crate) const WORKS: &[(&str, &str)] = &[
    ("", "no time"),
    ("100ms", "100 ms"),
    ("500ms", "500 ms"),
    ("2s", "2 s"),
];
pub(crate) const POISONS: &[(&str, &str)] = &[
    ("", "kills it"),
    ("retry", "is tried again, for ever"),
    ("skip", "is skipped"),
];

pub(crate) const NO_SCENE: &str =
    "There is no such scene. It may have been given another name; here is an empty one.";

pub(crate) fn parked(topic: &str) -> String {
    format!("is parked in {topic}")
}

pub(crate) fn another(name: &str, model: &str) -> String {
    format!("{name}, like {model}")
}

/// What was wrong with a link, before the list of it.
pub(crate) fn damaged(problems_count: usize) -> String {
    match problems_count {
        1 => "A part of this link could not be read; the rest was loaded.".to_owned(),
        more => format!("{more} parts of this link could not be read; the rest was loaded."),
    }
}
