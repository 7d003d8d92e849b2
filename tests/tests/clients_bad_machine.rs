//! A machine that does not give the broker what it needs: a person is told what to do, and what was acknowledged stays.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, ExitStatus, Stdio};

use ottla_tests::broker::{self, Broker, Options};
use ottla_tests::client::output;
use ottla_tests::{running, tools};

#[test]
fn a_taken_port_is_named_with_its_owner_and_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("a socket has an address");
    let (status, said) = Options::default().fails_to_start(&address.to_string());
    let us = std::process::id();
    let owner = format!(
        "ottla: port {} is already taken (by process {us}, ",
        address.port()
    );
    assert!(said.contains(&owner), "{said}");
    assert!(
        said.contains("stop it, or choose another: ottla --listen 127.0.0.1:"),
        "{said}"
    );
    assert_refused(status);
}

#[test]
fn a_data_directory_in_use_is_named_with_the_process_that_uses_it() {
    if broker::skipped_because_external("a data directory in use") {
        return;
    }
    let first = Broker::start();
    let (status, said) = Options::default()
        .data(&first.data())
        .fails_to_start("127.0.0.1:0");
    let owner = format!("is in use by another ottla (process {})", first.pid());
    assert!(said.contains("ottla: the data directory "), "{said}");
    assert!(said.contains(&owner), "{said}");
    assert_refused(status);
}

#[test]
fn what_is_no_data_directory_is_refused_and_left_alone() {
    let files = tempfile::tempdir().expect("a temporary directory");
    let file = files.path().join("file");
    fs::write(&file, "precious").expect("a file can be written");
    for directory in [&file, files.path()] {
        let (status, said) = Options::default()
            .data(directory)
            .fails_to_start("127.0.0.1:0");
        assert!(said.contains("--data DIR"), "{said}");
        assert_refused(status);
    }
    assert_eq!(
        fs::read_to_string(&file).expect("the file is there"),
        "precious"
    );
    assert_eq!(
        fs::read_dir(files.path())
            .expect("the directory is there")
            .count(),
        1
    );
}

#[test]
fn a_data_directory_without_permission_is_refused_with_a_remedy() {
    let files = tempfile::tempdir().expect("a temporary directory");
    let mut directory = files.path().join("closed");
    fs::create_dir(&directory).expect("a directory can be made");
    fs::set_permissions(&directory, Permissions::from_mode(0o000)).expect("a mode can be set");
    if fs::read_dir(&directory).is_ok() {
        // Root may read everything, but cannot make a directory here either.
        directory = "/proc/nowhere/data".into();
    }
    let (status, said) = Options::default()
        .data(&directory)
        .fails_to_start("127.0.0.1:0");
    assert!(said.contains("ottla: "), "{said}");
    assert!(said.contains("--data DIR"), "{said}");
    assert_refused(status);
}

#[test]
fn a_wrong_setting_is_named() {
    let (status, said) = Options::default()
        .config("log.retention.ms", "soon")
        .fails_to_start("127.0.0.1:0");
    assert!(
        said.contains("log.retention.ms=soon is not a number"),
        "{said}"
    );
    assert_refused(status);
}

#[test]
fn an_address_that_no_client_can_use_is_not_advertised() {
    let (status, said) = Options::default()
        .config("advertised.listeners", "PLAINTEXT://0.0.0.0:9092")
        .fails_to_start("127.0.0.1:0");
    assert!(said.contains("no client can connect to 0.0.0.0"), "{said}");
    assert!(said.contains("leave it out"), "{said}");
    assert_refused(status);
}

#[test]
fn the_ready_line_names_a_place_to_connect_to() {
    if broker::skipped_because_external("the address to listen on") {
        return;
    }
    for listen in ["0", ":0", "localhost:0", "0.0.0.0:0"] {
        let broker = Options::default().memory().listen(listen).start();
        assert!(
            broker.bootstrap().starts_with("127.0.0.1:"),
            "{listen}: {}",
            broker.bootstrap()
        );
        let dialled = std::net::TcpStream::connect(broker.bootstrap());
        assert!(dialled.is_ok(), "{listen}: {dialled:?}");
    }
}

#[test]
fn a_successor_waits_until_the_broker_before_it_has_closed() {
    if broker::skipped_because_external("a data directory in use") {
        return;
    }
    let data = tempfile::tempdir().expect("a temporary directory");
    let first = Options::default().data(data.path()).start();
    running::signal(first.pid(), "TERM");
    let second = Options::default().data(data.path()).start();
    assert!(second.log().contains("0 topics"), "{}", second.log());
}

