//! What people type: `ottla produce`, `ottla consume` and `ottla topic list` beside kcat and Apache Kafka's tools. All talk to
//! Ottla's broker, afresh for each tool, so that the tools alone differ.

mod child;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::bare::{Connection, requests};
use crate::broker::{Broker, Kafka};
use crate::measure::{Figure, Plan, Unit};
use child::{Ran, Stdin, first_output, run};

/// A tool that takes part.
pub struct Tool {
    /// The head of its column.
    pub name: String,
    kind: Kind,
}

enum Kind {
    Ottla(PathBuf),
    Kcat(PathBuf),
    /// The console tools.
    Java(usize),
    /// The perf tools: they print nothing and parse nothing.
    JavaPerf(usize),
}

/// The tools that this machine has, Ottla first.
pub fn tools(brokers: &[Broker]) -> Result<Vec<Tool>> {
    let ottla = brokers
        .iter()
        .find_map(Broker::ottla_binary)
        .ok_or("the commands are measured with Ottla's broker: add ottla to --only")?;
    let mut tools = vec![Tool {
        name: "ottla".to_owned(),
        kind: Kind::Ottla(ottla.to_owned()),
    }];
    match find("kcat") {
        Some(kcat) => tools.push(Tool {
            name: "kcat".to_owned(),
            kind: Kind::Kcat(kcat),
        }),
        None => eprintln!("kcat is not installed: the commands are measured without it"),
    }
    let kafka = brokers
        .iter()
        .enumerate()
        .find(|(_, broker)| broker.installation().is_some());
    if let Some((index, broker)) = kafka {
        tools.push(Tool {
            name: format!("{}'s console tools", broker.name),
            kind: Kind::Java(index),
        });
        tools.push(Tool {
            name: "its perf tools".to_owned(),
            kind: Kind::JavaPerf(index),
        });
    }
    Ok(tools)
}

