//! How fast virtual time runs.

/// One of the speeds that can be chosen, 1/100x to 100x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Speed(usize);

impl Speed {
    /// All, slowest first.
    pub(crate) fn all() -> impl Iterator<Item = Speed> {
        (0..SPEEDS.len()).map(Speed)
    }

    /// The one at this place of [`all`](Self::all).
    pub(crate) fn at(index: usize) -> Option<Speed> {
        (index < SPEEDS.len()).then_some(Speed(index))
    }

    /// Its place in [`all`](Self::all).
    pub(crate) fn index(self) -> usize {
        self.0
    }

    /// Virtual seconds in a real one.
    pub(crate) fn factor(self) -> f64 {
        SPEEDS[self.0].0
    }

    /// For people: `1/10×`.
    pub(crate) fn label(self) -> &'static str {
        SPEEDS[self.0].1
    }
}

impl Default for Speed {
    fn default() -> Self {
        Speed(NORMAL)
    }
}

const SPEEDS: [(f64, &str); 9] = [
    (0.01, "1/100×"),
    (0.1, "1/10×"),
    (0.25, "1/4×"),
    (0.5, "1/2×"),
    (1.0, "1×"),
    (2.0, "2×"),
    (5.0, "5×"),
    (10.0, "10×"),
    (100.0, "100×"),
];
const NORMAL: usize = 4;
