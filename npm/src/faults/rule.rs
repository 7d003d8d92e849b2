use ottla_core::ErrorCode;
use ottla_wire::{APIS, Api, Header};

use crate::Failure;
use crate::options::{Fields, Value};

/// A fault, as it is asked for: `{ kind, api, error, delayMs, clientId, times }`.
#[derive(Debug, Clone)]
pub struct FaultOptions {
    effect: Effect,
    /// The API's number; `None`: all of them.
    api: Option<i16>,
    client_id: Option<String>,
    /// How many requests it meets; `None`: all that come.
    times: Option<u32>,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is not done, and answered with an error.
    Fail { error: ErrorCode },
    /// It waits before it is done.
    Delay { delay_us: u64 },
    /// It is not done, and its connection ends.
    Disconnect,
}

/// A fault that is there, and how often it has taken effect.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) effect: Effect,
    pub(super) hits: u32,
    options: FaultOptions,
}

impl Rule {
    pub(super) fn new(options: FaultOptions) -> Self {
        Self {
            effect: options.effect,
            hits: 0,
            options,
        }
    }

    /// Whether it takes effect on this request. If so, that counts.
    pub(super) fn meets(&mut self, request: &Header) -> bool {
        let options = &self.options;
        let meets = options.times.is_none_or(|times| self.hits < times)
            && options.api.is_none_or(|api| api == request.key)
            && (options.client_id.as_ref()).is_none_or(|id| *id == request.client_id);
        self.hits += u32::from(meets);
        meets
    }

    pub(super) fn end(&mut self) {
        self.options.times = Some(0);
    }
}

impl FaultOptions {
    /// Reads it out of a JavaScript value.
    ///
    /// # Errors
    /// `ERR_OPTION` with the name of what is wrong; `ERR_API` for an API that is not there.
    pub(crate) fn read(options: &Value) -> Result<Self, Failure> {
        let allowed = ["kind", "api", "error", "delayMs", "clientId", "times"];
        let fields = options.object("a fault", &allowed)?;
        Ok(Self {
            effect: read_effect(&fields)?,
            api: match fields.get("api") {
                Some(api) => Some(read_api(api)?.key),
                None => None,
            },
            client_id: match fields.get("clientId") {
                Some(id) => Some(text("clientId", id)?.to_owned()),
                None => None,
            },
            times: match fields.get("times") {
                Some(times) => Some(number("times", times, 1)?),
                None => None,
            },
        })
    }
}

fn read_effect(fields: &Fields) -> Result<Effect, Failure> {
    let given = |name: &str| fields.get(name).unwrap_or(&Value::Nothing);
    let kind = given("kind");
    match kind.text() {
        Some("fail") => Ok(Effect::Fail {
            error: read_error(given("error"))?,
        }),
        Some("delay") => Ok(Effect::Delay {
            delay_us: u64::from(number("delayMs", given("delayMs"), 0)?) * 1000,
        }),
        Some("disconnect") => Ok(Effect::Disconnect),
        _ => Err(kind.refused("kind", "\"fail\", \"delay\" or \"disconnect\"")),
    }
}

fn read_error(error: &Value) -> Result<ErrorCode, Failure> {
    let code = error.text().and_then(ErrorCode::from_name);
    code.filter(|code| *code != ErrorCode::None).ok_or_else(|| {
        let allowed = "the name of an error of Kafka's, such as \"NOT_LEADER_OR_FOLLOWER\"";
        error.refused("error", allowed)
    })
}

fn read_api(api: &Value) -> Result<&'static Api, Failure> {
    api.text().and_then(Api::named).ok_or_else(|| {
        let names: Vec<&str> = APIS.iter().map(|api| api.name).collect();
        Failure::api(format!(
            "{api} is no API of this broker; there are {}",
            names.join(", ")
        ))
    })
}

fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Failure> {
    value.text().ok_or_else(|| value.refused(name, "a text"))
}

fn number(name: &str, value: &Value, least: u32) -> Result<u32, Failure> {
    let number = value
        .integer()
        .and_then(|number| u32::try_from(number).ok());
    number
        .filter(|number| *number >= least)
        .ok_or_else(|| value.refused(name, &format!("a whole number from {least} on")))
}
