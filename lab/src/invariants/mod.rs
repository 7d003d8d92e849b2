//! What must be so in every world, whatever is done to it.

mod groups;
mod logs;
#[cfg(test)]
mod tests;

use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;
use ottla_core::sorted::{Map, Set};
use ottla_core::{TopicPartition, Uuid};

use crate::action::Action;
use crate::app::AppEvent;
use crate::{Line, Teller, World};

use groups::Groups;
use logs::Logs;

/// Holds a world against what it promises:
///
/// - in a generation of a group each partition has one owner;
/// - what was acknowledged stays where it is said to be, until retention or a person deletes it;
/// - offsets are in order: start, high watermark, end; a high watermark never goes back;
/// - nobody works on a record above the high watermark;
/// - a group has committed no offset beyond the end;
/// - what an idempotent producer sent to a partition stands there in the order in which it was sent, once;
/// - a group whose members commit after their work has worked on every record before what it has committed (at least once).
///
/// It is told all lines of the log, in order, and looks at the world whenever it is told.
#[derive(Debug, Clone, Default)]
pub struct Invariants {
    logs: Logs,
    groups: Groups,
    /// Which topic of a name it is. Of those that were made again nothing is said.
    topics: Map<String, Uuid>,
    made_again: Set<String>,
}

/// A promise that is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub(crate) String);

impl Invariants {
    /// Takes what a world has told since the last time, and looks at how it stands.
    ///
    /// # Errors
    /// Which promise is not kept, and where.
    pub fn check(&mut self, world: &World, lines: &[Line]) -> Result<(), Broken> {
        self.note_topics(world);
        for line in lines {
            self.hear(world, line)?;
        }
        let made_again = &self.made_again;
        let is_steady = |partition: &TopicPartition| !made_again.contains(&*partition.topic);
        self.logs.check(world, is_steady)?;
        self.groups.check(world, is_steady)
    }

    fn note_topics(&mut self, world: &World) {
        for topic in world.broker().metadata().topics() {
            let known = self.topics.entry(topic.name.to_string());
            if *known.or_insert(topic.id) != topic.id {
                self.made_again.insert(topic.name.to_string());
            }
        }
    }

    fn hear(&mut self, world: &World, line: &Line) -> Result<(), Broken> {
        let who = &*line.who;
        match &line.what {
            Teller::Client(Event::Consumer(ConsumerEvent::Assigned {
                generation, all, ..
            })) => self.groups.assigned(world, who, *generation, all),
            Teller::App(AppEvent::Worked {
                partition, offset, ..
            }) => {
                self.groups.worked(world, who, partition, *offset);
                match self.made_again.contains(&*partition.topic) {
                    true => Ok(()),
                    false => Logs::worked(world, who, partition, *offset),
                }
            }
            Teller::Action(action) => {
                match &**action {
                    Action::DeleteTopic { name } => drop(self.made_again.insert(name.clone())),
                    Action::Seek { consumer, .. } => self.groups.note_seek(world, consumer),
                    // Whatever is typed may set offsets and delete records.
                    Action::Run(_) => self.groups.note_command(),
                    _ => {}
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn broken<T>(what: String) -> Result<T, Broken> {
    Err(Broken(what))
}
