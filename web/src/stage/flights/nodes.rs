//! The nodes of couriers: made once, used again, moved by their transform.

use ottla_lab::Direction;
use web_sys::Element;

use super::courier::{Courier, Load};
use super::paths;
use crate::stage::layout::{Layout, Point};

/// A pool of nodes in the picture.
#[derive(Default)]
pub(super) struct Nodes {
    root: Option<Element>,
    pool: Vec<Node>,
    used_count: usize,
}

/// A dot with its texts, and what was last said of it.
struct Node {
    group: Element,
    circle: Element,
    label: Element,
    api: Element,
    said: Said,
}

#[derive(Default, PartialEq, Clone)]
struct Said {
    class: String,
    radius: &'static str,
    label: String,
    api: &'static str,
    /// Answers are named under their dot, requests over it: they meet all the time.
    is_below: bool,
}

impl Nodes {
    pub(super) fn new(root: Element) -> Self {
        Self {
            root: Some(root),
            ..Self::default()
        }
    }

    /// Shows the couriers where they are.
    pub(super) fn draw(&mut self, couriers: &[Courier], layout: &Layout, is_reduced: bool) {
        let mut used_count = 0;
        let mut written: Vec<(Point, &'static str)> = Vec::new();
        for courier in couriers {
            let Some(way) = paths::way(courier, layout) else {
                continue;
            };
            let Some(node) = self.node(used_count) else {
                break;
            };
            let share = if is_reduced { 0.5 } else { courier.place() };
            let point = way.at(share);
            let mut said = said(courier);
            let below = courier.direction == Direction::ToClient;
            let place = Point {
                x: point.x,
                y: point.y + if below { BELOW } else { ABOVE },
            };
            // Names that would lie on one another cannot be read: the first one stays.
            if !said.api.is_empty() {
                if written
                    .iter()
                    .any(|other| is_over((place, said.api), *other))
                {
                    said.api = "";
                } else {
                    written.push((place, said.api));
                }
            }
            said.is_below = below;
            node.say(said);
            // Over cells that are ticks, a dot of the usual size would hide more than it shows.
            let scale = if layout.is_crowded() { 0.6 } else { 1.0 };
            let _ = node.group.set_attribute(
                "transform",
                &format!("translate({:.1} {:.1}) scale({scale})", point.x, point.y),
            );
            used_count += 1;
        }
        for node in &mut self.pool[used_count.min(self.used_count)..self.used_count] {
            node.say(Said::default());
        }
        self.used_count = used_count;
    }

    fn node(&mut self, index: usize) -> Option<&mut Node> {
        if index == self.pool.len() {
            let node = Node::new(self.root.as_ref()?)?;
            self.pool.push(node);
        }
        self.pool.get_mut(index)
    }
}

impl Node {
    fn new(root: &Element) -> Option<Self> {
        let document = root.owner_document()?;
        let make = |name: &str| document.create_element_ns(Some(SVG), name).ok();
        let (group, circle) = (make("g")?, make("circle")?);
        let (label, api) = (make("text")?, make("text")?);
        label.set_attribute("class", "label").ok()?;
        api.set_attribute("class", "api").ok()?;
        api.set_attribute("y", &ABOVE.to_string()).ok()?;
        group.append_child(&circle).ok()?;
        group.append_child(&label).ok()?;
        group.append_child(&api).ok()?;
        group.set_attribute("class", HIDDEN).ok()?;
        root.append_child(&group).ok()?;
        Some(Self {
            group,
            circle,
            label,
            api,
            said: Said::default(),
        })
    }

    fn say(&mut self, said: Said) {
        if said == self.said || (said.class.is_empty() && self.said.class.is_empty()) {
            return;
        }
        // A node's attributes can always be set: nothing is to be done if not.
        if said.class.is_empty() {
            let _ = self.group.set_attribute("class", HIDDEN);
            self.said.class.clear();
            return;
        }
        let _ = self.group.set_attribute("class", &said.class);
        if said.radius != self.said.radius {
            let _ = self.circle.set_attribute("r", said.radius);
        }
        if said.label != self.said.label {
            self.label.set_text_content(Some(&said.label));
        }
        if said.api != self.said.api {
            self.api.set_text_content(Some(said.api));
        }
        if said.is_below != self.said.is_below {
            let y = if said.is_below { BELOW } else { ABOVE };
            let _ = self.api.set_attribute("y", &y.to_string());
        }
        self.said = said;
    }
}

fn said(courier: &Courier) -> Said {
    match &courier.load {
        Load::Records {
            label,
            colour,
            count,
            ..
        } => {
            let class = match colour {
                Some(colour) => format!("courier record k{colour}"),
                None => "courier record".into(),
            };
            let label = if *count > 1 {
                format!("×{count}")
            } else {
                label.clone()
            };
            let radius = if label.chars().count() > 2 {
                "12"
            } else {
                "10"
            };
            Said {
                class,
                radius,
                label,
                ..Said::default()
            }
        }
        Load::Mixed { count } => Said {
            class: "courier record mixed".into(),
            radius: "12",
            label: format!("×{count}"),
            ..Said::default()
        },
        Load::Call { api } => Said {
            class: "courier call".into(),
            radius: "4",
            api,
            ..Said::default()
        },
        Load::Quiet => Said {
            class: "courier quiet".into(),
            radius: "2.5",
            ..Said::default()
        },
    }
}

/// Whether two names, each in the middle over its place, lie on one another.
fn is_over((at, name): (Point, &str), (other_at, other): (Point, &str)) -> bool {
    let width = (name.len() + other.len()) as f64 / 2.0 * LETTER_WIDTH;
    (at.x - other_at.x).abs() < width + LETTER_WIDTH && (at.y - other_at.y).abs() < LINE_HEIGHT
}

/// Where a name's line is, from its dot.
const ABOVE: f64 = -8.0;
const BELOW: f64 = 16.0;
const LETTER_WIDTH: f64 = 6.0;
const LINE_HEIGHT: f64 = 12.0;
const SVG: &str = "http://www.w3.org/2000/svg";
const HIDDEN: &str = "courier none";
