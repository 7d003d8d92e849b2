//! `kafka-consumer-groups`: which groups there are, who is in them, how far they have read; and setting or forgetting their offsets.

mod arguments;
mod delete;
mod describe;
mod failure;
mod list;
mod members;
mod offsets;
mod plan;
mod regex;
mod reset;
mod scenario;
mod table;

use super::declared;
use super::options::Options;
use crate::command::{Desk, Exit, Program, Stop, Surroundings};
use failure::Failure;

/// Starts the tool.
pub(super) fn start(arguments: Vec<String>, surroundings: Surroundings, seed: u64) -> Program {
    Program::script(surroundings, seed, move |desk| run(desk, &arguments))
}

fn run(desk: &mut Desk, arguments: &[String]) -> Result<Exit, Stop> {
    let options = match Options::parse(declared::consumer_groups::OPTIONS, arguments) {
        Ok(options) => options,
        Err(error) => return Ok(failure::uncaught(desk, &error)),
    };
    let done = arguments::check(desk, &options).and_then(|()| act(desk, &options));
    match done {
        Ok(()) => Ok(Exit::DONE),
        Err(failure) => failure.end(desk, &options),
    }
}

fn act(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    if let Some(pattern) = options.value("validate-regex")? {
        validate(desk, pattern);
        return Ok(());
    }
    arguments::connect(desk, options)?;
    if options.has("list") {
        list::list(desk, options)
    } else if options.has("describe") {
        describe::describe(desk, options)
    } else if options.has("delete") {
        delete::groups(desk, options)
    } else if options.has("reset-offsets") {
        reset::reset(desk, options)
    } else {
        delete::offsets(desk, options)
    }
}

fn validate(desk: &mut Desk, pattern: &str) {
    match regex::error(pattern) {
        None => desk.println(format!("The regular expression `{pattern}` is valid.")),
        Some(description) => desk.println(format!(
            "The regular expression `{pattern}` is invalid: {description}."
        )),
    }
}

#[cfg(test)]
mod tests;
