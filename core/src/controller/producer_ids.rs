use super::{Controller, Decision, Metadata, MetadataRecord};
use crate::ErrorCode;
use crate::interface::{InitProducerIdRequest, ProducerIdentity, Response};

/// How many ids one record claims.
const BLOCK_SIZE: i64 = 1000;

impl Controller {
    /// Tells an idempotent producer who it is. The answer is [`Response::InitProducerId`].
    ///
    /// A producer without a transactional id gets a new id and epoch 0 each time, whatever it was before: so in Kafka. Ids are claimed in
    /// blocks; an id is given out only with or after the record that claims it, so that no restart can give it out again.
    pub fn init_producer_id(
        &mut self,
        metadata: &Metadata,
        request: &InitProducerIdRequest,
    ) -> Decision {
        let mut records = Vec::new();
        let outcome = check(request).map(|()| {
            if self.next_producer_id >= self.producer_ids_end {
                self.next_producer_id = self.producer_ids_end.max(metadata.next_producer_id());
                self.producer_ids_end = self.next_producer_id + BLOCK_SIZE;
            }
            if metadata.next_producer_id() < self.producer_ids_end {
                records.push(MetadataRecord::ProducerIds {
                    broker_id: metadata.config().node_id,
                    broker_epoch: 0,
                    next_producer_id: self.producer_ids_end,
                });
            }
            let producer_id = self.next_producer_id;
            self.next_producer_id += 1;
            ProducerIdentity {
                producer_id,
                producer_epoch: 0,
            }
        });
        Decision {
            records,
            response: Response::InitProducerId(outcome),
            events: Vec::new(),
        }
    }
}

fn check(request: &InitProducerIdRequest) -> Result<(), ErrorCode> {
    match (&request.transactional_id, request.current) {
        (Some(id), _) if id.is_empty() => Err(ErrorCode::InvalidRequest),
        // There are no transactions yet. Clients take this code as final; one for "not now" would have them ask for ever.
        (Some(_), _) => Err(ErrorCode::UnsupportedVersion),
        // An id without an epoch, or an epoch without an id.
        (None, Some(current)) if (current.producer_id < 0) != (current.producer_epoch < 0) => {
            Err(ErrorCode::InvalidRequest)
        }
        (None, _) => Ok(()),
    }
}
