//! Stories: what becomes of what a person does.

mod brokers;
mod consumers;
mod producers;
mod refusals;

use ottla_core::Instant;

use super::World;

/// A scene that began with these actions.
struct Story(World);

impl Story {
    fn begin(lines: &[&str]) -> Self {
        let mut story = Self(World::for_scene(7));
        story.act(lines);
        story
    }

    fn act(&mut self, lines: &[&str]) {
        for line in lines {
            self.try_to(line)
                .unwrap_or_else(|why| panic!("{line}: {why}"));
        }
    }

    /// Why it cannot be done, in words.
    fn try_to(&mut self, line: &str) -> Result<(), String> {
        let action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        self.0.apply(&action).map_err(|error| error.0)
    }

    fn pass_ms(&mut self, ms: u64) {
        let to = self.0.now().mono + ms * 1000;
        self.0.advance(to);
    }

    /// What a consumer has worked on: partitions and offsets.
    fn worked(&self, consumer: &str) -> Vec<String> {
        let journal = self.0.journal(consumer).expect("a consumer");
        let entries = journal.iter();
        entries
            .map(|done| format!("{}:{}", done.partition, done.offset))
            .collect()
    }

    fn values(&self, consumer: &str) -> Vec<String> {
        let journal = self.0.journal(consumer).expect("a consumer");
        journal.iter().map(|done| done.value.to_string()).collect()
    }

    fn ends(&self, topic: &str) -> Vec<i64> {
        let metadata = self.0.broker().metadata();
        let count = metadata
            .topic(topic)
            .map_or(0, |topic| topic.partitions.len());
        (0..count as i32)
            .filter_map(|index| self.0.broker().partition_log(topic, index))
            .map(|log| log.high_watermark().0)
            .collect()
    }

    fn committed(&self, group: &str, topic: &str) -> Vec<i64> {
        let group = self.0.broker().group(group);
        (0..self.ends(topic).len() as i32)
            .map(|index| {
                let committed = group.and_then(|group| group.offsets().committed(topic, index));
                committed.map_or(-1, |committed| committed.offset.0)
            })
            .collect()
    }

    /// What a consumer believes it reads.
    fn reads(&self, consumer: &str) -> Vec<String> {
        let app = self.0.resident(consumer).and_then(|one| one.as_consumer());
        let own = app.expect("a consumer").consumer().assignment();
        own.iter().map(ToString::to_string).collect()
    }

    fn members_count(&self, group: &str) -> usize {
        self.0
            .broker()
            .group(group)
            .map_or(0, |group| group.members().len())
    }

    fn log(&mut self) -> String {
        let lines = self.0.take_log();
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn now(&self) -> Instant {
        self.0.now().mono
    }
}

#[test]
fn the_same_actions_and_the_same_seed_give_the_same_log() {
    let live = |seed| {
        let mut story = Story(World::for_scene(seed));
        story.act(BUSY);
        story.pass_ms(20_000);
        story.act(&["crash b", "freeze c", "broker crash"]);
        story.pass_ms(5_000);
        story.act(&["broker start", "thaw c"]);
        story.pass_ms(40_000);
        story.log()
    };
    assert_eq!(live(1), live(1));
    assert_ne!(live(1), live(2));
}

#[test]
fn a_clone_goes_on_as_its_original() {
    let mut story = Story::begin(BUSY);
    for _ in 0..10 {
        story.pass_ms(700);
        story.log();
        let mut copy = Story(story.0.clone());
        copy.pass_ms(3_000);
        copy.act(&["crash a"]);
        copy.pass_ms(30_000);
        let mut other = Story(story.0.clone());
        other.pass_ms(3_000);
        other.act(&["crash a"]);
        other.pass_ms(30_000);
        assert_eq!(copy.log(), other.log());
    }
}

#[test]
fn an_action_that_is_refused_changes_nothing() {
    let mut story = Story::begin(BUSY);
    let mut tried = Story(story.0.clone());
    for line in [
        "topic orders",
        "partitions orders 2",
        "crash nobody",
        "thaw a",
        "producer p topic=orders",
    ] {
        tried.try_to(line).unwrap_err();
    }
    story.pass_ms(10_000);
    tried.pass_ms(10_000);
    assert_eq!(story.log(), tried.log());
}

const BUSY: &[&str] = &[
    "topic orders partitions=3",
    "links latency=20ms jitter=15ms",
    "producer p topic=orders rate=10/s",
    "consumer a group=g topics=orders work=50ms",
    "consumer b group=g topics=orders work=50ms commit=after",
    "consumer c group=g topics=orders assignor=range commit=before",
];
