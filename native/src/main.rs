//! `ottla`: a Kafka-compatible broker for local development.

use std::process::ExitCode;

use clap::Parser as _;
use ottla::cli::{Cli, Command};
use ottla::{logging, serve};

fn main() -> ExitCode {
    end_on_a_bug();
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

/// A broken promise of the code's own ends the process, whichever thread finds it: what is on disk is whole, and a broker that goes on with
/// half a thought might not be.
fn end_on_a_bug() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        report(info);
        std::process::abort();
    }));
}
