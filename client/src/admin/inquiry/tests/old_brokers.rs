//! Brokers that do not know the newest requests.

use kafka_protocol::messages::alter_configs_response::AlterConfigsResourceResponse;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult,
};
use kafka_protocol::messages::{AlterConfigsResponse, ApiKey, DescribeConfigsResponse};

use super::*;
use crate::admin::{
    AlterConfigs, ConfigChange, ConfigOp, ConfigResource, DescribeCluster, DescribeGroups,
    DescribeTopics,
};
use crate::protocol::Request;

fn unsupported(api: ApiKey) -> CallError {
    CallError::Unsupported {
        api,
        ours: 0..=1,
        theirs: None,
    }
}

#[test]
fn clusters_and_topics_are_read_off_metadata() {
    let mut asker = Asker::new(DescribeCluster);
    asker.sent();
    assert!(
        asker
            .answered(0, Err(unsupported(ApiKey::DescribeCluster)))
            .is_none()
    );
    assert_eq!(asker.sent(), [Target::Any]);
    let cluster = outcome::<DescribeCluster>(asker.answered(1, Ok(metadata(1))));
    let brokers = cluster.expect("an answer").brokers;
    assert_eq!(
        brokers.iter().map(|broker| broker.id).collect::<Vec<_>>(),
        [1, 2]
    );

    let names = vec!["orders".into(), "payments".into()];
    let mut asker = Asker::new(DescribeTopics { names });
    asker.sent();
    assert!(
        asker
            .answered(0, Err(unsupported(ApiKey::DescribeTopicPartitions)))
            .is_none()
    );
    asker.sent();
    let topics = outcome::<DescribeTopics>(asker.answered(1, Ok(metadata(2)))).expect("an answer");
    let orders = topics["orders"].as_ref().expect("orders is there");
    assert_eq!(orders.partitions[0].leader, Some(2));
    assert_eq!(orders.partitions[0].eligible_leaders, None);
    let missing = topics["payments"]
        .as_ref()
        .expect_err("payments is not there");
    assert_eq!(missing.code, ErrorCode::UnknownTopicOrPartition);
}

#[test]
fn settings_that_stay_are_written_again() {
    let orders = ConfigResource::topic("orders");
    let change = |name: &str, op| ConfigChange {
        name: name.to_owned(),
        op,
    };
    let changes = vec![
        change("retention.ms", ConfigOp::Delete),
        change("segment.bytes", ConfigOp::Set("1000".to_owned())),
        change("cleanup.policy", ConfigOp::Append("compact".to_owned())),
        change("list", ConfigOp::Subtract("b".to_owned())),
    ];
    let mut asker = Asker::new(AlterConfigs {
        changes: Map::from([(orders, changes)]),
        validate_only: false,
    });
    asker.sent();
    assert!(
        asker
            .answered(0, Err(unsupported(ApiKey::IncrementalAlterConfigs)))
            .is_none()
    );
    asker.sent();
    let entry = |name: &str, value: &str, source| {
        DescribeConfigsResourceResult::default()
            .with_name(text(name))
            .with_value(Some(text(value)))
            .with_config_source(source)
    };
    const OF_TOPIC: i8 = 1;
    const DEFAULT: i8 = 5;
    let described = DescribeConfigsResult::default()
        .with_resource_type(2)
        .with_resource_name(text("orders"))
        .with_configs(vec![
            entry("retention.ms", "5", OF_TOPIC),
            entry("flush.ms", "7", OF_TOPIC),
            entry("cleanup.policy", "delete", DEFAULT),
            entry("list", "a,b", OF_TOPIC),
            entry("segment.bytes", "9", DEFAULT),
        ]);
    let described = DescribeConfigsResponse::default().with_results(vec![described]);
    assert!(asker.answered(1, Ok(described.into())).is_none());
    let Request::AlterConfigs(request) = &asker.inquiry.file.calls[2].request else {
        panic!("{:?}", asker.inquiry.file.calls[2]);
    };
    let written: Vec<String> = request.resources[0]
        .configs
        .iter()
        .map(|config| {
            let value = config.value.as_deref().unwrap_or("null");
            format!("{}={value}", config.name.as_str())
        })
        .collect();
    assert_eq!(
        written,
        [
            "cleanup.policy=delete,compact",
            "flush.ms=7",
            "list=a",
            "segment.bytes=1000"
        ]
    );
    asker.sent();
    let done = AlterConfigsResourceResponse::default()
        .with_resource_type(2)
        .with_resource_name(text("orders"));
    let done = AlterConfigsResponse::default().with_responses(vec![done]);
    let outcome = outcome::<AlterConfigs>(asker.answered(2, Ok(done.into())));
    assert_eq!(
        outcome.expect("an answer")[&ConfigResource::topic("orders")],
        Ok(())
    );
}

#[test]
fn a_group_that_is_not_found_is_not_found_where_there_are_no_others() {
    use kafka_protocol::messages::DescribeGroupsResponse;
    use kafka_protocol::messages::describe_groups_response::DescribedGroup;

    let groups = vec!["billing".into()];
    let mut asker = Asker::new(DescribeGroups { groups });
    asker.sent();
    let dead = DescribedGroup::default().with_group_state(text("Dead"));
    let dead = DescribeGroupsResponse::default().with_groups(vec![dead]);
    assert!(asker.answered(0, Ok(dead.into())).is_none());
    asker.sent();
    let nobody = FindCoordinatorResponse::default();
    assert!(asker.answered(1, Ok(nobody.into())).is_none());
    asker.sent();
    let value = asker.answered(2, Err(unsupported(ApiKey::ConsumerGroupDescribe)));
    let described = outcome::<DescribeGroups>(value).expect("an answer");
    let error = described["billing"].as_ref().expect_err("there is none");
    assert_eq!(error.code, ErrorCode::GroupIdNotFound);
}
