//! Texts of the benchmark's page.

pub(crate) const TITLE: &str = "How fast it is";
pub(crate) const EXPLAIN: &str = "64 partitions and 64 members, with four producers that send 80 records a second, on the machine that you sit at.";
