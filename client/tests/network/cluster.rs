//! Brokers that say what a test wants them to say, in real frames.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, StrBytes};
use ottla_client::protocol::versions;
use ottla_core::ErrorCode;
use ottla_core::sorted::Map;

use crate::support::address;

/// What all brokers of the cluster say.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    /// Their numbers and addresses.
    pub(crate) brokers: Map<i32, &'static str>,
    /// The leader and its epoch, of the one partition of each topic. Other topics do not exist.
    pub(crate) leaders: Map<&'static str, (i32, i32)>,
    /// Who coordinates; or why nobody does.
    pub(crate) coordinator: Result<i32, ErrorCode>,
    /// The versions that are spoken.
    pub(crate) versions: Map<i16, (i16, i16)>,
    /// Whether a refusal of ApiVersions names the versions of ApiVersions (since Kafka 2.4).
    pub(crate) names_versions: bool,
}

impl Cluster {
    pub(crate) fn of(brokers: &[(i32, &'static str)]) -> Cluster {
        let apis = [
            ApiKey::Produce,
            ApiKey::Metadata,
            ApiKey::Heartbeat,
            ApiKey::FindCoordinator,
            ApiKey::ListGroups,
            ApiKey::ApiVersions,
        ];
        let spoken = apis.map(|api| {
            let versions = versions(api).expect("it is spoken");
            (api as i16, (*versions.start(), *versions.end()))
        });
        Cluster {
            brokers: brokers.iter().copied().collect(),
            leaders: Map::new(),
            coordinator: Ok(1),
            versions: spoken.into(),
            names_versions: true,
        }
    }

    pub(crate) fn speaks(&mut self, api: ApiKey, lowest: i16, highest: i16) {
        self.versions.insert(api as i16, (lowest, highest));
    }

    /// The answer to a request's frame; none to what this cluster knows nothing about.
    pub(crate) fn answer(&self, mut frame: Bytes) -> Option<Bytes> {
        let key = ApiKey::try_from(frame.get_i16()).expect("a key");
        let version = frame.get_i16();
        let correlation_id = frame.get_i32();
        let client_id_bytes = frame.get_i16().max(0) as usize;
        frame.advance(client_id_bytes);
        if key.request_header_version(version) >= 2 {
            frame.advance(1);
        }
        Some(match key {
            ApiKey::ApiVersions => self.api_versions(correlation_id, version),
            ApiKey::Metadata => {
                let request = MetadataRequest::decode(&mut frame, version).expect("a request");
                write(correlation_id, version, &self.metadata(request))
            }
            ApiKey::FindCoordinator => {
                let request =
                    FindCoordinatorRequest::decode(&mut frame, version).expect("a request");
                write(correlation_id, version, &self.find_coordinator(request))
            }
            ApiKey::ListGroups => write(correlation_id, version, &ListGroupsResponse::default()),
            ApiKey::Heartbeat => write(correlation_id, version, &HeartbeatResponse::default()),
            _ => return None,
        })
    }

    fn api_versions(&self, correlation_id: i32, asked: i16) -> Bytes {
        let (lowest, highest) = self.versions[&(ApiKey::ApiVersions as i16)];
        let apis = self.versions.iter().map(|(key, (min, max))| {
            ApiVersion::default()
                .with_api_key(*key)
                .with_min_version(*min)
                .with_max_version(*max)
        });
        if (lowest..=highest).contains(&asked) {
            let response = ApiVersionsResponse::default().with_api_keys(apis.collect());
            return write(correlation_id, asked, &response);
        }
        let itself =
            apis.filter(|api| api.api_key == ApiKey::ApiVersions as i16 && self.names_versions);
        let response = ApiVersionsResponse::default()
            .with_error_code(ErrorCode::UnsupportedVersion.number())
            .with_api_keys(itself.collect());
        write(correlation_id, 0, &response)
    }

    fn metadata(&self, request: MetadataRequest) -> MetadataResponse {
        let brokers = self.brokers.iter().map(|(id, at)| {
            let at = address(at);
            MetadataResponseBroker::default()
                .with_node_id(BrokerId(*id))
                .with_host(StrBytes::from_string(at.host))
                .with_port(i32::from(at.port))
        });
        let asked = match request.topics {
            Some(topics) => topics.into_iter().filter_map(|topic| topic.name).collect(),
            None => {
                let names = self.leaders.keys();
                names
                    .map(|name| TopicName(StrBytes::from_static_str(name)))
                    .collect::<Vec<_>>()
            }
        };
        let topics = asked.into_iter().map(|name| {
            let topic = MetadataResponseTopic::default().with_name(Some(name.clone()));
            match self.leaders.get(name.as_str()) {
                None => topic.with_error_code(ErrorCode::UnknownTopicOrPartition.number()),
                Some((leader, epoch)) => topic.with_partitions(vec![
                    MetadataResponsePartition::default()
                        .with_leader_id(BrokerId(*leader))
                        .with_leader_epoch(*epoch),
                ]),
            }
        });
        MetadataResponse::default()
            .with_brokers(brokers.collect())
            .with_controller_id(
                self.brokers
                    .keys()
                    .next()
                    .map_or(BrokerId(-1), |id| BrokerId(*id)),
            )
            .with_topics(topics.collect())
    }

    fn find_coordinator(&self, request: FindCoordinatorRequest) -> FindCoordinatorResponse {
        let key = request
            .coordinator_keys
            .first()
            .cloned()
            .unwrap_or_default();
        let coordinator = Coordinator::default()
            .with_key(key)
            .with_error_message(None);
        let coordinator = match self.coordinator {
            Ok(id) => {
                let at = address(self.brokers[&id]);
                coordinator
                    .with_node_id(BrokerId(id))
                    .with_host(StrBytes::from_string(at.host))
                    .with_port(i32::from(at.port))
            }
            Err(code) => coordinator.with_error_code(code.number()),
        };
        FindCoordinatorResponse::default()
            .with_error_message(None)
            .with_coordinators(vec![coordinator])
    }
}

fn write<T: Encodable + HeaderVersion>(correlation_id: i32, version: i16, body: &T) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_i32(correlation_id);
    if T::header_version(version) >= 1 {
        frame.put_u8(0);
    }
    body.encode(&mut frame, version)
        .expect("an answer of this version");
    let mut whole = BytesMut::new();
    whole.put_i32(frame.len() as i32);
    whole.put(frame);
    whole.freeze()
}
