use super::*;
use ConfigOperation::{Delete, Set, Unknown};

#[test]
fn a_topics_configuration_is_changed_key_by_key() {
    let mut world = World::with_topics();
    let topic = || ConfigResource::Topic("five".into());
    let set = |name, value| change(name, set(value));
    for (changes, answer) in [
        (
            vec![
                set("retention.ms", "5"),
                change("cleanup.policy", append("compact")),
            ],
            "ok",
        ),
        (vec![change("cleanup.policy", subtract("delete"))], "ok"),
        (vec![change("cleanup.policy", subtract("compact"))], "ok"),
        (
            vec![change("retention.ms", append("5"))],
            "40 Can't APPEND to key retention.ms because its type is not LIST.",
        ),
        (
            vec![change("retention.ms", subtract("5"))],
            "40 Can't SUBTRACT to key retention.ms because its type is not LIST.",
        ),
        (vec![set("nope", "5")], "40 Unknown topic config name: nope"),
        (vec![change("nope", Delete)], "ok"),
        (
            vec![change("nope", append("x"))],
            "40 Can't APPEND to key nope because its type is not LIST.",
        ),
        (
            vec![change("retention.ms", Set(None))],
            "42 Null value not supported for : retention.ms",
        ),
        (
            vec![change("retention.ms", Unknown(9))],
            "42 Unknown operations type 9",
        ),
        (
            vec![set("retention.ms", "1"), set("retention.ms", "2")],
            "42 Error due to duplicate config keys",
        ),
        (
            vec![set("retention.ms", "x")],
            "40 Invalid value x for configuration retention.ms: Not a number of type LONG",
        ),
        (vec![], "ok"),
    ] {
        assert_eq!(alter(&mut world, topic(), changes), answer);
    }
    assert_eq!(
        described(&world, "five", "cleanup.policy"),
        " from Topic: cleanup.policy= (Topic), log.cleanup.policy=delete (Default)"
    );
    assert_eq!(
        described(&world, "five", "retention.ms"),
        "5 from Topic: retention.ms=5 (Topic)"
    );
    assert_eq!(
        alter(&mut world, topic(), vec![change("retention.ms", Delete)]),
        "ok"
    );
    assert_eq!(
        world.changes,
        [Change::TopicConfigChanged {
            name: "five".into()
        }]
    );
    assert_eq!(
        described(&world, "five", "retention.ms"),
        "604800000 from Default: "
    );
    for (name, answer) in [
        ("nope", "3 The topic 'nope' does not exist."),
        ("", "42 Default topic resources are not allowed."),
        (
            "a b",
            "17 Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
        ),
    ] {
        let resource = ConfigResource::Topic(name.into());
        assert_eq!(
            alter(&mut world, resource, vec![set("retention.ms", "1")]),
            answer
        );
    }
}

#[test]
fn a_value_is_shown_as_what_it_means() {
    let mut world = World::with_topics();
    let five = ConfigResource::Topic("five".into());
    let written = [
        ("retention.ms", " +5 "),
        ("preallocate", "TRUE"),
        ("cleanup.policy", " delete , compact "),
    ];
    let changes = written.map(|(name, value)| change(name, set(value)));
    assert_eq!(alter(&mut world, five, changes.into()), "ok");
    for (name, shown) in [
        ("retention.ms", "5 "),
        ("preallocate", "true "),
        ("cleanup.policy", "delete,compact "),
    ] {
        assert!(described(&world, "five", name).starts_with(shown), "{name}");
    }
}

