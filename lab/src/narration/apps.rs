//! What applications do with records.

use ottla_core::Instant;

use super::known::{Known, Life};
use super::told::told;
use super::{Sentence, Tone};
use crate::app::{AppEvent, Handled};

/// Tells what an application did, if it is not just its work.
pub(super) fn hear(
    known: &mut Known,
    at: Instant,
    who: &str,
    event: &AppEvent,
) -> Option<Sentence> {
    let naming = known.naming();
    Some(match event {
        AppEvent::Worked {
            result: Handled::Done,
            ..
        } => return None,
        AppEvent::Worked {
            partition,
            offset,
            result,
        } => {
            let template = match result {
                Handled::Parked => {
                    "*{}* cannot handle offset *{}* of {}. It writes the record to another topic and goes on."
                }
                _ => "*{}* cannot handle offset *{}* of {}. It skips the record.",
            };
            told(
                at,
                Tone::Turn,
                template,
                &[who, &offset.to_string(), &naming.one(partition)],
            )
        }
        AppEvent::Retrying { partition, offset } => {
            let client = known.clients.get_mut(who)?;
            let record = Some((partition.clone(), *offset));
            if client.retried == record {
                return None;
            }
            client.retried = record;
            told(
                at,
                Tone::Loss,
                "*{}* cannot handle offset *{}* of {}. It tries again each second, and nothing behind it is read.",
                &[who, &offset.to_string(), &naming.one(partition)],
            )
        }
        AppEvent::Died { partition, offset } => {
            known.set_life(who, Life::Crashed);
            told(
                at,
                Tone::Loss,
                "*{}* cannot handle offset *{}* of {}, and dies of it.",
                &[who, &offset.to_string(), &naming.one(partition)],
            )
        }
        AppEvent::NotSent(reason) => told(
            at,
            Tone::Loss,
            "*{}* could not send a record: {}",
            &[who, reason],
        ),
    })
}
