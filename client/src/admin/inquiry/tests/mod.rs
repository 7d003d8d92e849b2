//! An inquiry, with a broker that answers what the test says.

mod old_brokers;

use kafka_protocol::messages::create_topics_response::CreatableTopicResult;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{
    BrokerId as Id, CreateTopicsResponse, FindCoordinatorResponse, MetadataResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{TopicName, TopicPartition};

use super::*;
use crate::admin::{CreateTopics, FindCoordinator, ListOffsets, NewTopic, OffsetSpec, Question};
use crate::network::BrokerId;
use crate::protocol::names::{text, topic_out};

struct Asker {
    inquiry: Inquiry,
    random: Random,
    now: Instant,
}

impl Asker {
    fn new(question: impl AnyQuestion + 'static) -> Self {
        let mut config = AdminConfig::new(Vec::new());
        config.api_timeout_ms = 10_000;
        Self {
            inquiry: Inquiry::new(Arc::new(question), Instant(0), &config),
            random: Random::new(1),
            now: Instant(0),
        }
    }

    /// What is asked now, of whom.
    fn sent(&mut self) -> Vec<Target> {
        assert!(self.inquiry.turn(self.now, None).is_none());
        self.inquiry.rest(self.now, &mut self.random);
        let due = self.inquiry.due(self.now);
        due.map(|(_, call)| {
            call.state = CallState::Sent;
            call.target.clone()
        })
        .collect()
    }

    /// A response comes. The value, if that was the end.
    fn answered(&mut self, place: usize, result: Result<Response, CallError>) -> Option<Value> {
        self.inquiry
            .arrive(self.now, place, result, &mut self.random);
        self.inquiry.turn(self.now, None)
    }

    fn pass_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }
}

/// What a question came to.
fn outcome<Q: Question>(value: Option<Value>) -> Result<Q::Answer, AskError> {
    let value = value.expect("the end");
    value.get().expect("an answer to the question")
}

fn new_topics(names: &[&str]) -> CreateTopics {
    let topic = |name: &&str| NewTopic {
        name: TopicName::from(*name),
        partitions_count: None,
        replication_factor: None,
        assignments: Map::new(),
        configs: Vec::new(),
    };
    CreateTopics {
        topics: names.iter().map(topic).collect(),
        validate_only: false,
    }
}

fn created(codes: &[(&str, ErrorCode)]) -> Response {
    let result = |(name, code): &(&str, ErrorCode)| {
        CreatableTopicResult::default()
            .with_name(topic_out(&TopicName::from(*name)))
            .with_error_code(code.number())
    };
    CreateTopicsResponse::default()
        .with_topics(codes.iter().map(result).collect())
        .into()
}

#[test]
fn a_controller_that_is_none_is_asked_again_after_a_pause() {
    let mut asker = Asker::new(new_topics(&["a"]));
    assert_eq!(asker.sent(), [Target::Controller]);
    let refused = created(&[("a", ErrorCode::NotController)]);
    assert!(asker.answered(0, Ok(refused)).is_none());
    assert_eq!(
        asker.inquiry.rest(asker.now, &mut asker.random),
        [(Target::Controller, ErrorCode::NotController)]
    );
    assert_eq!(asker.sent(), []);
    asker.pass_ms(150);
    assert_eq!(asker.sent(), [Target::Controller]);
    let value = asker.answered(0, Ok(created(&[("a", ErrorCode::None)])));
    let answer = outcome::<CreateTopics>(value).expect("an answer");
    assert!(answer["a"].is_ok());
}

#[test]
fn what_was_done_for_one_topic_is_not_done_again_for_another() {
    let mut asker = Asker::new(new_topics(&["a", "b"]));
    asker.sent();
    let half = created(&[("a", ErrorCode::None), ("b", ErrorCode::RequestTimedOut)]);
    let value = asker.answered(0, Ok(half));
    let answer = outcome::<CreateTopics>(value).expect("an answer");
    let error = answer["b"].as_ref().expect_err("b timed out");
    assert_eq!(error.code, ErrorCode::RequestTimedOut);
}

