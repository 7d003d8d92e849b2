//! Up to version 3 a request asks for one coordinator, and its answer does not say whose it is.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};

pub(super) fn with_one_key(
    request: &FindCoordinatorRequest,
) -> Result<FindCoordinatorRequest, String> {
    let [key] = &request.coordinator_keys[..] else {
        return Err("not exactly one key".into());
    };
    Ok(FindCoordinatorRequest::default()
        .with_key(key.clone())
        .with_key_type(request.key_type))
}

pub(super) fn as_list(
    request: &FindCoordinatorRequest,
    response: FindCoordinatorResponse,
) -> FindCoordinatorResponse {
    let coordinator = Coordinator::default()
        .with_key(
            request
                .coordinator_keys
                .first()
                .cloned()
                .unwrap_or_default(),
        )
        .with_node_id(response.node_id)
        .with_host(response.host)
        .with_port(response.port)
        .with_error_code(response.error_code)
        .with_error_message(response.error_message);
    FindCoordinatorResponse::default()
        .with_throttle_time_ms(response.throttle_time_ms)
        .with_error_message(None)
        .with_coordinators(vec![coordinator])
}