#[test]
fn the_older_request_replaces_the_whole_configuration() {
    let mut world = World::with_topics();
    let topic = || ConfigResource::Topic("five".into());
    let changes = |names: &[(&str, &str)]| {
        names
            .iter()
            .map(|(name, value)| change(name, set(value)))
            .collect()
    };
    assert_eq!(
        replace(
            &mut world,
            topic(),
            changes(&[("retention.ms", "1"), ("segment.ms", "2")])
        ),
        "ok"
    );
    assert_eq!(
        replace(&mut world, topic(), changes(&[("retention.ms", "9")])),
        "ok"
    );
    assert_eq!(
        described(&world, "five", "retention.ms"),
        "9 from Topic: retention.ms=9 (Topic)"
    );
    assert_eq!(
        described(&world, "five", "segment.ms"),
        "604800000 from Default: "
    );
    assert_eq!(
        replace(&mut world, topic(), changes(&[("nope", "1")])),
        "40 Unknown topic config name: nope"
    );
    assert_eq!(replace(&mut world, topic(), vec![]), "ok");
    assert_eq!(
        described(&world, "five", "retention.ms"),
        "604800000 from Default: "
    );
    let logger = ConfigResource::BrokerLogger("1".to_owned());
    assert_eq!(
        replace(&mut world, logger, vec![]),
        "42 Unknown resource type 8"
    );
}

#[test]
fn a_brokers_configuration_is_changed_for_it_or_for_all_and_topics_follow() {
    let mut world = World::with_topics();
    let all = || ConfigResource::Broker(String::new());
    let one = || ConfigResource::Broker("1".to_owned());
    let set_of = |name, value| vec![change(name, set(value))];
    assert_eq!(
        alter(&mut world, all(), set_of("log.retention.ms", "77")),
        "ok"
    );
    assert_eq!(world.changes, [Change::BrokerConfigChanged]);
    assert_eq!(
        described(&world, "a.b", "retention.ms"),
        "77 from DynamicDefaultBroker: log.retention.ms=77 (DynamicDefaultBroker), log.retention.hours=168 (Default)"
    );
    assert_eq!(
        world
            .metadata
            .log_config(world.metadata.topic("a.b").unwrap())
            .retention_ms,
        77
    );
    assert_eq!(
        alter(&mut world, one(), set_of("log.retention.ms", "5")),
        "ok"
    );
    assert_eq!(world.metadata.config().log.retention_ms, 5);
    for (resource, changes, answer) in [
        (one(), vec![change("log.retention.ms", Delete)], "ok"),
        (
            all(),
            set_of("log.retention.ms", "x"),
            "42 Invalid value x for configuration log.retention.ms: Not a number of type LONG",
        ),
        (
            all(),
            set_of("message.max.bytes", "-5"),
            "42 Invalid value -5 for configuration message.max.bytes: Value must be at least 0",
        ),
        (
            all(),
            set_of("num.partitions", "5"),
            "42 Cannot update these configs dynamically: [num.partitions]",
        ),
        (
            all(),
            set_of("process.roles", "5"),
            "42 Cannot update these configs dynamically: [process.roles]",
        ),
        (all(), set_of("no.such.key", "5"), "ok"),
        (
            all(),
            vec![change("no.such", append("5"))],
            "40 Unknown config name: no.such",
        ),
        (
            all(),
            vec![change("log.retention.ms", append("5"))],
            "40 Config value append is not allowed for config key: log.retention.ms",
        ),
        (
            all(),
            vec![change("log.retention.ms", Unknown(9))],
            "42 Unknown operations type 9",
        ),
        (
            all(),
            vec![change("log.cleanup.policy", append("compact"))],
            "ok",
        ),
        (
            ConfigResource::Broker("7".to_owned()),
            vec![],
            "42 Unexpected broker id, expected 1, but received 7",
        ),
        (
            ConfigResource::Broker("x".to_owned()),
            vec![],
            "42 Node id must be an integer, but it is: x",
        ),
    ] {
        assert_eq!(alter(&mut world, resource, changes), answer);
    }
    let entries = world.metadata.broker_configs();
    let policy = entries
        .iter()
        .find(|entry| entry.name == "log.cleanup.policy")
        .unwrap();
    assert_eq!(
        shown(policy),
        "delete,compact from DynamicDefaultBroker: log.cleanup.policy=delete,compact (DynamicDefaultBroker), log.cleanup.policy=delete (Default)"
    );
    let unknown = entries
        .iter()
        .find(|entry| entry.name == "no.such.key")
        .unwrap();
    assert_eq!(
        (&unknown.value, unknown.is_sensitive, unknown.is_read_only),
        (&None, true, true)
    );
    let cluster: Vec<_> = world
        .metadata
        .cluster_configs()
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    assert_eq!(
        cluster,
        ["log.cleanup.policy", "log.retention.ms", "no.such.key"]
    );
}

