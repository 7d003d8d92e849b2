//! The broker: one node.

/// One node of a cluster.
#[derive(Debug)]
pub struct Broker {}
