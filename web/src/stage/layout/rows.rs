//! The rows of the groups' cards: as large as there is room for.

use super::{Rect, TroupePlace};
use crate::stage::cast::Troupe;

/// How much a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowSize {
    /// Name and state, large.
    Roomy,
    /// Name and state, small.
    Medium,
    /// Name and partitions.
    Small,
}

impl RowSize {
    const ALL: [RowSize; 3] = [RowSize::Roomy, RowSize::Medium, RowSize::Small];

    fn height(self) -> f64 {
        match self {
            RowSize::Roomy => 58.0,
            RowSize::Medium => 42.0,
            RowSize::Small => 22.0,
        }
    }

    /// From one row to the next: at least, and at most.
    fn pitch(self) -> (f64, f64) {
        match self {
            RowSize::Roomy => (66.0, 76.0),
            RowSize::Medium => (48.0, 54.0),
            RowSize::Small => (25.0, 28.0),
        }
    }

    /// The card's own lines.
    fn title_height(self) -> f64 {
        match self {
            RowSize::Roomy => 62.0,
            RowSize::Medium => 54.0,
            RowSize::Small => 56.0,
        }
    }
}

/// How the rows of all cards stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    pub(super) size: RowSize,
    pitch: f64,
    /// The card's own lines.
    title_height: f64,
    pub(super) columns_count: usize,
    /// How high all of it is.
    pub(super) height: f64,
}

/// What there may be.
pub(super) struct Wish {
    pub(super) room: f64,
    /// Columns of rows: as few as possible.
    pub(super) columns: std::ops::RangeInclusive<usize>,
    pub(super) largest: RowSize,
    /// Whether a card's own lines are one.
    pub(super) has_flat_titles: bool,
}

/// The largest size that fits below each other, or in columns of small ones.
pub(super) fn plan(troupes: &[Troupe], wish: &Wish) -> Plan {
    let mut last = plan_of(troupes, wish, RowSize::Small);
    for size in RowSize::ALL
        .into_iter()
        .skip_while(|size| *size != wish.largest)
    {
        last = plan_of(troupes, wish, size);
        if last.height <= wish.room {
            break;
        }
    }
    last
}

fn plan_of(troupes: &[Troupe], wish: &Wish, size: RowSize) -> Plan {
    let (least, most) = size.pitch();
    let title_height = if wish.has_flat_titles {
        FLAT_TITLE
    } else {
        size.title_height()
    };
    let titles = troupes.len() as f64 * (title_height + GAP) - GAP;
    let rows_of = |columns: usize| -> usize {
        troupes
            .iter()
            .map(|troupe| troupe.rows.len().div_ceil(columns))
            .sum()
    };
    let (columns_least, columns_most) = (*wish.columns.start(), *wish.columns.end());
    let columns_most = if size == RowSize::Small {
        columns_most
    } else {
        columns_least
    };
    let fits = |columns: &usize| titles + least * rows_of(*columns) as f64 <= wish.room;
    let columns_count = (columns_least..=columns_most)
        .find(fits)
        .unwrap_or(columns_most);
    let rows = rows_of(columns_count).max(1) as f64;
    let pitch = ((wish.room - titles) / rows).clamp(least, most);
    Plan {
        size,
        pitch,
        title_height,
        columns_count,
        height: (titles + rows * pitch).max(0.0),
    }
}

/// Places the cards below each other into `area`; the last one ends where the area does, if it is little higher than needed.
pub(super) fn place(troupes: Vec<Troupe>, plan: Plan, area: Rect) -> Vec<TroupePlace> {
    let spare = area.height - plan.height;
    let (mut y, stretch) = if spare <= STRETCH_MAX {
        (area.y, spare.max(0.0) / troupes.len().max(1) as f64)
    } else {
        (area.y + spare / 2.0, 0.0)
    };
    let mut places = Vec::new();
    for troupe in troupes {
        let lines = troupe.rows.len().div_ceil(plan.columns_count);
        let title = plan.title_height;
        let height = title + lines as f64 * plan.pitch + stretch;
        let rect = Rect {
            x: area.x,
            y,
            width: area.width,
            height,
        };
        let inner = area.width - 2.0 * PAD;
        let column = (inner + GUTTER) / plan.columns_count as f64;
        let rows = (0..troupe.rows.len()).map(|index| Rect {
            x: rect.x + PAD + (index / lines.max(1)) as f64 * column,
            y: y + title + (index % lines.max(1)) as f64 * plan.pitch,
            width: column - GUTTER,
            height: plan.size.height(),
        });
        let rows = rows.collect();
        places.push(TroupePlace {
            troupe,
            rect,
            size: plan.size,
            rows,
        });
        y += height + GAP;
    }
    places
}

/// Between two cards.
pub(super) const GAP: f64 = 14.0;
const PAD: f64 = 12.0;
const GUTTER: f64 = 6.0;
const FLAT_TITLE: f64 = 36.0;
const STRETCH_MAX: f64 = 120.0;
