//! Producers: plain ones that send and forget, idempotent ones that repeat themselves until they are heard.

use ottla_core::sorted::Map;

use ottla_core::interface::{InitProducerIdRequest, ProducerIdentity};
use ottla_core::{ErrorCode, Offset, Request, RequestId, Response, TopicPartition};
use ottla_tests::crash::Random;
use ottla_tests::world::{Client, World};

use crate::ledger::Ledger;

pub(crate) struct Producer {
    pub(crate) client: Client,
    kind: Kind,
    values_count: u32,
}

enum Kind {
    Plain(Vec<(RequestId, TopicPartition, Vec<String>)>),
    Idempotent {
        asked: Option<RequestId>,
        me: Option<ProducerIdentity>,
        /// For each partition the next sequence number, and the batch that is on its way.
        sequences: Map<TopicPartition, (i32, Option<Sent>)>,
    },
}

struct Sent {
    id: Option<RequestId>,
    values: Vec<String>,
}

impl Producer {
    pub(crate) fn new(world: &mut World, name: &str, is_idempotent: bool) -> Producer {
        let kind = if is_idempotent {
            Kind::Idempotent {
                asked: None,
                me: None,
                sequences: Map::new(),
            }
        } else {
            Kind::Plain(Vec::new())
        };
        Producer {
            client: world.client(name),
            kind,
            values_count: 0,
        }
    }

    /// Sends something to a partition: something new, or again what was not acknowledged.
    pub(crate) fn produce(&mut self, world: &mut World, random: &mut Random, to: &TopicPartition) {
        let name = world.name(self.client).to_owned();
        let mut values: Vec<String> = Vec::new();
        for _ in 0..random.between(1, 3) {
            self.values_count += 1;
            values.push(format!("{name}-{}", self.values_count));
        }
        match &mut self.kind {
            Kind::Plain(sent) => {
                let batch = world.batch(&texts(&values));
                let id = world.produce(self.client, &to.topic, to.partition, batch);
                sent.push((id, to.clone(), values));
            }
            Kind::Idempotent {
                asked,
                me,
                sequences,
            } => {
                let Some(me) = *me else {
                    let request = InitProducerIdRequest {
                        transactional_id: None,
                        current: None,
                    };
                    asked.get_or_insert_with(|| {
                        world.send(self.client, Request::InitProducerId(request))
                    });
                    return;
                };
                let (sequence, sent) = sequences.entry(to.clone()).or_default();
                let sent = sent.get_or_insert(Sent { id: None, values });
                if sent.id.is_none() {
                    let batch = world.idempotent_batch(me, *sequence, &texts(&sent.values));
                    sent.id = Some(world.produce(self.client, &to.topic, to.partition, batch));
                }
            }
        }
    }

    /// Reads the answers that have come.
    pub(crate) fn listen(&mut self, world: &mut World, ledger: &Ledger) {
        match &mut self.kind {
            Kind::Plain(sent) => sent.retain(|(id, to, values)| {
                let outcome = world.produced(*id);
                if let Some(Ok(Offset(offset))) = outcome {
                    ledger.acknowledge(to, offset, values);
                }
                outcome.is_none()
            }),
            Kind::Idempotent {
                asked,
                me,
                sequences,
            } => {
                if let Some(response) = asked.and_then(|id| world.take(id)) {
                    *asked = None;
                    let Response::InitProducerId(outcome) = response else {
                        panic!("{response:?}")
                    };
                    *me = outcome.ok();
                }
                for (to, (sequence, sent)) in sequences {
                    let Some(batch) = sent else { continue };
                    match batch.id.and_then(|id| world.produced(id)) {
                        Some(Ok(Offset(offset))) => {
                            ledger.acknowledge(to, offset, &batch.values);
                            *sequence += batch.values.len() as i32;
                            *sent = None;
                        }
                        Some(Err(ErrorCode::KafkaStorageError | ErrorCode::RequestTimedOut)) => {
                            batch.id = None;
                        }
                        Some(Err(other)) => panic!("{to}: {other}"),
                        None => {}
                    }
                }
            }
        }
    }

    /// Its connection is gone: no answer will come.
    pub(crate) fn lost_connection(&mut self) {
        match &mut self.kind {
            Kind::Plain(sent) => sent.clear(),
            Kind::Idempotent {
                asked, sequences, ..
            } => {
                *asked = None;
                let sent = sequences.values_mut().filter_map(|(_, sent)| sent.as_mut());
                sent.for_each(|sent| sent.id = None);
            }
        }
    }

    /// The partitions to which something is to be sent again.
    pub(crate) fn unheard(&self) -> Vec<TopicPartition> {
        let Kind::Idempotent { sequences, .. } = &self.kind else {
            return Vec::new();
        };
        let unheard = sequences.iter().filter(|(_, (_, sent))| sent.is_some());
        unheard.map(|(to, _)| to.clone()).collect()
    }

    /// Nothing that an idempotent producer has sent is in the log twice.
    pub(crate) fn audit(&self, world: &World, ledger: &Ledger, partitions: &[TopicPartition]) {
        let name = world.name(self.client);
        let Kind::Idempotent { .. } = self.kind else {
            return;
        };
        for number in 1..=self.values_count {
            let value = format!("{name}-{number}");
            let counts = partitions.iter().map(|p| ledger.count(world, p, &value));
            assert!(counts.sum::<usize>() <= 1, "{value} is there twice");
        }
    }
}

fn texts(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}
