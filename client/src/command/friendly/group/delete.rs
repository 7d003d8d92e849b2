//! `ottla group delete`.

use clap::Args;
use ottla_core::GroupId;
use serde_json::{Value, json};

use super::super::ClusterOptions;
use super::super::teller::{Halt, Teller, error_json};
use super::about;
use crate::admin::DeleteGroups;
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla group delete billing

JSON: {\"groups\": [{\"group\", \"deleted\", \"error\": {\"code\", \"message\"}}]}";

/// `ottla group delete`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct GroupDelete {
    /// Names of the groups. They must have no members.
    #[arg(required = true, value_name = "GROUP")]
    pub groups: Vec<String>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl GroupDelete {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let mut groups: Vec<GroupId> = self
            .groups
            .iter()
            .map(|name| name.as_str().into())
            .collect();
        groups.sort();
        groups.dedup();
        let mut exit = Exit::DONE;
        let mut documents = Vec::new();
        for (group, outcome) in teller.ask(DeleteGroups { groups })? {
            let mut document = json!({ "group": group.as_str(), "deleted": outcome.is_ok() });
            match outcome {
                Ok(()) => teller.line(format!("deleted {group}")),
                Err(error) => {
                    exit = Exit::FAILED;
                    document["error"] = error_json(&error);
                    let complaint = about(teller, &group, error)?;
                    teller.complain(&complaint);
                }
            }
            documents.push(document);
        }
        teller.document(&json!({ "groups": Value::from(documents) }));
        Ok(exit)
    }
}
