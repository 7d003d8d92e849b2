//! The tutorial's page, served out of the binary to browsers of this machine: static files over HTTP/1.1, and nothing else.
//!
//! It has a port of its own and knows nothing of the broker beside it.

mod connection;
mod request;
mod response;
mod site;

use std::cell::Cell;
use std::io;
use std::net::TcpListener as StdListener;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::address;
use crate::server::{self, Purpose};

/// Connections at a time. A browser opens six.
const CONNECTIONS_MAX: usize = 64;
/// After a failed accept the listener rests for so long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

const PURPOSE: Purpose = Purpose {
    option: "--tutorial",
    usual: "127.0.0.1:9080",
};

/// A socket for the page, or why there is none.
pub(crate) enum Tutorial {
    /// It is not wanted.
    Off,
    /// This binary has no page.
    NotBuilt { is_asked_for: bool },
    /// Browsers can connect.
    Bound(StdListener),
    /// Somebody else has the port, for example.
    NotBound { address: String, error: io::Error },
}

impl Tutorial {
    /// Takes the port. `option` is what `--tutorial` says. Never waits, and what fails is told by [`Self::serve`]: a broker does not depend on it.
    pub(crate) fn bind(option: Option<&str>) -> Tutorial {
        if option == Some("off") {
            return Tutorial::Off;
        }
        if site::files().is_empty() {
            let is_asked_for = option.is_some();
            return Tutorial::NotBuilt { is_asked_for };
        }
        let address = address::to_listen_on(option.unwrap_or(PURPOSE.usual));
        match server::bind_now(&address) {
            Ok(listener) => Tutorial::Bound(listener),
            Err(error) => Tutorial::NotBound { address, error },
        }
    }

    /// Says where the page is, and serves it in a task of its own.
    pub(crate) fn serve(self) {
        match self {
            Tutorial::Off
            | Tutorial::NotBuilt {
                is_asked_for: false,
            } => {}
            Tutorial::NotBuilt { is_asked_for: true } => tracing::warn!(
                "this ottla was built without the tutorial; `cargo xtask start` builds one that has it"
            ),
            Tutorial::NotBound { address, error } => {
                let failure = server::explain_bind(&address, &error, &PURPOSE);
                tracing::warn!("no tutorial: {}", failure.in_one_line());
            }
            Tutorial::Bound(listener) => match TcpListener::from_std(listener) {
                Ok(listener) => {
                    if let Ok(bound) = listener.local_addr() {
                        let place = address::to_connect_to(bound);
                        tracing::info!("the tutorial is at http://{place}");
                    }
                    tokio::task::spawn_local(accept(listener));
                }
                Err(error) => tracing::warn!("no tutorial: {error}"),
            },
        }
    }
}

async fn accept(listener: TcpListener) {
    let open = Rc::new(Cell::new(0));
    loop {
        match listener.accept().await {
            Ok(_) if open.get() >= CONNECTIONS_MAX => {
                tracing::debug!("tutorial: refused a connection, {CONNECTIONS_MAX} are open");
            }
            Ok((stream, address)) => {
                let open = Rc::clone(&open);
                open.set(open.get() + 1);
                tokio::task::spawn_local(async move {
                    if let Err(error) = connection::serve(stream).await {
                        tracing::debug!("tutorial: {address}: {error}");
                    }
                    open.set(open.get() - 1);
                });
            }
            Err(error) => {
                tracing::debug!("tutorial: cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
