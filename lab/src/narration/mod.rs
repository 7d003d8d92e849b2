//! What happened, in sentences.
//!
//! A [`Narrator`] hears the log's lines and the frames of a world, in order, and tells what is worth it: no heartbeats, no empty answers, and
//! what belongs together as one sentence.

mod actions;
mod apps;
mod clients;
mod faults;
mod groups;
mod known;
mod pace;
mod positions;
mod records;
#[cfg(test)]
mod tests;
pub(crate) mod told;

use std::sync::Arc;

use ottla_client::producer::ProducerEvent;
use ottla_core::Instant;
use ottla_core::controller::is_internal;
use ottla_core::interface::Event;

use crate::action::Action;
use crate::frames::Frame;
use crate::timeline::{Mark, MarkKind};
use crate::{Line, Teller, World};
use actions::{Doer, Who};
use clients::Reports;
use groups::Turns;
use known::Known;
use records::Records;
use told::told;

/// Something that happened, told to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// When.
    pub at: Instant,
    /// What it weighs.
    pub tone: Tone,
    /// The text, in parts.
    pub parts: Vec<Part>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Plain.
    Text(String),
    /// To be stressed: names, keys, offsets.
    Strong(String),
}

/// What a sentence weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A person did it.
    Action,
    /// It went on as it should.
    Plain,
    /// Something worth a look: a rebalance, a new generation.
    Turn,
    /// Something died, was refused or lost.
    Loss,
}

/// Who does something before the learner's eyes that is not a part of the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// The lesson: to answer its question, or to show its solution.
    Lesson,
    /// The exam, to answer a question.
    Exam,
}

impl Sentence {
    /// Its text without stress.
    pub fn text(&self) -> String {
        let texts = self.parts.iter().map(|part| match part {
            Part::Text(text) | Part::Strong(text) => text.as_str(),
        });
        texts.collect()
    }

    /// Its mark on the scrubber; what went on as it should has none.
    pub fn mark(&self) -> Option<Mark> {
        let kind = match self.tone {
            Tone::Action => MarkKind::Action,
            Tone::Turn => MarkKind::Event,
            Tone::Loss => MarkKind::Loss,
            Tone::Plain => return None,
        };
        Some(Mark {
            at: self.at,
            kind,
            text: self.text(),
        })
    }
}

/// Tells the story of a world. It knows what it has heard: clone it together with the world that it listens to.
#[derive(Debug, Clone)]
pub struct Narrator {
    /// What is not the learner's doing.
    plan: Arc<[(Instant, Action)]>,
    /// How much of the plan has been heard.
    planned_count: usize,
    /// How much of the plan is the scene's, and whose the rest is.
    scene_count: usize,
    host: Host,
    known: Known,
    records: Records,
    turns: Turns,
    reports: Reports,
}

impl Narrator {
    /// At the beginning of time. What the plan says is told as the scene's doing, everything else as the learner's.
    pub fn new(plan: &[(Instant, Action)]) -> Self {
        Self::hosted(plan, plan.len(), Host::Lesson)
    }

    /// The plan's first actions, so many, are told as the scene's doing, the others as the host's.
    pub(crate) fn hosted(plan: &[(Instant, Action)], scene_count: usize, host: Host) -> Self {
        Self {
            plan: plan.into(),
            planned_count: 0,
            scene_count,
            host,
            known: Known::default(),
            records: Records::default(),
            turns: Turns::default(),
            reports: Reports::default(),
        }
    }

    /// Hears what a world has logged ([`World::take_log`]) and sent ([`World::take_frames`]) since it was last heard, and tells it.
    ///
    /// Each moment is to be heard whole: listen after [`World::advance`] and after an action, not in between.
    pub fn hear(&mut self, world: &World, lines: &[Line], frames: &[Frame]) -> Vec<Sentence> {
        let mut sentences = Vec::new();
        for frame in frames {
            self.records.sent(world, frame);
            self.known.member_names.extend(groups::member_given(frame));
        }
        for moment in lines.chunk_by(|one, next| one.at == next.at) {
            for line in moment {
                self.hear_line(line, &mut sentences);
            }
            self.end_moment(moment[0].at, &mut sentences);
        }
        sentences
    }

