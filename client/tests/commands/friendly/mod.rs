//! Ottla's own commands, as people type them.

use clap::Parser;
use expect_test::Expect;
use ottla_client::command::friendly::Command;
use ottla_client::command::{Program, Surroundings};

use crate::support::{BROKER, Played, World};

mod flow;
mod groups;
mod settings;
mod surroundings;
mod topics;

/// `ottla` with nothing but these commands.
#[derive(Debug, Parser)]
#[command(name = "ottla")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn surroundings() -> Surroundings {
    Surroundings {
        bootstrap: Some(BROKER.to_owned()),
        stdout_is_terminal: true,
        ..Surroundings::default()
    }
}

impl World {
    /// What a command line says at a terminal without colours.
    fn ottla(&mut self, line: &str) -> Played {
        self.ottla_in(surroundings(), line)
    }

    fn ottla_in(&mut self, surroundings: Surroundings, line: &str) -> Played {
        let words = ["ottla"].into_iter().chain(line.split_whitespace());
        let cli = Cli::try_parse_from(words).expect("a command line");
        self.play(Program::friendly(cli.command, surroundings, 3))
    }
}

/// Holds what a command said against what it should: both streams, and the exit code where it is not 0.
fn check(played: &Played, expected: Expect) {
    let mut text = played.stdout.clone();
    if !played.stderr.is_empty() {
        text += &format!("-- stderr\n{}", played.stderr);
    }
    if played.exit != 0 {
        text += &format!("-- exit {}\n", played.exit);
    }
    expected.assert_eq(&text);
}

/// Ids are as random as the broker's seed: the same in each run, but nothing to read.
fn without_ids(mut played: Played, ids: &[String]) -> Played {
    for id in ids {
        played.stdout = played.stdout.replace(id.as_str(), "ID");
    }
    played
}

/// The ids of the cluster and of its topics.
fn ids(world: &mut World) -> Vec<String> {
    let topics = world
        .ask(ottla_client::admin::ListTopics { internal: true })
        .expect("an answer");
    let cluster = world
        .ask(ottla_client::admin::DescribeCluster)
        .expect("an answer");
    let ids = topics.values().map(|topic| topic.id.to_string());
    ids.chain(cluster.id).collect()
}
