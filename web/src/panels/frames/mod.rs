//! The frames that went over the links: a list of them, and one of them byte by byte.

mod opened;
mod rows;
mod window;

use std::rc::Rc;

use ottla_lab::Direction;
use ottla_lab::frames::Frame;
use ottla_lab::sorted::{Map, Set};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PanelProps;
use crate::browser::matches_media;
use crate::parts::Menu;
use crate::player::use_player_version;
use crate::stage::use_size;
use crate::strings::frames as strings;
use crate::strings::time::clock;
use opened::OpenedFrame;
use rows::Opened;
use window::{Window, moved};

/// The frames up to now.
#[component]
pub(crate) fn FramesPanel(props: &PanelProps) -> Html {
    use_player_version(&props.player);
    let client = use_state_eq(|| None::<AttrValue>);
    let hides_routine = use_state_eq(|| true);
    let opened = use_state(|| None::<Rc<Opened>>);
    let known = use_mut_ref(Known::default);
    let node = use_node_ref();
    let width = use_size(&node).map_or(0.0, |(width, _)| width);
    // A finger needs higher rows.
    let row_px = if matches_media(NARROW) { 44 } else { 26 };

    let timeline = props.player.timeline();
    let all = timeline.frames();
    let names: Set<&str> = all.iter().map(|frame| &*frame.client).collect();
    let is_listed = |frame: &&Frame| {
        let is_of = client
            .as_ref()
            .is_none_or(|client| **client == *frame.client);
        is_of && !(*hides_routine && known.borrow_mut().is_routine(frame))
    };
    let listed: Rc<Vec<Frame>> = Rc::new(all.iter().filter(is_listed).cloned().collect());
    let place = opened
        .as_ref()
        .and_then(|opened| place(&listed, &opened.frame));
    let open = {
        let opened = opened.setter();
        Callback::from(move |frame: Frame| opened.set(Some(Rc::new(Opened::new(frame)))))
    };
    let onkeydown = {
        let (listed, open) = (listed.clone(), open.clone());
        Callback::from(move |event: KeyboardEvent| {
            // From the newest on, as long as none is opened.
            let from = place.unwrap_or(listed.len());
            if let Some(index) = moved(&event.key(), Some(from), listed.len()) {
                event.prevent_default();
                // The same keys move the scene elsewhere on the page.
                event.stop_propagation();
                open.emit(listed[index].clone());
            }
        })
    };
    let row = {
        let (listed, open, is_of_one) = (listed.clone(), open.clone(), client.is_some());
        Callback::from(move |index: usize| {
            let frame = &listed[index];
            entry(index, frame, place == Some(index), is_of_one, &open)
        })
    };
    let nothing = match (all.is_empty(), listed.is_empty()) {
        (true, _) => Some(strings::NONE),
        (_, true) => Some(strings::NONE_SHOWN),
        _ => None,
    };
    let detail = opened.as_ref().map(|one| {
        let partner = partner(all, &one.frame).cloned();
        head(props, one, partner, &open, {
            let opened = opened.setter();
            Callback::from(move |_: MouseEvent| opened.set(None))
        })
    });
    html! {
        <div ref={node} class={classes!("frames", opened.is_some().then_some("has-opened"), (width < ROOMY_PX).then_some("tight"))}>
            <div class="list">
                { filters(&names, &client, &hides_routine) }
                if let Some(nothing) = nothing {
                    <p class="soft">{ nothing }</p>
                } else {
                    <Window
                        id="frames-list" label={strings::LIST} class={classes!("rows")} count={listed.len()} {row_px} {row}
                        in_view={place} is_following={place.is_none()} {onkeydown}
                        active_id={place.map(|index| AttrValue::from(format!("frames-row-{index}")))}
                    />
                }
            </div>
            <div class="opened">
                if let (Some(one), Some(detail)) = (opened.as_ref(), detail) {
                    { detail }
                    <OpenedFrame key={format!("{:?}", key(&one.frame))} opened={one.clone()} is_wide={width >= ROOMY_PX} />
                } else {
                    <p class="soft">{ strings::CHOOSE }</p>
                }
            </div>
        </div>
    }
}

