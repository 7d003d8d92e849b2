//! Which brokers there are.

use kafka_protocol::messages::{
    DescribeClusterRequest, DescribeClusterResponse, MetadataRequest, MetadataResponse,
};

use super::clerk::{failure, if_any, never};
use super::{AskError, Clerk, Question, Stop};
use crate::interface::Address;
use crate::network::{BrokerId, Target};
use crate::protocol::Request;
use crate::protocol::names::told;

/// Which cluster this is, and which brokers it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeCluster;

impl Question for DescribeCluster {
    type Answer = Cluster;
    const CALL: &'static str = "describeCluster";

    fn answer(&self, clerk: &mut Clerk) -> Result<Cluster, Stop> {
        let request = DescribeClusterRequest::default().with_endpoint_type(1);
        let again = |response: &DescribeClusterResponse| if_any([response.error_code]);
        match clerk.ask(Target::Any, request, again) {
            Ok(response) => Ok(described(response)?),
            // Before Kafka 2.8 metadata tells as much.
            Err(Stop::Failed(AskError::Unsupported { .. })) => from_metadata(clerk),
            Err(stop) => Err(stop),
        }
    }
}

/// The answer to [`DescribeCluster`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its id, where the brokers tell one.
    pub id: Option<String>,
    /// The broker that leads the cluster, if there is one.
    pub controller: Option<i32>,
    /// The brokers, by id.
    pub brokers: Vec<Node>,
}

/// A broker, as the cluster's metadata names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// `node.id`.
    pub id: i32,
    /// Where clients are to find it.
    pub address: Address,
    /// `broker.rack`.
    pub rack: Option<String>,
}

/// The brokers that metadata names.
pub(super) fn from_metadata(clerk: &mut Clerk) -> Result<Cluster, Stop> {
    let request = MetadataRequest::default().with_topics(Some(Vec::new()));
    let response: MetadataResponse = clerk.ask(Target::Any, request, never)?;
    let brokers = response.brokers.into_iter().map(|broker| Node {
        id: broker.node_id.0,
        address: address(&broker.host, broker.port),
        rack: broker.rack.map(|rack| rack.to_string()),
    });
    Ok(Cluster {
        id: response.cluster_id.map(|id| id.to_string()),
        controller: told(response.controller_id.0),
        brokers: sorted(brokers),
    })
}

/// The same request to each broker of the cluster.
pub(super) fn to_each(brokers: &[Node], request: impl Into<Request>) -> Vec<(Target, Request)> {
    let request = request.into();
    let targets = brokers
        .iter()
        .map(|broker| Target::Broker(BrokerId(broker.id)));
    targets.map(|target| (target, request.clone())).collect()
}

/// An address; a port that there cannot be is 0, which nobody listens on.
pub(super) fn address(host: &str, port: i32) -> Address {
    Address {
        host: host.to_owned(),
        port: u16::try_from(port).unwrap_or(0),
    }
}

fn described(response: DescribeClusterResponse) -> Result<Cluster, AskError> {
    if let Some(error) = failure(response.error_code, response.error_message.as_deref()) {
        return Err(error.into());
    }
    let brokers = response.brokers.into_iter().map(|broker| Node {
        id: broker.broker_id.0,
        address: address(&broker.host, broker.port),
        rack: broker.rack.map(|rack| rack.to_string()),
    });
    Ok(Cluster {
        id: Some(response.cluster_id.to_string()),
        controller: told(response.controller_id.0),
        brokers: sorted(brokers),
    })
}

fn sorted(brokers: impl Iterator<Item = Node>) -> Vec<Node> {
    let mut brokers: Vec<Node> = brokers.collect();
    brokers.sort();
    brokers
}