#[test]
fn a_full_disk_refuses_what_it_cannot_keep_and_loses_nothing_acknowledged() {
    if broker::skipped_because_external("a full disk") {
        return;
    }
    let Some(kcat) = tools::require("kcat") else {
        return;
    };
    // No file may grow beyond a megabyte, and the signal that says so is ignored: a write fails, as on a full disk.
    let full = [
        "bash",
        "-c",
        "ulimit -f 1024; trap '' XFSZ; exec \"$@\"",
        "bash",
    ];
    let data = tempfile::tempdir().expect("a temporary directory");
    let broker = Options::default()
        .data(data.path())
        .wrapped_by(&full)
        .start();
    let line = "x".repeat(999);
    let mut acknowledged = 0;
    let failed = loop {
        let mut produce = Command::new(&kcat);
        produce.args([
            "-b",
            broker.bootstrap(),
            "-P",
            "-t",
            "filling",
            "-X",
            "acks=all",
        ]);
        produce.args(["-X", "message.timeout.ms=3000"]);
        let ended = output(&mut produce, &format!("{line}\n").repeat(100));
        if !ended.status.success() {
            break String::from_utf8_lossy(&ended.stderr).into_owned();
        }
        acknowledged += 100;
        assert!(acknowledged < 5000, "the disk is never full");
    };
    assert!(
        acknowledged > 100,
        "only {acknowledged} messages were written"
    );
    assert!(
        failed.contains("Delivery failed") || failed.contains("timed out"),
        "{failed}"
    );
    assert!(consumed(&kcat, &broker) >= acknowledged);
    let log = broker.log();
    assert!(log.contains("File too large"), "{log}");

    drop(broker);
    let broker = Options::default().data(data.path()).start();
    assert!(consumed(&kcat, &broker) >= acknowledged);
    let mut produce = Command::new(&kcat);
    produce.args([
        "-b",
        broker.bootstrap(),
        "-P",
        "-t",
        "filling",
        "-X",
        "acks=all",
    ]);
    assert!(
        output(&mut produce, "there is room again\n")
            .status
            .success()
    );
}

#[test]
fn sigterm_ends_the_broker_well_and_its_data_stay() {
    if broker::skipped_because_external("SIGTERM") {
        return;
    }
    let Some(kcat) = tools::require("kcat") else {
        return;
    };
    let mut broker = Broker::start();
    let mut produce = Command::new(&kcat);
    produce.args(["-b", broker.bootstrap(), "-P", "-t", "filling"]);
    assert!(output(&mut produce, "1\n2\n3\n").status.success());
    let bootstrap = broker.bootstrap().to_owned();
    assert!(broker.terminate().success(), "{}", broker.log());
    broker.restart();
    assert_eq!(broker.bootstrap(), bootstrap);
    assert_eq!(consumed(&kcat, &broker), 3);
}

#[test]
fn a_reader_of_the_ready_line_that_goes_away_does_not_end_the_broker() {
    if broker::skipped_because_external("a closed standard output") {
        return;
    }
    let mut child = Command::new(broker::binary())
        .args(["serve", "--memory", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("ottla can be run");
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).expect("a line");
    drop(stdout);
    let address = line
        .trim()
        .strip_prefix("ready bootstrap.servers=")
        .expect("the ready line");
    let connected = std::net::TcpStream::connect(address);
    let status = child.try_wait().expect("a child can be waited for");
    child.kill().expect("a child can be killed");
    child.wait().expect("a killed child ends");
    assert!(
        connected.is_ok() && status.is_none(),
        "{connected:?} {status:?}"
    );
}

/// How many messages are in the topic.
fn consumed(kcat: &std::path::Path, broker: &Broker) -> usize {
    let mut consume = Command::new(kcat);
    consume.args([
        "-b",
        broker.bootstrap(),
        "-C",
        "-t",
        "filling",
        "-o",
        "beginning",
        "-e",
        "-q",
        "-f",
        "%o\n",
    ]);
    let ended = output(&mut consume, "");
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    String::from_utf8_lossy(&ended.stdout).lines().count()
}

fn assert_refused(status: ExitStatus) {
    assert!(!status.success());
    assert!(status.code().is_some(), "it was killed: {status}");
}
