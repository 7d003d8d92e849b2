//! librdkafka, unmodified: 2.16 as confluent-kafka in Python (`clients/python`), and Debian's 2.0.2 in kcat.

use std::process::Command;

use ottla_tests::broker::Broker;
use ottla_tests::client::{confluent_kafka, output};
use ottla_tests::tools;

#[test]
fn producers_and_consumers_work_in_every_compression_and_with_every_assignor() {
    confluent_kafka(&Broker::start(), "produce_consume.py");
}

#[test]
fn the_admin_client_is_answered_as_by_kafka() {
    confluent_kafka(&Broker::start(), "admin.py");
}

#[test]
fn kcat_lists_produces_consumes_and_reads_as_a_group() {
    let Some(kcat) = tools::require("kcat") else {
        return;
    };
    let broker = Broker::start();
    let topic = broker.name("kcat-topic");
    let group = broker.name("kcat-group");
    let kcat = |arguments: &[&str], input: &str| -> String {
        let mut command = Command::new(&kcat);
        command
            .args(["-b", broker.bootstrap(), "-q"])
            .args(arguments);
        let output = output(&mut command, input);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "kcat {arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("kcat writes text")
    };

    // The topic is created by its first use.
    kcat(&["-P", "-t", &topic, "-K:"], "a:1\nb:2\nc:3\n");

    let listed = kcat(&["-L", "-t", &topic], "");
    assert!(listed.contains(" 1 brokers:"), "{listed}");
    assert!(
        listed.contains(&format!("topic \"{topic}\" with 1 partitions")),
        "{listed}"
    );
    assert!(
        listed.contains("partition 0, leader 1, replicas: 1, isrs: 1"),
        "{listed}"
    );

    let all = [
        "-C",
        "-t",
        &topic,
        "-o",
        "beginning",
        "-e",
        "-f",
        "%p %o %k=%s\n",
    ];
    assert_eq!(kcat(&all, ""), "0 0 a=1\n0 1 b=2\n0 2 c=3\n");
    assert_eq!(
        kcat(&["-C", "-t", &topic, "-o", "-1", "-e", "-K:"], ""),
        "c:3\n"
    );

    let member = [
        "-X",
        "auto.offset.reset=earliest",
        "-e",
        "-G",
        &group,
        &topic,
    ];
    assert_eq!(kcat(&member, ""), "1\n2\n3\n");
    kcat(&["-P", "-t", &topic, "-z", "snappy"], "4\n");
    assert_eq!(kcat(&member, ""), "4\n", "the group goes on where it was");

    let since = kcat(&["-Q", "-t", &format!("{topic}:0:-1")], "");
    assert_eq!(since.trim(), format!("{topic} [0] offset 4"));
}
