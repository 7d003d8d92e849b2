//! DescribeLogDirs, key 35: versions 1 to 4.
//!
//! The data directory and the sizes of the logs in it. 2: flexible. 3: an error of the whole answer. 4: the directory's space, which is
//! not known here (-1). Null topics ask for all; unknown topics and partitions are left out.

use kafka_protocol::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use kafka_protocol::messages::{ApiKey, DescribeLogDirsRequest, DescribeLogDirsResponse};
use ottla_core::ErrorCode;
use ottla_core::controller::Topic;

use super::convert::{text, topic_name};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeLogDirs as i16,
    name: "DescribeLogDirs",
    versions: 1..=4,
    decode,
    refuse,
};

/// What a broker that keeps nothing calls its directory.
const MEMORY: &str = "memory";

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeLogDirsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let metadata = world.broker.metadata();
        let topics: Vec<DescribeLogDirsTopic> = match &body.topics {
            None => metadata
                .topics()
                .map(|topic| describe(world, topic, |_| true))
                .collect(),
            Some(asked) => asked
                .iter()
                .filter_map(|asked| Some((asked, metadata.topic(&asked.topic)?)))
                .map(|(asked, topic)| {
                    describe(world, topic, |index| asked.partitions.contains(&index))
                })
                .collect(),
        };
        let directory = world.broker.config().log_dirs.as_deref().unwrap_or(MEMORY);
        let result = DescribeLogDirsResult::default()
            .with_log_dir(text(directory))
            .with_topics(topics);
        world.answer(&DescribeLogDirsResponse::default().with_results(vec![result]))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: DescribeLogDirsRequest| {
        DescribeLogDirsResponse::default().with_error_code(error.number())
    })
}

fn describe(
    world: &World<'_>,
    topic: &Topic,
    is_asked: impl Fn(i32) -> bool,
) -> DescribeLogDirsTopic {
    let partitions = (0..)
        .zip(&topic.partitions)
        .filter(|(index, _)| is_asked(*index))
        .filter_map(|(index, info)| {
            let size_bytes = world.broker.log(info.log)?.size_bytes();
            let partition = DescribeLogDirsPartition::default().with_partition_index(index);
            Some(partition.with_partition_size(size_bytes.cast_signed()))
        });
    DescribeLogDirsTopic::default()
        .with_name(topic_name(&topic.name))
        .with_partitions(partitions.collect())
}
