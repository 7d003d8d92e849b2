//! `kafka-console-producer`: lines of standard input become records.

use super::cluster::load_properties;
use super::declared::console_producer::OPTIONS;
use super::java::{Properties, parse_key_values};
use super::options::{OptionError, Options, Quit};
use super::quit::Halt;
use crate::command::produce::{Job, LineReader, Produce, Voice};
use crate::command::{Desk, End, Program, Stop, Surroundings};
use crate::producer::ProducerConfig;

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments, seed))
}

fn run(desk: &mut Desk, arguments: &[String], seed: u64) -> Result<End, Stop> {
    prepare(desk, arguments, seed).or_else(|halt| halt.end(desk))
}

fn prepare(desk: &mut Desk, arguments: &[String], seed: u64) -> Result<End, Halt> {
    let options =
        Options::parse(OPTIONS, arguments).map_err(|error| Halt::bad_option(OPTIONS, &error))?;
    check(desk, &options)?;
    let reader = reader(desk, &options)?;
    let properties = producer_properties(desk, &options)?;
    let borrowed = properties
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let (config, _) = ProducerConfig::from_properties(borrowed).map_err(|error| {
        Halt::thrown(&format!(
            "org.apache.kafka.common.config.ConfigException: {error}"
        ))
    })?;
    let surroundings = desk.surroundings();
    let is_terminal = surroundings.stdin_is_terminal && surroundings.stdout_is_terminal;
    let job = Job {
        topic: value(&options, "topic")?.unwrap_or_default().into(),
        partition: None,
        headers: Vec::new(),
        reader,
        sync: options.has("sync"),
        prompt: is_terminal.then_some(">"),
    };
    let voice = Voice::kafka();
    Ok(End::Then(Box::new(Produce::new(job, config, voice, seed))))
}

/// Kafka's checks, in its order; deprecated options are told on standard output.
fn check(desk: &mut Desk, options: &Options) -> Result<(), Halt> {
    options.help_or_version(
        "This tool helps to read data from standard input and publish it to Kafka.",
    )?;
    options.check_required(&["topic"])?;
    for (new, old) in RENAMED {
        if options.has(new) && options.has(old) {
            return Err(options
                .usage(format!(
                    "Options --{new} and --{old} cannot be specified together."
                ))
                .into());
        }
    }
    for old in ["producer-property", "producer.config", "property"] {
        let new = RENAMED
            .iter()
            .find(|(_, renamed)| *renamed == old)
            .map_or("", |(new, _)| new);
        if options.has(old) {
            desk.println(format!(
                "Warning: --{old} is deprecated and will be removed in a future version. Use --{new} instead."
            ));
        }
    }
    if options.has("max-partition-memory-bytes") {
        desk.println(
            "Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. Use --batch-size instead.",
        );
    }
    check_bootstrap(options, value(options, "bootstrap-server")?)?;
    Ok(())
}

/// `ToolsUtils.validateBootstrapServer`.
fn check_bootstrap(options: &Options, servers: Option<&str>) -> Result<(), Quit> {
    let servers = servers.unwrap_or_default();
    if servers.trim().is_empty() {
        return Err(options.usage("Error while validating the bootstrap address\n"));
    }
    let servers: Vec<&str> = servers.trim_end_matches(',').split(',').collect();
    let has_port = |server: &&str| {
        server.rsplit_once(':').is_some_and(|(_, port)| {
            !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit())
        })
    };
    match servers.iter().all(has_port) {
        true => Ok(()),
        false => Err(options.usage("Please provide valid host:port like host1:9091,host2:9092\n")),
    }
}

