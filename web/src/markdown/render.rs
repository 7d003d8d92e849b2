//! Markdown as elements.

use ottla_lab::Instant;
use yew::prelude::*;

use super::inline::Target;
use super::{Block, Span, blocks, spans};
use crate::parts::CopyButton;
use crate::parts::Term;

/// What [`Markdown`] and [`Prose`] are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The text.
    pub(crate) text: AttrValue,
    /// What a link to a moment of the scene does, if it is to do something.
    #[prop_or_default]
    pub(crate) on_moment: Option<Callback<Instant>>,
}

/// A text with its blocks.
#[component]
pub(crate) fn Markdown(props: &Props) -> Html {
    blocks(&props.text)
        .iter()
        .map(|block| show_block(block, props.on_moment.as_ref()))
        .collect()
}

/// A line of text, without a block around it.
#[component]
pub(crate) fn Prose(props: &Props) -> Html {
    show(&spans(&props.text), props.on_moment.as_ref())
}

fn show_block(block: &Block, on_moment: Option<&Callback<Instant>>) -> Html {
    let inner = |spans: &[Span]| show(spans, on_moment);
    match block {
        // The page's title is the first heading.
        Block::Heading(1 | 2, spans) => html! { <h2>{ inner(spans) }</h2> },
        Block::Heading(_, spans) => html! { <h3>{ inner(spans) }</h3> },
        Block::Paragraph(spans) => html! { <p>{ inner(spans) }</p> },
        Block::Quote(spans) => html! { <blockquote><p>{ inner(spans) }</p></blockquote> },
        Block::List { is_ordered, items } => {
            let items = items.iter().map(|item| html! { <li>{ inner(item) }</li> });
            if *is_ordered {
                html! { <ol>{ for items }</ol> }
            } else {
                html! { <ul>{ for items }</ul> }
            }
        }
        Block::Code { text, .. } => html! {
            <div class="code">
                <pre tabindex="0"><code>{ text.clone() }</code></pre>
                <CopyButton text={text.clone()} />
            </div>
        },
        Block::Table(rows) => {
            let row = |cells: &Vec<Vec<Span>>, is_head: bool| {
                let cells = cells.iter().map(|cell| match is_head {
                    true => html! { <th scope="col">{ inner(cell) }</th> },
                    false => html! { <td>{ inner(cell) }</td> },
                });
                html! { <tr>{ for cells }</tr> }
            };
            html! {
                <div class="wide" tabindex="0">
                    <table>
                        <thead>{ for rows.iter().take(1).map(|cells| row(cells, true)) }</thead>
                        <tbody>{ for rows.iter().skip(1).map(|cells| row(cells, false)) }</tbody>
                    </table>
                </div>
            }
        }
    }
}

fn show(spans: &[Span], on_moment: Option<&Callback<Instant>>) -> Html {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) => html! { { text.clone() } },
            Span::Code(text) => html! { <code>{ text.clone() }</code> },
            Span::Emphasis(inner) => html! { <em>{ show(inner, on_moment) }</em> },
            Span::Strong(inner) => html! { <Term word={super::inline::plain(inner)} /> },
            Span::Link { text, to } => link(show(text, on_moment), to, on_moment),
        })
        .collect()
}

fn link(text: Html, to: &Target, on_moment: Option<&Callback<Instant>>) -> Html {
    match (to, on_moment) {
        (Target::Here(address), _) => html! { <a href={address.clone()}>{ text }</a> },
        (Target::Away(address), _) => html! {
            <a href={address.clone()} target="_blank" rel="noreferrer noopener">{ text }</a>
        },
        (Target::Moment(moment), Some(on_moment)) => {
            let moment = *moment;
            let onclick = on_moment.reform(move |_: MouseEvent| moment);
            html! { <button type="button" class="moment" {onclick}>{ text }</button> }
        }
        (Target::Moment(_), None) => text,
    }
}
