//! The options of `kafka-broker-api-versions`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

use crate::command::kafka::options::{Declaration, HELP, VERSION};

/// In no order: the usage sorts them.
pub(crate) const OPTIONS: &[Declaration] = &[
    Declaration::text(
        "bootstrap-server",
        "server(s) to use for bootstrapping",
        "REQUIRED: The server to connect to.",
    ),
    Declaration::text(
        "command-config",
        "command config property file",
        "A property file containing configs to be passed to Admin Client.",
    ),
    HELP,
    VERSION,
];
