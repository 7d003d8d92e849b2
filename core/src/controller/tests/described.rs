use super::*;

/// What Apache Kafka tells of a topic, a group and a broker to whom nobody has said anything: a JSON object a line, its documentation last.
const RECORDED: &str = include_str!("../../../../tests/conformance/configs.jsonl");

#[test]
fn what_nobody_has_set_is_told_as_kafka_tells_it() {
    let mut world = World::new(&[]);
    world.create(new_topic("q", 1));
    let topic = world
        .metadata
        .topic_configs(world.metadata.topic("q").unwrap());
    for (resource, entries) in [
        ("topic", topic),
        ("group", world.metadata.group_configs("g")),
    ] {
        let head = format!("{{\"resource\":\"{resource}\",");
        let recorded: Vec<&str> = RECORDED
            .lines()
            .filter(|line| line.starts_with(&head))
            .collect();
        assert_eq!(recorded.len(), entries.len(), "{resource}");
        for (entry, line) in entries.iter().zip(recorded) {
            // Kafka's eligible leader replicas set this one at the cluster's birth.
            if entry.name != "min.insync.replicas" {
                assert_eq!(
                    line.split(",\"documentation\"").next().unwrap(),
                    json(resource, entry)
                );
            }
        }
    }
}

#[test]
fn a_brokers_keys_have_kafkas_types_and_defaults_but_where_one_node_wants_others() {
    let own = [
        "cluster.id",
        "ottla.max.partitions.per.topic",
        "ottla.max.topics",
        "ottla.replication.factor.strict",
    ];
    let differs = [
        "advertised.listeners",
        "broker.id",
        "group.initial.rebalance.delay.ms",
        "listeners",
        "log.dir",
        "log.dirs",
        "min.insync.replicas",
        "node.id",
        "num.network.threads",
        "offsets.topic.replication.factor",
    ];
    for entry in World::new(&[]).metadata.broker_configs() {
        if own.contains(&&*entry.name) {
            continue;
        }
        let head = format!("{{\"resource\":\"broker\",\"name\":\"{}\",", entry.name);
        let line = RECORDED
            .lines()
            .find(|line| line.starts_with(&head))
            .expect("a key of Kafka's");
        if !differs.contains(&&*entry.name) {
            assert_eq!(
                line.split(",\"documentation\"").next().unwrap(),
                json("broker", &entry)
            );
        }
    }
}

fn json(resource: &str, entry: &ConfigEntry) -> String {
    let quoted = |text: &Option<String>| {
        text.as_ref()
            .map_or("null".to_owned(), |text| format!("\"{text}\""))
    };
    let source = |source| match source {
        ConfigSource::Default => "DEFAULT_CONFIG",
        other => panic!("{other:?}"),
    };
    let synonyms = entry.synonyms.iter().map(|synonym| {
        format!(
            "{{\"name\":\"{}\",\"value\":{},\"source\":\"{}\"}}",
            synonym.name,
            quoted(&synonym.value),
            source(synonym.source)
        )
    });
    format!(
        "{{\"resource\":\"{resource}\",\"name\":\"{}\",\"type\":\"{}\",\"default\":{},\"source\":\"{}\",\"sensitive\":{},\"read_only\":{},\"synonyms\":[{}]",
        entry.name,
        format!("{:?}", entry.kind.unwrap()).to_uppercase(),
        quoted(&entry.value),
        source(entry.source),
        entry.is_sensitive,
        entry.is_read_only,
        synonyms.collect::<Vec<_>>().join(",")
    )
}
