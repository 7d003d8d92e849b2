//! What becomes of groups, as their coordinator tells it.

use std::sync::Arc;

use kafka_protocol::messages::{ApiKey, JoinGroupResponse};
use ottla_client::assignor::parse_assignment;
use ottla_core::interface::{Event, LeaveCause};
use ottla_core::sorted::Map;
use ottla_core::{GroupId, Instant, MemberId, TopicPartition};

use super::known::{Known, KnownMember};
use super::told::{counted, list, span, told};
use super::{Sentence, Tone};
use crate::frames::Frame;

/// Whom a coordinator's answer to JoinGroup gives which member id.
pub(super) fn member_given(frame: &Frame) -> Option<(MemberId, Arc<str>)> {
    let response: JoinGroupResponse = frame.answer(ApiKey::JoinGroup)?;
    let member = MemberId::from(response.member_id.as_str());
    (!member.is_empty()).then(|| (member, frame.client.clone()))
}

/// What has happened to groups at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    groups: Map<GroupId, GroupTurn>,
}

#[derive(Debug, Clone, Default)]
struct GroupTurn {
    joined: Vec<String>,
    left: Vec<(String, LeaveCause)>,
    came_back: Vec<String>,
    /// A rebalance has begun.
    has_begun: bool,
    is_empty: bool,
    generation: Option<Generation>,
    assigned: Vec<(String, Vec<TopicPartition>)>,
}

#[derive(Debug, Clone)]
struct Generation {
    number: i32,
    leader: String,
    members: Vec<String>,
    without: Vec<String>,
}

impl Turns {
    /// Notes an event. False if it is none of a group's life.
    pub(super) fn hear(&mut self, known: &mut Known, event: &Event) -> bool {
        match event {
            Event::MemberJoined {
                group,
                member,
                client_id,
            } => {
                let name = known.member_names.get(member);
                let client = name.map_or_else(|| client_id.clone(), ToString::to_string);
                let known = known.groups.entry(group.clone()).or_default();
                self.of(group).joined.push(client.clone());
                let partitions = Vec::new();
                known
                    .members
                    .insert(member.clone(), KnownMember { client, partitions });
            }
            Event::MemberReplaced { group, old, new } => {
                let known = known.groups.entry(group.clone()).or_default();
                if let Some(member) = known.members.remove(old) {
                    self.of(group).came_back.push(member.client.clone());
                    known.members.insert(new.clone(), member);
                }
            }
            Event::MemberLeft {
                group,
                member,
                cause,
            } => {
                let client = known.client(group, member);
                if let Some(known) = known.groups.get_mut(group) {
                    known.members.remove(member);
                    known.gone.push(client.clone());
                }
                self.of(group).left.push((client, *cause));
            }
            Event::GroupState { group, to, .. } => {
                let known = known.groups.entry(group.clone()).or_default();
                let turn = self.of(group);
                turn.has_begun |= *to == "PreparingRebalance" && known.is_stable;
                turn.is_empty = *to == "Empty";
                known.is_stable = *to == "Stable";
            }
            Event::Generation {
                group,
                generation_id,
                leader,
                ..
            } => self.generation(known, group, *generation_id, leader),
            Event::Assigned {
                group,
                member,
                assignment,
            } => {
                let partitions = parse_assignment(assignment).unwrap_or_default();
                let client = known.client(group, member);
                if let Some(known) = known.groups.get_mut(group)
                    && let Some(member) = known.members.get_mut(member)
                {
                    member.partitions.clone_from(&partitions);
                }
                self.of(group).assigned.push((client, partitions));
            }
            Event::GroupDeleted { group } => drop(known.groups.remove(group)),
            _ => return false,
        }
        true
    }

    fn generation(&mut self, known: &mut Known, group: &GroupId, number: i32, leader: &MemberId) {
        let leader = known.client(group, leader);
        let known = known.groups.entry(group.clone()).or_default();
        let members = known.members.values();
        let generation = Generation {
            number,
            leader,
            members: members.map(|member| member.client.clone()).collect(),
            without: std::mem::take(&mut known.gone),
        };
        if !generation.members.is_empty() {
            self.of(group).generation = Some(generation);
        }
    }

    fn of(&mut self, group: &GroupId) -> &mut GroupTurn {
        self.groups.entry(group.clone()).or_default()
    }

    /// The moment is over: it is told.
    pub(super) fn tell(&mut self, known: &mut Known, at: Instant, sentences: &mut Vec<Sentence>) {
        for (group, turn) in std::mem::take(&mut self.groups) {
            sentences.extend(turn.change(known, at, &group));
            let generation = turn.generation.as_ref();
            sentences.extend(generation.map(|generation| generation.sentence(known, at, &group)));
            sentences.extend(turn.assignment(known, at, &group));
        }
    }
}

