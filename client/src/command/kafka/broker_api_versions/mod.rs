//! `kafka-broker-api-versions`: which requests each broker understands.
//!
//! What it calls usable is what a client of Apache Kafka 4.3.1 would use, so that the output is the same.

mod apis;

use super::cluster;
use super::declared::broker_api_versions::OPTIONS;
use super::failure::Failure;
use super::java::{Exception, hash_of_string, hash_order};
use super::options::Options;
use crate::admin::{BrokerApis, DescribeApis, Node};
use crate::command::{Desk, Exit, Program, Stop, Surroundings};
use apis::{APIS, Api};
use ottla_core::sorted::Map;

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
    options.help_or_version("This tool helps to retrieve broker version information.")?;
    options.check_required(&["bootstrap-server"])?;
    options.value("command-config")?;
    options.value("bootstrap-server")?;
    let config = cluster::admin_config_of(desk, &options)??;
    desk.connect(config);

    let brokers = desk.ask(DescribeApis)?.into_iter().collect();
    for (node, apis) in hash_order(brokers, |(node, _)| hash_of_node(node)) {
        let Node { id, address, rack } = &node;
        let rack = rack.as_deref().unwrap_or("null");
        let apis = match &apis {
            Ok(apis) => list(apis),
            Err(error) => format!("ERROR: {}", Exception::from(error)),
        };
        desk.println(format!(
            "{}:{} (id: {id} rack: {rack} isFenced: false) -> {apis}",
            address.host, address.port
        ));
    }
    Ok(())
}

/// What the broker serves, and which requests of clients it does not, by key.
fn list(broker: &BrokerApis) -> String {
    let mut lines = Map::new();
    for api in APIS.iter().filter(|api| api.is_for_clients) {
        lines.insert(api.key, format!("\t{}({}): UNSUPPORTED", api.name, api.key));
    }
    for (key, served) in &broker.versions {
        lines.insert(*key, served_line(*key, *served));
    }
    let lines: Vec<String> = lines.into_values().collect();
    format!("(\n{}\n)", lines.join(",\n"))
}

fn served_line(key: i16, (lowest, highest): (i16, i16)) -> String {
    let range = match lowest == highest {
        true => lowest.to_string(),
        false => format!("{lowest} to {highest}"),
    };
    let Some(Api {
        name,
        oldest,
        latest,
        ..
    }) = APIS.iter().find(|api| api.key == key)
    else {
        return format!("\tUNKNOWN({key}): {range}");
    };
    let use_of_it = match () {
        () if *latest < lowest => "unusable: node too new".to_owned(),
        () if highest < *oldest => "unusable: node too old".to_owned(),
        () => format!("usable: {}", highest.min(*latest)),
    };
    format!("\t{name}({key}): {range} [{use_of_it}]")
}

/// `Node.hashCode()`.
fn hash_of_node(node: &Node) -> i32 {
    let rack = node.rack.as_deref().map_or(0, hash_of_string);
    let parts = [
        hash_of_string(&node.address.host),
        node.id,
        i32::from(node.address.port),
        rack,
        HASH_OF_FALSE,
    ];
    parts.into_iter().fold(1, |hash: i32, part| {
        hash.wrapping_mul(31).wrapping_add(part)
    })
}

/// `Boolean.hashCode(false)`.
const HASH_OF_FALSE: i32 = 1237;

#[cfg(test)]
mod tests {
    use ottla_core::sorted::Map;

    use expect_test::expect;

    use super::list;
    use crate::admin::BrokerApis;

    #[test]
    fn what_is_unknown_too_old_or_too_new_is_said() {
        let versions = Map::from([
            (0, (0, 2)),
            (1, (4, 99)),
            (2, (50, 60)),
            (3, (7, 7)),
            (999, (0, 1)),
        ]);
        let features = Map::new();
        let listed = list(&BrokerApis { versions, features });
        let of_interest = |line: &&str| !line.contains("UNSUPPORTED");
        let lines: Vec<&str> = listed.lines().filter(of_interest).collect();
        expect![[r#"
            (
            	Produce(0): 0 to 2 [unusable: node too old],
            	Fetch(1): 4 to 99 [usable: 18],
            	ListOffsets(2): 50 to 60 [unusable: node too new],
            	Metadata(3): 7 [usable: 7],
            	UNKNOWN(999): 0 to 1
            )"#]]
        .assert_eq(&lines.join("\n"));
        assert!(listed.contains("\tOffsetCommit(8): UNSUPPORTED,\n"));
    }
}
