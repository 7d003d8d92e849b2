//! What a question sends, and what came back so far.

use ottla_core::{ApiError, ErrorCode, Instant};

use super::{AskError, Stop};
use crate::network::Target;
use crate::protocol::{Request, Response};

/// Carries a question's requests to the brokers, and asks again where that helps.
///
/// The requests of a question are numbered by the order of asking: a run of [`Question::answer`](super::Question::answer) finds the responses of
/// the runs before it.
#[derive(Debug)]
pub struct Clerk<'a> {
    file: &'a mut CallFile,
    seen: usize,
    /// Whether there is time for another try.
    may_try_again: bool,
}

/// What is kept of a question between its runs.
#[derive(Debug, Clone, Default)]
pub(super) struct CallFile {
    pub(super) calls: Vec<Call>,
    /// All calls are to be made again, for this reason.
    pub(super) start_over: Option<ErrorCode>,
}

/// One request on its way to its response.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) target: Target,
    pub(super) request: Request,
    pub(super) state: CallState,
    /// How many times it has failed.
    pub(super) failures_count: u32,
    /// What the last try brought, where it is worth another one.
    pub(super) last: Option<Response>,
    /// Why the last try failed.
    pub(super) why: Option<String>,
    /// The target was read off metadata: if it fails, metadata may know better by now.
    is_placed: bool,
}

#[derive(Debug, Clone)]
pub(super) enum CallState {
    /// To be sent now.
    Wanted,
    /// To be sent again after a pause: the response had this error.
    Refused(ErrorCode),
    /// To be sent again at this moment.
    Resting(Instant),
    /// The response is awaited.
    Sent,
    /// There was none; all is asked again, beginning with whom to ask.
    Lost,
    Answered(Result<Response, AskError>),
}

impl<'a> Clerk<'a> {
    pub(super) fn new(file: &'a mut CallFile, may_try_again: bool) -> Self {
        Self {
            file,
            seen: 0,
            may_try_again,
        }
    }

    /// Sends one request. `again` looks at the response and names the error for which it is worth sending it again after a pause.
    pub(super) fn ask<R: TryFrom<Response>>(
        &mut self,
        target: Target,
        request: impl Into<Request>,
        again: impl Fn(&R) -> Option<ErrorCode>,
    ) -> Result<R, Stop> {
        let answer = self.ask_each([(target, request.into())], again)?.pop();
        Ok(answer.expect("one response for one request")?)
    }

    /// Sends requests side by side. The responses come in the order of the requests.
    pub(super) fn ask_each<R: TryFrom<Response>>(
        &mut self,
        requests: impl IntoIterator<Item = (Target, Request)>,
        again: impl Fn(&R) -> Option<ErrorCode>,
    ) -> Result<Vec<Result<R, AskError>>, Stop> {
        self.collect(requests, again, false)
    }

    /// The same for targets that the question has read off metadata: if one of them does not answer, the question begins again.
    pub(super) fn ask_placed<R: TryFrom<Response>>(
        &mut self,
        requests: impl IntoIterator<Item = (Target, Request)>,
        again: impl Fn(&R) -> Option<ErrorCode>,
    ) -> Result<Vec<Result<R, AskError>>, Stop> {
        self.collect(requests, again, true)
    }

    fn collect<R: TryFrom<Response>>(
        &mut self,
        requests: impl IntoIterator<Item = (Target, Request)>,
        again: impl Fn(&R) -> Option<ErrorCode>,
        is_placed: bool,
    ) -> Result<Vec<Result<R, AskError>>, Stop> {
        let mut responses = Vec::new();
        let mut is_waiting = false;
        for (target, request) in requests {
            let place = self.seen;
            self.seen += 1;
            if place == self.file.calls.len() {
                self.file.calls.push(Call::new(target, request, is_placed));
            }
            let call = &mut self.file.calls[place];
            match call.response(&again, self.may_try_again) {
                Some(response) => responses.push(response),
                None => is_waiting = true,
            }
        }
        match is_waiting {
            true => Err(Stop::Waiting),
            false => Ok(responses),
        }
    }

