//! `kafka-configs`: settings shown and changed: of topics, brokers, groups and client metrics.
//!
//! Quotas and credentials (of users, clients and IP addresses) are not known here.

mod alter;
mod arguments;
mod describe;
mod entity;

use super::failure::Failure;
use crate::admin::Question;
use crate::command::{Desk, Exit, Program, Stop, Surroundings};
use entity::Entity;

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments))
}

fn run(desk: &mut Desk, arguments: &[String]) -> Result<Exit, Stop> {
    match act(desk, arguments) {
        Ok(()) => Ok(Exit::DONE),
        Err(failure) => failure.end(desk, |desk, thrown| {
            let is_the_users = USERS_MISTAKES.contains(&thrown.class.as_str())
                || thrown.class.starts_with("joptsimple.");
            if is_the_users {
                desk.warn(&thrown.message);
            } else {
                let arguments = arguments.join(" ");
                desk.warn(format!(
                    "Error while executing config command with args '{arguments}'"
                ));
                desk.warn(thrown);
            }
        }),
    }
}

fn act(desk: &mut Desk, arguments: &[String]) -> Result<(), Failure> {
    let (options, entity) = arguments::read(desk, arguments)?;
    match options.has("alter") {
        true => alter::alter(desk, &options, &entity),
        false => describe::describe(desk, &options, &entity),
    }
}

/// Asks and waits. What Kafka's tool gets out of a future is wrapped once more.
fn ask<Q: Question>(desk: &mut Desk, question: Q) -> Result<Q::Answer, Failure> {
    desk.ask(question)
        .map_err(|stop| Failure::from(stop).of_future())
}

/// The exceptions that are told by their message alone.
const USERS_MISTAKES: [&str; 3] = [
    "java.lang.IllegalArgumentException",
    "org.apache.kafka.common.errors.InvalidConfigurationException",
    "org.apache.kafka.common.errors.UnsupportedVersionException",
];
