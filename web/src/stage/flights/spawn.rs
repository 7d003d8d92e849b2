//! Which dots there are: one for each frame, unless there are too many to be told apart.

use ottla_lab::Direction;
use ottla_lab::scene::{Cargo, Flight, Scene};
use ottla_lab::sorted::{Map, Set};

use super::courier::{Courier, Load};
use super::ends;
use crate::player::Moment;
use crate::stage::strip::fitting;

/// Makes couriers of flights.
#[derive(Default)]
pub(super) struct Spawner {
    /// The flights that have their couriers, or are not shown.
    known: Set<u64>,
    /// Where the logs ended in the last picture.
    ends: Map<(String, i32), i64>,
    version: Option<(u64, u64)>,
}

impl Spawner {
    pub(super) fn spawn(
        &mut self,
        moment: &Moment<'_>,
        is_jump: bool,
        is_reduced: bool,
        couriers: &mut Vec<Courier>,
    ) {
        let version = (moment.timeline.version(), moment.jumps_count);
        if self.version.replace(version) == Some(version) {
            return;
        }
        let scene = moment.scene;
        let aloft: Set<u64> = scene.flights.iter().map(|flight| flight.id).collect();
        if is_jump {
            self.known.clear();
        }
        couriers.retain(|courier| !courier.is_lost(&aloft, moment.now));
        self.known.retain(|id| aloft.contains(id));
        for flight in &scene.flights {
            if self.known.insert(flight.id) {
                for load in loads(scene, flight, couriers) {
                    take_off(Courier::new(flight, load, moment), couriers);
                }
            }
        }
        let ends = ends(scene);
        if !is_jump && !is_reduced && moment.speed <= LATE_SPEED_MAX {
            self.late(moment, &ends, couriers);
        }
        self.ends = ends;
    }

    /// Records whose frames came and went between two pictures.
    fn late(
        &self,
        moment: &Moment<'_>,
        ends: &Map<(String, i32), i64>,
        couriers: &mut Vec<Courier>,
    ) {
        for topic in &moment.scene.topics {
            for partition in &topic.partitions {
                let key = (topic.name.clone(), partition.index);
                let Some(before) = self.ends.get(&key).copied() else {
                    continue;
                };
                let end = ends.get(&key).copied().unwrap_or(before);
                let is_shown = couriers.iter().any(|courier| {
                    courier.direction == Direction::ToBroker
                        && (courier.partition().as_ref() == Some(&key)
                            || matches!(courier.load, Load::Mixed { .. }))
                });
                if end <= before || is_shown {
                    continue;
                }
                let mut new = partition.cells.iter().filter(|cell| cell.offset >= before);
                let Some(cell) = new.next() else { continue };
                // Who sent it stands in no record: it is the one that sends here, if it is not said.
                let mut producers = moment.scene.producers.iter();
                let producer = producers.find(|producer| match &cell.producer {
                    Some(name) => *producer.name == **name,
                    None => producer.topic == topic.name,
                });
                let Some(producer) = producer else { continue };
                let load = Load::Records {
                    topic: topic.name.clone(),
                    partition: partition.index,
                    offset: before,
                    label: fitting(&cell.label, LABEL_MAX_CHARS).to_owned(),
                    colour: cell.colour,
                    count: u32::try_from(end - before).unwrap_or(u32::MAX),
                };
                take_off(Courier::late(producer.name.clone(), load, moment), couriers);
            }
        }
    }
}

