//! The commands of `ottla` itself: for people, and with `--json` for scripts.
//!
//! Each command is a script (see [`Desk`]) that says what it has to say through a `Teller`. What is data goes to standard output, what is told
//! about it to standard error. Exit codes: 0 done, 1 the cluster refused or cannot be reached, 2 wrong usage, 130 interrupted.

mod cluster;
mod config;
mod consume;
mod group;
mod offsets;
mod options;
mod produce;
mod table;
mod teller;
mod topic;
mod words;

use clap::Subcommand;

use super::{Desk, End, Program, Stop, Surroundings};
pub use cluster::ClusterCommand;
pub use config::{ConfigCommand, ConfigGet, ConfigSet, ConfigTarget};
pub use consume::{ConsumeCommand, Start, Style};
pub use group::{
    GroupCommand, GroupDelete, GroupDescribe, GroupList, GroupReset, MomentText, ResetTarget,
    TopicSelection,
};
pub use offsets::{OffsetsCommand, When};
pub use options::{Bootstrap, ClusterOptions, Setting};
pub use produce::{ProduceCommand, Separator};
use teller::{Halt, Teller};
pub use topic::{TopicAlter, TopicCommand, TopicCreate, TopicDelete, TopicDescribe, TopicList};

/// What can be done with a cluster.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Create, list, describe, alter and delete topics.
    #[command(subcommand)]
    Topic(TopicCommand),
    /// Write lines of standard input to a topic.
    Produce(ProduceCommand),
    /// Read topics and print their records, as they come.
    Consume(ConsumeCommand),
    /// List and describe consumer groups, reset their offsets, delete them.
    #[command(subcommand)]
    Group(GroupCommand),
    /// Show and change the settings of topics and brokers.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show where the partitions of a topic begin and end, or which offsets belong to a moment.
    Offsets(OffsetsCommand),
    /// Show the cluster: its id, its brokers, how much is in it.
    Cluster(ClusterCommand),
}

impl Command {
    /// The options that all commands have.
    pub fn cluster(&self) -> &ClusterOptions {
        match self {
            Command::Topic(command) => command.cluster(),
            Command::Produce(command) => &command.cluster,
            Command::Consume(command) => &command.cluster,
            Command::Group(command) => command.cluster(),
            Command::Config(command) => command.cluster(),
            Command::Offsets(command) => &command.cluster,
            Command::Cluster(command) => &command.cluster,
        }
    }

    fn play(&self, teller: &mut Teller, seed: u64) -> Result<End, Halt> {
        let exit = match self {
            Command::Produce(command) => return command.play(teller, seed),
            Command::Consume(command) => return command.play(teller, seed),
            Command::Topic(command) => command.play(teller),
            Command::Group(command) => command.play(teller),
            Command::Config(command) => command.play(teller),
            Command::Offsets(command) => command.play(teller),
            Command::Cluster(command) => command.play(teller),
        };
        exit.map(End::from)
    }
}

impl Program {
    /// One of Ottla's own commands.
    pub fn friendly(command: Command, surroundings: Surroundings, seed: u64) -> Program {
        Program::script(surroundings, seed, move |desk| run(&command, desk, seed))
    }
}

fn run(command: &Command, desk: &mut Desk, seed: u64) -> Result<End, Stop> {
    let options = command.cluster();
    let mut teller = Teller::new(desk, options.json);
    let config = match options.admin_config(&teller.surroundings()) {
        Ok(config) => config,
        Err(halt) => return teller.halt(halt).map(End::from),
    };
    teller.connect(config);
    match command.play(&mut teller, seed) {
        Ok(end) => Ok(end),
        Err(halt) => teller.halt(halt).map(End::from),
    }
}
