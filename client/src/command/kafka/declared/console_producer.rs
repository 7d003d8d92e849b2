//! The options of `kafka-console-producer`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

use crate::command::kafka::options::{Declaration, HELP, VERSION};

/// In no order: the usage sorts them.
pub(crate) const OPTIONS: &[Declaration] = &[
    Declaration::integer(
        "batch-size",
        "size",
        "The buffer size in bytes allocated for a partition. When records are received which \
         are smaller than this size the producer will attempt to optimistically group them \
         together until this size is reached. This is the option to control batch.size in \
         producer configs. Please note that this option will be replaced if \
         max-partition-memory-bytes is also set.",
    )
    .default("16384"),
    Declaration::text(
        "bootstrap-server",
        "server to connect to",
        "REQUIRED: The server(s) to connect to. The broker list string in the form \
         HOST1:PORT1,HOST2:PORT2.",
    ),
    Declaration::text(
        "command-config",
        "config file",
        "Producer config properties file. Note that [command-property] takes precedence over \
         this config.",
    ),
    Declaration::text(
        "command-property",
        "producer_prop",
        "Producer config properties in the form key=value.",
    ),
    Declaration::optional(
        "compression-codec",
        "compression-codec",
        "The compression codec: either 'none', 'gzip', 'snappy', 'lz4', or 'zstd'.If \
         specified without value, then it defaults to 'gzip'",
    ),
    HELP,
    Declaration::text(
        "line-reader",
        "reader_class",
        "The class name of the class to use for reading lines from standard in. By default \
         each line is read as a separate message.",
    )
    .default("org.apache.kafka.tools.LineMessageReader"),
    Declaration::long(
        "max-block-ms",
        "max block on send",
        "The max time that the producer will block for during a send request.",
    )
    .default("60000"),
    Declaration::long(
        "max-memory-bytes",
        "total memory in bytes",
        "The total memory used by the producer to buffer records waiting to be sent to the \
         server. This is the option to control `buffer.memory` in producer configs.",
    )
    .default("33554432"),
    Declaration::integer(
        "max-partition-memory-bytes",
        "memory in bytes per partition",
        "(Deprecated) The buffer size in bytes allocated for a partition. When records are \
         received which are smaller than this size the producer will attempt to \
         optimistically group them together until this size is reached. This is the option \
         to control batch.size in producer configs. This option will be removed in Apache \
         Kafka 5.0. Use --batch-size instead.",
    )
    .default("16384"),
    Declaration::integer(
        "message-send-max-retries",
        "",
        "Brokers can fail receiving the message for multiple reasons, and being unavailable \
         transiently is just one of them. This property specifies the number of retries \
         before the producer give up and drop this message. This is the option to control \
         `retries` in producer configs.",
    )
    .default("3"),
    Declaration::long(
        "metadata-expiry-ms",
        "metadata expiration interval",
        "The period of time in milliseconds after which we force a refresh of metadata even \
         if we haven't seen any leadership changes. This is the option to control \
         `metadata.max.age.ms` in producer configs.",
    )
    .default("300000"),
    Declaration::text(
        "producer-property",
        "producer_prop",
        "(DEPRECATED) Producer config properties in the form key=value. This option will be \
         removed in a future version. Use --command-property instead.",
    ),
    Declaration::text(
        "producer.config",
        "config file",
        "(DEPRECATED) Producer config properties file. Note that [command-property] takes \
         precedence over this config. This option will be removed in a future version. Use \
         --command-config instead.",
    ),
    Declaration::text(
        "property",
        "prop",
        concat!(
            "(DEPRECATED) A mechanism to pass user-defined properties in the form key=value to \
         the message reader. This allows custom configuration for a user-defined message \
         reader.\n",
            reader_properties!(),
            "\n\
         \x20This option will be removed in a future version. Use --reader-property instead."
        ),
    ),
    Declaration::text(
        "reader-config",
        "config file",
        "Config properties file for the message reader. Note that [reader-property] takes \
         precedence over this config.",
    ),
    Declaration::text(
        "reader-property",
        "prop",
        concat!(
            "A mechanism to pass user-defined properties in the form key=value to the message \
         reader. This allows custom configuration for a user-defined message reader.\n",
            reader_properties!()
        ),
    ),
    Declaration::text(
        "request-required-acks",
        "request required acks",
        "The required `acks` of the producer requests",
    )
    .default("-1"),
    Declaration::integer(
        "request-timeout-ms",
        "request timeout ms",
        "The ack timeout of the producer requests. Value must be non-negative and non-zero.",
    )
    .default("1500"),
    Declaration::long(
        "retry-backoff-ms",
        "",
        "Before each retry, the producer refreshes the metadata of relevant topics. Since \
         leader election takes a bit of time, this property specifies the amount of time \
         that the producer waits before refreshing the metadata. This is the option to \
         control `retry.backoff.ms` in producer configs.",
    )
    .default("100"),
    Declaration::integer(
        "socket-buffer-size",
        "size",
        "The size of the tcp RECV size. This is the option to control `send.buffer.bytes` in \
         producer configs.",
    )
    .default("102400"),
    Declaration::flag(
        "sync",
        "If set message send requests to the brokers are synchronously, one at a time as \
         they arrive.",
    ),
    Declaration::long(
        "timeout",
        "timeout_ms",
        "If set and the producer is running in asynchronous mode, this gives the maximum \
         amount of time a message will queue awaiting sufficient batch size. The value is \
         given in ms. This is the option to control `linger.ms` in producer configs.",
    )
    .default("1000"),
    Declaration::text(
        "topic",
        "topic",
        "REQUIRED: The topic name to produce messages to.",
    ),
    VERSION,
];
