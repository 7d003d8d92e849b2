//! Apache Kafka out of Maven jars: one node, broker and controller in one process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// The jars, and a data directory that has been formatted once and is copied for every start.
pub struct Kafka {
    version: String,
    class_path: String,
    cache: PathBuf,
}

impl Kafka {
    /// Brings the jars that `kafka/pom.xml` names into `cache`, unless they are there.
    pub fn prepare(project: &Path, cache: &Path) -> Result<Kafka> {
        let pom = project.join("kafka/pom.xml");
        let version = version(&fs::read_to_string(&pom)?)?;
        let cache = cache.join(format!("kafka-{version}"));
        let jars = cache.join("jars");
        if !jars.is_dir() {
            bring(&pom, &jars)?;
        }
        let mut paths: Vec<String> = fs::read_dir(&jars)?
            .map(|entry| Ok(entry?.path().display().to_string()))
            .collect::<Result<_>>()?;
        paths.sort();
        for logging in [BROKERS_LOGGING, TOOLS_LOGGING] {
            fs::copy(project.join("kafka").join(logging), cache.join(logging))?;
        }
        let kafka = Kafka {
            version,
            class_path: paths.join(":"),
            cache,
        };
        if !kafka.formatted().is_dir() {
            kafka.format()?;
        }
        Ok(kafka)
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    /// The command that starts a broker on a copy of the formatted directory.
    pub fn command(&self, dir: &Path, port: u16, controller_port: u16) -> Result<Command> {
        let data = dir.join("data");
        fs::create_dir(&data)?;
        for entry in fs::read_dir(self.formatted())? {
            let from = entry?.path();
            fs::copy(
                &from,
                data.join(from.file_name().ok_or("a directory entry has a name")?),
            )?;
        }
        let properties = dir.join("server.properties");
        fs::write(&properties, server_properties(&data, port, controller_port))?;
        let mut command = self.java(BROKERS_LOGGING);
        command
            .args(FLAGS_OF_KAFKAS_SCRIPTS)
            .args(["-cp", &self.class_path, "kafka.Kafka"])
            .arg(properties);
        Ok(command)
    }

    /// One of Kafka's tools by its class, as `kafka-run-class.sh` starts it, but without the time that the script itself takes.
    pub fn tool(&self, class: &str) -> Command {
        let mut command = self.java(TOOLS_LOGGING);
        command
            .args(&FLAGS_OF_KAFKAS_SCRIPTS[..FLAGS_FOR_ALL])
            .args(["-Xmx512M", "-cp", &self.class_path, class]);
        command
    }

    /// `kafka-storage format`: part of the installation, not of a start, so nothing measures it.
    fn format(&self) -> Result<()> {
        let part = self.cache.join("formatted.part");
        let _ = fs::remove_dir_all(&part);
        fs::create_dir_all(&part)?;
        let properties = self.cache.join("format.properties");
        fs::write(&properties, server_properties(&part, 9092, 9093))?;
        let mut command = self.java(BROKERS_LOGGING);
        command
            .args([
                "-cp",
                &self.class_path,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                CLUSTER_ID,
                "-c",
            ])
            .arg(properties);
        run(command, "kafka-storage format")?;
        Ok(fs::rename(part, self.formatted())?)
    }

    fn formatted(&self) -> PathBuf {
        self.cache.join("formatted")
    }

    fn java(&self, logging: &str) -> Command {
        let mut command = Command::new("java");
        command.arg(format!(
            "-Dlog4j2.configurationFile={}",
            self.cache.join(logging).display()
        ));
        command
    }
}

fn bring(pom: &Path, jars: &Path) -> Result<()> {
    eprintln!("bringing Apache Kafka's jars (once) ...");
    let part = jars.with_extension("part");
    let mut command = Command::new("mvn");
    command
        .args(["-B", "-q", "-f"])
        .arg(pom)
        .arg("dependency:copy-dependencies")
        .arg("-DincludeScope=runtime");
    command.arg(format!("-DoutputDirectory={}", part.display()));
    run(command, "mvn dependency:copy-dependencies")?;
    Ok(fs::rename(part, jars)?)
}

/// Runs a program to its end; what it said is shown if it fails.
fn run(mut command: Command, name: &str) -> Result<()> {
    let program = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| {
        format!(
            "cannot run {program}: {error}; install it, or leave Kafka out with --only ottla,floor"
        )
    })?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(format!("{name} failed: {}", String::from_utf8_lossy(&said)).into());
    }
    Ok(())
}

/// The version in the pom's property `kafka.version`.
fn version(pom: &str) -> Result<String> {
    let found = pom
        .split_once("<kafka.version>")
        .and_then(|(_, rest)| rest.split_once("</kafka.version>"));
    Ok(found
        .ok_or("kafka/pom.xml has no kafka.version")?
        .0
        .to_owned())
}

fn server_properties(data: &Path, port: u16, controller_port: u16) -> String {
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
",
        data.display()
    )
}

/// What `kafka-server-start.sh` and `kafka-run-class.sh` pass.
const FLAGS_OF_KAFKAS_SCRIPTS: [&str; 8] = [
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-Djava.awt.headless=true",
    "-Xmx1G",
    "-Xms1G",
];

const BROKERS_LOGGING: &str = "log4j2.xml";
const TOOLS_LOGGING: &str = "tools-log4j2.xml";

/// The rest of them is the broker's memory.
const FLAGS_FOR_ALL: usize = 6;

/// Any: 16 bytes in URL-safe base64.
const CLUSTER_ID: &str = "T3R0bGFCZW5jaG1hcmsxMg";
