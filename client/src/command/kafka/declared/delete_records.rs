//! The options of `kafka-delete-records`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

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
        "command config property file path",
        "A property file containing configs to be passed to Admin Client.",
    ),
    HELP,
    Declaration::text(
        "offset-json-file",
        "Offset json file path",
        "REQUIRED: The JSON file with offset per partition. The format to use is:\n\
         {\"partitions\":\n\
         \x20 [{\"topic\": \"foo\", \"partition\": 1, \"offset\": 1}],\n\
         \x20\"version\":1\n\
         }",
    ),
    VERSION,
];
