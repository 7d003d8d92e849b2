//! What runs with the clock: ages, rings, the progress of work. Painted into nodes that Yew has left empty.

use ottla_lab::Instant;
use ottla_lab::scene::{Activity, Scene};
use ottla_lab::sorted::Map;
use web_sys::Element;

use super::cast::{Look, Row};
use super::layout::Layout;
use crate::player::{Moment, Motion};
use crate::strings::stage as strings;

/// The nodes of a picture that run with the clock.
#[derive(Default)]
pub(super) struct Live {
    root: Option<Element>,
    /// By the keys of rows; looked up again when the picture was rendered anew.
    nodes: Map<String, Nodes>,
    is_stale: bool,
}

#[derive(Default)]
struct Nodes {
    state: Option<Element>,
    ring: Option<Element>,
    work: Option<Element>,
    said: Said,
}

#[derive(Default, PartialEq)]
struct Said {
    state: String,
    ring: Option<u32>,
    work: Option<u32>,
}

impl Live {
    pub(super) fn attach(&mut self, root: Element) {
        self.root = Some(root);
        self.is_stale = true;
    }

    pub(super) fn paint(&mut self, moment: &Moment<'_>, layout: &Layout) -> Motion {
        if std::mem::take(&mut self.is_stale) {
            self.find();
        }
        for place in &layout.troupes {
            for row in &place.troupe.rows {
                if let Some(nodes) = self.nodes.get_mut(&row.key) {
                    nodes.say(said(moment.scene, row, moment.now));
                }
            }
        }
        Motion::Settled
    }

    fn find(&mut self) {
        let mut nodes: Map<String, Nodes> = Map::new();
        type Place = fn(&mut Nodes) -> &mut Option<Element>;
        let places: [(&str, Place); 3] = [
            ("data-state", |nodes| &mut nodes.state),
            ("data-ring", |nodes| &mut nodes.ring),
            ("data-work", |nodes| &mut nodes.work),
        ];
        for (attribute, place) in places {
            let root = self.root.as_ref();
            let Some(found) =
                root.and_then(|root| root.query_selector_all(&format!("[{attribute}]")).ok())
            else {
                continue;
            };
            for index in 0..found.length() {
                let Some(element) = found.get(index).and_then(into_element) else {
                    continue;
                };
                let Some(key) = element.get_attribute(attribute) else {
                    continue;
                };
                *place(nodes.entry(key).or_default()) = Some(element);
            }
        }
        self.nodes = nodes;
    }
}

impl Nodes {
    fn say(&mut self, said: Said) {
        if said == self.said {
            return;
        }
        if let Some(state) = self
            .state
            .as_ref()
            .filter(|_| said.state != self.said.state)
        {
            state.set_text_content(Some(&said.state));
        }
        // A node's attributes can always be set: nothing is to be done if not.
        if let (Some(ring), Some(permille)) = (&self.ring, said.ring) {
            let _ = ring.set_attribute("style", &format!("--rest:{permille}"));
        }
        if let Some(work) = self.work.as_ref().filter(|_| said.work != self.said.work) {
            let permille = said.work.unwrap_or(0);
            let _ = work.set_attribute("style", &format!("--done:{permille}"));
        }
        self.said = said;
    }
}

fn said(scene: &Scene, row: &Row, now: Instant) -> Said {
    let member = row
        .member
        .and_then(|(group, index)| scene.groups.get(group)?.members.get(index));
    let consumer = row.consumer.and_then(|index| scene.consumers.get(index));
    // Heard of last and removed at: read from this moment's scene, for they change without the structure changing.
    let removed_at = member
        .and_then(|member| member.session_ends_at)
        .filter(|_| row.look.removed_at().is_some());
    let heard_at = member.and_then(|member| member.heard_at);
    let ring = removed_at.zip(heard_at).map(|(end, heard)| {
        let (rest, whole) = ((end - now) as f64, (end - heard).max(1) as f64);
        (rest / whole * 1000.0).clamp(0.0, 1000.0) as u32
    });
    let work = consumer.and_then(|consumer| match &consumer.activity {
        Activity::Working { since, until, .. } => {
            let (done, whole) = ((now - *since) as f64, (*until - *since).max(1) as f64);
            Some((done / whole * 1000.0).clamp(0.0, 1000.0) as u32)
        }
        _ => None,
    });
    let state = match &row.look {
        Look::Crashed(_) => strings::crashed(now, removed_at),
        Look::Frozen(_) => strings::frozen(now, removed_at),
        Look::Ghost(_) => strings::ghost(now, removed_at),
        Look::Working => match consumer.map(|consumer| &consumer.activity) {
            Some(Activity::Working {
                partition, offset, ..
            }) => strings::working(partition, *offset),
            _ => strings::heartbeat(now, heard_at),
        },
        Look::Reading | Look::Foreign => strings::heartbeat(now, heard_at),
        look => strings::look(look),
    };
    Said { state, ring, work }
}

fn into_element(node: web_sys::Node) -> Option<Element> {
    use wasm_bindgen::JsCast;
    node.dyn_into().ok()
}
