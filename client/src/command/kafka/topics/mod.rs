//! `kafka-topics`: topics made, listed, described, changed and deleted.

mod arguments;
mod change;
mod create;
mod describe;
mod uuid;

use ottla_core::TopicName;

use super::failure::Failure;
use super::options::Options;
use super::topic_filter::TopicFilter;
use crate::admin::{ListTopics, ListedTopic};
use crate::command::{Desk, Exit, Program, Stop, Surroundings};

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments))
}

fn run(desk: &mut Desk, arguments: &[String]) -> Result<Exit, Stop> {
    let options = match arguments::read(desk, arguments) {
        Ok(options) => options,
        Err(failure) => return failure.end(desk, |desk, thrown| desk.warn(&thrown.message)),
    };
    match act(desk, &options) {
        Ok(()) => Ok(Exit::DONE),
        Err(failure) => failure.end(desk, |desk, thrown| {
            let message = &thrown.message;
            desk.println(format!("Error while executing topic command : {message}"));
        }),
    }
}

fn act(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    if options.has("create") {
        create::create(desk, options)
    } else if options.has("alter") {
        change::alter(desk, options)
    } else if options.has("list") {
        let topics = found(desk, options)?;
        let names: Vec<&str> = topics.iter().map(|(name, _)| name.as_str()).collect();
        desk.println(names.join("\n"));
        Ok(())
    } else if options.has("describe") {
        describe::describe(desk, options)
    } else {
        change::delete(desk, options)
    }
}

/// The topics that `--topic` means, all without it; with internal ones unless `--exclude-internal`.
fn found(desk: &mut Desk, options: &Options) -> Result<Vec<(TopicName, ListedTopic)>, Failure> {
    let topic = options.value("topic")?;
    let internal = !options.has("exclude-internal");
    let topics = desk.ask(ListTopics { internal })?;
    let filter = topic.map(TopicFilter::parse).transpose()?;
    let is_meant = |name: &str| filter.as_ref().is_none_or(|filter| filter.includes(name));
    Ok(topics
        .into_iter()
        .filter(|(name, _)| is_meant(name))
        .collect())
}

/// The names of the topics that `--topic` means; that there are none is a failure, unless `--if-exists`.
fn existing(desk: &mut Desk, options: &Options) -> Result<Vec<TopicName>, Failure> {
    let found = found(desk, options)?;
    match options.value("topic")? {
        Some(topic) if found.is_empty() && !topic.is_empty() && !options.has("if-exists") => Err(
            Failure::illegal(format!("Topic '{topic}' does not exist as expected")),
        ),
        _ => Ok(found.into_iter().map(|(name, _)| name).collect()),
    }
}

#[cfg(test)]
mod tests;
