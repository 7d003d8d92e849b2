//! What each tool declares of its options.

// What several usage texts say alike: literals, so that `concat!` takes them.

/// The configuration keys of topics, a line each.
macro_rules! topic_keys {
    () => {
        "\tcleanup.policy\n\
         \tcompression.gzip.level\n\
         \tcompression.lz4.level\n\
         \tcompression.type\n\
         \tcompression.zstd.level\n\
         \tdelete.retention.ms\n\
         \tfile.delete.delay.ms\n\
         \tflush.messages\n\
         \tflush.ms\n\
         \tfollower.replication.throttled.replicas\n\
         \tindex.interval.bytes\n\
         \tleader.replication.throttled.replicas\n\
         \tlocal.retention.bytes\n\
         \tlocal.retention.ms\n\
         \tmax.compaction.lag.ms\n\
         \tmax.message.bytes\n\
         \tmessage.timestamp.after.max.ms\n\
         \tmessage.timestamp.before.max.ms\n\
         \tmessage.timestamp.type\n\
         \tmin.cleanable.dirty.ratio\n\
         \tmin.compaction.lag.ms\n\
         \tmin.insync.replicas\n\
         \tpreallocate\n\
         \tremote.log.copy.disable\n\
         \tremote.log.delete.on.disable\n\
         \tremote.storage.enable\n\
         \tretention.bytes\n\
         \tretention.ms\n\
         \tsegment.bytes\n\
         \tsegment.index.bytes\n\
         \tsegment.jitter.ms\n\
         \tsegment.ms\n\
         \tunclean.leader.election.enable\n"
    };
}

/// What the formatter of the console consumer takes.
macro_rules! formatter_properties {
    () => {
        "\x20print.timestamp=true|false\n\
         \x20print.key=true|false\n\
         \x20print.offset=true|false\n\
         \x20print.epoch=true|false\n\
         \x20print.partition=true|false\n\
         \x20print.headers=true|false\n\
         \x20print.value=true|false\n\
         \x20key.separator=<key.separator>\n\
         \x20line.separator=<line.separator>\n\
         \x20headers.separator=<headers.separator>\n\
         \x20null.literal=<null.literal>\n\
         \x20key.deserializer=<key.deserializer>\n\
         \x20value.deserializer=<value.deserializer>\n\
         \x20header.deserializer=<header.deserializer>\n\
         \n\
         Users can also pass in customized properties for their formatter; more \
         specifically, users can pass in properties keyed with 'key.deserializer.', \
         'value.deserializer.' and 'headers.deserializer.' prefixes to configure their \
         deserializers."
    };
}

/// What the line reader of the console producer takes.
macro_rules! reader_properties {
    () => {
        "Default properties include:\n\
         \x20parse.key=false\n\
         \x20parse.headers=false\n\
         \x20ignore.error=false\n\
         \x20key.separator=\\t\n\
         \x20headers.delimiter=\\t\n\
         \x20headers.separator=,\n\
         \x20headers.key.separator=:\n\
         \x20null.marker=   When set, any fields (key, value and headers) equal to this will be \
         replaced by null\n\
         Default parsing pattern when:\n\
         \x20parse.headers=true and parse.key=true:\n\
         \x20 \"h1:v1,h2:v2...\\tkey\\tvalue\"\n\
         \x20parse.key=true:\n\
         \x20 \"key\\tvalue\"\n\
         \x20parse.headers=true:\n\
         \x20 \"h1:v1,h2:v2...\\tvalue\""
    };
}

pub(crate) mod broker_api_versions;
pub(crate) mod configs;
pub(crate) mod console_consumer;
pub(crate) mod console_producer;
pub(crate) mod consumer_groups;
pub(crate) mod delete_records;
pub(crate) mod get_offsets;
pub(crate) mod topics;
