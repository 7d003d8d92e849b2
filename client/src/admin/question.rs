//! What can be asked of a cluster.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::{AskError, Clerk};

/// One thing that is asked of a cluster, with its answer in plain types.
///
/// Errors that concern one of many (a topic, a partition, a group) are values in the answer, with Kafka's codes and messages; what makes the whole
/// question fail is an [`AskError`].
pub trait Question: fmt::Debug + Clone + Send + Sync + 'static {
    /// What comes back.
    type Answer: fmt::Debug + Clone + Send + Sync + 'static;
    /// The name that Kafka's admin client has for it: tools print it where no answer came.
    const CALL: &'static str;

    /// Sends requests and makes an answer of their responses. It is called again from its start whenever all responses that it waits for are
    /// there, and must send the same requests in the same order for the same responses.
    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop>;
}

/// Why a run ended without a result, of a question or of a command's script.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// Something is missing: run it again when it is there.
    Waiting,
    /// There will be no answer. A program whose script makes nothing of it says so and ends with 1.
    Failed(AskError),
}

impl From<AskError> for Stop {
    fn from(error: AskError) -> Stop {
        Stop::Failed(error)
    }
}

/// A [`Question`] of any kind.
pub trait AnyQuestion: fmt::Debug + Send + Sync {
    /// [`Question::CALL`].
    fn call(&self) -> &'static str;
    /// [`Question::answer`] as a value, a `Result<Answer, AskError>`; `None` while it waits.
    fn turn(&self, clerk: &mut Clerk) -> Option<Value>;
    /// What the question comes to where it is given up.
    fn give_up(&self, error: AskError) -> Value;
}

impl<Q: Question> AnyQuestion for Q {
    fn call(&self) -> &'static str {
        Q::CALL
    }

    fn turn(&self, clerk: &mut Clerk) -> Option<Value> {
        match self.answer(clerk) {
            Ok(answer) => Some(Value::new(Ok::<Q::Answer, AskError>(answer))),
            Err(Stop::Failed(error)) => Some(self.give_up(error)),
            Err(Stop::Waiting) => None,
        }
    }

    fn give_up(&self, error: AskError) -> Value {
        Value::new(Err::<Q::Answer, AskError>(error))
    }
}

/// A value of a type that only its receiver knows.
#[derive(Clone)]
pub struct Value(Arc<dyn Any + Send + Sync>);

impl Value {
    /// Wraps it.
    pub fn new<A: Send + Sync + 'static>(value: A) -> Self {
        Self(Arc::new(value))
    }

    /// The value, if it is an `A`.
    pub fn get<A: Clone + 'static>(&self) -> Option<A> {
        self.0.downcast_ref::<A>().cloned()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")
    }
}
