//! `ottla topic`.

mod alter;
mod create;
mod delete;
mod describe;
mod list;

use clap::Subcommand;

use super::ClusterOptions;
use super::teller::{Halt, Teller};
use crate::command::Exit;
pub use alter::TopicAlter;
pub use create::TopicCreate;
pub use delete::TopicDelete;
pub use describe::TopicDescribe;
pub use list::TopicList;

/// What can be done with topics.
#[derive(Debug, Clone, Subcommand)]
pub enum TopicCommand {
    /// Create topics.
    Create(TopicCreate),
    /// List topics.
    #[command(visible_alias = "ls")]
    List(TopicList),
    /// Show the partitions and the settings of topics.
    Describe(TopicDescribe),
    /// Give a topic more partitions or other settings.
    Alter(TopicAlter),
    /// Delete topics with all their records.
    #[command(visible_alias = "rm")]
    Delete(TopicDelete),
}

impl TopicCommand {
    pub(super) fn cluster(&self) -> &ClusterOptions {
        match self {
            TopicCommand::Create(command) => &command.cluster,
            TopicCommand::List(command) => &command.cluster,
            TopicCommand::Describe(command) => &command.cluster,
            TopicCommand::Alter(command) => &command.cluster,
            TopicCommand::Delete(command) => &command.cluster,
        }
    }

    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        match self {
            TopicCommand::Create(command) => command.play(teller),
            TopicCommand::List(command) => command.play(teller),
            TopicCommand::Describe(command) => command.play(teller),
            TopicCommand::Alter(command) => command.play(teller),
            TopicCommand::Delete(command) => command.play(teller),
        }
    }
}
