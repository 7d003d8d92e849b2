//! `ottla completion SHELL`: the script that completes commands and options.

use std::io::{self, Write as _};

use clap_complete::{Shell, generate};

use ottla_client::command::kafka;

use crate::cli;
use crate::failure::Failure;

/// Writes the script to standard output.
pub fn print(shell: Shell) -> Result<(), Failure> {
    let mut command = cli::command();
    // These are no commands of clap's, for their options are not either.
    for tool in kafka::tools() {
        command = command.subcommand(clap::Command::new(tool).about("Kafka's own command line"));
    }
    let mut script = Vec::new();
    generate(shell, &mut command, "ottla", &mut script);
    match io::stdout().lock().write_all(&script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write the script: {error}")))
        }
        _ => Ok(()),
    }
}
