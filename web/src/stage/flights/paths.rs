//! The ways of couriers through a picture.

use ottla_lab::Direction;

use super::courier::{Courier, Load};
use crate::stage::layout::{Arrangement, Layout, Point, Rect};

/// A cubic curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way([Point; 4]);

/// The way of a courier; `None`: one of its ends is not in the picture.
pub(super) fn way(courier: &Courier, layout: &Layout) -> Option<Way> {
    let (rect, is_producer) = match layout.producer(&courier.client) {
        Some(rect) => (rect, true),
        None => (layout.member(&courier.client)?, false),
    };
    let to_broker = match &courier.load {
        Load::Records {
            topic,
            partition,
            offset,
            ..
        } => {
            let strip = layout.strip(topic, *partition)?;
            way_to(layout, rect, is_producer, strip.target(*offset))
        }
        _ => way_to_edge(layout, rect, is_producer),
    };
    Some(match courier.direction {
        Direction::ToBroker => to_broker,
        Direction::ToClient => to_broker.back(),
    })
}

/// To a place in the broker's card, in through its side.
fn way_to(layout: &Layout, rect: Rect, is_producer: bool, to: Point) -> Way {
    let broker = layout.broker;
    match (layout.arrangement, is_producer) {
        (Arrangement::Wide, true) => {
            let from = Point {
                x: rect.right(),
                y: rect.middle().y,
            };
            let turn = (from.x + broker.x) / 2.0 + 10.0;
            Way([
                from,
                Point { x: turn, y: from.y },
                Point { x: turn, y: to.y },
                to,
            ])
        }
        (Arrangement::Wide, false) => {
            let from = Point {
                x: rect.x,
                y: rect.middle().y,
            };
            let turn = (from.x + broker.right()) / 2.0 - 10.0;
            Way([
                from,
                Point { x: turn, y: from.y },
                Point { x: turn, y: to.y },
                to,
            ])
        }
        (Arrangement::Narrow, _) => {
            let from_y = if is_producer { rect.bottom() } else { rect.y };
            let from = Point {
                x: rect.middle().x,
                y: from_y,
            };
            let edge = if is_producer {
                broker.y
            } else {
                broker.bottom()
            };
            Way([
                from,
                Point { x: from.x, y: edge },
                Point { x: to.x, y: edge },
                to,
            ])
        }
    }
}

/// To the broker's side, straight.
fn way_to_edge(layout: &Layout, rect: Rect, is_producer: bool) -> Way {
    let broker = layout.broker;
    let (from, to) = match layout.arrangement {
        Arrangement::Wide => {
            let y = rect.middle().y;
            let edge_y = y.clamp(broker.y + 20.0, broker.bottom() - 20.0);
            let (from_x, to_x) = if is_producer {
                (rect.right(), broker.x)
            } else {
                (rect.x, broker.right())
            };
            (Point { x: from_x, y }, Point { x: to_x, y: edge_y })
        }
        Arrangement::Narrow => {
            let x = rect.middle().x;
            let (from_y, to_y) = if is_producer {
                (rect.bottom(), broker.y)
            } else {
                (rect.y, broker.bottom())
            };
            (Point { x, y: from_y }, Point { x, y: to_y })
        }
    };
    let third = |share: f64| Point {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
    };
    Way([from, third(1.0 / 3.0), third(2.0 / 3.0), to])
}

impl Way {
    fn back(self) -> Self {
        let [a, b, c, d] = self.0;
        Way([d, c, b, a])
    }

    /// The point after such a share of it, 0 to 1.
    pub(super) fn at(&self, share: f64) -> Point {
        let [a, b, c, d] = self.0;
        let rest = 1.0 - share;
        let (wa, wb) = (rest * rest * rest, 3.0 * rest * rest * share);
        let (wc, wd) = (3.0 * rest * share * share, share * share * share);
        Point {
            x: wa * a.x + wb * b.x + wc * c.x + wd * d.x,
            y: wa * a.y + wb * b.y + wc * c.y + wd * d.y,
        }
    }
}
