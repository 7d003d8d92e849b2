//! `--create`.

use ottla_core::ErrorCode;
use ottla_core::sorted::Map;

use crate::admin::{CreateTopics, NewTopic};
use crate::command::Desk;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::java::Exception;
use crate::command::kafka::options::Options;

/// Makes the topic.
pub(super) fn create(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let wanted = Wanted::read(options)?;
    let name = wanted.topic.as_str();
    if name.contains(['.', '_']) {
        desk.println(
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. \
             To avoid issues it is best to use either, but not both.",
        );
    }
    let replication_factor = match wanted.replication_factor {
        None => None,
        Some(factor @ 1..=32767) => i16::try_from(factor).ok(),
        Some(_) => {
            let message = "The replication factor must be between 1 and 32767 inclusive";
            return Err(Failure::illegal(message));
        }
    };
    if wanted.partitions_count.is_some_and(|count| count < 1) {
        return Err(Failure::illegal("The partitions must be greater than 0"));
    }
    if name.is_empty() {
        let message = "The given topic name '' cannot be represented in a request.";
        return Err(Exception::kafka("InvalidTopicException", message).into());
    }
    let topic = NewTopic {
        name: name.into(),
        partitions_count: wanted.partitions_count,
        replication_factor,
        assignments: wanted.assignments,
        configs: wanted.configs,
    };
    let created = desk.ask(CreateTopics {
        topics: vec![topic],
        validate_only: false,
    })?;
    match created.into_values().next() {
        Some(Err(error))
            if error.code == ErrorCode::TopicAlreadyExists && options.has("if-not-exists") => {}
        Some(Err(error)) => return Err(error.into()),
        Some(Ok(_)) | None => desk.println(format!("Created topic {name}.")),
    }
    Ok(())
}

/// What the options say about the topic that is to be made or changed.
pub(super) struct Wanted {
    pub(super) topic: String,
    pub(super) partitions_count: Option<i32>,
    replication_factor: Option<i32>,
    /// The brokers of each partition; empty without `--replica-assignment`.
    pub(super) assignments: Map<i32, Vec<i32>>,
    configs: Vec<(String, String)>,
}

impl Wanted {
    /// Reads them, in the order in which Kafka's tool finds fault with them.
    pub(super) fn read(options: &Options) -> Result<Self, Failure> {
        let topic = options.value("topic")?.unwrap_or_default().to_owned();
        let partitions_count = options.integer("partitions")?;
        let replication_factor = options.integer("replication-factor")?;
        let assignments = match options.value("replica-assignment")? {
            Some(list) if !list.is_empty() => assignments(list)?,
            _ => Map::new(),
        };
        Ok(Self {
            topic,
            partitions_count,
            replication_factor,
            assignments,
            configs: configs(options)?,
        })
    }
}

/// `1:2,2:3`: the brokers of the first partition, of the second and so on.
fn assignments(list: &str) -> Result<Map<i32, Vec<i32>>, Failure> {
    let mut assignments = Map::new();
    let mut factor = None;
    for (partition, brokers) in (0..).zip(list.trim_end_matches(',').split(',')) {
        let brokers = brokers.trim_end_matches(':').split(':').map(|broker| {
            let broker = broker.trim();
            broker.parse().map_err(|_| {
                let message = format!("For input string: \"{broker}\"");
                Failure::thrown("java.lang.NumberFormatException", message)
            })
        });
        let brokers: Vec<i32> = brokers.collect::<Result<_, _>>()?;
        let mut twice: Vec<i32> = brokers.clone();
        twice.retain(|broker| brokers.iter().filter(|other| *other == broker).count() > 1);
        twice.sort_unstable();
        twice.dedup();
        if !twice.is_empty() {
            let twice: Vec<String> = twice.iter().map(i32::to_string).collect();
            let message = "Partition replica lists may not contain duplicate entries: ";
            return Err(failed(
                "AdminCommandFailedException",
                message.to_owned() + &twice.join(","),
            ));
        }
        if *factor.get_or_insert(brokers.len()) != brokers.len() {
            let message =
                format!("Partition {partition} has different replication factor: {brokers:?}");
            return Err(failed("AdminOperationException", message));
        }
        assignments.insert(partition, brokers);
    }
    Ok(assignments)
}

fn failed(class: &str, message: String) -> Failure {
    Failure::thrown(&format!("org.apache.kafka.tools.{class}"), message)
}

/// `--config key=value`, any number of them; a key's last value counts. Whether there is such a key is for the broker to say.
fn configs(options: &Options) -> Result<Vec<(String, String)>, Failure> {
    let mut configs = Map::new();
    for config in options.values("config") {
        let parts: Vec<&str> = config.trim_end_matches('=').split('=').collect();
        let [key, value] = parts[..] else {
            return Err(Failure::illegal(
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".",
            ));
        };
        configs.insert(key.trim().to_owned(), value.trim().to_owned());
    }
    Ok(configs.into_iter().collect())
}