    fn hear_line(&mut self, line: &Line, sentences: &mut Vec<Sentence>) {
        match &line.what {
            Teller::Action(action) => {
                self.records.tell_all(&self.known, line.at, sentences);
                self.end_moment(line.at, sentences);
                self.known.noted.clear();
                sentences.extend(self.action(line.at, action));
            }
            Teller::Broker(event) => {
                if !self.turns.hear(&mut self.known, event) {
                    sentences.extend(self.broker(line.at, event));
                }
            }
            Teller::Client(event) => {
                if let ottla_client::Event::Producer(ProducerEvent::BatchRetried { .. }) = event {
                    self.records.asked(&line.who);
                }
                self.reports
                    .hear(&mut self.known, line.at, &line.who, event);
            }
            Teller::App(event) => {
                sentences.extend(apps::hear(&mut self.known, line.at, &line.who, event));
            }
            Teller::Terminal(_) | Teller::Code(_) | Teller::World(_) => {}
        }
    }

    /// What was gathered is told, in the order of cause and effect.
    fn end_moment(&mut self, at: Instant, sentences: &mut Vec<Sentence>) {
        self.records.tell(&self.known, at, sentences);
        self.turns.tell(&mut self.known, at, sentences);
        self.reports.tell(&mut self.known, at, sentences);
    }

    fn action(&mut self, at: Instant, action: &Action) -> Option<Sentence> {
        let planned = self.plan.get(self.planned_count);
        let is_planned = planned.is_some_and(|planned| (planned.0, &planned.1) == (at, action));
        let who = match is_planned {
            false => Who::You,
            true if self.planned_count < self.scene_count => Who::Scene,
            true => Who::Host(self.host),
        };
        self.planned_count += usize::from(is_planned);
        if let Action::Send { producer, .. } = action {
            self.records.asked(producer);
        }
        actions::hear(&mut self.known, Doer { at, who }, action)
    }

    fn broker(&mut self, at: Instant, event: &Event) -> Option<Sentence> {
        match event {
            Event::TopicCreated {
                topic,
                partitions_count,
            } => self.known.add_topic(topic).then(|| {
                let partitions =
                    told::counted(partitions_count.unsigned_abs() as usize, "partition");
                told(
                    at,
                    Tone::Turn,
                    "Topic *{}* was made, with {}.",
                    &[topic, &partitions],
                )
            }),
            Event::TopicDeleted { topic } => (self.known.topics.remove(topic))
                .then(|| told(at, Tone::Turn, "Topic {} was deleted.", &[topic])),
            Event::Appended {
                partition,
                base_offset,
                records_count,
                ..
            } if !is_internal(&partition.topic) => {
                let records_count = records_count.unsigned_abs() as usize;
                let known = &self.known;
                self.records
                    .appended(known, at, partition, base_offset.0, records_count);
                None
            }
            Event::Duplicate {
                partition,
                base_offset,
                ..
            } => {
                let who = self.records.whose(at, partition);
                let who = who.as_deref().unwrap_or("A producer");
                let (name, offset) = (self.known.naming().one(partition), base_offset.to_string());
                let template = "*{}* has sent a batch for {} again. The broker has it at offset *{}* already, and writes it only once.";
                Some(told(at, Tone::Turn, template, &[who, &name, &offset]))
            }
            Event::Refused { partition, error } => {
                let who = self.records.whose(at, partition);
                let who = who.as_deref().unwrap_or("a producer");
                let name = self.known.naming().one(partition);
                let template = "The broker refuses a batch of *{}* for {}: {}";
                Some(told(
                    at,
                    Tone::Loss,
                    template,
                    &[who, &name, &error.to_string()],
                ))
            }
            Event::RecordsDeleted {
                partition,
                log_start_offset,
            } if !is_internal(&partition.topic) => {
                let name = self.known.naming().one(partition);
                let template = "The oldest records of {} are gone: it begins at offset *{}* now. Nobody was asked whether they had been read.";
                Some(told(
                    at,
                    Tone::Turn,
                    template,
                    &[&name, &log_start_offset.to_string()],
                ))
            }
            // A client that is refused asks again and again: it is told once, until somebody does something.
            Event::Note { text } if self.known.noted != *text => {
                self.known.noted.clone_from(text);
                Some(told(at, Tone::Loss, "The broker says: {}", &[text]))
            }
            Event::StoreFailed { partition } => {
                let name = self.known.naming().one(partition);
                Some(told(
                    at,
                    Tone::Loss,
                    "The broker could not write {} to its disk: it is full.",
                    &[&name],
                ))
            }
            _ => None,
        }
    }
}