#[test]
fn a_refusal_that_lasts_is_the_answer_when_the_time_is_over() {
    let mut asker = Asker::new(new_topics(&["a"]));
    for _ in 0..3 {
        asker.sent();
        let refused = created(&[("a", ErrorCode::NotController)]);
        assert!(asker.answered(0, Ok(refused)).is_none());
        asker.inquiry.rest(asker.now, &mut asker.random);
        asker.pass_ms(2_000);
    }
    assert!(asker.inquiry.next_deadline(false) > Instant(4_000_000));
    asker.pass_ms(4_000);
    let value = asker.inquiry.turn(asker.now, None);
    let answer = outcome::<CreateTopics>(value).expect("an answer");
    let error = answer["a"].as_ref().expect_err("a is refused");
    assert_eq!(error.code, ErrorCode::NotController);
}

/// Partition 0 of `orders` is led by this broker.
fn metadata(leader: i32) -> Response {
    let partition = MetadataResponsePartition::default().with_leader_id(Id(leader));
    let topic = MetadataResponseTopic::default()
        .with_name(Some(topic_out(&"orders".into())))
        .with_partitions(vec![partition]);
    let broker = |id| {
        MetadataResponseBroker::default()
            .with_node_id(Id(id))
            .with_host(text("broker.test"))
            .with_port(9092)
    };
    MetadataResponse::default()
        .with_brokers(vec![broker(1), broker(2)])
        .with_topics(vec![topic])
        .into()
}

fn ends() -> ListOffsets {
    let partition = TopicPartition {
        topic: "orders".into(),
        partition: 0,
    };
    ListOffsets {
        partitions: Map::from([(partition, OffsetSpec::Latest)]),
        read_committed: false,
    }
}

#[test]
fn a_leader_that_is_gone_is_looked_up_again() {
    let mut asker = Asker::new(ends());
    assert_eq!(asker.sent(), [Target::Any]);
    assert!(asker.answered(0, Ok(metadata(1))).is_none());
    assert_eq!(asker.sent(), [Target::Broker(BrokerId(1))]);
    let gone = CallError::Disconnected("connection reset".to_owned());
    assert!(asker.answered(1, Err(gone)).is_none());
    assert_eq!(asker.sent(), []);
    asker.pass_ms(150);
    assert_eq!(asker.sent(), [Target::Any]);
    assert!(asker.answered(0, Ok(metadata(2))).is_none());
    assert_eq!(asker.sent(), [Target::Broker(BrokerId(2))]);
}

#[test]
fn a_leader_that_stays_away_is_named_when_the_time_is_over() {
    let mut asker = Asker::new(ends());
    asker.sent();
    asker.answered(0, Ok(metadata(1)));
    asker.sent();
    let gone = CallError::Disconnected("connection refused".to_owned());
    asker.answered(1, Err(gone));
    asker.sent();
    asker.pass_ms(10_000);
    let value = asker.inquiry.turn(asker.now, None);
    let error = outcome::<ListOffsets>(value).expect_err("nobody answered");
    assert_eq!(
        error.to_string(),
        "no answer to listOffsets in 10000 ms: broker 1: connection refused"
    );
}

#[test]
fn an_answer_to_something_else_is_no_answer() {
    let mut asker = Asker::new(FindCoordinator { group: "g".into() });
    asker.sent();
    let value = asker.answered(0, Ok(created(&[])));
    let answer = outcome::<FindCoordinator>(value);
    assert!(matches!(answer, Err(AskError::Garbage(_))), "{answer:?}");

    let mut asker = Asker::new(FindCoordinator { group: "g".into() });
    asker.sent();
    let empty = FindCoordinatorResponse::default();
    let value = asker.answered(0, Ok(empty.into()));
    let answer = outcome::<FindCoordinator>(value);
    assert!(matches!(answer, Err(AskError::Refused(_))), "{answer:?}");
}
