//! Records scenarios of `tests/tools` anew, by their names, from the Apache Kafka 4.3.1 at `OTTLA_TEST_BOOTSTRAP`, which must have nothing on it.
//! `tests/tools/record.sh` starts one for each.

use std::fs;

use ottla_tests::broker::Broker;
use ottla_tests::java::Tools;
use ottla_tests::recording;
use ottla_tests::recording::play::{Toolbox, play};

fn main() {
    assert!(
        Broker::is_external(),
        "OTTLA_TEST_BOOTSTRAP names an Apache Kafka of version 4.3.1"
    );
    let broker = Broker::start();
    let mut tools = Tools::start_without_log(&broker).expect("Java is needed");
    for name in std::env::args().skip(1) {
        let mut toolbox = Toolbox::Java(&mut tools);
        let played = play(&recording::read(&name), broker.bootstrap(), &mut toolbox);
        fs::write(recording::path(&name), played.render()).expect("the recordings can be written");
    }
}
