//! `kafka-console-consumer`: records become lines of standard output.

use ottla_core::TopicPartition;
use ottla_core::sorted::Set;

use super::cluster::load_properties;
use super::declared::console_consumer::OPTIONS;
use super::java::{Properties, parse_key_values};
use super::options::Options;
use super::quit::Halt;
use crate::command::consume::{Consume, Formatter, From, Job, KafkaFormatter, Source, Voice};
use crate::command::{Desk, End, Program, Stop, Surroundings};
use crate::consumer::{ConsumerConfig, Pattern, Subscription};

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
    options.help_or_version(
        "This tool helps to read data from Kafka topics and outputs it to standard output.",
    )?;
    let partition = options
        .integer("partition")
        .map_err(|error| Halt::uncaught(&error))?;
    check(&options, partition)?;
    deprecated(
        desk,
        &options,
        &[
            ("consumer-property", "command-property"),
            ("consumer.config", "command-config"),
        ],
    );
    let properties = consumer_properties(desk, &options, partition, seed)?;
    let from = from(&options)?;
    let timeout_ms = options
        .long("timeout-ms")
        .map_err(|error| Halt::uncaught(&error))?;
    let formatter = formatter(desk, &options)?;

    // From here on Kafka's tool logs what is wrong.
    let borrowed = properties
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let (config, _) = ConsumerConfig::from_properties(borrowed).map_err(|error| {
        unknown_error(&format!(
            "org.apache.kafka.common.config.ConfigException: {error}"
        ))
    })?;
    let max_messages = options.integer("max-messages").map_err(|error| {
        let mut halt = unknown_error(&format!("{}: {error}", error.exception()));
        halt.say_first("Processed a total of 0 messages\n");
        halt
    })?;
    let job = Job {
        source: source(&options, partition, from)?,
        formatter,
        // -1 is no limit; other negative numbers are reached at once.
        max_records: max_messages
            .filter(|most| *most != -1)
            .map(|most| u64::try_from(most).unwrap_or(0)),
        idle_timeout_ms: timeout_ms.filter(|timeout_ms| *timeout_ms >= 0),
        ends: None,
        skips_errors: options.has("skip-message-on-error"),
    };
    let voice = Voice::kafka(options.has("enable-systest-events"));
    Ok(End::Then(Box::new(Consume::new(job, config, voice, seed))))
}

fn check(options: &Options, partition: Option<i32>) -> Result<(), Halt> {
    options.check_one_of(&["topic", "include"])?;
    if partition.is_some() {
        if !options.has("topic") {
            return Err(options
                .usage("The topic is required when partition is specified.")
                .into());
        }
        if options.has("from-beginning") && options.has("offset") {
            let message = "Options from-beginning and offset cannot be specified together.";
            return Err(options.usage(message).into());
        }
    } else if options.has("offset") {
        return Err(options
            .usage("The partition is required when offset is specified.")
            .into());
    }
    options.check_required(&["bootstrap-server"])?;
    for (old, new) in [
        ("consumer-property", "command-property"),
        ("consumer.config", "command-config"),
    ] {
        check_not_both(options, old, new)?;
    }
    Ok(())
}

fn check_not_both(options: &Options, old: &str, new: &str) -> Result<(), Halt> {
    match options.has(old) && options.has(new) {
        true => Err(options
            .usage(format!(
                "Options --{old} and --{new} cannot be specified together."
            ))
            .into()),
        false => Ok(()),
    }
}

fn deprecated(desk: &mut Desk, options: &Options, renamed: &[(&str, &str)]) {
    for (old, new) in renamed.iter().filter(|(old, _)| options.has(old)) {
        desk.println(format!(
            "Option --{old} is deprecated and will be removed in a future version. Use --{new} instead."
        ));
    }
}

/// The consumer's configuration: a file, properties, and what the tool makes of its options.
fn consumer_properties(
    desk: &mut Desk,
    options: &Options,
    partition: Option<i32>,
    seed: u64,
) -> Result<Properties, Halt> {
    let path = value(
        options,
        either(options, "command-config", "consumer.config"),
    )?;
    let of_file = match path {
        Some(path) => load_properties(desk, path)?.map_err(|exception| {
            Halt::thrown(&format!("Exception in thread \"main\" {exception}"))
        })?,
        None => Properties::new(),
    };
    let given =
        parse_key_values(options.values(either(options, "command-property", "consumer-property")));

    let group = value(options, "group")?;
    let of_properties = [of_file.get("group.id"), given.get("group.id")];
    let groups: Set<&str> = group
        .into_iter()
        .chain(of_properties.into_iter().flatten().map(String::as_str))
        .collect();
    if groups.len() > 1 {
        let detected: Vec<String> = groups.iter().map(|group| format!("'{group}'")).collect();
        return Err(options
            .usage(format!(
                "The group ids provided in different places (directly using '--group', via '--consumer-property', or via \
                 '--consumer.config') do not match. Detected group ids: {}",
                detected.join(", ")
            ))
            .into());
    }
    let group = groups.first().map(|group| (*group).to_owned());
    if group.is_some() && partition.is_some() {
        return Err(options
            .usage("Options group and partition cannot be specified together.")
            .into());
    }

    let mut properties = of_file;
    properties.extend(given);
    set_offset_reset(options, &mut properties)?;
    let mut set = |key: &str, value: &str| {
        properties.insert(key.to_owned(), value.to_owned());
    };
    set(
        "bootstrap.servers",
        value(options, "bootstrap-server")?.unwrap_or_default(),
    );
    match group {
        Some(group) => set("group.id", &group),
        None => {
            set("group.id", &format!("console-consumer-{}", seed % 100_000));
            // The offsets of a group that nobody will use again are of no use.
            properties
                .entry("enable.auto.commit".to_owned())
                .or_insert_with(|| "false".to_owned());
        }
    }
    properties
        .entry("client.id".to_owned())
        .or_insert_with(|| "console-consumer".to_owned());
    if options.has("isolation-level") || !properties.contains_key("isolation.level") {
        let level = value(options, "isolation-level")?.unwrap_or_default();
        properties.insert("isolation.level".to_owned(), level.to_owned());
    }
    Ok(properties)
}

