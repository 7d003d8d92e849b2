//! The listening socket.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};

use super::port_owner;
use crate::failure::Failure;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;
/// For so long a taken port is tried again.
const PATIENCE: Duration = Duration::from_millis(200);
const PAUSE: Duration = Duration::from_millis(10);

/// What a socket is for: the option that says where it listens, and where it does so if nothing is said.
pub(crate) struct Purpose {
    pub(crate) option: &'static str,
    pub(crate) usual: &'static str,
}

const BROKER: Purpose = Purpose {
    option: "--listen",
    usual: "127.0.0.1:9092",
};

/// Listens for the broker's clients on an address such as `127.0.0.1:9092` or `localhost:0`.
pub(crate) fn bind(address: &str) -> Result<StdListener, Failure> {
    listen_on(address, listen_soon).map_err(|error| explain_bind(address, &error, &BROKER))
}

/// Listens there, or fails at once.
pub(crate) fn bind_now(address: &str) -> io::Result<StdListener> {
    listen_on(address, listen)
}

fn listen_on(
    address: &str,
    listen: fn(SocketAddr) -> io::Result<StdListener>,
) -> io::Result<StdListener> {
    let mut outcome = Err(io::ErrorKind::AddrNotAvailable.into());
    for candidate in candidates(address)? {
        outcome = listen(candidate);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn candidates(address: &str) -> io::Result<Vec<SocketAddr>> {
    let mut candidates: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    // Of localhost's two addresses, every client tries this one.
    candidates.sort_by_key(SocketAddr::is_ipv6);
    Ok(candidates)
}

/// An ottla that has just been told to end has the port for a moment yet.
fn listen_soon(address: SocketAddr) -> io::Result<StdListener> {
    let patience = Instant::now() + PATIENCE;
    loop {
        match listen(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < patience => {
                thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<StdListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A broker that was killed leaves connections in TIME_WAIT: its successor takes the port all the same.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Why nothing listens on an address, and what to do about it.
pub(crate) fn explain_bind(address: &str, error: &io::Error, purpose: &Purpose) -> Failure {
    let Purpose { option, usual } = purpose;
    let address = match candidates(address).map(|candidates| candidates.last().copied()) {
        Ok(Some(address)) => address,
        Ok(None) => return Failure::new(format!("{address} is no address of this machine")),
        Err(error) => {
            return Failure::new(format!("{address} is no address to listen on: {error}")).remedy(
                format!("write it as HOST:PORT, for example {option} {usual}"),
            );
        }
    };
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let by = port_owner::find(port).map_or_else(String::new, |owner| {
                format!(" (by process {}, {})", owner.pid, owner.name)
            });
            let other = SocketAddr::new(address.ip(), if port == u16::MAX { 0 } else { port + 1 });
            Failure::new(format!("port {port} is already taken{by}")).remedy(format!(
                "stop it, or choose another: ottla {option} {other}"
            ))
        }
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("this user may not listen on port {port}")).remedy(format!(
                "choose a port from 1024 on: ottla {option} {usual}"
            ))
        }
        io::ErrorKind::AddrNotAvailable => {
            Failure::new(format!("{} is no address of this machine", address.ip())).remedy(
                "listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for all networks",
            )
        }
        _ => Failure::new(format!("cannot listen on {address}: {error}")),
    }
}