/// What a frame carries, as dots.
fn loads(scene: &Scene, flight: &Flight, couriers: &[Courier]) -> Vec<Load> {
    if flight.records_count == 0 {
        let load = match flight.api {
            "Heartbeat" | "Fetch" | "Produce" | "Metadata" | "ApiVersions" => Load::Quiet,
            api => Load::Call { api },
        };
        return vec![load];
    }
    let mut partitions: Vec<(&Cargo, u32)> = Vec::new();
    for cargo in &flight.records {
        match partitions
            .iter_mut()
            .find(|(first, _)| first.partition == cargo.partition)
        {
            Some((_, count)) => *count += 1,
            None => partitions.push((cargo, 1)),
        }
    }
    if partitions.is_empty() || partitions.len() > DOTS_MAX {
        return vec![Load::Mixed {
            count: flight.records_count,
        }];
    }
    // Of a frame with more records than are listed, the last partition's are the uncounted ones.
    let listed: u32 = partitions.iter().map(|(_, count)| count).sum();
    if let Some((_, count)) = partitions.last_mut() {
        *count += flight.records_count.saturating_sub(listed);
    }
    let load = |(cargo, count): (&Cargo, u32)| {
        let (topic, partition) = (cargo.partition.topic.to_string(), cargo.partition.partition);
        Load::Records {
            offset: offset(scene, flight, &topic, partition, couriers),
            topic,
            partition,
            label: fitting(&cargo.label, LABEL_MAX_CHARS).to_owned(),
            colour: cargo.colour,
            count,
        }
    };
    partitions.into_iter().map(load).collect()
}

/// Where a record will be: behind the log's end and what flies there already. Where a fetched one is: where its reader stands.
fn offset(
    scene: &Scene,
    flight: &Flight,
    topic: &str,
    partition: i32,
    couriers: &[Courier],
) -> i64 {
    let view = scene.partition(topic, partition);
    let end = view.map_or(0, |view| view.end_offset);
    if flight.direction == Direction::ToBroker {
        let before = couriers.iter().filter_map(|courier| match &courier.load {
            Load::Records {
                topic: to,
                partition: index,
                offset,
                count,
                ..
            } if courier.direction == Direction::ToBroker && to == topic && *index == partition => {
                Some(offset + i64::from(*count))
            }
            _ => None,
        });
        return before.fold(end, i64::max);
    }
    let reader = scene.consumer(&flight.client);
    let mut reads = reader.iter().flat_map(|reader| &reader.partitions);
    let read = reads.find(|read| {
        read.partition.topic.as_str() == topic && read.partition.partition == partition
    });
    read.and_then(|read| read.position).unwrap_or(end)
}

/// Starts a courier, or lets one that has just started on the same way carry its load too.
fn take_off(courier: Courier, couriers: &mut Vec<Courier>) {
    let on_link = couriers
        .iter()
        .filter(|other| other.client == courier.client && other.direction == courier.direction);
    let has_room = couriers.len() < COURIERS_MAX;
    if has_room && on_link.count() < DOTS_MAX {
        couriers.push(courier);
        return;
    }
    let mut others = couriers.iter_mut().rev();
    let other = others.find(|other| {
        other.client == courier.client
            && other.direction == courier.direction
            && other.load.is_like(&courier.load)
    });
    match other {
        Some(other) => other.load.add(&courier.load),
        // A partition's first record is worth a dot where another call is not.
        None if has_room && matches!(courier.load, Load::Records { .. }) => couriers.push(courier),
        None => {}
    }
}

impl Load {
    fn is_like(&self, other: &Load) -> bool {
        match (self, other) {
            (
                Load::Records {
                    topic, partition, ..
                },
                Load::Records {
                    topic: to,
                    partition: index,
                    ..
                },
            ) => topic == to && partition == index,
            (Load::Mixed { .. }, Load::Mixed { .. }) => true,
            _ => false,
        }
    }

    fn add(&mut self, other: &Load) {
        match (self, other) {
            (Load::Records { count, .. }, Load::Records { count: more, .. })
            | (Load::Mixed { count }, Load::Mixed { count: more }) => {
                *count = count.saturating_add(*more);
            }
            _ => {}
        }
    }
}

/// As much of a key as a courier has room for.
const LABEL_MAX_CHARS: usize = 3;
/// More dots than these on one way become one with a count.
const DOTS_MAX: usize = 4;
const COURIERS_MAX: usize = 96;
/// Faster than this, records that were missed are not shown flying.
const LATE_SPEED_MAX: f64 = 10.0;
