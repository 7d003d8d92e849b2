//! What there is to know of an object.

use ottla_lab::Instant;
use ottla_lab::scene::{
    Activity, Cell, ConsumerView, GroupView, Life, MemberView, PartitionView, ProducerView, Scene,
    key_way,
};

use crate::stage::object::Object;
use crate::strings::inspector as strings;
use crate::strings::time::timestamp;

/// What there is to know of an object.
pub(super) struct Facts {
    pub(super) title: String,
    /// Names and values.
    pub(super) rows: Vec<(&'static str, String)>,
    /// A table: its heads, and its rows with what each stands for.
    pub(super) columns: &'static [&'static str],
    pub(super) list: Vec<(Option<Object>, Vec<String>)>,
    /// How many rows more there would be.
    pub(super) hidden_count: usize,
}

/// `None`: there is no such object any more.
pub(super) fn facts(scene: &Scene, object: &Object, now: Instant) -> Option<Facts> {
    match object {
        Object::Broker => Some(broker(scene)),
        Object::Topic(name) => topic(scene, name),
        Object::Partition(topic, index) => partition_facts(scene, topic, *index),
        Object::Record(topic, index, offset) => record(scene, topic, *index, *offset),
        Object::Producer(name) => scene.producer(name).map(producer),
        Object::Consumer(name) => {
            let consumer = scene.consumer(name)?;
            Some(consumer_facts(scene, consumer, now))
        }
        Object::Member(group, id) => {
            let group = scene.group(group)?;
            let member = group
                .members
                .iter()
                .find(|member| member.member_id == *id)?;
            let rows = member_rows(member, now);
            Some(plain(strings::member(&member.client), rows))
        }
        Object::Group(id) => scene.group(id).map(group),
    }
}

fn plain(title: String, rows: Vec<(&'static str, String)>) -> Facts {
    Facts {
        title,
        rows,
        columns: &[],
        list: Vec::new(),
        hidden_count: 0,
    }
}

fn broker(scene: &Scene) -> Facts {
    let partitions_count: usize = scene
        .topics
        .iter()
        .map(|topic| topic.partitions.len())
        .sum();
    let rows = vec![
        (strings::STATE, life(scene.broker.life)),
        (strings::TOPICS, scene.topics.len().to_string()),
        (strings::PARTITIONS, partitions_count.to_string()),
        (strings::GROUPS, scene.groups.len().to_string()),
    ];
    plain(crate::strings::stage::broker(&scene.broker), rows)
}

fn topic(scene: &Scene, name: &str) -> Option<Facts> {
    let topic = scene.topic(name)?;
    let partitions = topic.partitions.iter();
    let records_count: i64 = partitions.map(PartitionView::records_count).sum();
    let row = |partition: &PartitionView| {
        let object = Object::Partition(name.to_owned(), partition.index);
        let cells = [
            format!("P{}", partition.index),
            partition.start_offset.to_string(),
            partition.high_watermark.to_string(),
            partition.end_offset.to_string(),
        ];
        (Some(object), cells.to_vec())
    };
    Some(Facts {
        title: strings::topic(name),
        rows: vec![
            (strings::PARTITIONS, topic.partitions.len().to_string()),
            (strings::RECORDS, records_count.to_string()),
        ],
        columns: &strings::TOPIC_COLUMNS,
        list: topic.partitions.iter().map(row).collect(),
        hidden_count: 0,
    })
}

fn partition_facts(scene: &Scene, topic: &str, index: i32) -> Option<Facts> {
    let view = scene.partition(topic, index)?;
    let mut rows = vec![
        (strings::START_OFFSET, view.start_offset.to_string()),
        (strings::HIGH_WATERMARK, view.high_watermark.to_string()),
        (strings::END_OFFSET, view.end_offset.to_string()),
    ];
    for group in &scene.groups {
        let mut offsets = group.offsets.iter();
        let offset = offsets.find(|offset| {
            offset.partition.topic.as_str() == topic && offset.partition.partition == index
        });
        if let Some(offset) = offset {
            rows.push((
                strings::COMMITTED,
                strings::committed(&group.id, offset.committed, offset.lag),
            ));
        }
    }
    let newest = view.cells.iter().rev().take(LIST_MAX);
    let list = newest.map(|cell| {
        let object = Object::Record(topic.to_owned(), index, cell.offset);
        let key = cell.key.clone().unwrap_or_else(|| strings::NONE.into());
        (
            Some(object),
            vec![cell.offset.to_string(), key, cell.value.clone()],
        )
    });
    let records_count = usize::try_from(view.records_count()).unwrap_or(0);
    Some(Facts {
        title: strings::partition(topic, index),
        rows,
        columns: &strings::RECORD_COLUMNS,
        list: list.collect(),
        hidden_count: records_count.saturating_sub(LIST_MAX),
    })
}

fn record(scene: &Scene, topic: &str, index: i32, offset: i64) -> Option<Facts> {
    let view = scene.partition(topic, index)?;
    let cell: &Cell = view.cells.iter().find(|cell| cell.offset == offset)?;
    let count = scene.topic(topic)?.partitions.len();
    let mut rows = vec![
        (
            strings::KEY,
            cell.key.clone().unwrap_or_else(|| strings::NO_KEY.into()),
        ),
        (strings::VALUE, cell.value.clone()),
        (strings::TIMESTAMP, timestamp(cell.timestamp_ms)),
    ];
    if let Some(producer) = &cell.producer {
        rows.push((strings::PRODUCER, producer.to_string()));
    }
    // Only if it explains where the record is: another partitioner, or a number of partitions that has changed since, would not.
    let way = cell.key.as_deref().map(|key| key_way(key, count as i32));
    if let Some(way) = way.filter(|way| way.partition == index) {
        rows.push((
            strings::HASH,
            strings::hash(way.hash, way.positive, count, way.partition),
        ));
    }
    if offset >= view.high_watermark {
        rows.push((strings::STATE, strings::NOT_STORED.into()));
    }
    Some(plain(strings::record(topic, index, offset), rows))
}

fn producer(view: &ProducerView) -> Facts {
    let rows = vec![
        (strings::STATE, life(view.life)),
        (strings::SENDS_TO, view.topic.clone()),
        (strings::DOES, view.summary.clone()),
        (strings::SENT, view.sent_count.to_string()),
        (strings::ACKNOWLEDGED, view.acknowledged_count.to_string()),
        (strings::FAILED, view.failed_count.to_string()),
        (strings::BUFFERED, view.buffered_count.to_string()),
    ];
    plain(view.name.clone(), rows)
}

fn consumer_facts(scene: &Scene, view: &ConsumerView, now: Instant) -> Facts {
    let mut rows = vec![(strings::STATE, activity(view))];
    if let Some(group) = &view.group {
        rows.push((strings::GROUP, group.clone()));
    }
    if let Some(generation) = view.generation {
        rows.push((strings::GENERATION, generation.to_string()));
    }
    rows.push((strings::PROCESSED, view.processed_count.to_string()));
    if !view.summary.is_empty() {
        rows.push((strings::DOES, view.summary.clone()));
    }
    let mut groups = scene.groups.iter();
    let member = groups.find_map(|group| Some(&group.members[group.member_of(view)?]));
    if let Some(member) = member {
        rows.extend(member_rows(member, now));
    }
    let read = view.partitions.iter().map(|read| {
        let place = &read.partition;
        let object = Object::Partition(place.topic.to_string(), place.partition);
        let position = read
            .position
            .map_or_else(|| strings::NONE.into(), |position| position.to_string());
        let paused = if read.is_paused {
            strings::YES
        } else {
            strings::NO
        };
        (
            Some(object),
            vec![place.to_string(), position, paused.into()],
        )
    });
    Facts {
        title: view.name.clone(),
        rows,
        columns: &strings::READ_COLUMNS,
        list: read.collect(),
        hidden_count: 0,
    }
}

fn member_rows(member: &MemberView, now: Instant) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if member.is_leader {
        rows.push((strings::ROLE, strings::LEADER.into()));
    }
    if let Some(instance) = &member.group_instance_id {
        rows.push((strings::INSTANCE_ID, instance.clone()));
    }
    if let Some(heard) = member.heard_at {
        rows.push((strings::HEARD, strings::ago(now - heard)));
    }
    if let Some(ends) = member.session_ends_at {
        rows.push((strings::SESSION_ENDS, strings::in_time(ends - now)));
    }
    rows.push((strings::MEMBER_ID, member.member_id.clone()));
    rows
}

