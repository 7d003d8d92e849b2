//! InitProducerId, key 22: versions 0 to 5.
//!
//! Gives an idempotent producer its id and epoch. 2: flexible.
//! - 3: the producer says who it was and asks for a new epoch (KIP-360). Without a transactional id it gets a new id all the same: so in
//!   Apache Kafka 4.3.1. An id without an epoch, or an epoch without an id, is INVALID_REQUEST.
//! - 4 and 5: other error codes for transactions.

use kafka_protocol::messages::{ApiKey, InitProducerIdRequest, InitProducerIdResponse, ProducerId};
use ottla_core::interface::{self, ProducerIdentity};
use ottla_core::{ErrorCode, Request, Response};

use super::action::mismatch;
use super::convert::optional_string;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::InitProducerId as i16,
    name: "InitProducerId",
    versions: 0..=5,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: InitProducerIdRequest = frame.body()?;
    let current = ProducerIdentity {
        producer_id: body.producer_id.0,
        producer_epoch: body.producer_epoch,
    };
    let is_new = current.producer_id == -1 && current.producer_epoch == -1;
    let request = interface::InitProducerIdRequest {
        transactional_id: optional_string(body.transactional_id.as_deref()),
        current: (!is_new).then_some(current),
    };
    Ok(Action::engine(Request::InitProducerId(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: InitProducerIdRequest| refused(error))
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::InitProducerId(outcome) = response else {
        mismatch(&response)
    };
    world.answer(&match outcome {
        Ok(identity) => InitProducerIdResponse::default()
            .with_producer_id(ProducerId(identity.producer_id))
            .with_producer_epoch(identity.producer_epoch),
        Err(error) => refused(error),
    })
}

fn refused(error: ErrorCode) -> InitProducerIdResponse {
    InitProducerIdResponse::default()
        .with_error_code(error.number())
        .with_producer_id(ProducerId(-1))
        .with_producer_epoch(-1)
}
