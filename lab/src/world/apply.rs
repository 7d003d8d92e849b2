//! A person does something.

use std::sync::Arc;

use super::World;
use super::checks::refuse;
use crate::action::{Action, ActionError, BrokerFault, LIMITS};
use crate::app::Order;
use crate::log::Teller;
use crate::server::State;
use crate::terminal::Terminal;

impl World {
    /// Does something now.
    ///
    /// # Errors
    /// Why it cannot be done now, and what can; the world is as it was then.
    pub fn apply(&mut self, action: &Action) -> Result<(), ActionError> {
        let log = std::mem::take(&mut self.log);
        let mut next = self.clone();
        self.log = log;
        let who = action.subject().map_or(self.world_name.clone(), Arc::from);
        let done = Teller::Action(Arc::new(action.clone()));
        next.log.add(self.now, &who, done);
        next.perform(action)?;
        let mut log = std::mem::take(&mut self.log);
        log.append(std::mem::take(&mut next.log));
        next.log = log;
        *self = next;
        Ok(())
    }

    fn perform(&mut self, action: &Action) -> Result<(), ActionError> {
        match action {
            Action::CreateTopic {
                name,
                partitions_count,
                configs,
            } => self.create_topic(name, *partitions_count, configs),
            Action::AddPartitions {
                topic,
                partitions_count,
            } => self.add_partitions(topic, *partitions_count),
            Action::DeleteTopic { name } => self.delete_topic(name),
            Action::ConfigureTopic { topic, configs } => self.configure_topic(topic, configs),
            Action::AddProducer { name, settings } => self.start_producer(name, settings),
            Action::AddConsumer { name, settings } => self.start_consumer(name, settings),
            Action::Send {
                producer,
                topic,
                partition,
                keys,
                value,
                count,
            } => {
                let order = Order {
                    topic: topic.clone(),
                    partition: *partition,
                    keys: keys.clone(),
                    value: value.clone(),
                    count: (*count).min(LIMITS.records_per_send),
                };
                self.send(producer, &order)
            }
            Action::SetRate { producer, rate } => {
                self.with_producer_app(producer, |app, now, _| app.set_rate(*rate, now.mono))
            }
            Action::SetWork { consumer, work } => {
                self.with_consumer_app(consumer, |app, _, _| app.set_work(*work))
            }
            Action::Pause(consumer, partitions) => {
                let partitions = self.own_partitions(consumer, partitions)?;
                self.with_consumer_app(consumer, |app, _, _| app.pause(&partitions))
            }
            Action::Resume(consumer, partitions) => {
                let partitions = self.own_partitions(consumer, partitions)?;
                self.with_consumer_app(consumer, |app, now, out| app.resume(now, &partitions, out))
            }
            Action::Seek {
                consumer,
                partition,
                to,
            } => self.seek(consumer, partition, *to),
            Action::Commit(consumer) => self.commit(consumer),
            Action::Code { name, source } => self.run_code(name, source),
            Action::Crash(name) => self.crash(name),
            Action::Freeze(name) => self.freeze_client(name),
            Action::Thaw(name) => self.thaw_client(name),
            Action::Leave(name) => self.leave(name),
            Action::Restart(name) => self.restart(name),
            Action::Remove(name) => {
                let client = self.ended(name)?;
                self.people.remove(client);
                Ok(())
            }
            Action::Broker(fault) => self.happen_to_broker(*fault),
            Action::Links { latency, jitter } => {
                self.links.conditions.latency_us = latency.0 * 1000;
                self.links.conditions.jitter_us = jitter.0 * 1000;
                Ok(())
            }
            Action::Cut(name) => self.cut(name),
            Action::LoseAnswer(name) => self.lose_answer(name),
            Action::Disk(delay) => {
                self.server.set_disk_delay(delay.0 * 1000);
                Ok(())
            }
            Action::Run(text) => self.run(text),
            Action::Type(line) => {
                self.tell_command(|terminal, now, out| terminal.type_line(now, line, out))
            }
            Action::EndInput => self.tell_command(Terminal::end_input),
            Action::Interrupt => self.tell_command(Terminal::interrupt),
        }
    }

    fn happen_to_broker(&mut self, fault: BrokerFault) -> Result<(), ActionError> {
        match (fault, self.server.state()) {
            (BrokerFault::Crash | BrokerFault::Stop, State::Running | State::Frozen) => {
                let is_orderly = fault == BrokerFault::Stop;
                if is_orderly && self.server.state() == State::Frozen {
                    return refuse(
                        "the broker stands still: `broker thaw` first, or `broker crash`".into(),
                    );
                }
                let now = self.now();
                self.server.stop(now, is_orderly, &mut self.answers);
                self.carry_answers();
                Ok(())
            }
            (BrokerFault::Start, State::Stopped) => {
                self.server.start(self.now());
                Ok(())
            }
            (BrokerFault::Freeze, State::Running) => {
                self.server.freeze(self.now());
                Ok(())
            }
            (BrokerFault::Thaw, State::Frozen) => {
                let now = self.now();
                self.server.thaw(now, &mut self.answers);
                self.carry_answers();
                Ok(())
            }
            (_, State::Stopped) => {
                refuse("the broker has ended: `broker start` starts it again".into())
            }
            (_, State::Running) => refuse("the broker runs already".into()),
            (_, State::Frozen) => {
                refuse("the broker stands still: `broker thaw` lets it go on".into())
            }
        }
    }
}