fn group(view: &GroupView) -> Facts {
    let mut rows = vec![
        (strings::STATE, view.state.clone()),
        (strings::GENERATION, view.generation.to_string()),
        (strings::MEMBERS, view.members.len().to_string()),
    ];
    if !view.assignor.is_empty() {
        rows.push((strings::ASSIGNOR, view.assignor.clone()));
    }
    if let Some(leader) = view.members.iter().find(|member| member.is_leader) {
        rows.push((strings::LEADER_IS, leader.client.clone()));
    }
    let list = view.offsets.iter().map(|offset| {
        let place = &offset.partition;
        let committed = offset
            .committed
            .map_or_else(|| strings::NONE.into(), |committed| committed.to_string());
        let object = Object::Partition(place.topic.to_string(), place.partition);
        (
            Some(object),
            vec![place.to_string(), committed, offset.lag.to_string()],
        )
    });
    Facts {
        title: crate::strings::stage::group(&view.id),
        rows,
        columns: &strings::OFFSET_COLUMNS,
        list: list.collect(),
        hidden_count: 0,
    }
}

fn life(life: Life) -> String {
    match life {
        Life::Running => strings::RUNS.into(),
        other => crate::strings::stage::life(other).into(),
    }
}

fn activity(view: &ConsumerView) -> String {
    match (view.life, &view.activity) {
        (Life::Running, Activity::Connecting) => strings::CONNECTS.into(),
        (Life::Running, Activity::Rebalancing) => strings::REBALANCES.into(),
        (Life::Running, Activity::Idle) => strings::IDLE.into(),
        (Life::Running, Activity::Waiting) => strings::WAITS.into(),
        (
            Life::Running,
            Activity::Working {
                partition, offset, ..
            },
        ) => strings::works(&partition.to_string(), *offset),
        (Life::Running, Activity::Failed(reason)) => strings::failed(reason),
        (other, _) => life(other),
    }
}

const LIST_MAX: usize = 50;
