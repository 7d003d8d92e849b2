use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::incremental_alter_configs_request as incremental;

use super::*;

#[test]
fn configuration_is_described_as_far_as_the_version_goes() {
    let mut pair = with_topics(&[("q", 1)]);
    for version in 1..=4 {
        let resource = |kind, name: &str| {
            DescribeConfigsResource::default()
                .with_resource_type(kind)
                .with_resource_name(text(name))
                .with_configuration_keys(Some(vec![
                    text("retention.ms"),
                    text("node.id"),
                    text("nope"),
                ]))
        };
        let request = DescribeConfigsRequest::default()
            .with_resources(
                [(2, "q"), (4, "1"), (2, "unknown"), (4, "7"), (99, "x")]
                    .map(|(kind, name)| resource(kind, name))
                    .into(),
            )
            .with_include_synonyms(true)
            .with_include_documentation(version >= 3);
        let results = pair.ask(version, &request).results;
        let codes: Vec<i16> = results.iter().map(|result| result.error_code).collect();
        assert_eq!(codes, [0, 0, 3, 42, 42]);
        assert_eq!(results[2].error_message.as_deref(), Some(""));
        let [retention] = &results[0].configs[..] else {
            panic!("more keys than asked for")
        };
        assert_eq!(
            (retention.value.as_deref(), retention.config_source),
            (Some("5000"), 1)
        );
        assert_eq!(retention.synonyms.len(), 1);
        assert_eq!(retention.config_type, if version >= 3 { 5 } else { 0 });
        let documentation = retention.documentation.as_deref().unwrap_or_default();
        assert_eq!(documentation.is_empty(), version < 3);
        assert!(results[1].configs[0].read_only);
    }
    let all = DescribeConfigsResource::default()
        .with_resource_type(2)
        .with_resource_name(text("q"))
        .with_configuration_keys(None);
    let results = pair
        .ask(
            4,
            &DescribeConfigsRequest::default().with_resources(vec![all]),
        )
        .results;
    assert_eq!(results[0].configs.len(), 33);
    assert!(
        results[0]
            .configs
            .iter()
            .all(|config| config.synonyms.is_empty() && config.documentation.is_none())
    );
}

#[test]
fn configuration_is_replaced_or_changed_key_by_key() {
    let mut pair = with_topics(&[("q", 1)]);
    for version in 0..=2 {
        let config = alter_configs_request::AlterableConfig::default()
            .with_name(text("segment.ms"))
            .with_value(Some(text("7000")));
        let resource = alter_configs_request::AlterConfigsResource::default()
            .with_resource_type(2)
            .with_resource_name(text("q"))
            .with_configs(vec![config]);
        let answer = pair.ask(
            version,
            &AlterConfigsRequest::default().with_resources(vec![resource]),
        );
        assert_eq!(
            (
                answer.responses[0].error_code,
                &answer.responses[0].error_message
            ),
            (0, &None)
        );
        assert_eq!(value(&mut pair, "retention.ms"), "604800000");
        assert_eq!(value(&mut pair, "segment.ms"), "7000");
    }
    for version in 0..=1 {
        let change = |name, operation, value: Option<&str>| {
            incremental::AlterableConfig::default()
                .with_name(text(name))
                .with_config_operation(operation)
                .with_value(value.map(text))
        };
        let resource = |configs| {
            incremental::AlterConfigsResource::default()
                .with_resource_type(2)
                .with_resource_name(text("q"))
                .with_configs(configs)
        };
        let changes = vec![
            change("cleanup.policy", 2, Some("compact")),
            change("segment.ms", 1, None),
        ];
        let request =
            IncrementalAlterConfigsRequest::default().with_resources(vec![resource(changes)]);
        assert_eq!(pair.ask(version, &request).responses[0].error_code, 0);
        assert_eq!(value(&mut pair, "cleanup.policy"), "delete,compact");
        assert_eq!(value(&mut pair, "segment.ms"), "604800000");
        let wrong = IncrementalAlterConfigsRequest::default()
            .with_resources(vec![resource(vec![change("retention.ms", 0, Some("x"))])]);
        let answer = pair.ask(version, &wrong).responses.remove(0);
        assert_eq!(
            (
                answer.error_code,
                answer.resource_type,
                answer.resource_name
            ),
            (40, 2, text("q"))
        );
    }
}

fn value(pair: &mut Pair, key: &str) -> String {
    let resource = DescribeConfigsResource::default()
        .with_resource_type(2)
        .with_resource_name(text("q"))
        .with_configuration_keys(Some(vec![text(key)]));
    let answer = pair.ask(
        4,
        &DescribeConfigsRequest::default().with_resources(vec![resource]),
    );
    answer.results[0].configs[0]
        .value
        .as_ref()
        .expect("a value")
        .to_string()
}
