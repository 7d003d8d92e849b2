//! The threads of the server.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use super::connection;
use super::shared::Shared;
use crate::failure::Failure;

/// After a failed accept (no file descriptors left, for example) the listener rests for so long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

const SIGXFSZ: i32 = 25;

type Accepted = (StdStream, SocketAddr);

/// Serves on `threads_count` threads until SIGTERM or ctrl-C. `ready` is called once clients can connect.
pub(crate) fn run(
    shared: &Arc<Shared>,
    listener: StdListener,
    threads_count: usize,
    ready: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut workers: Vec<UnboundedSender<Accepted>> = Vec::new();
    for index in 1..threads_count {
        let (sender, receiver) = unbounded_channel();
        workers.push(sender);
        let shared = Arc::clone(shared);
        std::thread::Builder::new()
            .name(format!("ottla-net-{index}"))
            .spawn(move || work(&shared, receiver))
            .map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
    }
    let runtime = runtime()?;
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        let failed = |error: io::Error| Failure::new(format!("cannot serve: {error}"));
        let listener = TcpListener::from_std(listener).map_err(failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        // At a limit of the file size (ulimit -f) a write is to fail like on a full disk, not to end the process.
        let _file_size = signal(SignalKind::from_raw(SIGXFSZ)).map_err(failed)?;
        let clock = Arc::clone(shared);
        tokio::task::spawn_local(async move { clock.keep_time().await });
        tokio::task::spawn_local(accept(Arc::clone(shared), listener, workers));
        ready()?;
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: closing"),
            _ = interrupt.recv() => tracing::info!("ctrl-C: closing"),
        }
        Ok(())
    })
}

/// A thread without a listener: serves what it is given.
fn work(shared: &Arc<Shared>, mut accepted: UnboundedReceiver<Accepted>) {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(failure) => {
            tracing::error!("{failure}");
            return;
        }
    };
    LocalSet::new().block_on(&runtime, async {
        while let Some((stream, address)) = accepted.recv().await {
            begin(shared, stream, address);
        }
    });
}

async fn accept(
    shared: Arc<Shared>,
    listener: TcpListener,
    workers: Vec<UnboundedSender<Accepted>>,
) {
    // In turn: this thread, the second, the third ...
    let mut turn = 0;
    loop {
        let (stream, address) = match listener.accept().await {
            Ok((stream, address)) => match stream.into_std() {
                Ok(stream) => (stream, address),
                Err(_) => continue,
            },
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let limits = shared.limits();
        if limits.connections_open.load(Ordering::Relaxed) >= limits.connections {
            tracing::warn!(
                "refused a connection from {address}: max.connections={} are open",
                limits.connections
            );
            continue;
        }
        limits.connections_open.fetch_add(1, Ordering::Relaxed);
        match workers.get(turn) {
            // A worker that is gone has said why.
            Some(worker) => drop(worker.send((stream, address))),
            None => begin(&shared, stream, address),
        }
        turn = (turn + 1) % (workers.len() + 1);
    }
}

fn begin(shared: &Arc<Shared>, stream: StdStream, address: SocketAddr) {
    let shared = Arc::clone(shared);
    tokio::task::spawn_local(async move {
        match TcpStream::from_std(stream) {
            Ok(stream) => connection::serve(&shared, stream, address).await,
            Err(error) => tracing::warn!("{address}: {error}"),
        }
        shared
            .limits()
            .connections_open
            .fetch_sub(1, Ordering::Relaxed);
    });
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))
}
