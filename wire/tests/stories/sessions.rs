//! Fetch sessions (KIP-227): what did not change is not said again.

use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use kafka_protocol::messages::{FetchRequest, FetchResponse};
use ottla_core::ConnectionId;
use uuid::Uuid;

use crate::requests::{create, produce};
use crate::support::{Net, batch, values};

/// A client with a session over both partitions of a topic.
struct Follower {
    net: Net,
    client: ConnectionId,
    topic: Uuid,
    session: i32,
}

impl Follower {
    fn begin(properties: &[(&str, &str)]) -> Follower {
        let mut net = Net::with(&[&[("num.partitions", "2")], properties].concat());
        let client = net.connect();
        let topic = create(&mut net, client, "t");
        let mut follower = Follower {
            net,
            client,
            topic,
            session: 0,
        };
        let answer = follower.fetch(0, &[(0, 0), (1, 0)], &[]);
        assert_eq!(
            partitions(&answer),
            [0, 1],
            "the first answer tells everything"
        );
        follower.session = answer.session_id;
        follower
    }

    fn fetch(&mut self, epoch: i32, wishes: &[(i32, i64)], forgotten: &[i32]) -> FetchResponse {
        let partitions = wishes.iter().map(|(partition, offset)| {
            FetchPartition::default()
                .with_partition(*partition)
                .with_fetch_offset(*offset)
                .with_partition_max_bytes(1 << 20)
        });
        let mut request = FetchRequest::default()
            .with_max_wait_ms(0)
            .with_session_id(self.session)
            .with_session_epoch(epoch);
        if !wishes.is_empty() {
            let topic = FetchTopic::default()
                .with_topic_id(self.topic)
                .with_partitions(partitions.collect());
            request.topics = vec![topic];
        }
        if !forgotten.is_empty() {
            let topic = ForgottenTopic::default()
                .with_topic_id(self.topic)
                .with_partitions(forgotten.to_vec());
            request.forgotten_topics_data = vec![topic];
        }
        self.net.ask(self.client, 16, &request)
    }

    fn produce(&mut self, partition: i32, value: &str) {
        let request = produce(13, self.topic, partition, 1, batch(0, &[value]));
        self.net.ask(self.client, 13, &request);
    }
}

#[test]
fn an_answer_tells_only_what_has_changed() {
    let mut follower = Follower::begin(&[]);
    assert!(follower.session > 0);
    assert_eq!(partitions(&follower.fetch(1, &[], &[])), [0; 0]);

    follower.produce(1, "news");
    let news = follower.fetch(2, &[], &[]);
    assert_eq!(partitions(&news), [1]);
    assert_eq!(
        values(
            news.responses[0].partitions[0]
                .records
                .clone()
                .expect("records")
        ),
        ["news"]
    );
    assert_eq!(news.session_id, follower.session);

    assert_eq!(
        partitions(&follower.fetch(3, &[(1, 1)], &[])),
        [0; 0],
        "it is read"
    );
}

#[test]
fn a_forgotten_partition_is_not_told_of() {
    let mut follower = Follower::begin(&[]);
    follower.fetch(1, &[], &[1]);
    follower.produce(0, "followed");
    follower.produce(1, "forgotten");
    assert_eq!(partitions(&follower.fetch(2, &[], &[])), [0]);
}

#[test]
fn a_session_that_nobody_knows_or_that_is_elsewhere_is_refused() {
    let mut follower = Follower::begin(&[]);
    assert_eq!(
        follower.fetch(5, &[], &[]).error_code,
        71,
        "INVALID_FETCH_SESSION_EPOCH"
    );
    follower.session += 1;
    assert_eq!(
        follower.fetch(1, &[], &[]).error_code,
        70,
        "FETCH_SESSION_ID_NOT_FOUND"
    );
    follower.session = 0;
    assert_eq!(follower.fetch(5, &[], &[]).error_code, 70);
}

#[test]
fn a_session_ends_when_the_client_says_so() {
    let mut follower = Follower::begin(&[]);
    let last = follower.fetch(-1, &[(0, 0)], &[]);
    assert_eq!(
        (last.error_code, last.session_id, partitions(&last)),
        (0, 0, vec![0])
    );
    assert_eq!(follower.fetch(1, &[], &[]).error_code, 70);
}

#[test]
fn when_there_are_too_many_a_silent_one_makes_room_after_two_minutes() {
    let mut follower = Follower::begin(&[("max.incremental.fetch.session.cache.slots", "1")]);
    let first = follower.session;
    follower.session = 0;
    assert_eq!(follower.fetch(0, &[(0, 0)], &[]).session_id, 0, "no room");
    follower.net.pass_ms(120_001);
    let second = follower.fetch(0, &[(0, 0)], &[]).session_id;
    assert!(second > 0 && second != first);
    follower.session = first;
    assert_eq!(follower.fetch(1, &[], &[]).error_code, 70);
}

#[test]
fn a_busy_partition_does_not_starve_the_others() {
    let mut follower = Follower::begin(&[]);
    for _ in 0..3 {
        follower.produce(0, "busy");
    }
    follower.produce(1, "quiet");
    let mut request = FetchRequest::default()
        .with_max_wait_ms(0)
        .with_session_id(follower.session);
    request.max_bytes = 1;
    request.session_epoch = 1;
    let first = follower.net.ask(follower.client, 16, &request);
    request.session_epoch = 2;
    let second = follower.net.ask(follower.client, 16, &request);
    let with_records = |answer: &FetchResponse| -> Vec<i32> {
        let all = answer.responses.iter().flat_map(|topic| &topic.partitions);
        all.filter(|found| {
            found
                .records
                .as_ref()
                .is_some_and(|records| !records.is_empty())
        })
        .map(|found| found.partition_index)
        .collect()
    };
    assert_eq!(
        (with_records(&first), with_records(&second)),
        (vec![0], vec![1])
    );
}

fn partitions(answer: &FetchResponse) -> Vec<i32> {
    assert_eq!(answer.error_code, 0);
    let topics = answer.responses.iter();
    topics
        .flat_map(|topic| {
            topic
                .partitions
                .iter()
                .map(|partition| partition.partition_index)
        })
        .collect()
}
