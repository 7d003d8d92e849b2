//! The broker's options. Each flag carries its own documentation: this file is the first part of `ottla --help`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

/// How the broker is to run.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Where to listen; :PORT is all networks, port 0 a free one. [default: 127.0.0.1:9092]
    #[arg(long, value_name = "HOST:PORT", env = "OTTLA_LISTEN")]
    pub listen: Option<String>,

    /// Address that clients are told to use. [default: the one that each has dialled]
    #[arg(long, value_name = "HOST:PORT", env = "OTTLA_ADVERTISE")]
    pub advertise: Option<String>,

    /// Folder for the data, made if it is missing; in Apache Kafka's format. [default: ./ottla-data]
    #[arg(long, value_name = "DIR", env = "OTTLA_DATA")]
    pub data: Option<PathBuf>,

    /// Where the tutorial is served to browsers, or `off`. [default: 127.0.0.1:9080]
    #[arg(long, value_name = "HOST:PORT", env = "OTTLA_TUTORIAL")]
    pub tutorial: Option<String>,

    /// Keep everything in memory and nothing on disk
    #[arg(long, env = "OTTLA_MEMORY", value_parser = BoolishValueParser::new())]
    pub memory: bool,

    /// Acknowledge records only when they would survive a power failure, not just a crash of ottla
    #[arg(long, env = "OTTLA_FSYNC", value_parser = BoolishValueParser::new())]
    pub fsync: bool,

    /// A setting by Kafka's name; may be repeated (in the variable: separated by `;`)
    #[arg(
        long = "config",
        value_name = "NAME=VALUE",
        env = "OTTLA_CONFIG",
        value_delimiter = ';'
    )]
    pub config: Vec<String>,

    /// A file of settings, as Kafka's server.properties; --config wins over it
    #[arg(long, value_name = "FILE", env = "OTTLA_CONFIG_FILE")]
    pub config_file: Option<PathBuf>,

    /// How much to say: error, warn, info, debug, trace; or by part: info,ottla::events=debug
    #[arg(long, value_name = "LEVEL", env = "OTTLA_LOG", default_value = "info")]
    pub log: String,
}

impl ServeOptions {
    /// The options behind the word `serve`, and those that stand before it. `is_given` says which of the former are on the command line:
    /// those win. Settings are taken from both places.
    pub(super) fn with_those_before(
        self,
        before: ServeOptions,
        is_given: impl Fn(&str) -> bool,
    ) -> ServeOptions {
        let after = |id| is_given(id);
        let both = || [before.config.clone(), self.config.clone()].concat();
        ServeOptions {
            config: if after("config") {
                both()
            } else {
                before.config
            },
            listen: if after("listen") {
                self.listen
            } else {
                before.listen
            },
            advertise: if after("advertise") {
                self.advertise
            } else {
                before.advertise
            },
            data: if after("data") {
                self.data
            } else {
                before.data
            },
            tutorial: if after("tutorial") {
                self.tutorial
            } else {
                before.tutorial
            },
            memory: if after("memory") {
                self.memory
            } else {
                before.memory
            },
            fsync: if after("fsync") {
                self.fsync
            } else {
                before.fsync
            },
            config_file: if after("config_file") {
                self.config_file
            } else {
                before.config_file
            },
            log: if after("log") { self.log } else { before.log },
        }
    }
}