impl GroupTurn {
    /// Who came and went.
    fn change(&self, known: &mut Known, at: Instant, group: &GroupId) -> Option<Sentence> {
        let mut sentence = None;
        for (client, cause) in &self.left {
            add_leave(known, at, group, client, *cause, &mut sentence);
        }
        if !self.joined.is_empty() {
            let (who, s) = (
                list(&self.joined),
                if self.joined.len() == 1 { "s" } else { "" },
            );
            let sentence = sentence.get_or_insert_with(|| told(at, Tone::Turn, "", &[]));
            let space = if sentence.parts.is_empty() { "" } else { " " };
            sentence.add("{}*{}* join{} group *{}*.", &[space, &who, s, group]);
        }
        for client in &self.came_back {
            let sentence = sentence.get_or_insert_with(|| told(at, Tone::Turn, "", &[]));
            sentence.add(
                "*{}* is back in group {} under its own name, and has its partitions again. No rebalance was needed.",
                &[client, group],
            );
        }
        if self.is_empty {
            let sentence = sentence.get_or_insert_with(|| told(at, Tone::Turn, "", &[]));
            sentence.add(" Group {} has no members now.", &[group]);
        } else if self.has_begun {
            let sentence = match &mut sentence {
                Some(sentence) => sentence,
                None => sentence.insert(told(at, Tone::Turn, "Group {}:", &[group])),
            };
            let is_new = !std::mem::replace(&mut known.has_explained_rebalances, true);
            let explanation = if is_new {
                ": all members are to join again"
            } else {
                ""
            };
            sentence.add(" A *rebalance* begins{}.", &[explanation]);
        }
        sentence
    }

    /// Who reads what now.
    fn assignment(&self, known: &Known, at: Instant, group: &GroupId) -> Option<Sentence> {
        if self.assigned.is_empty() {
            return None;
        }
        let naming = known.naming();
        let mut sentence = told(at, Tone::Turn, "", &[]);
        if known.has_several_groups() {
            sentence.add("Group {}: ", &[group]);
        }
        let (busy, idle): (Vec<_>, Vec<_>) = self
            .assigned
            .iter()
            .partition(|(_, partitions)| !partitions.is_empty());
        if busy.len() > MEMBERS_NAMED_MAX {
            let partitions_count = busy.iter().map(|(_, partitions)| partitions.len()).sum();
            sentence.add(
                "{} are shared among {}.",
                &[
                    &counted(partitions_count, "partition"),
                    &counted(busy.len(), "member"),
                ],
            );
        } else {
            for (index, (client, partitions)) in busy.iter().enumerate() {
                let joint = if index == 0 { "" } else { ", " };
                let partitions = match index {
                    0 => naming.all(partitions),
                    _ => naming.numbers(partitions),
                };
                sentence.add("{}*{}* reads {}", &[joint, client, &partitions]);
            }
            sentence.add(if busy.is_empty() { "" } else { "." }, &[]);
        }
        let idle: Vec<&str> = idle.iter().map(|(client, _)| client.as_str()).collect();
        let space = if busy.is_empty() { "" } else { " " };
        match idle.len() {
            0 => {}
            1 => sentence.add("{}*{}* gets none: it is a spare.", &[space, &list(&idle)]),
            _ => sentence.add("{}*{}* get none: they are spares.", &[space, &list(&idle)]),
        }
        Some(sentence)
    }
}

impl Generation {
    fn sentence(&self, known: &mut Known, at: Instant, group: &GroupId) -> Sentence {
        let number = self.number.to_string();
        let mut sentence = told(
            at,
            Tone::Plain,
            "*Generation {}* of group {} begins",
            &[&number, group],
        );
        match self.members.as_slice() {
            [only] => sentence.add(" with {}", &[only]),
            members => sentence.add(" with {}", &[&counted(members.len(), "member")]),
        }
        let without = self
            .without
            .iter()
            .filter(|gone| !self.members.contains(gone));
        let without: Vec<&str> = without.map(String::as_str).collect();
        if !without.is_empty() {
            sentence.add(", without {}", &[&list(&without)]);
        }
        sentence.add(".", &[]);
        if self.members.len() > 1 && !std::mem::replace(&mut known.has_explained_leaders, true) {
            sentence.add(
                " *{}* leads it: it works out who reads what.",
                &[&self.leader],
            );
        }
        sentence
    }
}

fn add_leave(
    known: &Known,
    at: Instant,
    group: &GroupId,
    client: &str,
    cause: LeaveCause,
    sentence: &mut Option<Sentence>,
) {
    let tone = match cause {
        LeaveCause::Left => Tone::Turn,
        _ => Tone::Loss,
    };
    let sentence = sentence.get_or_insert_with(|| told(at, tone, "", &[]));
    if !sentence.parts.is_empty() {
        sentence.add(" ", &[]);
    }
    match cause {
        LeaveCause::Left => sentence.add("*{}* leaves group *{}*.", &[client, group]),
        LeaveCause::SessionExpired => {
            let silence = known.session_timeout_ms(client);
            let silence = silence.map_or_else(|| "its session timeout".to_owned(), span);
            sentence.add(
                "*{}* has sent no heartbeat for {}: the coordinator of group {} removes it.",
                &[client, &silence, group],
            );
        }
        LeaveCause::RebalanceExpired => sentence.add(
            "*{}* has not joined again in time: group {} goes on without it.",
            &[client, group],
        ),
        LeaveCause::SyncExpired => sentence.add(
            "*{}* has not asked for its partitions in time: group {} goes on without it.",
            &[client, group],
        ),
        LeaveCause::GroupFull => {
            sentence.add(
                "Group {} is full: there is no place for *{}*.",
                &[group, client],
            );
        }
    }
}

/// Of more members only the number is told.
const MEMBERS_NAMED_MAX: usize = 6;
