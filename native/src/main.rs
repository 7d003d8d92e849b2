//! `ottla`: a Kafka-compatible broker for local development.

use std::process::ExitCode;

use clap::Parser as _;
use ottla::cli::{Cli, Command};
use ottla::{logging, serve};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let options = match cli.command {
        Some(Command::Serve(options)) => options,
        None => cli.serve,
    };
    let outcome = logging::start(&options.log).and_then(|()| serve::run(&options));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
