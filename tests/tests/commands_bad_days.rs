//! Commands whose broker is not there, is something else, or stops to answer; and readers that go away.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::broker::Broker;
use ottla_tests::{client, ottla};

/// What answers at an address that is no Kafka broker's: nothing else happens on a connection.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a socket has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer);
        }
    });
    address.to_string()
}

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a socket has an address");
    address.to_string()
}

#[test]
fn a_broker_that_is_not_there_is_named_at_once_with_a_remedy() {
    let address = nobody();
    let since = Instant::now();
    for arguments in [
        &["topic", "list"][..],
        &["topic", "create", "orders"],
        &["group", "describe", "billing"],
        &["config", "get", "topic", "orders"],
        &["cluster"],
    ] {
        let ended = ottla::run(&address, arguments);
        assert_eq!(ended.code, Some(1), "{arguments:?}: {ended:?}");
        let said = format!("ottla: cannot reach {address}: connection refused\n       ");
        assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    }
    assert!(since.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_address_may_be_given_as_an_option_and_several_are_all_named() {
    let (first, second) = (nobody(), nobody());
    let both = format!("{first},{second}");
    let ended = ottla::run("nowhere:1", &["topic", "list", "--bootstrap", &both]);
    assert_eq!(ended.code, Some(1));
    for address in [first, second] {
        assert!(ended.stderr.contains(&address), "{}", ended.stderr);
    }
}

#[test]
fn a_command_may_wait_for_a_broker_that_is_about_to_start() {
    let address = nobody();
    let waiting = address.clone();
    let command = thread::spawn(move || {
        let patient = ["topic", "create", "orders", "--wait", "20"];
        ottla::run(&waiting, &patient)
    });
    let mut broker = ottla::start("", &["serve", "--memory", "--listen", &address]);
    broker.next_line();
    let ended = command.join().expect("a test does not panic here");
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn who_is_no_kafka_broker_is_told_by_what_it_says() {
    let garbage: [(&'static [u8], &str); 5] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "speaks HTTP"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "speaks TLS"),
        (
            b"SSH-2.0-OpenSSH_9.2\r\n",
            "sent text, beginning with \"SSH-\"",
        ),
        (
            b"\x7f\xff\xff\xff\x00\x00",
            "announced an answer of 2147483647 bytes",
        ),
        (b"", "does it ask for TLS"),
    ];
    for (answer, word) in garbage {
        let address = answering(answer);
        let since = Instant::now();
        let ended = ottla::run(&address, &["topic", "list"]);
        assert_eq!(ended.code, Some(1), "{word}: {ended:?}");
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        assert!(ended.stderr.contains(&address), "{word}: {}", ended.stderr);
        assert!(since.elapsed() < Duration::from_secs(10), "{word}");
    }
}

#[test]
fn bytes_of_chance_end_a_command_and_never_break_it() {
    // An answer of the right size and correlation id, with nonsense in it.
    let nonsense: [&'static [u8]; 3] = [
        b"\x00\x00\x00\x04\x00\x00\x00\x00",
        b"\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff",
        b"\x00\x00\x00\x10\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    ];
    for answer in nonsense {
        let address = answering(answer);
        let ended = ottla::run(&address, &["topic", "list"]);
        assert_eq!(ended.code, Some(1), "{answer:?}: {ended:?}");
        assert!(ended.stderr.starts_with("ottla: "), "{}", ended.stderr);
    }
}

#[test]
fn a_command_tells_what_it_does_with_the_cluster_if_it_is_asked_to() {
    let broker = Broker::in_memory();
    let listed = |filter: &str| {
        let mut list = ottla::command(broker.bootstrap(), &["topic", "list"]);
        client::output(list.env("OTTLA_LOG", filter), "")
    };
    assert!(listed("").stderr.is_empty());
    assert!(listed("info").stderr.is_empty());
    let told = String::from_utf8_lossy(&listed("debug").stderr).into_owned();
    assert!(told.contains("Metadata"), "{told}");
    assert!(told.contains(broker.bootstrap()), "{told}");
    let refused = listed("inof");
    assert_eq!(refused.status.code(), Some(1));
}
