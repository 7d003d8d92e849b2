//! What a broker is started with. It comes from people: whatever is wrong is named, with what is allowed.

mod value;

use ottla_core::config::Config;
use ottla_core::interface::{CreateTopicsRequest, NewTopic};
use ottla_core::sorted::Map;

use crate::Failure;
pub(crate) use value::{Value, quoted};

/// What a broker is started with: `{ seed, config, topics }`.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// Feeds topic ids and member ids.
    pub(crate) seed: u64,
    pub(crate) config: Config,
    /// Which of Kafka's keys have no effect.
    pub(crate) notes: Vec<String>,
    /// The topics that are there from the start, in the order of their names.
    pub(crate) topics: CreateTopicsRequest,
}

impl StartOptions {
    /// Reads them out of a JavaScript value. Nothing at all are the defaults.
    ///
    /// # Errors
    /// `ERR_OPTION`, with the name of what is wrong.
    pub(crate) fn read(options: &Value) -> Result<Self, Failure> {
        let fields = options.object("the options", &["seed", "config", "topics"])?;
        let (config, notes) = match fields.get("config") {
            Some(config) => read_config(config)?,
            None => (Config::default(), Vec::new()),
        };
        Ok(Self {
            seed: match fields.get("seed") {
                Some(seed) => read_seed(seed)?,
                None => 0,
            },
            config,
            notes,
            topics: match fields.get("topics") {
                Some(topics) => read_topics(topics)?,
                None => topics(Vec::new()),
            },
        })
    }
}

fn read_seed(seed: &Value) -> Result<u64, Failure> {
    let number = seed.integer().and_then(|seed| u64::try_from(seed).ok());
    number.ok_or_else(|| seed.refused("seed", "a whole number from 0 to 18446744073709551615"))
}

fn read_config(config: &Value) -> Result<(Config, Vec<String>), Failure> {
    let mut properties = Vec::new();
    for (name, value) in config.entries("config")? {
        properties.push((
            name.as_str(),
            read_setting(&format!("config[{}]", quoted(name)), value)?,
        ));
    }
    Config::from_properties(properties).map_err(|error| Failure::option(format!("config: {error}")))
}

fn read_topics(value: &Value) -> Result<CreateTopicsRequest, Failure> {
    let mut found = Vec::new();
    for (name, options) in value.entries("topics")? {
        let place = format!("topics[{}]", quoted(name));
        let fields = options.object(&place, &["partitions", "config"])?;
        let mut configs = Vec::new();
        if let Some(config) = fields.get("config") {
            let place = format!("{place}.config");
            for (key, value) in config.entries(&place)? {
                let setting = read_setting(&format!("{place}[{}]", quoted(key)), value)?;
                configs.push((key.clone(), Some(setting)));
            }
        }
        found.push(NewTopic {
            name: name.as_str().into(),
            partitions_count: match fields.get("partitions") {
                Some(count) => Some(read_partitions(&place, count)?),
                None => None,
            },
            replication_factor: None,
            assignment: Vec::new(),
            configs,
        });
    }
    Ok(topics(found))
}

fn read_partitions(place: &str, count: &Value) -> Result<i32, Failure> {
    let number = count.integer().and_then(|count| i32::try_from(count).ok());
    number
        .filter(|count| *count > 0)
        .ok_or_else(|| count.refused(&format!("{place}.partitions"), "a whole number from 1 on"))
}

/// Kafka's configuration is text; numbers and truth values are as good.
fn read_setting(place: &str, value: &Value) -> Result<String, Failure> {
    value
        .as_setting()
        .ok_or_else(|| value.refused(place, "a text, a number, true or false"))
}

fn topics(topics: Vec<NewTopic>) -> CreateTopicsRequest {
    CreateTopicsRequest {
        topics,
        validate_only: false,
        automatic: false,
    }
}

/// Named fields of an object.
pub(crate) type Fields = Map<String, Value>;
