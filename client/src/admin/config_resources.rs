//! Which resources have settings of their own.

use kafka_protocol::messages::{ListConfigResourcesRequest, ListConfigResourcesResponse};
use ottla_core::sorted::Set;

use super::clerk::{failure, if_any};
use super::{AskError, Clerk, ConfigResource, Question, ResourceKind, Stop};
use crate::network::Target;

/// The resources of some kinds that are configured (KIP-1142).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListConfigResources {
    /// Which kinds; none is all.
    pub kinds: Vec<ResourceKind>,
}

impl Question for ListConfigResources {
    type Answer = Set<ConfigResource>;
    const CALL: &'static str = "listConfigResources";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let kinds = self.kinds.iter().map(|kind| *kind as i8).collect();
        let request = ListConfigResourcesRequest::default().with_resource_types(kinds);
        let again = |response: &ListConfigResourcesResponse| if_any([response.error_code]);
        let response = clerk.ask(Target::Any, request, again)?;
        if let Some(error) = failure(response.error_code, None) {
            return Err(AskError::from(error).into());
        }
        let resources = response.config_resources.iter();
        Ok(resources
            .filter_map(|one| ConfigResource::of_message(one.resource_type, &one.resource_name))
            .collect())
    }
}
