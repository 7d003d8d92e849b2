//! The options of `kafka-topics`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

use crate::command::kafka::options::{Declaration, HELP, VERSION};

/// In no order: the usage sorts them.
pub(crate) const OPTIONS: &[Declaration] = &[
    Declaration::flag(
        "alter",
        "Alter the number of partitions and replica assignment. (To alter topic \
         configurations, the kafka-configs tool can be used.)",
    ),
    Declaration::flag(
        "at-min-isr-partitions",
        "If set when describing topics, only show partitions whose isr count is equal to the \
         configured minimum.",
    ),
    Declaration::text(
        "bootstrap-server",
        "server to connect to",
        "REQUIRED: The Kafka server to connect to.",
    ),
    Declaration::text(
        "command-config",
        "command config property file",
        "Property file containing configs to be passed to Admin Client.",
    ),
    Declaration::text(
        "config",
        "name=value",
        concat!(
            "A topic configuration override for the topic being created. The following is a list \
         of valid configurations: \n",
            topic_keys!(),
            "See the Kafka documentation for full details on the topic configs. It is supported \
         only in combination with --create. (To alter topic configurations, the \
         kafka-configs tool can be used.)"
        ),
    ),
    Declaration::flag("create", "Create a new topic."),
    Declaration::flag("delete", "Delete a topic."),
    Declaration::text(
        "delete-config",
        "name",
        "This option is no longer supported and has been deprecated since 4.0",
    ),
    Declaration::flag("describe", "List details for the given topics."),
    Declaration::flag(
        "exclude-internal",
        "Exclude internal topics when listing or describing topics. By default, the internal \
         topics are included.",
    ),
    HELP,
    Declaration::flag(
        "if-exists",
        "If set when altering or deleting or describing topics, the action will only execute \
         if the topic exists.",
    ),
    Declaration::flag(
        "if-not-exists",
        "If set when creating topics, the create request will not fail if the topic already \
         exists, but the request will still be sent.",
    ),
    Declaration::flag("list", "List all available topics."),
    Declaration::integer(
        "partition-size-limit-per-response",
        "maximum number of partitions per response",
        "The maximum partition size to be included in one DescribeTopicPartitions response.",
    ),
    Declaration::integer(
        "partitions",
        "# of partitions",
        "The number of partitions for the topic being created or altered. If not supplied \
         with --create, the topic uses the cluster default. (WARNING: If partitions are \
         increased for a topic that has a key, the partition logic or ordering of the \
         messages will be affected).",
    ),
    Declaration::text(
        "replica-assignment",
        "broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , \
         broker_id_for_part2_replica1 : broker_id_for_part2_replica2 , ...",
        "A list of manual partition-to-broker assignments for the topic being created or \
         altered.",
    ),
    Declaration::integer(
        "replication-factor",
        "replication factor",
        "The replication factor for each partition in the topic being created. If not \
         supplied, the topic uses the cluster default.",
    ),
    Declaration::text(
        "topic",
        "topic",
        "The topic to create, alter, describe or delete. It also accepts a regular \
         expression, except for --create option.",
    ),
    Declaration::text("topic-id", "topic-id", "The topic-id to describe."),
    Declaration::flag(
        "topics-with-overrides",
        "If set when describing topics, only show topics that have overridden configs.",
    ),
    Declaration::flag(
        "unavailable-partitions",
        "If set when describing topics, only show partitions whose leader is not available.",
    ),
    Declaration::flag(
        "under-min-isr-partitions",
        "If set when describing topics, only show partitions whose isr count is less than \
         the configured minimum.",
    ),
    Declaration::flag(
        "under-replicated-partitions",
        "If set when describing topics, only show under-replicated partitions.",
    ),
    VERSION,
];
