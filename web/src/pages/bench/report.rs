//! What was measured, beside what was aimed at.

use crate::strings::bench as strings;

/// What has been measured so far, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Report {
    pub(super) phase: Phase,
    /// How much of the phase is done, 0 to 1.
    pub(super) share: f64,
    pub(super) frames_per_s: Option<f64>,
    pub(super) frame_scripts: Spread,
    pub(super) long_tasks_count: Option<usize>,
    pub(super) scenes: Spread,
    pub(super) usual_lived_ms: Option<f64>,
    pub(super) usual_seeks: Spread,
    pub(super) large_lived_ms: Option<f64>,
    pub(super) large_seeks: Spread,
    pub(super) painted_seeks: Spread,
    pub(super) memory_bytes: Option<f64>,
}

/// What is being measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Playing,
    LivingUsual,
    SeekingUsual,
    LivingLarge,
    SeekingLarge,
    Seeing,
    Done,
}

/// Many measurements of one thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Spread {
    sorted: Vec<f64>,
}

/// One line of the table. What has no sense is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) median: String,
    pub(super) p95: String,
    pub(super) worst: String,
    pub(super) goal: String,
}

impl Report {
    pub(super) fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// Everything that was measured.
    pub(super) fn rows(&self) -> Vec<Row> {
        let seeks = |name, seeks: &Spread| {
            let goal = strings::goal_ms(SEEK_GOAL_MS, seeks.at(1.0) <= SEEK_GOAL_MS);
            seeks.row(name, goal)
        };
        let scripts = &self.frame_scripts;
        let script_goal = strings::goal_ms(FRAME_MS, scripts.at(0.95) <= FRAME_MS);
        let rows = [
            self.frames_per_s.map(|frames_per_s| {
                let goal = strings::goal_rate(FRAMES_GOAL_PER_S, frames_per_s >= FRAMES_MET_PER_S);
                one(strings::FRAMES, strings::rate(frames_per_s), goal)
            }),
            scripts.row(strings::FRAME_SCRIPT, script_goal),
            self.long_tasks_count.map(|count| {
                let goal = strings::goal_count(0, count == 0);
                one(strings::LONG_TASKS, count.to_string(), goal)
            }),
            self.scenes.row(strings::SCENE, String::new()),
            seeks(strings::USUAL_SEEK, &self.usual_seeks),
            seeks(strings::LARGE_SEEK, &self.large_seeks),
            self.painted_seeks.row(strings::PAINTED_SEEK, String::new()),
            lived(strings::USUAL_LIFE, self.usual_lived_ms),
            lived(strings::LARGE_LIFE, self.large_lived_ms),
            self.memory_bytes
                .map(|bytes| one(strings::MEMORY, strings::megabytes(bytes), String::new())),
        ];
        rows.into_iter().flatten().collect()
    }

    /// For people, to be pasted somewhere: the table, a line each.
    pub(super) fn text(&self) -> String {
        let line = |row: Row| {
            let cells = [row.median, row.p95, row.worst, row.goal];
            let cells = strings::COLUMNS[1..].iter().zip(cells);
            let cells = cells.filter(|(_, cell)| !cell.is_empty());
            let cells: Vec<String> = cells.map(|(name, cell)| format!("{name} {cell}")).collect();
            format!("{}: {}\n", row.name, cells.join("; "))
        };
        self.rows().into_iter().map(line).collect()
    }

    /// For tests: `{"seek_large":{"count":200,"min":1.00,"median":2.00,"p95":3.00,"max":4.00},"frames_per_s":60.00, ...}`; `null` for what the
    /// browser does not tell.
    pub(super) fn json(&self) -> String {
        let spreads = [
            ("frame_script", &self.frame_scripts),
            ("scene", &self.scenes),
            ("seek_usual", &self.usual_seeks),
            ("seek_large", &self.large_seeks),
            ("seek_painted", &self.painted_seeks),
        ];
        let numbers = [
            ("frames_per_s", self.frames_per_s),
            (
                "long_tasks",
                self.long_tasks_count.map(|count| count as f64),
            ),
            ("lived_usual", self.usual_lived_ms),
            ("lived_large", self.large_lived_ms),
            ("memory_bytes", self.memory_bytes),
        ];
        let spreads = spreads.map(|(name, spread)| format!("\"{name}\":{}", spread.json()));
        let numbers = numbers.map(|(name, number)| {
            let number = number.map_or("null".into(), |number| format!("{number:.2}"));
            format!("\"{name}\":{number}")
        });
        format!("{{{},{}}}", spreads.join(","), numbers.join(","))
    }
}

impl Spread {
    pub(super) fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        Self { sorted: all }
    }

    /// What such a share of all stays below; 0 if there are none.
    fn at(&self, share: f64) -> f64 {
        let index = (share * self.sorted.len().saturating_sub(1) as f64).round() as usize;
        self.sorted.get(index).copied().unwrap_or(0.0)
    }

    fn row(&self, name: &'static str, goal: String) -> Option<Row> {
        (!self.sorted.is_empty()).then(|| Row {
            name,
            median: strings::millis(self.at(0.5)),
            p95: strings::millis(self.at(0.95)),
            worst: strings::millis(self.at(1.0)),
            goal,
        })
    }

    fn json(&self) -> String {
        let [min, median, p95, max] = [0.0, 0.5, 0.95, 1.0].map(|share| self.at(share));
        let count = self.sorted.len();
        format!(
            "{{\"count\":{count},\"min\":{min:.2},\"median\":{median:.2},\"p95\":{p95:.2},\"max\":{max:.2}}}"
        )
    }
}

/// What was measured once.
fn one(name: &'static str, median: String, goal: String) -> Row {
    Row {
        name,
        median,
        goal,
        ..Row::default()
    }
}

fn lived(name: &'static str, taken_ms: Option<f64>) -> Option<Row> {
    taken_ms.map(|taken_ms| one(name, strings::seconds(taken_ms), String::new()))
}

/// A seek to any moment of ten minutes.
const SEEK_GOAL_MS: f64 = 50.0;
const FRAMES_GOAL_PER_S: f64 = 60.0;
/// A clock that is read in a browser is not exact.
const FRAMES_MET_PER_S: f64 = 59.0;
const FRAME_MS: f64 = 1000.0 / FRAMES_GOAL_PER_S;
