//! `kafka-get-offsets`: an offset of each partition.

mod filter;

use ottla_core::TopicPartition;
use ottla_core::sorted::Map;

use super::cluster;
use super::declared::get_offsets::OPTIONS;
use super::failure::Failure;
use super::java::Exception;
use super::options::Options;
use crate::admin::{AdminConfig, ListOffsets, ListTopics, OffsetSpec};
use crate::command::{Desk, Exit, Program, Stop, Surroundings};
use filter::PartitionFilter;

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments))
}

fn run(desk: &mut Desk, arguments: &[String]) -> Result<Exit, Stop> {
    match act(desk, arguments) {
        Ok(()) => Ok(Exit::DONE),
        Err(failure) => failure.end(desk, |desk, thrown| {
            desk.warn(format!("Error occurred: {}", thrown.message));
        }),
    }
}

fn act(desk: &mut Desk, arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    options.help_or_version("An interactive shell for getting topic-partition offsets.")?;
    options.check_required(&["bootstrap-server"])?;
    check_servers(&options)?;
    let spec = offset_spec(options.value("time")?.unwrap_or_default())?;
    let filter = PartitionFilter::of(&options)?;
    options.value("command-config")?;
    let config = cluster::admin_config_of(desk, &options)??;
    desk.connect(AdminConfig {
        client_id: "GetOffsetShell".to_owned(),
        ..config
    });

    let partitions = partitions(desk, &options, &filter)?;
    if partitions.is_empty() {
        return Err(terse(
            "Could not match any topic-partitions with the specified filters".to_owned(),
        ));
    }
    let partitions = partitions.into_iter().map(|one| (one, spec)).collect();
    let offsets = desk.ask(ListOffsets {
        partitions,
        read_committed: false,
    })?;
    // By their names as text: partition 10 stands before partition 2.
    let mut lines = Map::new();
    for (partition, found) in offsets {
        match found {
            Ok(found) if found.offset == -1 => {}
            Ok(found) => {
                let TopicPartition {
                    topic,
                    partition: index,
                } = &partition;
                lines.insert(
                    partition.to_string(),
                    format!("{topic}:{index}:{}", found.offset),
                );
            }
            Err(error) => desk.warn(format!(
                "Skip getting offsets for topic-partition {partition} due to error: {}",
                Exception::from(&error)
            )),
        }
    }
    lines.into_values().for_each(|line| desk.println(line));
    Ok(())
}

/// The partitions that the filter lets pass.
fn partitions(
    desk: &mut Desk,
    options: &Options,
    filter: &PartitionFilter,
) -> Result<Vec<TopicPartition>, Failure> {
    let internal = !options.has("exclude-internal-topics");
    let topics = desk.ask(ListTopics { internal })?;
    let partitions = topics.into_iter().flat_map(|(topic, listed)| {
        (0..listed.partitions_count).map(move |partition| TopicPartition {
            topic: topic.clone(),
            partition,
        })
    });
    Ok(partitions.filter(|one| filter.passes(one)).collect())
}

fn check_servers(options: &Options) -> Result<(), Failure> {
    let servers = options.value("bootstrap-server")?.unwrap_or_default();
    let has_port = |server: &str| {
        let port = server.trim().rsplit_once(':').map(|(_, port)| port);
        port.is_some_and(|port| !port.is_empty() && port.bytes().all(|one| one.is_ascii_digit()))
    };
    if servers.trim().is_empty() {
        let message = "Error while validating the bootstrap address\n";
        return Err(options.usage(message).into());
    }
    match servers.trim_end_matches(',').split(',').all(has_port) {
        true => Ok(()),
        false => {
            let message = "Please provide valid host:port like host1:9091,host2:9092\n";
            Err(options.usage(message).into())
        }
    }
}

/// `--time`.
fn offset_spec(time: &str) -> Result<OffsetSpec, Failure> {
    Ok(match time {
        "latest" | "-1" => OffsetSpec::Latest,
        "earliest" | "-2" => OffsetSpec::Earliest,
        "max-timestamp" | "-3" => OffsetSpec::MaxTimestamp,
        "earliest-local" | "-4" => OffsetSpec::EarliestLocal,
        "latest-tiered" | "-5" => OffsetSpec::LatestTiered,
        "earliest-pending-upload" | "-6" => OffsetSpec::EarliestPendingUpload,
        _ => OffsetSpec::At(time.parse().map_err(|_| {
            terse(format!(
                "Malformed time argument {time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / \
                 -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp"
            ))
        })?),
    })
}

fn terse(message: String) -> Failure {
    Failure::thrown("org.apache.kafka.tools.TerseException", message)
}