#[test]
fn a_resource_that_is_named_twice_is_refused_and_what_fails_changes_nothing() {
    let mut world = World::with_topics();
    let five = ConfigResource::Topic("five".into());
    let other = ConfigResource::Topic("a.b".into());
    let good = || vec![change("retention.ms", set("1"))];
    let bad = vec![
        change("segment.ms", set("1")),
        change("retention.ms", set("x")),
    ];
    let answers = alter_all(
        &mut world,
        vec![(five.clone(), good()), (five.clone(), good())],
        false,
    );
    assert_eq!(answers, ["42 Each resource must appear at most once."; 2]);
    let answers = alter_all(&mut world, vec![(five, good()), (other, bad)], false);
    assert_eq!(
        answers,
        [
            "ok",
            "40 Invalid value x for configuration retention.ms: Not a number of type LONG"
        ]
    );
    assert_eq!(world.records.len(), 1);
}

#[test]
fn groups_have_their_own_keys_and_limits() {
    let mut world = World::new(&[]);
    let group = |name: &str| ConfigResource::Group(name.to_owned());
    for (resource, name, value, answer) in [
        (group("g"), "consumer.session.timeout.ms", "50000", "ok"),
        (
            group("g"),
            "consumer.session.timeout.ms",
            "5",
            "40 consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms",
        ),
        (
            group("g"),
            "streams.num.standby.replicas",
            "3",
            "40 streams.num.standby.replicas must be less than or equal to group.streams.max.standby.replicas",
        ),
        (
            group("g"),
            "nope",
            "5",
            "40 Unknown group config name: nope",
        ),
        (
            group(""),
            "consumer.session.timeout.ms",
            "50000",
            "42 Default group resources are not allowed.",
        ),
        (
            ConfigResource::Other(77, "m".to_owned()),
            "x",
            "1",
            "42 Unknown resource type 77",
        ),
        (
            ConfigResource::BrokerLogger("1".to_owned()),
            "kafka",
            "DEBUG",
            "40 Logger kafka does not exist!",
        ),
        (
            ConfigResource::BrokerLogger("7".to_owned()),
            "kafka",
            "DEBUG",
            "42 Unexpected node id. Expected 1, but received 7",
        ),
        (
            ConfigResource::BrokerLogger(String::new()),
            "kafka",
            "DEBUG",
            "42 Node id must be an integer, but it is: ",
        ),
    ] {
        assert_eq!(
            alter(&mut world, resource, vec![change(name, set(value))]),
            answer
        );
    }
    let entries = world.metadata.group_configs("g");
    assert_eq!(
        shown(&entries[2]),
        "50000 from Group: consumer.session.timeout.ms=50000 (Group), group.consumer.session.timeout.ms=45000 (Default)"
    );
}

fn described(world: &World, topic: &str, name: &str) -> String {
    let entries = world
        .metadata
        .topic_configs(world.metadata.topic(topic).unwrap());
    shown(entries.iter().find(|entry| entry.name == name).unwrap())
}

fn shown(entry: &ConfigEntry) -> String {
    let synonyms = entry.synonyms.iter().map(|synonym| {
        format!(
            "{}={} ({:?})",
            synonym.name,
            synonym.value.as_deref().unwrap_or("null"),
            synonym.source
        )
    });
    let value = entry.value.as_deref().unwrap_or("null");
    format!(
        "{value} from {:?}: {}",
        entry.source,
        synonyms.collect::<Vec<_>>().join(", ")
    )
}
