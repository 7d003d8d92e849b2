//! The timelines that were left by forks, to return to.

use ottla_lab::timeline::Timeline;

/// Branches in the order in which they began. The one that is played is elsewhere: its place is empty.
#[derive(Debug)]
pub(crate) struct Branches {
    parked: Vec<Option<Timeline>>,
    current: usize,
}

impl Branches {
    /// A new branch begins; the one that was played is kept. The oldest that is not played makes room if there are too many.
    pub(crate) fn park(&mut self, former: Timeline) {
        self.parked[self.current] = Some(former);
        if self.parked.len() == BRANCHES_MAX {
            self.parked.remove(0);
        }
        self.parked.push(None);
        self.current = self.parked.len() - 1;
    }

    /// Which is played, counted from 0, and how many there are.
    pub(crate) fn position(&self) -> (usize, usize) {
        (self.current, self.parked.len())
    }

    /// Gives the branch that is to be played and keeps the one that was. `None`: there is none, or it is played already.
    pub(crate) fn switch(&mut self, index: usize, current: Timeline) -> Option<Timeline> {
        let other = self.parked.get_mut(index)?.take()?;
        self.parked[self.current] = Some(current);
        self.current = index;
        Some(other)
    }
}

impl Default for Branches {
    fn default() -> Self {
        Self {
            parked: vec![None],
            current: 0,
        }
    }
}

const BRANCHES_MAX: usize = 8;
