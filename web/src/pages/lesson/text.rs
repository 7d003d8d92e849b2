//! A lesson's text, with tables that were worked out in between.

use ottla_lab::Instant;
use ottla_lab::lesson::{Block, Table};
use yew::prelude::*;

use crate::markdown::Markdown;

/// What a [`Text`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The text.
    pub(crate) blocks: Vec<Block>,
    /// The scene is to go to a moment.
    #[prop_or_default]
    pub(crate) on_moment: Option<Callback<Instant>>,
}

/// A lesson's text.
#[component]
pub(crate) fn Text(props: &Props) -> Html {
    let blocks = props.blocks.iter().map(|block| match block {
        Block::Markdown(text) => {
            html! { <Markdown text={text.clone()} on_moment={props.on_moment.clone()} /> }
        }
        Block::Table(table) => show_table(table),
    });
    html! { <div class="prose">{ for blocks }</div> }
}

fn show_table(table: &Table) -> Html {
    let head = table
        .head
        .iter()
        .map(|name| html! { <th scope="col">{ name.clone() }</th> });
    let rows = table.rows.iter().map(|row| {
        html! { <tr>{ for row.iter().map(|cell| html! { <td>{ cell.clone() }</td> }) }</tr> }
    });
    html! {
        <div class="wide table" tabindex="0">
            <table>
                <caption>{ table.caption.clone() }</caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}
