//! `--describe --members`: who is in a group.

use ottla_core::GroupId;
use ottla_core::sorted::Map;

use super::describe::{announce, assignment_text};
use super::failure::Failure;
use super::table::{MISSING, Table};
use crate::admin::{GroupDescription, MemberDescription};
use crate::command::Desk;

pub(super) fn print(
    desk: &mut Desk,
    groups: &Map<GroupId, GroupDescription>,
    verbose: bool,
) -> Result<(), Failure> {
    for (id, group) in groups {
        announce(desk, id, &group.state, group.members.len())?;
        let table = table(id, &group.members, verbose);
        desk.println("");
        for line in table.lines() {
            // Kafka prepares for more columns, also where there are none.
            let line = if verbose { line } else { format!("{line} ") };
            desk.println(line);
        }
    }
    Ok(())
}

fn table(group: &GroupId, members: &[MemberDescription], verbose: bool) -> Table {
    let with_instance_id = members.iter().any(|member| member.instance_id.is_some());
    let mut columns = vec![("GROUP", 15), ("CONSUMER-ID", 15)];
    columns.extend(with_instance_id.then_some(("GROUP-INSTANCE-ID", 17)));
    columns.extend([("HOST", 15), ("CLIENT-ID", 15), ("#PARTITIONS", 15)]);
    let identity_columns = columns.len() - 1;
    let mut fitted: Vec<usize> = (0..identity_columns).collect();
    if verbose {
        fitted.extend([columns.len() + 1, columns.len() + 3]);
        columns.extend([
            ("CURRENT-EPOCH", 15),
            ("CURRENT-ASSIGNMENT", 20),
            ("TARGET-EPOCH", 15),
            ("TARGET-ASSIGNMENT", 20),
        ]);
    }
    let mut table = Table::new(&columns);
    for member in members {
        let mut row = vec![group.to_string(), member.id.clone()];
        row.extend(with_instance_id.then(|| member.instance_id.clone().unwrap_or_default()));
        row.extend([
            member.host.clone(),
            member.client_id.clone(),
            member.assignment.len().to_string(),
        ]);
        if verbose {
            // Members of the classic protocol have neither epochs nor a target.
            let missing = || MISSING.to_owned();
            row.extend([
                missing(),
                assignment_text(&member.assignment),
                missing(),
                missing(),
            ]);
        }
        table.row(row);
    }
    table.fit(&fitted);
    table
}
