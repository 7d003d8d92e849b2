//! The command line.

use std::path::PathBuf;

use crate::Result;
use crate::broker::{Broker, Kafka};
use crate::measure::{self, Measure};

pub const HELP: &str = "\
Compares Ottla with Apache Kafka, with any other broker, and with a floor: same client, same work, same machine.

cargo xtask bench [options]
  --quick            one round with less work, about 2 minutes (default: 5 rounds, under 25 minutes)
  --rounds N         another number of rounds; the table shows medians
  --only NAMES       brokers to run, of: ottla,kafka,floor (default: all)
  --rival NAME=CMD   one more broker, which CMD starts; {port} and {dir} (an empty directory's path) are filled in.
                     Can be given several times
  --measure NAMES    measures to run, of: start,stream,ping,end-to-end,librdkafka,group,topics,commands (default: all)
  --ottla PATH       the ottla to run (default: target/release/ottla)
  --port N           first port to try (default: 23000)
  --help             this text
The table goes to stdout and to bench/results/latest.md, with latest.json beside it.
";

/// What the command line asks for.
pub struct Options {
    pub quick: bool,
    pub rounds: usize,
    pub brokers: Vec<Broker>,
    pub measures: Vec<Measure>,
    /// Whether Ottla's commands are compared with other tools.
    pub commands: bool,
    pub first_port: u16,
}

impl Options {
    /// `None` if only the help was wanted. Apache Kafka is brought here if it takes part.
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Option<Options>> {
        let mut quick = false;
        let mut rounds = None;
        let mut only = "ottla,kafka,floor".to_owned();
        let mut rivals = Vec::new();
        let mut chosen = None;
        let mut binary = project().join("../target/release/ottla");
        let mut first_port = 23_000;
        while let Some(arg) = args.next() {
            let mut value = || {
                args.next()
                    .ok_or_else(|| format!("{arg} needs a value; see --help"))
            };
            match arg.as_str() {
                "--quick" => quick = true,
                "--rounds" => rounds = Some(number(&arg, &value()?)?),
                "--only" => only = value()?,
                "--rival" => rivals.push(Broker::rival(&value()?)?),
                "--measure" => chosen = Some(value()?),
                "--ottla" => binary = PathBuf::from(value()?),
                "--port" => first_port = number(&arg, &value()?)?,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown option {arg}; see --help").into()),
            }
        }
        let mut brokers = Vec::new();
        for name in only.split(',') {
            brokers.push(match name {
                "ottla" => Broker::ottla(binary.clone())?,
                "kafka" => Broker::kafka(Kafka::prepare(&project(), &project().join("target"))?),
                "floor" => Broker::floor()?,
                _ => return Err(format!("--only {name}: choose of ottla, kafka, floor").into()),
            });
        }
        brokers.extend(rivals);
        let rounds = rounds.unwrap_or(if quick { 1 } else { 5 });
        let (measures, commands) = measures(chosen)?;
        Ok(Some(Options {
            quick,
            rounds,
            brokers,
            measures,
            commands,
            first_port,
        }))
    }
}

/// The folder of the benchmark.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Those named, in the order of the table, and whether the commands are; all if none is.
fn measures(chosen: Option<String>) -> Result<(Vec<Measure>, bool)> {
    let Some(chosen) = chosen else {
        return Ok((measure::ALL.into(), true));
    };
    let is_known =
        |name: &str| name == COMMANDS || measure::ALL.iter().any(|measure| measure.name == name);
    let names: Vec<&str> = chosen.split(',').collect();
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        return Err(format!("--measure {unknown}: see --help for the names").into());
    }
    let named = measure::ALL
        .into_iter()
        .filter(|measure| names.contains(&measure.name))
        .collect();
    Ok((named, names.contains(&COMMANDS)))
}

fn number<N: std::str::FromStr>(option: &str, value: &str) -> Result<N> {
    value
        .parse()
        .map_err(|_| format!("{option} {value}: not a number that fits").into())
}

/// Measured by tools, not by brokers.
const COMMANDS: &str = "commands";
