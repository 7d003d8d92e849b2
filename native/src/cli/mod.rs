//! The command line: what was asked for.

mod serve;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use ottla_client::command::friendly;

pub use serve::ServeOptions;

use crate::tools;

/// What is to be done.
#[derive(Debug)]
pub enum Task {
    /// Serve as a broker.
    Serve(ServeOptions),
    /// Do as one of Kafka's tools does.
    Kafka {
        /// Its name, without `.sh`.
        tool: &'static str,
        /// What stands behind its name, as it was typed.
        arguments: Vec<String>,
    },
    /// Do what a command of Ottla's own says.
    Friendly(friendly::Command),
    /// Make links by the names of Kafka's tools.
    Tools(ToolsOptions),
    /// Print a shell's completion script.
    Completion(Shell),
}

/// Ottla: a Kafka-compatible broker for local development, and the commands to use it.
#[derive(Debug, Parser)]
#[command(name = "ottla", version, max_term_width = 110, help_template = TEMPLATE, after_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeOptions,
}

const TEMPLATE: &str = "\
{about-with-newline}
Usage:
  ottla [OPTIONS]          start a broker on 127.0.0.1:9092 that keeps its data in ./ottla-data
  ottla COMMAND ...        use a broker, this one or any other Kafka-compatible one
  ottla kafka-topics ...   the same by the command lines of Kafka's own tools

The broker's options (each has a variable too, such as OTTLA_LISTEN or OTTLA_CONFIG_FILE):
{options}

When it can serve it prints one line on standard output, `ready bootstrap.servers=127.0.0.1:9092`;
messages go to standard error, also where the tutorial is. SIGTERM and ctrl-C end it cleanly.

Commands (`ottla COMMAND --help` explains one):
{subcommands}{after-help}";

const AFTER: &str = "\
Kafka's tools, as they are there; `ottla tools DIR` makes links by these names:
  kafka-topics            kafka-console-producer  kafka-get-offsets
  kafka-configs           kafka-console-consumer  kafka-delete-records
  kafka-consumer-groups   kafka-broker-api-versions

Examples:
  ottla --memory --listen 127.0.0.1:0     keep nothing, take a free port (it is in the ready line)
  ottla --config num.partitions=3         a setting by Kafka's name
  ottla --config-file server.properties   a file of them; what means nothing here is named";

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Start the broker, as `ottla` without a command does
    Serve(ServeOptions),
    #[command(flatten)]
    Friendly(friendly::Command),
    /// Make links by the names of Kafka's tools, for a tutorial's command lines
    Tools(ToolsOptions),
    /// Print a script that completes these commands in a shell
    Completion(CompletionOptions),
}

/// Where the links of Kafka's tools go.
#[derive(Debug, Args)]
pub struct ToolsOptions {
    /// The folder, made if it is missing; each tool gets two links there, such as kafka-topics and kafka-topics.sh
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Replace files of these names that are something else
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
For this shell:   source <(ottla completion bash)
For all, in bash: ottla completion bash > ~/.local/share/bash-completion/completions/ottla
       in zsh:    ottla completion zsh > \"${fpath[1]}/_ottla\"
       in fish:   ottla completion fish > ~/.config/fish/completions/ottla.fish")]
struct CompletionOptions {
    shell: Shell,
}

/// What these words ask for. The first is the program's own name: called by the name of one of Kafka's tools, it is that tool.
///
/// # Errors
/// Nothing that can be done; or help was asked for, which is said in the same way ([`clap::Error::exit`]).
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Task, clap::Error> {
    let words: Vec<OsString> = words.into_iter().collect();
    for (index, word) in words.iter().enumerate().take(2) {
        // A path may be one of Kafka's in the first place only.
        let name = match index {
            0 => Path::new(word).file_name(),
            _ => Some(word.as_os_str()),
        };
        if let Some(tool) = name.and_then(|name| name.to_str()).and_then(tools::named) {
            let rest = words.iter().skip(index + 1);
            let arguments = rest
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            return Ok(Task::Kafka { tool, arguments });
        }
    }
    let mut command = command();
    let matches = command.try_get_matches_from_mut(words)?;
    task(&matches).map_err(|error| error.format(&mut command))
}

/// The whole command line, for help and completion.
pub(crate) fn command() -> clap::Command {
    // `ottla serve --help` names each variable.
    let command = Cli::command().mut_args(|arg| arg.hide_env(true));
    without_empty_variables(command)
}

/// A variable that is set to nothing counts as not set.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| {
        let value = arg.get_env().and_then(std::env::var_os);
        value.is_some_and(|value| value.is_empty())
    };
    command
        .mut_args(|arg| match is_empty(&arg) {
            true => arg.env(None::<&str>),
            false => arg,
        })
        .mut_subcommands(without_empty_variables)
}

fn task(matches: &ArgMatches) -> Result<Task, clap::Error> {
    let Cli { command, serve } = Cli::from_arg_matches(matches)?;
    let Some(command) = command else {
        return Ok(Task::Serve(serve));
    };
    let (word, inner) = matches.subcommand().expect("a command was read from it");
    if let Command::Serve(options) = command {
        let is_given = |id: &str| inner.value_source(id) == Some(ValueSource::CommandLine);
        return Ok(Task::Serve(options.with_those_before(serve, is_given)));
    }
    let of_the_broker = matches
        .ids()
        .find(|id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine));
    if let Some(id) = of_the_broker {
        let message = format!(
            "--{} is the broker's and means nothing to `ottla {word}`",
            id.as_str().replace('_', "-")
        );
        return Err(clap::Error::raw(ErrorKind::ArgumentConflict, message));
    }
    Ok(match command {
        Command::Serve(options) => Task::Serve(options),
        Command::Friendly(command) => Task::Friendly(command),
        Command::Tools(options) => Task::Tools(options),
        Command::Completion(options) => Task::Completion(options.shell),
    })
}

#[cfg(test)]
mod tests;
