//! Whether something can be done now: to whom, and whether there is room for more.

use super::World;
use super::terminal::TERMINAL;
use crate::action::{ActionError, LIMITS};
use crate::resident::Resident;
use crate::scene::Life;

impl World {
    /// A name that nobody has, and room for one more of the kind.
    pub(super) fn make_room(
        &self,
        name: &str,
        kind: &str,
        most_count: usize,
        is_of_kind: impl Fn(&Resident) -> bool,
    ) -> Result<(), ActionError> {
        if RESERVED.contains(&name) {
            return refuse(format!(
                "{name} cannot be a client's name: choose another one"
            ));
        }
        if self.resident(name).is_some() {
            return refuse(format!(
                "there is a client named {name} already: choose another name"
            ));
        }
        let there_count = self.residents().filter(|one| is_of_kind(one)).count();
        match there_count < most_count {
            true => Ok(()),
            false => refuse(format!(
                "{most_count} {kind} are the limit: `remove` one that has ended"
            )),
        }
    }

    pub(super) fn make_room_for_group(&self, group: Option<&str>) -> Result<(), ActionError> {
        let consumers = self.residents().filter_map(Resident::as_consumer);
        let groups = consumers.filter_map(|app| app.settings().group.as_deref());
        let groups: ottla_core::sorted::Set<&str> = groups.collect();
        match group {
            Some(group) if !groups.contains(group) && groups.len() >= LIMITS.groups_count => {
                refuse(format!("{} groups are the limit", LIMITS.groups_count))
            }
            _ => Ok(()),
        }
    }

    /// Whoever uses a topic that is not there may make the broker create it.
    pub(super) fn make_room_for_topic(&self, name: &str) -> Result<(), ActionError> {
        let topics = self
            .broker()
            .metadata()
            .topics()
            .filter(|topic| !topic.is_internal());
        let is_there = self.broker().metadata().topic(name).is_some();
        match is_there || topics.count() < LIMITS.topics_count {
            true => Ok(()),
            false => refuse(format!(
                "{} topics are the limit: `delete-topic` one that is not needed",
                LIMITS.topics_count
            )),
        }
    }

    /// A client whose process runs.
    pub(super) fn running(&self, name: &str) -> Result<u32, ActionError> {
        let client = self.alive(name)?;
        match self.people.get(client).map(Resident::life) {
            Some(Life::Frozen(_)) => {
                refuse(format!("{name} stands still: `thaw {name}` lets it go on"))
            }
            Some(Life::Left(_)) => refuse(format!("{name} is about to leave")),
            _ => Ok(client),
        }
    }

    /// A client with a process, also one that stands still.
    pub(super) fn alive(&self, name: &str) -> Result<u32, ActionError> {
        let (client, resident) = self.known(name)?;
        match resident.life() {
            _ if resident.is_alive() => Ok(client),
            Life::Crashed(_) => refuse(format!(
                "{name} has crashed: `restart {name}` starts it again"
            )),
            _ => refuse(format!("{name} has left: `restart {name}` starts it again")),
        }
    }

    /// A client without a process.
    pub(super) fn ended(&self, name: &str) -> Result<u32, ActionError> {
        let (client, resident) = self.known(name)?;
        match (resident.is_alive(), resident.life()) {
            (false, _) => Ok(client),
            (true, Life::Left(_)) => refuse(format!("{name} is about to leave: let time pass")),
            (true, _) => refuse(format!(
                "{name} is there: `crash {name}` or `leave {name}` first"
            )),
        }
    }

    fn known(&self, name: &str) -> Result<(u32, &Resident), ActionError> {
        let known = self.client(name).filter(|_| name != TERMINAL);
        let known = known.and_then(|client| Some((client, self.people.get(client)?)));
        known.ok_or_else(|| {
            let names = self.residents().map(|one| &*one.name);
            let names: Vec<&str> = names.filter(|name| *name != TERMINAL).collect();
            ActionError(match names.is_empty() {
                true => {
                    format!("there is no client named {name}: `producer` or `consumer` adds one")
                }
                false => format!(
                    "there is no client named {name}: there are {}",
                    names.join(", ")
                ),
            })
        })
    }
}

pub(super) fn refuse<T>(why: String) -> Result<T, ActionError> {
    Err(ActionError(why))
}

/// Names of others in the log.
const RESERVED: &[&str] = &["broker", "world", TERMINAL];
