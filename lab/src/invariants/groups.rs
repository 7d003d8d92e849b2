//! Promises about groups.

use ottla_core::TopicPartition;
use ottla_core::sorted::{Map, Set};

use super::{Broken, broken};
use crate::World;
use crate::action::{CommitPolicy, ConsumerSettings};

/// What is known of the groups, by their ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    groups: Map<String, Known>,
    /// A command may have moved any of them.
    are_all_moved: bool,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// Who reads what, by generation.
    owners: Map<(i32, TopicPartition), String>,
    /// The records that its members have worked on.
    worked: Map<TopicPartition, Set<i64>>,
    /// It had a member that may pass records over.
    may_skip: bool,
    /// Somebody sent it elsewhere: anywhere, for Kafka does not ask whether there is such an offset.
    is_moved: bool,
}

impl Groups {
    /// A consumer says what it reads.
    pub(super) fn assigned(
        &mut self,
        world: &World,
        who: &str,
        generation: i32,
        all: &Set<TopicPartition>,
    ) -> Result<(), Broken> {
        let Some(known) = self.of(world, who).filter(|_| generation >= 0) else {
            return Ok(());
        };
        for partition in all {
            let owner = known.owners.entry((generation, partition.clone()));
            let owner = owner.or_insert_with(|| who.to_owned());
            if owner != who {
                return broken(format!(
                    "in generation {generation} both {owner} and {who} read {partition}"
                ));
            }
        }
        Ok(())
    }

    /// A consumer is done with a record.
    pub(super) fn worked(
        &mut self,
        world: &World,
        who: &str,
        partition: &TopicPartition,
        offset: i64,
    ) {
        if let Some(known) = self.of(world, who) {
            let worked = known.worked.entry(partition.clone()).or_default();
            worked.insert(offset);
        }
    }

    /// Somebody has sent a consumer elsewhere.
    pub(super) fn note_seek(&mut self, world: &World, consumer: &str) {
        if let Some(known) = self.of(world, consumer) {
            known.is_moved = true;
        }
    }

    /// Somebody has typed a command.
    pub(super) fn note_command(&mut self) {
        self.are_all_moved = true;
    }

    fn of(&mut self, world: &World, consumer: &str) -> Option<&mut Known> {
        let group = settings(world, consumer)?.group.clone()?;
        Some(self.groups.entry(group).or_default())
    }

    pub(super) fn check(
        &mut self,
        world: &World,
        is_steady: impl Fn(&TopicPartition) -> bool,
    ) -> Result<(), Broken> {
        let residents = world.residents().filter_map(|one| one.as_consumer());
        for settings in residents.map(|app| app.settings()) {
            let passes_over =
                settings.commit != CommitPolicy::AfterWork || !settings.from_beginning;
            if let Some(group) = settings.group.as_ref().filter(|_| passes_over) {
                self.groups.entry(group.clone()).or_default().may_skip = true;
            }
        }
        for (id, known) in &mut self.groups {
            let Some(group) = world.broker().group(id) else {
                // A group that comes again counts its generations from the start.
                known.owners.clear();
                continue;
            };
            let generation = group.generation_id();
            known.owners.retain(|(of, _), _| *of <= generation);
            if known.is_moved || self.are_all_moved {
                continue;
            }
            let may_skip = known.may_skip;
            for (topic, index, committed) in group.offsets().iter() {
                let partition = TopicPartition {
                    topic: topic.clone(),
                    partition: index,
                };
                if is_steady(&partition) {
                    let worked = known.worked.get(&partition).filter(|_| !may_skip);
                    committed_is_sound(
                        world,
                        id,
                        &partition,
                        committed.offset.0,
                        worked,
                        may_skip,
                    )?;
                }
            }
        }
        Ok(())
    }
}

fn committed_is_sound(
    world: &World,
    group: &str,
    partition: &TopicPartition,
    committed: i64,
    worked: Option<&Set<i64>>,
    may_skip: bool,
) -> Result<(), Broken> {
    let log = world
        .broker()
        .partition_log(&partition.topic, partition.partition);
    let Some(log) = log else {
        return Ok(());
    };
    if committed > log.end_offset().0 {
        return broken(format!(
            "{group} has committed {committed} of {partition}, which ends at {}",
            log.end_offset().0
        ));
    }
    // Retention may take records away that nobody has read.
    if may_skip || log.start_offset().0 > 0 {
        return Ok(());
    }
    let missed =
        (0..committed).find(|offset| !worked.is_some_and(|worked| worked.contains(offset)));
    match missed {
        Some(offset) => broken(format!(
            "{group} has committed {committed} of {partition}, and nobody worked on offset {offset}"
        )),
        None => Ok(()),
    }
}

fn settings<'a>(world: &'a World, consumer: &str) -> Option<&'a ConsumerSettings> {
    let app = world.resident(consumer)?.as_consumer()?;
    Some(app.settings())
}