impl Tool {
    /// Produces lines to a topic, consumes them again, and lists the topics.
    pub fn measure(&self, brokers: &[Broker], plan: &Plan) -> Result<Vec<Figure>> {
        let ottla = brokers
            .iter()
            .find(|broker| broker.ottla_binary().is_some())
            .ok_or("no Ottla takes part")?;
        let files = tempfile::Builder::new().prefix("ottla-bench-").tempdir()?;
        let mut running = ottla.start(plan.first_port)?;
        running.wait_until_listening()?;
        let mut connection = Connection::open(running.port)?;
        requests::create_topics(&mut connection, &[TOPIC.to_owned()], 1)?;
        let bootstrap = format!("127.0.0.1:{}", running.port);
        let records = plan.command_records;

        let mut figures = Vec::new();
        let lines = lines(files.path(), records)?;
        let ran = run(
            self.produce(brokers, &bootstrap, records)?,
            Stdin::File(&lines),
        )?;
        let stored = requests::end_offset(&mut connection, TOPIC)?;
        if stored != records as i64 {
            return Err(format!("{stored} of {records} records were produced").into());
        }
        figures.extend(of_run("produce", records, &ran));
        let ran = run(self.consume(brokers, &bootstrap, records)?, Stdin::Null)?;
        if self.prints() && ran.stdout_lines != records as u64 {
            let lines = ran.stdout_lines;
            return Err(format!("{lines} of {records} records were consumed").into());
        }
        figures.extend(of_run("consume", records, &ran));
        if let Some(list) = self.list(brokers, &bootstrap)? {
            let mut times = Vec::new();
            for _ in 0..plan.command_starts {
                times.push(first_output(&list)?.as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            let median = times[times.len() / 2];
            let label = "list of topics, from its start to its output";
            figures.push(Figure::new(label, Unit::Milliseconds, median));
        }
        Ok(figures)
    }

    fn produce(&self, brokers: &[Broker], bootstrap: &str, records: usize) -> Result<Command> {
        Ok(match &self.kind {
            Kind::Ottla(path) => of(path, &["produce", TOPIC, "--bootstrap", bootstrap]),
            Kind::Kcat(path) => of(path, &["-b", bootstrap, "-P", "-t", TOPIC]),
            Kind::Java(index) => {
                let mut command =
                    kafka(brokers, *index)?.tool("org.apache.kafka.tools.ConsoleProducer");
                command.args(["--bootstrap-server", bootstrap, "--topic", TOPIC]);
                command
            }
            Kind::JavaPerf(index) => {
                let mut command =
                    kafka(brokers, *index)?.tool("org.apache.kafka.tools.ProducerPerformance");
                command.args([
                    "--topic",
                    TOPIC,
                    "--throughput",
                    "-1",
                    "--record-size",
                    "100",
                ]);
                command.args(["--num-records", &records.to_string()]);
                command.args(["--bootstrap-server", bootstrap]);
                command
            }
        })
    }

    fn consume(&self, brokers: &[Broker], bootstrap: &str, records: usize) -> Result<Command> {
        let records = records.to_string();
        Ok(match &self.kind {
            Kind::Ottla(path) => of(
                path,
                &[
                    "consume",
                    TOPIC,
                    "--from-beginning",
                    "--exit-at-end",
                    "--bootstrap",
                    bootstrap,
                ],
            ),
            Kind::Kcat(path) => of(
                path,
                &[
                    "-b",
                    bootstrap,
                    "-C",
                    "-t",
                    TOPIC,
                    "-o",
                    "beginning",
                    "-e",
                    "-q",
                ],
            ),
            Kind::Java(index) => {
                let mut command =
                    kafka(brokers, *index)?.tool("org.apache.kafka.tools.consumer.ConsoleConsumer");
                command.args([
                    "--bootstrap-server",
                    bootstrap,
                    "--topic",
                    TOPIC,
                    "--from-beginning",
                ]);
                command.args(["--max-messages", &records]);
                command
            }
            Kind::JavaPerf(index) => {
                let mut command =
                    kafka(brokers, *index)?.tool("org.apache.kafka.tools.ConsumerPerformance");
                command.args(["--bootstrap-server", bootstrap, "--topic", TOPIC]);
                command.args(["--num-records", &records, "--timeout", "60000"]);
                command
            }
        })
    }

    /// The perf tools have none.
    fn list(&self, brokers: &[Broker], bootstrap: &str) -> Result<Option<Vec<String>>> {
        let command = match &self.kind {
            Kind::Ottla(path) => of(path, &["topic", "list", "--bootstrap", bootstrap]),
            Kind::Kcat(path) => of(path, &["-b", bootstrap, "-L"]),
            Kind::Java(index) => {
                let mut command =
                    kafka(brokers, *index)?.tool("org.apache.kafka.tools.TopicCommand");
                command.args(["--bootstrap-server", bootstrap, "--list"]);
                command
            }
            Kind::JavaPerf(_) => return Ok(None),
        };
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        Ok(Some(
            words
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        ))
    }

    /// Whether a record is a line of its output.
    fn prints(&self) -> bool {
        !matches!(self.kind, Kind::JavaPerf(_))
    }
}

fn of(path: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(path);
    command.args(arguments);
    command
}

fn kafka(brokers: &[Broker], index: usize) -> Result<&Kafka> {
    Ok(brokers[index].installation().ok_or("it is Apache Kafka")?)
}

fn of_run(what: &str, records: usize, ran: &Ran) -> [Figure; 3] {
    let millions = records as f64 / 1e6;
    [
        Figure::new(
            format!("{what} {millions} million records of 100 bytes, time"),
            Unit::Milliseconds,
            ran.wall.as_secs_f64() * 1e3,
        ),
        Figure::new(
            format!("{what}, CPU of the tool"),
            Unit::CpuSeconds,
            ran.cpu.as_secs_f64() / millions,
        ),
        Figure::new(
            format!("{what}, highest memory of the tool"),
            Unit::Megabytes,
            ran.resident_bytes_max as f64 / 1e6,
        ),
    ]
}

/// A file of so many lines of 100 characters.
fn lines(directory: &Path, records: usize) -> Result<PathBuf> {
    let path = directory.join("lines");
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    for number in 0..records {
        writeln!(file, "{number:0>100}")?;
    }
    file.flush()?;
    Ok(path)
}

fn find(tool: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|directory| directory.join(tool))
        .find(|path| path.is_file())
}

const TOPIC: &str = "lines";
