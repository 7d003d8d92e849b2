//! The scene as tables: the same state, for those who read rather than look.

use ottla_lab::scene::{Table, tables};
use yew::prelude::*;

use super::PanelProps;
use crate::player::use_player_version;

/// Partitions, groups, offsets, clients, frames.
#[component]
pub(crate) fn TablesPanel(props: &PanelProps) -> Html {
    use_player_version(&props.player);
    // Ages grow though nothing happens: as things stand at this moment.
    let scene = props.player.timeline().scene();
    html! { <div class="tables">{ for tables(&scene).iter().map(show) }</div> }
}

fn show(table: &Table) -> Html {
    let head = table
        .columns
        .iter()
        .map(|name| html! { <th scope="col">{ *name }</th> });
    let rows = table.rows.iter().map(|row| {
        let mut cells = row.iter().cloned();
        let first = cells.next();
        html! {
            <tr><th scope="row">{ first }</th>{ for cells.map(|cell| html! { <td>{ cell }</td> }) }</tr>
        }
    });
    html! {
        <div class="wide" tabindex="0" role="group" aria-label={table.caption}>
            <table>
                <caption>{ table.caption }</caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}