fn set_offset_reset(options: &Options, properties: &mut Properties) -> Result<(), Halt> {
    let from_beginning = options.has("from-beginning");
    match properties.get("auto.offset.reset") {
        Some(reset) if from_beginning && reset != "earliest" => Err(Halt::thrown(&format!(
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset={reset}', please remove one option"
        ))),
        Some(_) => Ok(()),
        None => {
            let reset = if from_beginning { "earliest" } else { "latest" };
            properties.insert("auto.offset.reset".to_owned(), reset.to_owned());
            Ok(())
        }
    }
}

/// Where `--partition` begins.
fn from(options: &Options) -> Result<From, Halt> {
    if !options.has("offset") {
        return Ok(if options.has("from-beginning") {
            From::Beginning
        } else {
            From::End
        });
    }
    let offset = value(options, "offset")?.unwrap_or_default();
    match offset.to_lowercase().as_str() {
        "earliest" => Ok(From::Beginning),
        "latest" => Ok(From::End),
        number => match number.parse() {
            Ok(number) if number >= 0 => Ok(From::Offset(number)),
            _ => Err(options
                .usage(format!(
                    "The provided offset value '{offset}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long."
                ))
                .into()),
        },
    }
}

fn source(options: &Options, partition: Option<i32>, from: From) -> Result<Source, Halt> {
    if let Some(pattern) = value(options, "include")? {
        let pattern = Pattern::new(pattern).map_err(|error| {
            unknown_error(&format!("java.util.regex.PatternSyntaxException: {error}"))
        })?;
        return Ok(Source::Group(Subscription::Pattern(pattern)));
    }
    let topic = value(options, "topic")?.unwrap_or_default().into();
    Ok(match partition {
        None => Source::Group(Subscription::Topics([topic].into())),
        Some(partition) => Source::Partitions(vec![(TopicPartition { topic, partition }, from)]),
    })
}

fn formatter(desk: &mut Desk, options: &Options) -> Result<Formatter, Halt> {
    let class = value(options, "formatter")?.unwrap_or_default();
    // Tutorials for older releases name the classes of those releases.
    let name = ["org.apache.kafka.tools.consumer.", "kafka.tools."]
        .iter()
        .find_map(|package| class.strip_prefix(package));
    if !matches!(
        name,
        Some(
            "DefaultMessageFormatter"
                | "LoggingMessageFormatter"
                | "NoOpMessageFormatter"
                | "OffsetsMessageFormatter"
        )
    ) {
        return Err(options.usage(class).into());
    }
    check_not_both(options, "property", "formatter-property")?;
    deprecated(desk, options, &[("property", "formatter-property")]);
    let mut properties = match value(options, "formatter-config")? {
        Some(path) => load_properties(desk, path)?
            .map_err(|exception| Halt::Quit(options.usage(exception.message)))?,
        None => Properties::new(),
    };
    for (option, key) in [
        ("key-deserializer", "key.deserializer"),
        ("value-deserializer", "value.deserializer"),
    ] {
        if let Some(class) = value(options, option)?.filter(|class| !class.is_empty()) {
            properties.insert(key.to_owned(), class.to_owned());
        }
    }
    let given = options.values(either(options, "formatter-property", "property"));
    properties.extend(parse_key_values(given));
    match name {
        Some("NoOpMessageFormatter") => return Ok(Formatter::Nothing),
        Some("OffsetsMessageFormatter") => return Ok(Formatter::Offsets),
        _ => {}
    }
    let (formatter, unknown) = KafkaFormatter::from_properties(&properties);
    for class in unknown {
        desk.warn(format!("ottla: Unable to instantiate a deserializer from {class}; bytes are printed as they are"));
    }
    Ok(Formatter::Kafka(formatter))
}

/// The option that is to be looked at: the one of old, if it was given.
fn either<'a>(options: &Options, new: &'a str, old: &'a str) -> &'a str {
    if options.has(old) { old } else { new }
}

fn value<'a>(options: &'a Options, name: &str) -> Result<Option<&'a str>, Halt> {
    options.value(name).map_err(|error| Halt::uncaught(&error))
}

fn unknown_error(exception: &str) -> Halt {
    Halt::thrown(&format!(
        "ottla: Unknown error when running consumer: {exception}"
    ))
}
