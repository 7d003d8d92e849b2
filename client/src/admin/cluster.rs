//! Which brokers there are.

use super::Question;
use crate::interface::Address;

/// Which cluster this is, and which brokers it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeCluster;

impl Question for DescribeCluster {
    type Answer = Cluster;
    const CALL: &'static str = "describeCluster";
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
