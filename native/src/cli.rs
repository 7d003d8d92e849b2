//! The command line. Each flag carries its own documentation: this file is the text of `ottla --help`.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};

/// A Kafka-compatible broker for local development: one small binary that starts in milliseconds and keeps its data safely on disk.
///
/// Started without arguments it listens on 127.0.0.1:9092 and keeps its data in ./ottla-data. When it can serve it prints one line on
/// standard output, `ready bootstrap.servers=127.0.0.1:9092`; all messages go to standard error. SIGTERM and ctrl-C end it cleanly.
///
/// Any Kafka client or tool works with it unchanged: point its bootstrap servers at the address in the ready line.
#[derive(Debug, Parser)]
#[command(name = "ottla", version, args_conflicts_with_subcommands = true, max_term_width = 110, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do; without it the broker is started.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The broker's options.
    #[command(flatten)]
    pub serve: ServeOptions,
}

const EXAMPLES: &str = "\
Examples:
  ottla                                    a broker on 127.0.0.1:9092, data in ./ottla-data
  ottla --memory --listen 127.0.0.1:0      nothing is kept, any free port (read it off the ready line)
  ottla --config num.partitions=3 --config log.retention.hours=1
  ottla --config-file server.properties    Kafka's own file; keys that mean nothing here are named and ignored";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the broker (the default).
    Serve(ServeOptions),
}

/// How the broker is to run.
#[derive(Debug, Args)]
pub struct ServeOptions {
    /// Address to listen on. Port 0 takes a free one. [default: 127.0.0.1:9092]
    #[arg(long, value_name = "HOST:PORT", env = "OTTLA_LISTEN")]
    pub listen: Option<String>,

    /// Address that clients are told to use. Without it each client is told the address that it dialled.
    #[arg(long, value_name = "HOST:PORT", env = "OTTLA_ADVERTISE")]
    pub advertise: Option<String>,

    /// Folder for the data, made if it is missing. Apache Kafka's tools can read the logs in it. [default: ./ottla-data]
    #[arg(long, value_name = "DIR", env = "OTTLA_DATA")]
    pub data: Option<PathBuf>,

    /// Keep everything in memory and nothing on disk.
    #[arg(long, env = "OTTLA_MEMORY", value_parser = BoolishValueParser::new())]
    pub memory: bool,

    /// Acknowledge records only when they would survive a power failure, not just a crash of ottla. Appends that wait share one fsync.
    #[arg(long, env = "OTTLA_FSYNC", value_parser = BoolishValueParser::new())]
    pub fsync: bool,

    /// A setting by Kafka's name, for example auto.create.topics.enable=false. May be repeated; in the variable, separate settings by `;`.
    #[arg(
        long = "config",
        value_name = "NAME=VALUE",
        env = "OTTLA_CONFIG",
        value_delimiter = ';'
    )]
    pub config: Vec<String>,

    /// A properties file with such settings, as Kafka's server.properties. `--config` wins over it.
    #[arg(long, value_name = "FILE", env = "OTTLA_CONFIG_FILE")]
    pub config_file: Option<PathBuf>,

    /// How much to say on standard error: error, warn, info, debug, trace; or by part, as in `info,ottla::events=debug`.
    #[arg(long, value_name = "LEVEL", env = "OTTLA_LOG", default_value = "info")]
    pub log: String,
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::Cli;

    #[test]
    fn a_switch_takes_no_value_on_the_command_line() {
        let cli = Cli::try_parse_from(["ottla", "--memory"]).unwrap();
        assert!(cli.serve.memory);
        assert!(!cli.serve.fsync);
        assert!(Cli::try_parse_from(["ottla", "--memory", "true"]).is_err());
    }
}
