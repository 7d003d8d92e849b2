//! Messages for people, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::Failure;

/// Starts to log what `filter` lets through, such as `info` or `info,ottla::events=debug`.
pub fn start(filter: &str) -> Result<(), Failure> {
    let targets = targets(filter).ok_or_else(|| {
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

/// The library would take a misspelt level for the name of a part.
fn targets(filter: &str) -> Option<Targets> {
    let is_known = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    filter
        .split(',')
        .all(is_known)
        .then(|| filter.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn a_misspelt_level_is_no_filter() {
        assert!(targets("info").is_some());
        assert!(targets("warn,ottla::events=debug").is_some());
        assert!(targets("inof").is_none());
        assert!(targets("ottla::events=loud").is_none());
    }
}
