//! `ottla serve`: from the command line to a broker that serves, and back.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use ottla_core::Broker;
use ottla_core::config::{Config, is_foreign_key};
use ottla_wire::Endpoint;

use crate::address;
use crate::cli::ServeOptions;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::properties;
use crate::server::{self, Limits, Shared};
use crate::start::{self, Reports};
use crate::tutorial::Tutorial;

const DEFAULT_LISTEN: &str = "127.0.0.1:9092";
const DEFAULT_DATA: &str = "ottla-data";
const THREADS_MAX: usize = 4;

/// Serves until SIGTERM or ctrl-C.
pub fn run(options: &ServeOptions) -> Result<(), Failure> {
    if let (true, Some(directory)) = (options.memory, &options.data) {
        let both = format!(
            "--memory keeps nothing, and --data {} says where to keep it",
            directory.display()
        );
        return Err(Failure::new(both)
            .remedy("give one of them; OTTLA_MEMORY and OTTLA_DATA count as given, OTTLA_MEMORY=false does not"));
    }
    let config = configuration(options)?;
    let advertised = advertised_address(options, &config)?;
    let listener = server::bind(&listen_address(options, &config))?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(format!("the socket has no address: {error}")))?;
    let clock = Clock::start();
    let threads_count = config
        .num_network_threads
        .unwrap_or_else(default_threads_count);
    let limits = Limits::new(&config);
    let directory = data_directory(options, &config);
    let (gateway, reports) = match &directory {
        None => (start::in_memory(config, clock.now()), None),
        Some(directory) => {
            let (gateway, reports) = start::on_disk(config, directory, clock.now())?;
            (gateway, Some(reports))
        }
    };
    introduce(directory.as_deref(), gateway.broker());
    let shared = Arc::new(Shared::new(gateway, limits, clock, advertised));
    if let Some(reports) = reports {
        pass_on(Arc::clone(&shared), reports)?;
    }
    let tutorial = Tutorial::bind(options.tutorial.as_deref());
    server::run(&shared, listener, threads_count, || {
        announce(address::to_connect_to(address))?;
        tutorial.serve();
        Ok(())
    })?;
    if let Err(error) = shared.close() {
        tracing::warn!(
            "the data directory could not be closed in order: {error}; nothing acknowledged is lost, the next start checks the logs"
        );
    }
    Ok(())
}

/// Who serves, and what.
fn introduce(directory: Option<&Path>, broker: &Broker) {
    let topics = broker.metadata().topics();
    let topics_count = topics.filter(|topic| !topic.is_internal()).count();
    let topics = match topics_count {
        1 => "1 topic".to_owned(),
        count => format!("{count} topics"),
    };
    let place = directory.map_or_else(
        || "in memory".to_owned(),
        |directory| {
            let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
            format!("data in {}", absolute.display())
        },
    );
    tracing::info!("ottla {}, {place}: {topics}", env!("CARGO_PKG_VERSION"));
}

/// The one line on standard output.
fn announce(address: SocketAddr) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "ready bootstrap.servers={address}")
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::new(format!("cannot write the ready line: {error}")))
}

fn configuration(options: &ServeOptions) -> Result<Config, Failure> {
    let mut settings = match &options.config_file {
        Some(path) => known_settings(path)?,
        None => Vec::new(),
    };
    // A variable may be empty, or end in `;`.
    for text in options.config.iter().filter(|text| !text.is_empty()) {
        settings.push(properties::setting(text)?);
    }
    if options.fsync {
        settings.push(("log.flush.interval.messages".to_owned(), "1".to_owned()));
    }
    let (config, notes) =
        Config::from_properties(settings).map_err(|error| Failure::new(error.to_string()))?;
    for note in notes {
        tracing::warn!("{note}");
    }
    Ok(config)
}

/// The settings of a file; keys that are of no Kafka of today are named and left out.
fn known_settings(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let (foreign, known): (Vec<_>, Vec<_>) = properties::read(path)?
        .into_iter()
        .partition(|(name, _)| is_foreign_key(name));
    if !foreign.is_empty() {
        let names: Vec<String> = foreign.into_iter().map(|(name, _)| name).collect();
        tracing::warn!(
            "{}: no configuration keys, ignored: {}",
            path.display(),
            names.join(", ")
        );
    }
    Ok(known)
}

/// The flag, or the first of `listeners`, or the default.
fn listen_address(options: &ServeOptions, config: &Config) -> String {
    let configured = config.listeners.first().map(|listener| &**listener);
    let given = options.listen.as_deref().or(configured);
    address::to_listen_on(given.unwrap_or(DEFAULT_LISTEN))
}

/// The flag, or the first of `advertised.listeners`.
fn advertised_address(
    options: &ServeOptions,
    config: &Config,
) -> Result<Option<Endpoint>, Failure> {
    if let Some(given) = &options.advertise {
        return address::advertised("--advertise ", given).map(Some);
    }
    let configured = config.advertised_listeners.first();
    configured
        .map(|listener| address::advertised("advertised.listeners=", listener))
        .transpose()
}

/// The flag, or `log.dirs`, or the default; none with `--memory`.
fn data_directory(options: &ServeOptions, config: &Config) -> Option<std::path::PathBuf> {
    if options.memory {
        return None;
    }
    let configured = config
        .log_dirs
        .as_deref()
        .map(|directory| Path::new(directory).to_owned());
    Some(
        options
            .data
            .clone()
            .or(configured)
            .unwrap_or_else(|| DEFAULT_DATA.into()),
    )
}

fn default_threads_count() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(THREADS_MAX)
}

/// What the disk's thread reports goes to the engine.
fn pass_on(shared: Arc<Shared>, reports: Receiver<Reports>) -> Result<(), Failure> {
    std::thread::Builder::new()
        .name("ottla-stored".to_owned())
        .spawn(move || {
            for batch in reports {
                shared.stored(&batch);
            }
        })
        .map(drop)
        .map_err(|error| Failure::new(format!("cannot start a thread: {error}")))
}
