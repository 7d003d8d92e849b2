//! Options that several commands have.

use std::str::FromStr;

use clap::Args;

use super::teller::Halt;
use crate::admin::AdminConfig;
use crate::command::Surroundings;
use crate::interface::Address;
use crate::network::NetworkConfig;

/// Where a command looks for a cluster when nobody says: a broker on this machine.
const LOCAL: &str = "127.0.0.1:9092";

/// Nobody at a terminal waits for longer in silence.
const CONNECT_TIMEOUT_MS: i64 = 5_000;

/// Which cluster, and how to tell about it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster and output")]
pub struct ClusterOptions {
    /// Address of a broker, or several separated by commas. [env: OTTLA_BOOTSTRAP] [default: 127.0.0.1:9092]
    #[arg(long, value_name = "HOST:PORT")]
    pub bootstrap: Option<Bootstrap>,

    /// Answer in JSON: one document on standard output. Fields are only ever added to it.
    #[arg(long)]
    pub json: bool,

    /// Keep trying for so long while no broker can be reached.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub wait: u32,
}

impl ClusterOptions {
    pub(super) fn admin_config(&self, surroundings: &Surroundings) -> Result<AdminConfig, Halt> {
        let bootstrap = self.addresses(surroundings)?;
        let patience_ms = i64::from(self.wait) * 1000;
        Ok(AdminConfig {
            api_timeout_ms: patience_ms.max(30_000),
            patience_ms,
            connect_timeout_ms: CONNECT_TIMEOUT_MS,
            ..AdminConfig::new(bootstrap.0)
        })
    }

    fn addresses(&self, surroundings: &Surroundings) -> Result<Bootstrap, Halt> {
        Ok(match (&self.bootstrap, &surroundings.bootstrap) {
            (Some(bootstrap), _) => bootstrap.clone(),
            (None, Some(text)) => text
                .parse()
                .map_err(|why| Halt::usage(format!("OTTLA_BOOTSTRAP={text}: {why}")))?,
            (None, None) => LOCAL.parse().map_err(Halt::usage)?,
        })
    }

    /// As `bootstrap.servers`.
    pub(super) fn servers(&self, surroundings: &Surroundings) -> Result<String, Halt> {
        let addresses = self.addresses(surroundings)?.0;
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        Ok(addresses.join(","))
    }
}

/// Addresses of brokers: `host:port,host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap(pub Vec<Address>);

impl FromStr for Bootstrap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        NetworkConfig::parse_bootstrap(text).map(Bootstrap)
    }
}

/// A setting as it is typed: `KEY=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Before the first `=`.
    pub key: String,
    /// Behind it; may be empty.
    pub value: String,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Setting {
                key: key.trim().to_owned(),
                value: value.trim().to_owned(),
            }),
            _ => Err("write KEY=VALUE, for example retention.ms=3600000".to_owned()),
        }
    }
}
