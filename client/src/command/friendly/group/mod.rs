//! `ottla group`.

mod delete;
mod describe;
mod list;
mod reset;
mod standing;
mod target;

use clap::Subcommand;
use ottla_core::{ApiError, ErrorCode, GroupId};

use super::ClusterOptions;
use super::table::Mood;
use super::teller::{Complaint, Halt, Teller, complaint};
use super::words::near;
use crate::admin::ListGroups;
use crate::command::Exit;
pub use delete::GroupDelete;
pub use describe::GroupDescribe;
pub use list::GroupList;
pub use reset::GroupReset;
pub use target::{MomentText, ResetTarget, TopicSelection};

/// What can be done with consumer groups.
#[derive(Debug, Clone, Subcommand)]
pub enum GroupCommand {
    /// List groups.
    #[command(visible_alias = "ls")]
    List(GroupList),
    /// Show a group: its members, what they read, how far behind they are.
    Describe(GroupDescribe),
    /// Set the offsets of a group that has no members.
    Reset(GroupReset),
    /// Delete groups with their offsets.
    #[command(visible_alias = "rm")]
    Delete(GroupDelete),
}

impl GroupCommand {
    pub(super) fn cluster(&self) -> &ClusterOptions {
        match self {
            GroupCommand::List(command) => &command.cluster,
            GroupCommand::Describe(command) => &command.cluster,
            GroupCommand::Reset(command) => &command.cluster,
            GroupCommand::Delete(command) => &command.cluster,
        }
    }

    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        match self {
            GroupCommand::List(command) => command.play(teller),
            GroupCommand::Describe(command) => command.play(teller),
            GroupCommand::Reset(command) => command.play(teller),
            GroupCommand::Delete(command) => command.play(teller),
        }
    }
}

/// How a group's state is painted.
fn mood(state: &str) -> Mood {
    match state {
        "Stable" => Mood::Good,
        "Dead" => Mood::Bad,
        "Empty" => Mood::Plain,
        _ => Mood::Odd,
    }
}

/// What to say about a group with which something is wrong. A name that does not exist may be nearly one that does.
fn about(teller: &mut Teller, group: &GroupId, error: ApiError) -> Result<Complaint, Halt> {
    let about = match error.code {
        ErrorCode::GroupIdNotFound => {
            let groups = teller.ask(ListGroups::default())?.groups;
            let names = near(group, groups.keys().map(|name| name.as_str()));
            let remedy = match names.is_empty() {
                false => format!("did you mean {}?", names.join(", ")),
                true => "see what there is: ottla group list".to_owned(),
            };
            Complaint {
                what: format!("there is no group {group}"),
                remedy: Some(remedy),
                ..complaint(error)
            }
        }
        ErrorCode::NonEmptyGroup => Complaint {
            what: format!("group {group} has members"),
            remedy: Some(format!(
                "stop its consumers first; see them: ottla group describe {group}"
            )),
            ..complaint(error)
        },
        _ => complaint(error),
    };
    Ok(about)
}
