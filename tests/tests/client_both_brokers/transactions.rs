//! What others wrote in transactions. Only Apache Kafka has them.

use std::process::Command;

use ottla_tests::{client, kafka, prepare, tools};

use crate::shell::Shell;

#[test]
fn aborted_and_open_transactions_are_hidden_from_those_who_ask_for_it() {
    let (Some(broker), Some(python)) = (kafka::broker(), prepare::python()) else {
        return;
    };
    let shell = Shell::on(&broker);
    let topic = shell.topic("transactions", 1);
    let program = tools::sources("python").join("transactions.py");
    client::succeeds(
        &broker,
        Command::new(python).arg("-B").arg(program).arg(&topic),
    );

    let read = |level: &str| {
        let from = format!("--topic {topic} --from-beginning --timeout-ms 3000");
        let line = format!("kafka-console-consumer {from} --isolation-level {level}");
        shell.run(&line).stdout
    };
    assert_eq!(read("read_committed"), "committed 1\ncommitted 2\nplain\n");
    assert_eq!(
        read("read_uncommitted"),
        "aborted 1\naborted 2\ncommitted 1\ncommitted 2\nplain\nopen\n"
    );
}
