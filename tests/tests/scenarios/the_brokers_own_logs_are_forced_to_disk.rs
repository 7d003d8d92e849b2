use ottla_core::config::Config;
use ottla_core::interface::{CreateTopicsRequest, NewTopic};
use ottla_core::{
    Broker, ConnectionId, ErrorCode, Input, LogId, Now, Output, Request, RequestId, StoreOp,
};
use ottla_tests::world::{Who, World};

#[test]
fn a_topic_is_forced_to_disk_before_it_is_acknowledged() {
    let settings = [("log.flush.interval.messages".to_owned(), "1".to_owned())];
    let (config, _) = Config::from_properties(settings).expect("a configuration");
    let mut broker = Broker::new(config, 1);
    let request = CreateTopicsRequest {
        topics: vec![NewTopic {
            name: "orders".into(),
            partitions_count: Some(1),
            replication_factor: None,
            assignment: Vec::new(),
            configs: Vec::new(),
        }],
        validate_only: false,
        automatic: false,
    };
    let id = RequestId {
        connection: ConnectionId(1),
        sequence: 0,
    };
    let mut out = Vec::new();
    let request = Request::CreateTopics(request);
    broker.handle(Now::default(), Input::Request { id, request }, &mut out);
    let forced = out.iter().find_map(|output| match output {
        Output::Store(StoreOp::Append { log, flush, .. }) if *log == LogId::METADATA => {
            Some(*flush)
        }
        _ => None,
    });
    assert_eq!(forced, Some(true));
}

#[test]
fn a_commit_is_forced_to_disk_when_its_time_has_come() {
    let settings = [
        ("log.flush.interval.ms", "1000"),
        ("offsets.topic.num.partitions", "1"),
    ];
    let mut world = World::new(&settings).with_topic("orders", 1);
    world.advance("1s");
    let tool = world.client("tool");
    let committed = world.commit(tool, &Who::newcomer("project"), "orders", (0, 3));
    assert_eq!(committed, ErrorCode::None);
    let log = world.log("__consumer_offsets", 0);
    let mut out = Vec::new();
    let mono = world.now().mono.plus_ms(1_000);
    let now = Now {
        mono,
        ..world.now()
    };
    world.broker.handle(now, Input::Tick, &mut out);
    let is_forced = |output: &Output| matches!(output, Output::Store(StoreOp::Flush { log: forced }) if *forced == log);
    assert!(out.iter().any(is_forced), "{out:?}");
}
