//! What will happen, if nobody interferes.

use ottla_core::Instant;
use ottla_core::sorted::Map;

use super::{Activity, ConsumerView, GroupView, Life, MemberView, Scene};
use crate::narration::told::{list, span, told};
use crate::narration::{Sentence, Tone};

impl Scene {
    /// What will happen if nobody interferes, as it looks at a moment not before the scene's: whose session ends, whom a rebalance waits for, whose
    /// work will be done. What is most urgent comes first.
    pub fn expectations(&self, at: Instant) -> Vec<Sentence> {
        let mut expected: Vec<(Instant, Sentence)> = Vec::new();
        let lives: Map<&str, Life> = self
            .consumers
            .iter()
            .map(|consumer| (consumer.name.as_str(), consumer.life))
            .collect();
        expected.extend(broker(self.broker.life).map(|text| (at, told(at, Tone::Loss, text, &[]))));
        for group in &self.groups {
            let members = group.members.iter();
            let life = |member: &MemberView| lives.get(member.client.as_str()).copied();
            expected.extend(members.filter_map(|member| session(member, life(member), at)));
            expected.extend(rebalance(group, at));
        }
        let consumers = self.consumers.iter();
        expected.extend(consumers.filter_map(|consumer| work(consumer, at)));
        expected.sort_by_key(|(when, _)| *when);
        let expected = expected.into_iter().map(|(_, sentence)| sentence);
        expected.take(EXPECTATIONS_MAX).collect()
    }
}

/// A broker that does not answer.
fn broker(life: Life) -> Option<&'static str> {
    match life {
        Life::Running => None,
        Life::Frozen(_) => Some("The broker stands still: nothing is answered until it goes on."),
        Life::Crashed(_) => Some(
            "The broker has crashed: clients try in vain to reach it until it is started again.",
        ),
        Life::Left(_) => Some(
            "The broker was stopped in order: clients try in vain to reach it until it is started again.",
        ),
    }
}

/// A member of which nothing is heard.
fn session(member: &MemberView, life: Option<Life>, at: Instant) -> Option<(Instant, Sentence)> {
    let (heard_at, ends_at) = (member.heard_at?, member.session_ends_at?);
    let timeout_us = ends_at - heard_at;
    let silence_us = at - heard_at;
    let is_silent = match life {
        Some(Life::Crashed(_) | Life::Frozen(_)) => true,
        // Its links may be dead.
        _ => silence_us > timeout_us / 2,
    };
    if !is_silent || ends_at < at {
        return None;
    }
    let sentence = told(
        at,
        Tone::Loss,
        "*{}* has sent no heartbeat for {}. At {} the coordinator will remove it.",
        &[
            &member.client,
            &span(silence_us / 1000),
            &span(timeout_us / 1000),
        ],
    );
    Some((ends_at, sentence))
}

/// A rebalance that waits for somebody.
fn rebalance(group: &GroupView, at: Instant) -> Option<(Instant, Sentence)> {
    let awaited = group.members.iter().filter(|member| member.is_awaited);
    let awaited: Vec<&str> = awaited.map(|member| member.client.as_str()).collect();
    if awaited.is_empty() {
        return None;
    }
    let names = list(&awaited);
    let mut sentence = match group.state.as_str() {
        "PreparingRebalance" => {
            let template = "The rebalance of group {} waits for *{}* to join again";
            told(at, Tone::Turn, template, &[&group.id, &names])
        }
        _ => {
            let template = "Group {} waits for *{}* to ask for its partitions";
            told(at, Tone::Turn, template, &[&group.id, &names])
        }
    };
    match group.rebalance_ends_at.filter(|ends| *ends > at) {
        Some(ends) => sentence.add(", for {} at most.", &[&span((ends - at) / 1000)]),
        None => sentence.add(".", &[]),
    }
    Some((group.rebalance_ends_at.unwrap_or(at), sentence))
}

/// Work that takes its time.
fn work(consumer: &ConsumerView, at: Instant) -> Option<(Instant, Sentence)> {
    let Activity::Working {
        partition,
        offset,
        since,
        until,
    } = &consumer.activity
    else {
        return None;
    };
    if !matches!(consumer.life, Life::Running) || *until <= at || *until - *since < LONG_WORK_US {
        return None;
    }
    let sentence = told(
        at,
        Tone::Plain,
        "*{}* works on offset {} of {}, for {} more.",
        &[
            &consumer.name,
            &offset.to_string(),
            &partition.to_string(),
            &span((*until - at) / 1000),
        ],
    );
    Some((*until, sentence))
}

/// Shorter work is done before anybody has read of it.
const LONG_WORK_US: u64 = 1_000_000;
const EXPECTATIONS_MAX: usize = 5;
