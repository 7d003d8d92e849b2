//! Messages for people, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::Failure;

/// Starts to log what `filter` lets through, such as `info` or `info,ottla::events=debug`.
pub fn start(filter: &str) -> Result<(), Failure> {
    let targets: Targets = filter.parse().map_err(|_| {
        Failure::new(format!("--log {filter} is no log level"))
            .remedy("choose error, warn, info, debug or trace, or name a part: --log info,ottla::events=debug")
    })?;
    let format = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    tracing_subscriber::registry()
        .with(format)
        .with(targets)
        .init();
    Ok(())
}
