//! `ottla cluster`.

use clap::Args;
use serde_json::json;

use super::ClusterOptions;
use super::table::{Cell, Mood, Table};
use super::teller::{Halt, Teller};
use super::words::counted;
use crate::admin::{DescribeApis, DescribeCluster, ListGroups, ListTopics};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla cluster
  ottla cluster --bootstrap kafka.example:9092 --wait 30

JSON: {\"id\", \"controller\", \"topics\", \"partitions\", \"groups\", \"features\": {NAME: LEVEL},
  \"brokers\": [{\"id\", \"host\", \"port\", \"rack\", \"controller\", \"apis\", \"error\"}]}. What cannot be known is null.";

/// `ottla cluster`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct ClusterCommand {
    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl ClusterCommand {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let cluster = teller.begin(DescribeCluster);
        let topics = teller.begin(ListTopics { internal: false });
        let groups = teller.begin(ListGroups::default());
        let apis = teller.begin(DescribeApis);
        let (cluster, topics) = (teller.answer(cluster)?, teller.answer(topics)?);
        let (groups, apis) = (teller.answer(groups)?, teller.answer(apis)?);

        let partitions_count: i64 = topics
            .values()
            .map(|topic| i64::from(topic.partitions_count))
            .sum();
        let features = apis.values().find_map(|apis| apis.as_ref().ok());
        let features = features.map(|apis| apis.features.clone());
        let features = features.unwrap_or_default();

        let mut facts = Table::new(&["CLUSTER", ""]);
        facts.row(["id".into(), Cell::known(cluster.id.as_ref())]);
        let topics_text = match topics.len() {
            0 => "none".to_owned(),
            count => {
                let partitions = usize::try_from(partitions_count).unwrap_or(0);
                format!("{count} with {}", counted(partitions, "partition"))
            }
        };
        facts.row(["topics".into(), topics_text.into()]);
        facts.row(["groups".into(), groups.groups.len().into()]);
        let levels = features
            .iter()
            .map(|(name, level)| format!("{name}={level}"));
        let levels = levels.collect::<Vec<_>>().join(", ");
        if !levels.is_empty() {
            facts.row(["features".into(), levels.into()]);
        }
        teller.table(&facts);
        teller.line("");

        let mut table = Table::new(&["#BROKER", "ADDRESS", "RACK", "ROLE", "SPEAKS"]);
        let mut documents = Vec::new();
        let mut exit = Exit::DONE;
        for broker in &cluster.brokers {
            let is_controller = cluster.controller == Some(broker.id);
            let told = apis.iter().find(|(node, _)| node.id == broker.id);
            let (speaks, error) = match told {
                Some((_, Ok(apis))) => (Cell::from(counted(apis.versions.len(), "API")), None),
                Some((_, Err(error))) => (Cell::new(Mood::Bad, error), Some(error.to_string())),
                None => (Cell::known(None::<&str>), None),
            };
            if error.is_some() {
                exit = Exit::FAILED;
            }
            table.row([
                broker.id.into(),
                Cell::from(&broker.address),
                Cell::from(broker.rack.as_deref().unwrap_or_default()),
                Cell::from(if is_controller { "controller" } else { "" }),
                speaks,
            ]);
            let apis = told.and_then(|(_, apis)| apis.as_ref().ok());
            documents.push(json!({
                "id": broker.id,
                "host": broker.address.host,
                "port": broker.address.port,
                "rack": broker.rack,
                "controller": is_controller,
                "apis": apis.map(|apis| apis.versions.len()),
                "error": error,
            }));
        }
        teller.table(&table);
        teller.document(&json!({
            "id": cluster.id,
            "controller": cluster.controller,
            "topics": topics.len(),
            "partitions": partitions_count,
            "groups": groups.groups.len(),
            "features": features,
            "brokers": documents,
        }));
        Ok(exit)
    }
}
