//! The listeners of a properties file that was made for Apache Kafka: those of controllers are left out, and a name of the file's own
//! is read as the protocol that it stands for.

use std::sync::Arc;

use super::{Values, list};

const PLAINTEXT: &str = "PLAINTEXT";

/// Leaves the one address for clients in `listeners` and `advertised.listeners`, and notes what else would have been opened. Addresses
/// stay as they are where none is for clients in plain text.
pub(super) fn keep_that_of_clients(values: &mut Values, inert: &Values, notes: &mut Vec<String>) {
    let of = |name: &str| inert.get(name).map(|value| &**value).unwrap_or_default();
    let controllers: Vec<&str> = list(of("controller.listener.names")).collect();
    let protocols: Vec<(&str, &str)> = list(of("listener.security.protocol.map"))
        .filter_map(|pair| pair.split_once(':'))
        .collect();
    let is_plaintext = |name: &str| {
        let protocol = protocols.iter().find(|(known, _)| *known == name);
        protocol.map_or(name, |(_, protocol)| protocol) == PLAINTEXT
    };
    let mut chosen: Option<String> = None;
    for key in ["listeners", "advertised.listeners"] {
        let Some(value) = values.get(key).cloned() else {
            continue;
        };
        let all: Vec<(&str, &str)> = list(&value)
            .filter_map(|listener| listener.split_once("://"))
            .filter(|(name, _)| !controllers.contains(name))
            .collect();
        let same = all
            .iter()
            .find(|(name, _)| Some(*name) == chosen.as_deref());
        let Some((name, address)) =
            same.or_else(|| all.iter().find(|(name, _)| is_plaintext(name)))
        else {
            continue;
        };
        if key == "listeners" {
            let others = all.iter().filter(|other| **other != (*name, *address));
            notes.extend(others.map(|(other, address)| {
                format!(
                    "listeners: {other}://{address} is not opened, Ottla listens on one address"
                )
            }));
        }
        chosen = Some((*name).to_owned());
        values.insert(
            Arc::from(key),
            Arc::from(format!("{PLAINTEXT}://{address}")),
        );
    }
}
