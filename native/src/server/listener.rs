//! The listening socket, and who accepts from it.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener, ToSocketAddrs as _};

use ottla_wire::Endpoint;
use socket2::{Domain, Protocol, Socket, Type};

use super::port_owner;
use crate::failure::Failure;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Listens on an address such as `127.0.0.1:9092` or `localhost:0`.
pub(crate) fn bind(address: &str) -> Result<StdListener, Failure> {
    let candidates: Vec<SocketAddr> = address
        .to_socket_addrs()
        .map_err(|error| {
            Failure::new(format!("{address} is no address to listen on: {error}"))
                .remedy("write it as HOST:PORT, for example --listen 127.0.0.1:9092")
        })?
        .collect();
    let mut failure = Failure::new(format!("{address} is no address of this machine"));
    for candidate in candidates {
        match listen(candidate) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = explain(candidate, &error),
        }
    }
    Err(failure)
}

/// A host and a port, as clients are to be told.
pub(crate) fn endpoint(text: &str) -> Result<Endpoint, Failure> {
    let parts = text
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match parts {
        Some((host, port)) if !host.is_empty() => Ok(Endpoint {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
        }),
        _ => Err(Failure::new(format!("--advertise {text} is no address"))
            .remedy("write it as HOST:PORT, for example --advertise my-laptop.local:9092")),
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

fn explain(address: SocketAddr, error: &io::Error) -> Failure {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let by = port_owner::find(port).map_or_else(String::new, |owner| {
                format!(" (by process {}, {})", owner.pid, owner.name)
            });
            let other = SocketAddr::new(address.ip(), if port == u16::MAX { 0 } else { port + 1 });
            Failure::new(format!("port {port} is already taken{by}")).remedy(format!(
                "stop it, or choose another: ottla --listen {other}"
            ))
        }
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("this user may not listen on port {port}"))
                .remedy("choose a port from 1024 on: ottla --listen 127.0.0.1:9092")
        }
        io::ErrorKind::AddrNotAvailable => {
            Failure::new(format!("{} is no address of this machine", address.ip())).remedy(
                "listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for all networks",
            )
        }
        _ => Failure::new(format!("cannot listen on {address}: {error}")),
    }
}
