//! How a command tells what it has to say.

use std::sync::Arc;

use ottla_core::{ApiError, ErrorCode, Timestamp, TopicName};
use serde_json::{Value, json};

use super::table::{Look, Mood, Table, visible};
use super::words::near;
use crate::admin::{AdminConfig, AskError, ListTopics, Question, Stop};
use crate::command::{Asked, Desk, Exit, Surroundings};

/// A desk, and the manner of telling: for people, or in JSON.
pub(super) struct Teller<'a> {
    desk: &'a mut Desk,
    pub(super) json: bool,
    pub(super) look: Look,
    is_terminal: bool,
}

/// Why a command ended before its end.
pub(super) enum Halt {
    Waiting,
    Failed(AskError),
    Refused(Complaint),
}

/// What is wrong, what to do about it, and the exit code.
pub(super) struct Complaint {
    pub(super) what: String,
    pub(super) remedy: Option<String>,
    pub(super) exit: Exit,
}

impl Halt {
    /// The cluster, or sense, does not allow it.
    pub(super) fn refused(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Halt::Refused(Complaint {
            what: what.into(),
            remedy: Some(remedy.into()),
            exit: Exit::FAILED,
        })
    }

    /// The command line makes no sense.
    pub(super) fn usage(what: impl Into<String>) -> Self {
        Halt::Refused(Complaint {
            what: what.into(),
            remedy: None,
            exit: Exit::USAGE,
        })
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Waiting => Halt::Waiting,
            Stop::Failed(error) => Halt::Failed(error),
        }
    }
}

impl From<ApiError> for Halt {
    fn from(error: ApiError) -> Self {
        Halt::Failed(AskError::Refused(error))
    }
}

impl<'a> Teller<'a> {
    pub(super) fn new(desk: &'a mut Desk, json: bool) -> Self {
        let surroundings = desk.surroundings();
        let is_terminal = surroundings.stdout_is_terminal;
        Self {
            desk,
            json,
            look: Look {
                colours: is_terminal && surroundings.colours,
            },
            is_terminal,
        }
    }

    pub(super) fn surroundings(&self) -> Arc<Surroundings> {
        self.desk.surroundings()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.desk.now()
    }

    pub(super) fn connect(&mut self, config: AdminConfig) {
        self.desk.connect(config);
    }

    pub(super) fn ask<Q: Question>(&mut self, question: Q) -> Result<Q::Answer, Halt> {
        Ok(self.desk.ask(question)?)
    }

    pub(super) fn begin<Q: Question>(&mut self, question: Q) -> Asked<Result<Q::Answer, AskError>> {
        self.desk.begin(question)
    }

    /// Waits for an answer; without one the command is over.
    pub(super) fn answer<A: Clone + 'static>(
        &mut self,
        asked: Asked<Result<A, AskError>>,
    ) -> Result<A, Halt> {
        self.try_answer(asked)?.map_err(Halt::Failed)
    }

    pub(super) fn try_answer<A: Clone + 'static>(
        &mut self,
        asked: Asked<Result<A, AskError>>,
    ) -> Result<Result<A, AskError>, Halt> {
        Ok(self.desk.answer(asked)?)
    }

    /// A line for people; nothing in JSON.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        if !self.json {
            self.desk.println(line.as_ref());
        }
    }

    /// A table for people; nothing in JSON.
    pub(super) fn table(&mut self, table: &Table) {
        if !self.json {
            self.desk.print(table.render(self.look));
        }
    }

    /// The document; nothing for people.
    pub(super) fn document(&mut self, document: &Value) {
        if self.json {
            match self.is_terminal {
                true => self.desk.println(format!("{document:#}")),
                false => self.desk.println(document),
            }
        }
    }

    /// Something that a person at the terminal may want to know beside the data.
    pub(super) fn hint(&mut self, hint: impl AsRef<str>) {
        if self.is_terminal && !self.json {
            self.desk.warn(self.look.paint(Mood::Quiet, hint.as_ref()));
        }
    }

    /// Something that is not as one would expect.
    pub(super) fn note(&mut self, note: impl AsRef<str>) {
        self.desk.warn(format!("ottla: {}", visible(note.as_ref())));
    }

    /// What is wrong with one of several things.
    pub(super) fn complain(&mut self, complaint: &Complaint) {
        self.note(&complaint.what);
        if let Some(remedy) = &complaint.remedy {
            self.desk.warn(format!("       {}", visible(remedy)));
        }
    }

    /// Ends a command that could not go on.
    pub(super) fn halt(&mut self, halt: Halt) -> Result<Exit, Stop> {
        let complaint = match halt {
            Halt::Waiting => return Err(Stop::Waiting),
            Halt::Refused(complaint) => complaint,
            Halt::Failed(AskError::Garbage(why)) => Complaint {
                what: why,
                remedy: Some(NEEDS.to_owned()),
                exit: Exit::FAILED,
            },
            Halt::Failed(AskError::Refused(error)) => complaint(error),
            Halt::Failed(AskError::Unreachable { why, .. }) => Complaint {
                remedy: Some(way_there(&why).to_owned()),
                what: format!("cannot reach {why}"),
                exit: Exit::FAILED,
            },
            Halt::Failed(AskError::TimedOut { after_ms, why, .. }) => Complaint {
                what: match why {
                    Some(why) => format!("no answer within {} s: {why}", after_ms / 1000),
                    None => format!("no answer within {} s", after_ms / 1000),
                },
                remedy: Some("see which brokers are there: ottla cluster".to_owned()),
                exit: Exit::FAILED,
            },
            Halt::Failed(error) => Complaint {
                what: error.to_string(),
                remedy: error.remedy().map(str::to_owned),
                exit: Exit::FAILED,
            },
        };
        self.complain(&complaint);
        Ok(complaint.exit)
    }

    /// What to say about a topic with which something is wrong. A name that does not exist may be nearly one that does.
    pub(super) fn about_topic(
        &mut self,
        name: &TopicName,
        error: ApiError,
    ) -> Result<Complaint, Halt> {
        if error.code != ErrorCode::UnknownTopicOrPartition {
            return Ok(complaint(error));
        }
        let topics = self.ask(ListTopics { internal: true })?;
        let names = near(name, topics.keys().map(|name| name.as_str()));
        let remedy = match names.is_empty() {
            false => format!("did you mean {}?", names.join(", ")),
            true if topics.is_empty() => format!("no topics yet: ottla topic create {name}"),
            true => "see what there is: ottla topic list".to_owned(),
        };
        Ok(Complaint {
            what: format!("there is no topic {name}"),
            remedy: Some(remedy),
            exit: Exit::FAILED,
        })
    }
}

/// What a broker must be.
const NEEDS: &str = "the address must be a Kafka broker's, of a listener without TLS and SASL";

/// What to do about an address behind which no broker is found.
fn way_there(why: &str) -> &'static str {
    match why {
        _ if why.contains("TLS") || why.contains("SASL") || why.contains("Kafka") => NEEDS,
        _ if why.contains("refused") => {
            "start a broker with `ottla`, or name another one: --bootstrap HOST:PORT"
        }
        _ => "name another broker, --bootstrap HOST:PORT, or wait for this one, --wait SECONDS",
    }
}

/// The cluster's own words.
pub(super) fn complaint(error: ApiError) -> Complaint {
    Complaint {
        what: error.message,
        remedy: None,
        exit: Exit::FAILED,
    }
}

/// An error in a document.
pub(super) fn error_json(error: &ApiError) -> Value {
    json!({ "code": error.code.name(), "message": error.message })
}
