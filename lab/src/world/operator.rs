//! The operator: changes topics by real requests, over links without any latency.

use std::collections::VecDeque;
use std::sync::Arc;

use ottla_client::admin::{
    Admin, AdminConfig, AlterConfigs, Answered, ConfigChange, ConfigOp, ConfigResource,
    CreatePartitions, CreateTopics, DeleteTopics, NewPartitions, NewTopic, Question,
};
use ottla_client::{Input, LinkInput, LinkOp, Output};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicName};

use super::{World, at};
use crate::action::ActionError;
use crate::server::{FromLink, State, ToLink};

/// Questions that the broker has not answered yet: its disk takes its time.
#[derive(Debug, Clone, Default)]
pub(super) struct Operators {
    by_owner: Map<u32, Operator>,
    /// What has come for them, oldest first.
    arrived: VecDeque<LinkInput>,
}

#[derive(Debug, Clone)]
struct Operator {
    admin: Admin,
    /// Reads the answer: why nothing came of it.
    refusal: fn(&Answered) -> Option<String>,
}

/// How far the talk between an operator and the broker has come.
enum Talk {
    /// The broker has answered: why nothing came of the question, if nothing did.
    Answered(Option<String>),
    /// The broker takes its time.
    Waiting,
}

impl World {
    pub(super) fn create_topic(
        &mut self,
        name: &str,
        partitions_count: u32,
        configs: &[(String, String)],
    ) -> Result<(), ActionError> {
        let topic = NewTopic {
            name: name.into(),
            partitions_count: i32::try_from(partitions_count).ok(),
            replication_factor: Some(1),
            assignments: Map::new(),
            configs: configs.to_vec(),
        };
        let question = CreateTopics {
            topics: vec![topic],
            validate_only: false,
        };
        self.ask(question, refusal::<CreateTopics, _, _>)
    }

    pub(super) fn add_partitions(
        &mut self,
        topic: &str,
        partitions_count: u32,
    ) -> Result<(), ActionError> {
        let partitions = NewPartitions {
            total_count: i32::try_from(partitions_count).unwrap_or(i32::MAX),
            assignments: None,
        };
        let question = CreatePartitions {
            topics: [(TopicName::from(topic), partitions)].into(),
            validate_only: false,
        };
        self.ask(question, refusal::<CreatePartitions, _, _>)
    }

    pub(super) fn delete_topic(&mut self, name: &str) -> Result<(), ActionError> {
        let question = DeleteTopics {
            names: vec![name.into()],
        };
        self.ask(question, refusal::<DeleteTopics, _, _>)
    }

    pub(super) fn configure_topic(
        &mut self,
        topic: &str,
        configs: &[(String, Option<String>)],
    ) -> Result<(), ActionError> {
        let changes = configs.iter().map(|(name, value)| ConfigChange {
            name: name.clone(),
            op: value.clone().map_or(ConfigOp::Delete, ConfigOp::Set),
        });
        let question = AlterConfigs {
            changes: [(ConfigResource::topic(topic), changes.collect())].into(),
            validate_only: false,
        };
        self.ask(question, refusal::<AlterConfigs, _, _>)
    }

    /// Asks the broker. If it does not answer at once, it is told later what came of it.
    fn ask<Q: Question>(
        &mut self,
        question: Q,
        refusal: fn(&Answered) -> Option<String>,
    ) -> Result<(), ActionError> {
        if self.server.state() != State::Running {
            return Err(ActionError(
                "the broker does not run: `broker start` or `broker thaw` first".into(),
            ));
        }
        let (owner, seed) = (self.people.next_number(), self.random.next_u64());
        let mut admin = Admin::new(AdminConfig::new(vec![Self::address()]), owner, seed);
        let mut outputs = Vec::new();
        admin.ask(self.now(), Arc::new(question), &mut outputs);
        let operator = Operator { admin, refusal };
        match self.converse(owner, operator, Vec::new(), outputs) {
            Talk::Answered(Some(refusal)) => Err(ActionError(refusal)),
            Talk::Answered(None) | Talk::Waiting => Ok(()),
        }
    }

    /// What has come for operators from a broker that had taken its time.
    pub(super) fn hear_operators(&mut self) {
        while let Some(input) = self.operators.arrived.pop_front() {
            let owner = input.link().owner;
            let Some(operator) = self.operators.by_owner.remove(&owner) else {
                continue;
            };
            if matches!(input, LinkInput::Closed(..)) {
                self.tell("the broker ended before it had answered".into());
                continue;
            }
            let talk = self.converse(owner, operator, vec![input], Vec::new());
            if let Talk::Answered(Some(refusal)) = talk {
                self.tell(refusal);
            }
        }
    }

    /// Carries bytes between the operator and the broker until there is an answer, or nothing more moves.
    fn converse(
        &mut self,
        owner: u32,
        mut operator: Operator,
        mut inputs: Vec<LinkInput>,
        mut outputs: Vec<Output>,
    ) -> Talk {
        let now = at(self.now);
        loop {
            let mut answered = Vec::new();
            for input in inputs.drain(..) {
                let input = Input::Link(input);
                operator
                    .admin
                    .handle(now, input, &mut answered, &mut outputs);
            }
            if let Some(answered) = answered.first() {
                operator.admin.close(&mut outputs);
                for output in outputs {
                    if let Output::Link(LinkOp::Close(link)) = output {
                        self.server
                            .handle(now, FromLink::Closed(link), &mut self.answers);
                    }
                }
                self.carry_answers();
                return Talk::Answered((operator.refusal)(answered));
            }
            for output in outputs.drain(..) {
                let Output::Link(op) = output else {
                    continue;
                };
                let what = match op {
                    LinkOp::Connect(link, address) => {
                        inputs.push(LinkInput::Connected(link));
                        FromLink::Opened(link, address)
                    }
                    LinkOp::Send(link, bytes) => FromLink::Bytes(link, bytes),
                    LinkOp::Close(link) => FromLink::Closed(link),
                };
                self.server.handle(now, what, &mut self.answers);
            }
            for answer in std::mem::take(&mut self.answers) {
                match input_of(answer, owner) {
                    Ok(input) => inputs.push(input),
                    Err(others) => self.answers.push(others),
                }
            }
            if inputs.is_empty() {
                break;
            }
        }
        self.operators.by_owner.insert(owner, operator);
        self.carry_answers();
        Talk::Waiting
    }
}

impl Operators {
    /// Keeps what is for an operator; others' answers come back.
    pub(super) fn take_own(&mut self, answer: ToLink) -> Option<ToLink> {
        let (ToLink::Bytes(link, _) | ToLink::Close(link)) = &answer;
        if !self.by_owner.contains_key(&link.owner) {
            return Some(answer);
        }
        let owner = link.owner;
        self.arrived.extend(input_of(answer, owner).ok());
        None
    }
}

fn input_of(answer: ToLink, owner: u32) -> Result<LinkInput, ToLink> {
    match answer {
        ToLink::Bytes(link, bytes) if link.owner == owner => Ok(LinkInput::Received(link, bytes)),
        ToLink::Close(link) if link.owner == owner => {
            Ok(LinkInput::Closed(link, "closed by the broker".into()))
        }
        others => Err(others),
    }
}

/// Why nothing came of a question about one thing.
fn refusal<Q, K, V>(answered: &Answered) -> Option<String>
where
    Q: Question<Answer = Map<K, Result<V, ApiError>>>,
{
    match answered.to::<Q>()? {
        Ok(outcomes) => {
            let outcome = outcomes.into_values().next()?;
            outcome.err().map(|error| error.message)
        }
        Err(error) => Some(error.to_string()),
    }
}
