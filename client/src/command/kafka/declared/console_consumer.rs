//! The options of `kafka-console-consumer`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

use crate::command::kafka::options::{Declaration, HELP, VERSION};

/// In no order: the usage sorts them.
pub(crate) const OPTIONS: &[Declaration] = &[
    Declaration::text(
        "bootstrap-server",
        "server to connect to",
        "REQUIRED: The server(s) to connect to.",
    ),
    Declaration::text(
        "command-config",
        "config file",
        "Consumer config properties file. Note that [command-property] takes precedence over \
         this config.",
    ),
    Declaration::text(
        "command-property",
        "consumer_prop",
        "Consumer config properties in the form key=value.",
    ),
    Declaration::text(
        "consumer-property",
        "consumer_prop",
        "(DEPRECATED) Consumer config properties in the form key=value. This option will be \
         removed in a future version. Use --command-property instead.",
    ),
    Declaration::text(
        "consumer.config",
        "config file",
        "(DEPRECATED) Consumer config properties file. Note that [command-property] takes \
         precedence over this config. This option will be removed in a future version. Use \
         --command-config instead.",
    ),
    Declaration::flag(
        "enable-systest-events",
        "Log lifecycle events of the consumer in addition to logging consumed messages. \
         (This is specific for system tests.)",
    ),
    Declaration::text(
        "formatter",
        "class",
        "The name of a class to use for formatting kafka messages for display.",
    )
    .default("org.apache.kafka.tools.consumer.DefaultMessageFormatter"),
    Declaration::text(
        "formatter-config",
        "config file",
        "Config properties file to initialize the message formatter. Note that \
         [formatter-property] takes precedence over this config.",
    ),
    Declaration::text(
        "formatter-property",
        "prop",
        concat!(
            "The properties to initialize the message formatter. Default properties include: \n",
            formatter_properties!()
        ),
    ),
    Declaration::flag(
        "from-beginning",
        "If the consumer does not already have an established offset to consume from, start \
         with the earliest message present in the log rather than the latest message.",
    ),
    Declaration::text(
        "group",
        "consumer group id",
        "The consumer group id of the consumer.",
    ),
    HELP,
    Declaration::text(
        "include",
        "Java regex (String)",
        "Regular expression specifying list of topics to include for consumption.",
    ),
    Declaration::text(
        "isolation-level",
        "",
        "Set to read_committed in order to filter out transactional messages which are not \
         committed. Set to read_uncommitted to read all messages.",
    )
    .default("read_uncommitted"),
    Declaration::text(
        "key-deserializer",
        "deserializer for keys",
        "The name of the class to use for deserializing keys.",
    ),
    Declaration::integer(
        "max-messages",
        "num_messages",
        "The maximum number of messages to consume before exiting. If not set, consumption \
         is continual.",
    ),
    Declaration::text(
        "offset",
        "consume offset",
        "The offset to consume from (a non-negative number), or 'earliest' which means from \
         beginning, or 'latest' which means from end",
    )
    .default("latest"),
    Declaration::integer(
        "partition",
        "partition",
        "The partition to consume from. Consumption starts from the end of the partition \
         unless '--offset' is specified.",
    ),
    Declaration::text(
        "property",
        "prop",
        concat!(
            "(DEPRECATED) The properties to initialize the message formatter. Default properties \
         include: \n",
            formatter_properties!(),
            " \n\
         This option will be removed in a future version. Use --formatter-property instead."
        ),
    ),
    Declaration::flag(
        "skip-message-on-error",
        "If there is an error when processing a message, skip it instead of halt.",
    ),
    Declaration::long(
        "timeout-ms",
        "timeout_ms",
        "If specified, exit if no message is available for consumption for the specified \
         interval.",
    ),
    Declaration::text("topic", "topic", "The topic to consume from."),
    Declaration::text(
        "value-deserializer",
        "deserializer for values",
        "The name of the class to use for deserializing values.",
    ),
    VERSION,
];