fn reader(desk: &mut Desk, options: &Options) -> Result<LineReader, Halt> {
    let class = value(options, "line-reader")?.unwrap_or_default();
    if !matches!(
        class,
        "org.apache.kafka.tools.LineMessageReader"
            | "kafka.tools.ConsoleProducer$LineMessageReader"
    ) {
        return Err(Halt::thrown(&format!(
            "java.lang.ClassNotFoundException: {class}"
        )));
    }
    let mut properties = match value(options, "reader-config")? {
        Some(path) => load(desk, path)?,
        None => Properties::new(),
    };
    properties.extend(parse_key_values(either(
        options,
        "reader-property",
        "property",
    )));
    LineReader::from_properties(&properties)
        .map_err(|why| Halt::thrown(&format!("org.apache.kafka.common.KafkaException: {why}")))
}

/// The producer's configuration: a file, properties, and the options that stand for some of them.
fn producer_properties(desk: &mut Desk, options: &Options) -> Result<Properties, Halt> {
    let path = match options.has("producer.config") {
        true => value(options, "producer.config")?,
        false => value(options, "command-config")?,
    };
    let mut properties = match path {
        Some(path) => load(desk, path)?,
        None => Properties::new(),
    };
    properties.extend(parse_key_values(either(
        options,
        "command-property",
        "producer-property",
    )));
    let mut set = |key: &str, value: &str| {
        properties.insert(key.to_owned(), value.to_owned());
    };
    set(
        "bootstrap.servers",
        value(options, "bootstrap-server")?.unwrap_or_default(),
    );
    set("compression.type", compression(options)?);
    properties
        .entry("client.id".to_owned())
        .or_insert_with(|| "console-producer".to_owned());
    for (option, key) in MERGED {
        if options.has(option) || !properties.contains_key(key) {
            let value = number_or_text(options, option)?;
            properties.insert(key.to_owned(), value);
        }
    }
    Ok(properties)
}

/// Without a value it is gzip.
fn compression(options: &Options) -> Result<&str, Halt> {
    if !options.has("compression-codec") {
        return Ok("none");
    }
    Ok(value(options, "compression-codec")?
        .filter(|codec| !codec.is_empty())
        .unwrap_or("gzip"))
}

fn number_or_text(options: &Options, option: &str) -> Result<String, Halt> {
    let fail = |error: OptionError| Halt::message(&error);
    let text = match option {
        "request-required-acks" => options.value(option).map_err(fail)?.map(str::to_owned),
        "batch-size"
        | "message-send-max-retries"
        | "request-timeout-ms"
        | "socket-buffer-size"
        | "max-partition-memory-bytes" => options
            .integer(option)
            .map_err(fail)?
            .map(|number| number.to_string()),
        _ => options
            .long(option)
            .map_err(fail)?
            .map(|number| number.to_string()),
    };
    Ok(text.unwrap_or_default())
}

fn load(desk: &mut Desk, path: &str) -> Result<Properties, Halt> {
    load_properties(desk, path)?.map_err(|exception| Halt::thrown(&exception.to_string()))
}

fn value<'a>(options: &'a Options, name: &str) -> Result<Option<&'a str>, Halt> {
    options.value(name).map_err(|error| Halt::message(&error))
}

/// The values of an option, or of the one that it has replaced.
fn either<'a>(options: &'a Options, new: &str, old: &str) -> Vec<&'a str> {
    options.values(if options.has(old) { old } else { new })
}

const RENAMED: [(&str, &str); 3] = [
    ("command-config", "producer.config"),
    ("command-property", "producer-property"),
    ("reader-property", "property"),
];

/// Options and the keys that they stand for. The second one for a key takes what the first one has put there, unless it is given itself.
const MERGED: [(&str, &str); 11] = [
    ("timeout", "linger.ms"),
    ("request-required-acks", "acks"),
    ("request-timeout-ms", "request.timeout.ms"),
    ("message-send-max-retries", "retries"),
    ("retry-backoff-ms", "retry.backoff.ms"),
    ("socket-buffer-size", "send.buffer.bytes"),
    ("max-memory-bytes", "buffer.memory"),
    ("batch-size", "batch.size"),
    ("max-partition-memory-bytes", "batch.size"),
    ("metadata-expiry-ms", "metadata.max.age.ms"),
    ("max-block-ms", "max.block.ms"),
];
