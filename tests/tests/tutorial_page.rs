//! The tutorial that is built into the binary, as a browser asks for it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ottla_tests::broker::{self, Broker, Options};
use ottla_tests::tools;

/// A broker with its page; none where this build has no page.
fn start() -> Option<(Broker, String)> {
    if broker::skipped_because_external("the tutorial's page") {
        return None;
    }
    let broker = Options::default().memory().tutorial("127.0.0.1:0").start();
    let log = log_with(&broker, "tutorial");
    let Some((_, rest)) = log.split_once("the tutorial is at http://") else {
        assert!(log.contains("built without the tutorial"), "{log}");
        tools::record_skip("ottla was built without OTTLA_SITE: the tutorial's page");
        return None;
    };
    let address = rest.lines().next().unwrap_or_default().to_owned();
    Some((broker, address))
}

/// The broker's log, once it says this in a whole line.
fn log_with(broker: &Broker, word: &str) -> String {
    let deadline = Instant::now() + SOON;
    loop {
        let log = broker.log();
        match log.split_once(word) {
            Some((_, rest)) if rest.contains('\n') => return log,
            _ => assert!(Instant::now() < deadline, "no word of {word} in:\n{log}"),
        }
        std::thread::yield_now();
    }
}

const SOON: Duration = Duration::from_secs(15);

/// The whole answer to a request.
fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the page's port is open");
    let request = format!("{request}\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("a request is taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer comes");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_page_and_all_that_it_names_are_served() {
    let Some((_broker, address)) = start() else {
        return;
    };
    let page = ask(&address, "GET / HTTP/1.1");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    let named: Vec<&str> = page
        .split("\"./")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    for end in [".wasm", ".js"] {
        assert!(named.iter().any(|path| path.ends_with(end)), "{named:?}");
    }
    for path in named {
        let head = ask(&address, &format!("HEAD /{path} HTTP/1.1"));
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{path}: {head}");
        assert!(head.contains("\r\nETag: "), "{path}: {head}");
    }
}

#[test]
fn what_is_not_of_the_page_is_not_there() {
    let Some((_broker, address)) = start() else {
        return;
    };
    for target in [
        "/Cargo.toml",
        "/../Cargo.toml",
        "//etc/passwd",
        "/.ottla-site",
    ] {
        let answer = ask(&address, &format!("GET {target} HTTP/1.1"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{target}: {answer}");
    }
    let answer = ask(&address, "POST / HTTP/1.1\r\nContent-Length: 0");
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
}

#[test]
fn a_second_broker_serves_without_the_page_when_its_port_is_taken() {
    let Some((_broker, address)) = start() else {
        return;
    };
    let second = Options::default().memory().tutorial(&address).start();
    let port = address.rsplit(':').next().unwrap_or_default();
    let said = format!("no tutorial: port {port} is already taken");
    let log = log_with(&second, &said);
    assert!(log.contains("choose another: ottla --tutorial"), "{log}");
    assert!(TcpStream::connect(second.bootstrap()).is_ok());
}