fn filters(
    names: &Set<&str>,
    client: &UseStateHandle<Option<AttrValue>>,
    hides_routine: &UseStateHandle<bool>,
) -> Html {
    let all = std::iter::once(AttrValue::Static(strings::ALL));
    let names = names.iter().map(|name| AttrValue::from((*name).to_owned()));
    let options: Vec<AttrValue> = all.chain(names).collect();
    let mut places = options.iter().skip(1);
    let place = places.position(|name| client.as_ref() == Some(name));
    let on_client = {
        let (client, options) = (client.setter(), options.clone());
        move |index: usize| client.set(options.get(index).filter(|_| index > 0).cloned())
    };
    let on_hide = {
        let hides_routine = hides_routine.setter();
        move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            hides_routine.set(input.is_none_or(|input| input.checked()));
        }
    };
    html! {
        <div class="filters">
            <Menu label={strings::CLIENT} {options} chosen={place.map_or(0, |place| place + 1)} on_choose={on_client} />
            <label><input type="checkbox" checked={**hides_routine} onchange={on_hide} />{ strings::HIDE_ROUTINE }</label>
        </div>
    }
}

fn entry(
    index: usize,
    frame: &Frame,
    is_opened: bool,
    is_of_one: bool,
    open: &Callback<Frame>,
) -> Html {
    let (sign, word) = strings::way(frame.direction);
    let onclick = {
        let frame = frame.clone();
        open.reform(move |_: MouseEvent| frame.clone())
    };
    html! {
        <div
            key={index} id={format!("frames-row-{index}")} class={classes!("frame", is_opened.then_some("on"))}
            role="option" aria-selected={is_opened.to_string()} {onclick}
        >
            <span class="at">{ clock(frame.sent_at) }</span>
            <span class="way" role="img" aria-label={word}>{ sign }</span>
            <span class="api">{ frame.api_name() }<small>{ format!(" v{}", frame.api_version) }</small></span>
            if !is_of_one {
                <span class="who">{ frame.client.to_string() }</span>
            }
            <span class="size">{ strings::size(frame.bytes.len()) }</span>
        </div>
    }
}

/// What an opened frame is, and where one can go from it.
fn head(
    props: &PanelProps,
    one: &Rc<Opened>,
    partner: Option<Frame>,
    open: &Callback<Frame>,
    on_back: Callback<MouseEvent>,
) -> Html {
    let at = one.frame.sent_at;
    let on_go = {
        let player = props.player.clone();
        move |_: MouseEvent| player.go_to(at)
    };
    let partner = partner.map(|partner| {
        let name = match partner.direction {
            Direction::ToBroker => strings::ITS_REQUEST,
            Direction::ToClient => strings::ITS_ANSWER,
        };
        let onclick = open.reform(move |_: MouseEvent| partner.clone());
        html! { <button type="button" class="btn q" {onclick}>{ name }</button> }
    });
    html! {
        <div class="head">
            <button type="button" class="btn q back" onclick={on_back}>{ "← " }{ strings::BACK }</button>
            <b>{ strings::title(&one.frame) }</b>
            <span class="soft">{ one.frame.client.to_string() }</span>
            <button type="button" class="btn q" onclick={on_go}>{ strings::GO_THERE }</button>
            { for partner }
        </div>
    }
}

/// Where a frame is in the list.
fn place(listed: &[Frame], frame: &Frame) -> Option<usize> {
    let index = listed
        .binary_search_by_key(&frame.id, |listed| listed.id)
        .ok()?;
    (key(&listed[index]) == key(frame)).then_some(index)
}

/// The answer of a request, or the request of an answer.
fn partner<'a>(all: &'a [Frame], frame: &Frame) -> Option<&'a Frame> {
    let place = place(all, frame)?;
    let is_partner = |other: &&Frame| {
        other.link == frame.link
            && other.correlation_id == frame.correlation_id
            && other.direction != frame.direction
    };
    match frame.direction {
        Direction::ToBroker => all[place..].iter().find(is_partner),
        Direction::ToClient => all[..place].iter().rev().find(is_partner),
    }
}

/// Frames that have been looked at before: whoever acts in the past gets other frames with the same ids.
#[derive(Default)]
struct Known(Map<(u64, u64, usize), bool>);

impl Known {
    fn is_routine(&mut self, frame: &Frame) -> bool {
        // Requests tell without being read.
        if frame.direction == Direction::ToBroker {
            return frame.is_routine();
        }
        if self.0.len() > KNOWN_MAX {
            self.0.clear();
        }
        let known = self.0.entry(key(frame));
        *known.or_insert_with(|| frame.is_routine())
    }
}

fn key(frame: &Frame) -> (u64, u64, usize) {
    (frame.id, frame.sent_at.0, frame.bytes.len())
}

const NARROW: &str = "(max-width: 860px)";
/// With less room than this there are eight bytes in a line.
const ROOMY_PX: f64 = 1100.0;
const KNOWN_MAX: usize = 100_000;
