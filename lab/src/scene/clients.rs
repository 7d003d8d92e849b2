//! Producers and consumers, as they see themselves.

use ottla_client::consumer::Consumer;
use ottla_client::producer::Producer;

use super::{Activity, ConsumerView, GroupView, ProducerView, ReadView};
use crate::World;
use crate::action::{Keys, Rate};
use crate::resident::Resident;

pub(super) fn producers(world: &World) -> Vec<ProducerView> {
    let view = |resident: &Resident| Some(producer_view(world, resident, resident.producer()?));
    world.residents().filter_map(view).collect()
}

fn producer_view(world: &World, resident: &Resident, producer: &Producer) -> ProducerView {
    let backlog = producer.backlog();
    let buffered_count: usize = backlog
        .map(|backlog| backlog.gathered_records_count + backlog.sent_records_count)
        .sum();
    let app = resident.as_producer();
    let (sent_count, acknowledged_count, failed_count) = match app {
        Some(app) => app.counts(),
        None => {
            let counts = world.links.tap.records.of(resident.owners[0]);
            (counts.sent, counts.acknowledged, counts.failed)
        }
    };
    let settings = app.map(|app| app.settings());
    ProducerView {
        name: resident.name().to_string(),
        life: resident.life(),
        topic: settings.map_or(String::new(), |settings| settings.topic.clone()),
        summary: settings.map_or(String::new(), |settings| {
            summary(&settings.keys, settings.rate)
        }),
        sent_count,
        acknowledged_count,
        failed_count,
        buffered_count: buffered_count as u64,
    }
}

/// `keys 0..9, 1/s`; `no keys, when told`.
fn summary(keys: &Keys, rate: Rate) -> String {
    let keys = match keys {
        Keys::None => "no keys".to_owned(),
        keys => format!("keys {keys}"),
    };
    match rate.per_1000_s {
        0 => format!("{keys}, when told"),
        _ => format!("{keys}, {rate}"),
    }
}

pub(super) fn consumers(world: &World, groups: &[GroupView]) -> Vec<ConsumerView> {
    let view = |resident: &Resident| Some(consumer_view(resident, resident.consumer()?, groups));
    world.residents().filter_map(view).collect()
}

fn consumer_view(resident: &Resident, consumer: &Consumer, groups: &[GroupView]) -> ConsumerView {
    let group_id = consumer.config().group_id.as_deref();
    let group = groups.iter().find(|group| Some(&*group.id) == group_id);
    let member = consumer.member();
    let app = resident.as_consumer();
    let working = app.and_then(|app| app.working());
    ConsumerView {
        name: resident.name().to_string(),
        life: resident.life(),
        group: group_id.map(str::to_owned),
        activity: match working {
            Some(working) => Activity::Working {
                partition: working.partition,
                offset: working.offset,
                since: working.since,
                until: working.until,
            },
            None => activity(resident.name(), consumer, group),
        },
        member_id: member.map(|(member, _)| member.to_string()),
        generation: member.map(|(_, generation)| generation),
        partitions: reads(consumer),
        processed_count: app.map_or(0, |app| app.journal().count()),
        summary: app.map_or(String::new(), |app| format!("work {}", app.settings().work)),
    }
}

fn activity(name: &str, consumer: &Consumer, group: Option<&GroupView>) -> Activity {
    if let Some(error) = consumer.fatal_error() {
        return Activity::Failed(error.to_string());
    }
    let is_in_turn = |group: &GroupView| group.state != "Stable";
    match (consumer.config().group_id.is_some(), consumer.member()) {
        (true, None) => {
            let is_known = |group: &GroupView| group.members.iter().any(|m| m.client == name);
            match group.is_some_and(is_known) {
                true => Activity::Rebalancing,
                false => Activity::Connecting,
            }
        }
        (true, Some(_)) if group.is_some_and(is_in_turn) => Activity::Rebalancing,
        _ if consumer.assignment().is_empty() => Activity::Idle,
        _ => Activity::Waiting,
    }
}

fn reads(consumer: &Consumer) -> Vec<ReadView> {
    let paused = consumer.paused();
    let partitions = consumer.assignment().into_iter();
    partitions
        .map(|partition| ReadView {
            position: consumer.position(&partition).map(|offset| offset.0),
            is_paused: paused.contains(&partition),
            partition,
        })
        .collect()
}
