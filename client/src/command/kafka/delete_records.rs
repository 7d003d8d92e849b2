//! `kafka-delete-records`: deletes the records before an offset, as a JSON file says.

use ottla_core::TopicPartition;
use ottla_core::sorted::Map;
use serde_json::Value;

use super::cluster;
use super::declared::delete_records::OPTIONS;
use super::failure::Failure;
use super::java::{Exception, hash_of_partition, hash_order};
use super::options::Options;
use crate::admin::DeleteRecords;
use crate::command::{Desk, Exit, Program, Stop, Surroundings};

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments))
}

fn run(desk: &mut Desk, arguments: &[String]) -> Result<Exit, Stop> {
    match act(desk, arguments) {
        Ok(()) => Ok(Exit::DONE),
        Err(failure) => failure.end(desk, |desk, thrown| desk.warn(&thrown.message)),
    }
}

fn act(desk: &mut Desk, arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    options.help_or_version(
        "This tool helps to delete records of the given partitions down to the specified offset.",
    )?;
    options.check_required(&["bootstrap-server", "offset-json-file"])?;
    options.value("command-config")?;
    options.value("bootstrap-server")?;
    let config = cluster::admin_config_of(desk, &options)??;
    desk.connect(config);

    let path = options.value("offset-json-file")?.unwrap_or_default();
    let file = desk
        .read_file(path)?
        .map_err(|_| failed("java.io.IOException", format!("Unable to read file {path}")))?;
    let before = parse(&file)?;
    desk.println("Executing records delete operation");
    let outcomes = match before.is_empty() {
        true => Map::new(),
        false => desk.ask(DeleteRecords { before })?,
    };
    desk.println("Records delete operation completed:");
    let outcomes = outcomes.into_iter().collect();
    for (partition, outcome) in hash_order(outcomes, |(partition, _)| hash_of_partition(partition))
    {
        desk.println(match outcome {
            Ok(low_watermark) => format!("partition: {partition}\tlow_watermark: {low_watermark}"),
            Err(error) => format!("partition: {partition}\terror: {}", Exception::from(&error)),
        });
    }
    Ok(())
}

/// `{"version": 1, "partitions": [{"topic": .., "partition": .., "offset": ..}]}`
fn parse(file: &[u8]) -> Result<Map<TopicPartition, i64>, Failure> {
    let json: Value = serde_json::from_slice(file)
        .map_err(|_| operation("The input string is not a valid JSON".to_owned()))?;
    let fields = json
        .as_object()
        .ok_or_else(|| expected("JSON object", &json))?;
    let version = fields.get("version").map(integer).transpose()?.unwrap_or(1);
    if version != 1 {
        return Err(operation(format!(
            "Not supported version field value {version}"
        )));
    }
    let missing = || operation("Missing partitions field".to_owned());
    let partitions = fields.get("partitions").ok_or_else(missing)?;
    let list = partitions
        .as_array()
        .ok_or_else(|| expected("JSON array", partitions))?;

    let mut before = Map::new();
    let mut twice = Vec::new();
    for entry in list {
        let topic = field(entry, "topic")?;
        let topic = topic
            .as_str()
            .ok_or_else(|| expected("`String` value", topic))?;
        let partition = TopicPartition {
            topic: topic.into(),
            partition: integer(field(entry, "partition")?)?,
        };
        let offset = field(entry, "offset")?;
        let offset = offset
            .as_i64()
            .ok_or_else(|| expected("`Long` value", offset))?;
        if before.insert(partition.clone(), offset).is_some() && !twice.contains(&partition) {
            twice.push(partition);
        }
    }
    if !twice.is_empty() {
        let twice = hash_order(twice, hash_of_partition);
        let twice: Vec<String> = twice.iter().map(TopicPartition::to_string).collect();
        return Err(failed(
            "org.apache.kafka.tools.AdminCommandFailedException",
            format!(
                "Offset json file contains duplicate topic partitions: {}",
                twice.join(",")
            ),
        ));
    }
    Ok(before)
}

fn field<'a>(entry: &'a Value, name: &str) -> Result<&'a Value, Failure> {
    let fields = entry
        .as_object()
        .ok_or_else(|| expected("JSON object", entry))?;
    fields.get(name).ok_or_else(|| {
        failed(
            "com.fasterxml.jackson.databind.JsonMappingException",
            format!("No such field exists: `{name}`"),
        )
    })
}

fn integer(value: &Value) -> Result<i32, Failure> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| expected("`Integer` value", value))
}

fn expected(what: &str, value: &Value) -> Failure {
    failed(
        "com.fasterxml.jackson.databind.JsonMappingException",
        format!("Expected {what}, received {value}"),
    )
}

fn operation(message: String) -> Failure {
    failed("org.apache.kafka.tools.AdminOperationException", message)
}

fn failed(class: &str, message: String) -> Failure {
    Failure::thrown(class, message)
}
