//! Addresses as people write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ottla_wire::Endpoint;

use crate::failure::Failure;

/// Where to listen: `HOST:PORT`; `:PORT` is all networks, as Kafka writes it; a port alone is this machine. The answer is `HOST:PORT`.
pub(crate) fn to_listen_on(text: &str) -> String {
    let address = without_protocol(text);
    match address.strip_prefix(':') {
        Some(port) if port.parse::<u16>().is_ok() => format!("{}:{port}", Ipv4Addr::UNSPECIFIED),
        _ if address.parse::<u16>().is_ok() => format!("{}:{address}", Ipv4Addr::LOCALHOST),
        _ => address.to_owned(),
    }
}

/// A host and a port, as clients are to be told; `setting` is how it was given, up to the text itself.
pub(crate) fn advertised(setting: &str, text: &str) -> Result<Endpoint, Failure> {
    let parts = without_protocol(text)
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host.trim_matches(['[', ']']), port.parse().ok()?)));
    match parts {
        Some((host, port)) if !host.is_empty() => {
            if host.parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified()) {
                return Err(Failure::new(format!("{setting}{text}: no client can connect to {host}, which means all addresses")).remedy(
                    "name the one that clients are to use, or leave it out: then each is told the address that it dialled",
                ));
            }
            Ok(Endpoint {
                host: host.to_owned(),
                port,
            })
        }
        _ => Err(Failure::new(format!("{setting}{text} is no address"))
            .remedy("write it as HOST:PORT, for example --advertise my-laptop.local:9092")),
    }
}

/// Where a client of this machine connects to a socket that listens there.
pub(crate) fn to_connect_to(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

/// Kafka writes `PLAINTEXT://host:port`.
fn without_protocol(address: &str) -> &str {
    address
        .split_once("://")
        .map_or(address, |(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_may_leave_out_what_is_usual() {
        for (text, address) in [
            ("127.0.0.1:9092", "127.0.0.1:9092"),
            ("localhost:9092", "localhost:9092"),
            ("9092", "127.0.0.1:9092"),
            (":9092", "0.0.0.0:9092"),
            ("PLAINTEXT://:9092", "0.0.0.0:9092"),
            ("PLAINTEXT://[::1]:0", "[::1]:0"),
            ("nonsense", "nonsense"),
            ("99999", "99999"),
        ] {
            assert_eq!(to_listen_on(text), address, "{text}");
        }
    }

    #[test]
    fn clients_are_told_a_place_to_connect_to() {
        let told = |listening: &str| to_connect_to(listening.parse().unwrap()).to_string();
        assert_eq!(told("0.0.0.0:9092"), "127.0.0.1:9092");
        assert_eq!(told("[::]:9092"), "[::1]:9092");
        assert_eq!(told("192.168.1.7:9092"), "192.168.1.7:9092");
    }

    #[test]
    fn all_addresses_are_no_address_for_clients() {
        for text in ["0.0.0.0:9092", "PLAINTEXT://0.0.0.0:9092", "[::]:9092"] {
            let said = advertised("advertised.listeners=", text)
                .unwrap_err()
                .to_string();
            assert!(said.contains("no client can connect to"), "{said}");
            assert!(said.contains("leave it out"), "{said}");
        }
        let endpoint = advertised("--advertise ", "[::1]:9092").unwrap();
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("::1", 9092));
        assert!(advertised("--advertise ", "localhost").is_err());
        assert!(advertised("--advertise ", ":9092").is_err());
    }
}
