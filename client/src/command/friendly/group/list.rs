//! `ottla group list`.

use clap::Args;
use serde_json::json;

use super::super::ClusterOptions;
use super::super::table::{Cell, Table, visible};
use super::super::teller::{Halt, Teller};
use super::mood;
use crate::admin::{DescribeGroups, ListGroups};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla group list
  ottla group list --quiet

JSON: {\"groups\": [{\"group\", \"state\", \"protocol_type\", \"type\", \"members\"}]}. What cannot be known is null.";

/// `ottla group list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct GroupList {
    /// Only names, one a line.
    #[arg(long, short, conflicts_with = "json")]
    pub quiet: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl GroupList {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let list = teller.ask(ListGroups::default())?;
        for (broker, error) in &list.failures {
            teller.note(format!("broker {broker} does not tell its groups: {error}"));
        }
        let described = match self.quiet {
            true => Default::default(),
            false => teller.ask(DescribeGroups {
                groups: list.groups.keys().cloned().collect(),
            })?,
        };
        let mut table = Table::new(&["GROUP", "STATE", "PROTOCOL", "#MEMBERS"]);
        let mut documents = Vec::new();
        for (group, listed) in &list.groups {
            let described = described.get(group).and_then(|told| told.as_ref().ok());
            let state = described.map(|described| described.state.clone());
            let state = listed.state.clone().or(state);
            let members_count = described.map(|described| described.members.len());
            let shown = state.clone().unwrap_or_else(|| "-".to_owned());
            table.row([
                group.into(),
                Cell::new(mood(&shown), &shown),
                Cell::from(&listed.protocol_type),
                Cell::known(members_count),
            ]);
            documents.push(json!({
                "group": group.as_str(),
                "state": state,
                "protocol_type": listed.protocol_type,
                "type": listed.kind,
                "members": members_count,
            }));
        }
        match list.groups.is_empty() {
            true => teller.hint("no groups yet: ottla consume TOPIC --group NAME"),
            false if self.quiet => list
                .groups
                .keys()
                .for_each(|group| teller.line(visible(group))),
            false => teller.table(&table),
        }
        teller.document(&json!({ "groups": documents }));
        match list.failures.is_empty() {
            true => Ok(Exit::DONE),
            false => Ok(Exit::FAILED),
        }
    }
}
