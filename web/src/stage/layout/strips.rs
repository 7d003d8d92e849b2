//! The strips of a broker's card: as large as there is room for.

use ottla_lab::scene::{PartitionView, Scene};

use super::{Rect, TopicPlace};

/// A partition's strip of cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Strip {
    /// Its row: name, cells, lag.
    pub(crate) row: Rect,
    pub(crate) size: CellSize,
    /// Where the cells are.
    pub(crate) cells: Rect,
    /// The first offset that is shown.
    pub(crate) first_offset: i64,
    /// How many records are there before it.
    pub(crate) hidden_count: i64,
}

/// How much a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellSize {
    /// Key and offset, large.
    Roomy,
    /// Key and offset, small.
    Medium,
    /// Its key.
    Small,
    /// Its colour.
    Tick,
}

impl CellSize {
    pub(crate) const ALL: [CellSize; 4] = [
        CellSize::Roomy,
        CellSize::Medium,
        CellSize::Small,
        CellSize::Tick,
    ];

    /// From one cell to the next.
    pub(crate) fn pitch(self) -> f64 {
        match self {
            CellSize::Roomy => 42.0,
            CellSize::Medium => 30.0,
            CellSize::Small => 21.0,
            CellSize::Tick => 5.0,
        }
    }

    pub(crate) fn width(self) -> f64 {
        match self {
            CellSize::Roomy => 37.0,
            CellSize::Medium => 26.0,
            CellSize::Small => 18.0,
            CellSize::Tick => 4.0,
        }
    }

    /// Whether offsets stand under the cells.
    pub(crate) fn has_offsets(self) -> bool {
        matches!(self, CellSize::Roomy | CellSize::Medium)
    }

    /// How high a row is at least, and at most.
    pub(super) fn row_height(self) -> (f64, f64) {
        match self {
            CellSize::Roomy => (78.0, 104.0),
            CellSize::Medium => (48.0, 60.0),
            CellSize::Small => (25.0, 32.0),
            CellSize::Tick => (11.0, 14.0),
        }
    }

    fn height(self, row_height: f64) -> f64 {
        match self {
            CellSize::Roomy => 40.0,
            CellSize::Medium => 26.0,
            CellSize::Small => 18.0,
            CellSize::Tick => row_height - 4.0,
        }
    }

    /// How far the cells' middle stands above the row's, for there is more under them than over them.
    fn lift(self) -> f64 {
        match self {
            CellSize::Roomy => 2.0,
            CellSize::Medium => 5.0,
            CellSize::Small | CellSize::Tick => 0.0,
        }
    }

    /// The room for the partition's name on the left, and for the lag on the right.
    fn margins(self) -> (f64, f64) {
        match self {
            CellSize::Roomy => (52.0, 16.0),
            CellSize::Medium => (44.0, 58.0),
            CellSize::Small => (45.0, 56.0),
            CellSize::Tick => (34.0, 40.0),
        }
    }
}

/// How the strips of all topics stand in the broker's card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    pub(super) size: CellSize,
    row_height: f64,
    columns_count: usize,
    /// How high all of it is, without the broker's own line.
    pub(super) height: f64,
}

/// The largest size that fits, or the smallest that there may be.
pub(super) fn plan(scene: &Scene, room: f64, smallest: CellSize) -> Plan {
    let smaller = CellSize::ALL
        .into_iter()
        .take_while(|size| *size != smallest);
    let mut plans = smaller.map(|size| plan_of(scene, room, size));
    let fitting = plans.find(|plan| plan.height <= room);
    fitting.unwrap_or_else(|| plan_of(scene, room, smallest))
}

fn plan_of(scene: &Scene, room: f64, size: CellSize) -> Plan {
    let headers = headers_height(scene);
    let (least, most) = size.row_height();
    let rows_of = |columns: usize| -> usize {
        let topics = scene.topics.iter();
        topics
            .map(|topic| topic.partitions.len().div_ceil(columns))
            .sum()
    };
    let columns_most = if size == CellSize::Tick {
        COLUMNS_MAX
    } else {
        1
    };
    let fits = |columns: &usize| headers + least * rows_of(*columns) as f64 <= room;
    let columns_count = (1..=columns_most).find(fits).unwrap_or(columns_most);
    let rows = rows_of(columns_count).max(1) as f64;
    let row_height = ((room - headers) / rows).clamp(least, most);
    Plan {
        size,
        row_height,
        columns_count,
        height: headers + rows * row_height,
    }
}

/// Places the strips below each other into `area`, which is as high as the plan says or higher.
pub(super) fn place(scene: &Scene, plan: Plan, area: Rect) -> Vec<TopicPlace> {
    let spare = (area.height - plan.height).max(0.0);
    let has_headers = scene.topics.len() > 1;
    let mut y = area.y + spare / 2.0;
    let mut places = Vec::new();
    for topic in &scene.topics {
        let header = has_headers.then(|| {
            let header = Rect {
                x: area.x,
                y,
                width: area.width,
                height: HEADER_HEIGHT,
            };
            y += HEADER_HEIGHT;
            header
        });
        let rows_count = topic.partitions.len().div_ceil(plan.columns_count).max(1);
        let column_width = area.width / plan.columns_count as f64;
        let strips = topic
            .partitions
            .iter()
            .enumerate()
            .map(|(index, partition)| {
                let row = Rect {
                    x: area.x + (index / rows_count) as f64 * column_width,
                    y: y + (index % rows_count) as f64 * plan.row_height,
                    width: column_width,
                    height: plan.row_height,
                };
                strip(partition, plan.size, row)
            });
        places.push(TopicPlace {
            name: topic.name.clone(),
            header,
            strips: strips.collect(),
        });
        y += rows_count as f64 * plan.row_height;
    }
    places
}

fn strip(partition: &PartitionView, size: CellSize, row: Rect) -> Strip {
    let (left, right) = size.margins();
    let height = size.height(row.height);
    let cells = Rect {
        x: row.x + left,
        y: row.y + (row.height - height) / 2.0 - size.lift(),
        width: (row.width - left - right).max(size.pitch()),
        height,
    };
    // A place for the next record stays free.
    let capacity = ((cells.width / size.pitch()).floor() as i64 - 1).max(1);
    let oldest = partition
        .cells
        .first()
        .map_or(partition.end_offset, |cell| cell.offset);
    let first_offset = oldest.max(partition.end_offset - capacity);
    Strip {
        row,
        size,
        cells,
        first_offset,
        hidden_count: (first_offset - partition.start_offset).max(0),
    }
}

fn headers_height(scene: &Scene) -> f64 {
    let count = scene.topics.len();
    if count > 1 {
        count as f64 * HEADER_HEIGHT
    } else {
        0.0
    }
}

impl Strip {
    /// The left edge of an offset's cell.
    pub(crate) fn x(&self, offset: i64) -> f64 {
        self.cells.x + (offset - self.first_offset) as f64 * self.size.pitch()
    }

    /// The middle of an offset's cell; of one that is not shown, the nearest place.
    pub(crate) fn target(&self, offset: i64) -> super::Point {
        let x = self.x(offset) + self.size.width() / 2.0;
        super::Point {
            x: x.clamp(self.cells.x, self.cells.right()),
            y: self.middle(),
        }
    }

    /// The height of the cells' middle.
    pub(crate) fn middle(&self) -> f64 {
        self.cells.y + self.cells.height / 2.0
    }
}

const HEADER_HEIGHT: f64 = 26.0;
const COLUMNS_MAX: usize = 4;
