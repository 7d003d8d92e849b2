//! `ottla`: a Kafka-compatible broker for local development, and the commands to use it.

use std::process::ExitCode;

use ottla::cli::{self, Task};
use ottla::{completion, driver, logging, serve, tools};

fn main() -> ExitCode {
    end_on_a_bug();
    let task = match cli::parse(std::env::args_os()) {
        Ok(task) => task,
        Err(refusal) => refusal.exit(),
    };
    let outcome = match task {
        Task::Serve(options) => logging::start(&options.log)
            .and_then(|()| serve::run(&options))
            .map(|()| ExitCode::SUCCESS),
        Task::Friendly(command) => driver::friendly(command),
        Task::Kafka { tool, arguments } => driver::kafka(tool, &arguments),
        Task::Tools(options) => tools::link(&options).map(|()| ExitCode::SUCCESS),
        Task::Completion(shell) => completion::print(shell).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
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