    /// Begins the whole question again after a pause, if there is an error and time is left; otherwise goes on.
    pub(super) fn start_over_for(&mut self, error: Option<ErrorCode>) -> Result<(), Stop> {
        match error {
            Some(error) if self.may_try_again => {
                self.file.start_over = Some(error);
                Err(Stop::Waiting)
            }
            _ => Ok(()),
        }
    }
}

impl Call {
    fn new(target: Target, request: Request, is_placed: bool) -> Self {
        Self {
            target,
            request,
            state: CallState::Wanted,
            failures_count: 0,
            last: None,
            why: None,
            is_placed,
        }
    }

    /// There was no response, and there may be one another time.
    pub(super) fn lose(&mut self, why: String, rest: impl FnOnce(u32) -> Instant) {
        self.failures_count += 1;
        self.why = Some(match &self.target {
            Target::Broker(broker) => format!("broker {broker}: {why}"),
            _ => why,
        });
        self.state = match self.is_placed {
            true => CallState::Lost,
            false => CallState::Resting(rest(self.failures_count)),
        };
    }

    /// The response, unless it is missing or worth another try.
    fn response<R: TryFrom<Response>>(
        &mut self,
        again: impl Fn(&R) -> Option<ErrorCode>,
        may_try_again: bool,
    ) -> Option<Result<R, AskError>> {
        let CallState::Answered(answer) = &self.state else {
            return None;
        };
        let answer = match answer {
            Ok(answer) => answer.clone(),
            Err(error) => return Some(Err(error.clone())),
        };
        let Ok(response) = R::try_from(answer.clone()) else {
            let what = "the answer is not one to the question that was asked";
            return Some(Err(AskError::Garbage(what.to_owned())));
        };
        match again(&response) {
            Some(error) if may_try_again => {
                self.state = CallState::Refused(error);
                self.last = Some(answer);
                None
            }
            _ => Some(Ok(response)),
        }
    }
}

/// For [`Clerk::ask`]: what has no error of its own is not asked again.
pub(super) fn never<R>(_: &R) -> Option<ErrorCode> {
    None
}

/// The first of these codes if all of them are such that another try may succeed: then nothing was done yet.
pub(super) fn if_all(codes: impl IntoIterator<Item = i16>) -> Option<ErrorCode> {
    let mut first = None;
    for code in codes {
        let code = ErrorCode::from_number(code).filter(|code| is_passing(*code))?;
        first.get_or_insert(code);
    }
    first
}

/// The first of these codes for which another try may succeed: for questions that change nothing.
pub(super) fn if_any(codes: impl IntoIterator<Item = i16>) -> Option<ErrorCode> {
    let codes = codes.into_iter().filter_map(ErrorCode::from_number);
    codes.into_iter().find(|code| is_passing(*code))
}

/// The error that a code and its message stand for; `None` is success.
pub(super) fn failure(code: i16, message: Option<&str>) -> Option<ApiError> {
    if code == 0 {
        return None;
    }
    let known = ErrorCode::from_number(code);
    let said = message.filter(|message| !message.is_empty());
    let message = match (said, known) {
        (Some(said), _) => said.to_owned(),
        (None, Some(code)) => code.message().to_owned(),
        (None, None) => format!("The broker answered with the unknown error code {code}."),
    };
    Some(ApiError::new(
        known.unwrap_or(ErrorCode::UnknownServerError),
        message,
    ))
}

/// Success or the error that a code and its message stand for.
pub(super) fn outcome(code: i16, message: Option<&str>) -> Result<(), ApiError> {
    failure(code, message).map_or(Ok(()), Err)
}

/// Whether the same request may succeed a little later.
fn is_passing(code: ErrorCode) -> bool {
    use ErrorCode::*;
    matches!(
        code,
        LeaderNotAvailable
            | NotLeaderOrFollower
            | RequestTimedOut
            | NetworkException
            | CoordinatorLoadInProgress
            | CoordinatorNotAvailable
            | NotCoordinator
            | NotController
            | KafkaStorageError
            | FencedLeaderEpoch
            | UnknownLeaderEpoch
            | ThrottlingQuotaExceeded
            | UnstableOffsetCommit
    )
}
