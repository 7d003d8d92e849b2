//! A frame: its fields beside its bytes. A field marks its bytes, a byte its field.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::rows::Opened;
use super::window::{Window, moved};
use crate::strings::frames as strings;

/// What [`OpenedFrame`] is given.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) opened: Rc<Opened>,
    /// Whether there is room for sixteen bytes in a line.
    pub(super) is_wide: bool,
}

/// The fields, the bytes, and below them the field that is marked.
#[component]
pub(super) fn OpenedFrame(props: &Props) -> Html {
    let opened = &props.opened;
    let chosen = use_state_eq(|| None::<usize>);
    let pointed = use_state_eq(|| None::<usize>);
    let byte = use_state_eq(|| None::<usize>);
    let marked = (*pointed).or(*chosen);
    let range = marked
        .and_then(|index| opened.rows.get(index))
        .map_or(0..0, |row| row.bytes.clone());

    let on_field_key = {
        let (chosen, pointed, count) = (chosen.clone(), pointed.setter(), opened.rows.len());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(index) = moved(&event.key(), *chosen, count) {
                taken(&event);
                pointed.set(None);
                chosen.set(Some(index));
            }
        })
    };
    let on_point = {
        let pointed = pointed.setter();
        Callback::from(move |event: MouseEvent| pointed.set(number(&event, "data-field")))
    };
    let on_leave = {
        let pointed = pointed.setter();
        Callback::from(move |_| pointed.set(None))
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = number(&event, "data-field") {
                chosen.set(Some(index));
            }
        })
    };
    let field = {
        let opened = opened.clone();
        Callback::from(move |index: usize| field(&opened, index, marked == Some(index)))
    };

    let per_line = if props.is_wide { 16 } else { 8 };
    let lines_count = opened.frame.bytes.len().div_ceil(per_line);
    let point_byte = |pointed: UseStateSetter<Option<usize>>| {
        let opened = opened.clone();
        move |event: MouseEvent| {
            let row = number(&event, "data-byte").and_then(|byte| opened.row_of(byte));
            if row.is_some() {
                pointed.set(row);
            }
        }
    };
    let on_byte_point = Callback::from(point_byte(pointed.setter()));
    let on_byte_choose = Callback::from(point_byte(chosen.setter()));
    let on_byte_key = {
        let (byte, chosen, pointed, opened) = (
            byte.clone(),
            chosen.setter(),
            pointed.setter(),
            opened.clone(),
        );
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = next_byte(&event.key(), *byte, per_line, opened.frame.bytes.len()) {
                taken(&event);
                byte.set(Some(next));
                pointed.set(None);
                chosen.set(opened.row_of(next));
            }
        })
    };
    let line = {
        let (opened, range) = (opened.clone(), range.clone());
        Callback::from(move |index: usize| line(&opened, index, per_line, &range))
    };
    // Pointing at one side moves the other.
    let byte_line = (!range.is_empty()).then_some(range.start / per_line);
    html! {
        <>
            <div class="both">
                <Window
                    id="frame-fields" label={strings::FIELDS} class={classes!("fields")} count={opened.rows.len()} row_px={ROW_PX} row={field}
                    in_view={marked} active_id={marked.map(|index| AttrValue::from(format!("frame-field-{index}")))}
                    onkeydown={on_field_key} onmouseover={on_point} onmouseleave={on_leave.clone()} onclick={on_choose}
                />
                <Window
                    id="frame-bytes" label={strings::BYTES} role="group" class={classes!("bytes", props.is_wide.then_some("wide-bytes"))} count={lines_count} row_px={ROW_PX}
                    row={line} in_view={byte_line} active_id={None::<AttrValue>}
                    onkeydown={on_byte_key} onmouseover={on_byte_point} onmouseleave={on_leave} onclick={on_byte_choose}
                />
            </div>
            <p class="marked" role="status">
                if let Some(row) = marked.and_then(|index| opened.rows.get(index)) {
                    <b>{ row.name.clone() }</b>{ " " }<span>{ row.value.clone() }</span>{ " " }
                    <span class="soft">{ strings::place(&row.bytes) }</span>
                }
            </p>
        </>
    }
}

fn field(opened: &Opened, index: usize, is_marked: bool) -> Html {
    let row = &opened.rows[index];
    let class = classes!(
        "field",
        is_marked.then_some("on"),
        row.is_unread.then_some("unread")
    );
    html! {
        <div
            key={index} id={format!("frame-field-{index}")} {class} role="option" aria-selected={is_marked.to_string()}
            data-field={index.to_string()} style={format!("padding-left:{}px", 8 + 12 * row.depth.min(DEPTH_MAX))} title={row.value.clone()}
        ><span class="name">{ row.name.clone() }</span><span class="value">{ row.value.clone() }</span></div>
    }
}

/// A line of bytes, in numbers and in letters.
fn line(opened: &Opened, index: usize, per_line: usize, range: &std::ops::Range<usize>) -> Html {
    let start = index * per_line;
    let bytes = &opened.frame.bytes;
    let bytes = &bytes[start..bytes.len().min(start + per_line)];
    let cell = |at: usize, text: String| {
        let class = range.contains(&at).then_some("on");
        html! { <span {class} data-byte={at.to_string()}>{ text }</span> }
    };
    let numbers = (start..).zip(bytes);
    let numbers = numbers.map(|(at, byte)| cell(at, format!("{byte:02x}")));
    let letters = (start..).zip(bytes).map(|(at, byte)| {
        let letter = char::from(*byte);
        let is_seen = letter.is_ascii_graphic() || letter == ' ';
        cell(at, if is_seen { letter } else { '·' }.to_string())
    });
    html! {
        <div key={index} class="line">
            <span class="offset">{ format!("{start:04x}") }</span>
            <span class="numbers">{ for numbers }</span>
            <span class="letters" aria-hidden="true">{ for letters }</span>
        </div>
    }
}

/// The number that an element says of itself.
fn number(event: &MouseEvent, attribute: &str) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let element = target.closest(&format!("[{attribute}]")).ok()??;
    element.get_attribute(attribute)?.parse().ok()
}

fn next_byte(key: &str, from: Option<usize>, per_line: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let at = from.unwrap_or(0);
    let next = match key {
        "ArrowRight" if from.is_none() => 0,
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + per_line,
        "ArrowUp" => at.saturating_sub(per_line),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(next.min(last))
}

/// The same keys move the scene elsewhere on the page.
fn taken(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
}

const ROW_PX: i32 = 24;
const DEPTH_MAX: usize = 8;
