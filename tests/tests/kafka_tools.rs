//! Kafka's command lines: what `ottla kafka-…` answers is what Apache Kafka 4.3.1 answered (`tests/tools/`).

use std::fs;
use std::path::{Path, PathBuf};

use ottla_tests::broker::Broker;
use ottla_tests::java::Tools;
use ottla_tests::recording::Scenario;
use ottla_tests::recording::play::{Toolbox, play};

/// Records the scenarios named in `OTTLA_RECORD` anew, separated by commas, from the Apache Kafka at `OTTLA_TEST_BOOTSTRAP`.
#[test]
#[ignore = "it writes the expectations of the others"]
fn record() {
    assert!(
        Broker::is_external(),
        "an Apache Kafka of version 4.3.1 with nothing on it is needed"
    );
    let broker = Broker::start();
    let mut tools = Tools::start_without_log(&broker).expect("Java is needed");
    let names = std::env::var("OTTLA_RECORD").expect("OTTLA_RECORD names the scenarios");
    for name in names.split(',') {
        let scenario = read(name);
        let played = play(
            &scenario,
            broker.bootstrap(),
            &mut Toolbox::Java(&mut tools),
        );
        fs::write(path(name), played.render()).expect("the recordings can be written");
    }
}

fn read(name: &str) -> Scenario {
    let text = fs::read_to_string(path(name)).expect("a scenario");
    Scenario::parse(name, &text)
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tools")
        .join(format!("{name}.txt"))
}
