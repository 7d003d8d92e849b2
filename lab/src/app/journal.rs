//! A list that grows at its end and is cheap to copy.

use std::collections::VecDeque;
use std::sync::Arc;

/// The newest entries of a list, and how many there ever were. A copy shares all entries but those that are written after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal<T> {
    /// Full ones but the last.
    chunks: VecDeque<Arc<Vec<T>>>,
    /// The index of the first entry that is kept.
    first: u64,
    count: u64,
}

impl<T> Default for Journal<T> {
    fn default() -> Self {
        Self {
            chunks: VecDeque::new(),
            first: 0,
            count: 0,
        }
    }
}

impl<T> Journal<T> {
    /// How many entries there ever were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The entry of this index, counted from 0; `None` if it is not there (any more).
    pub fn get(&self, index: u64) -> Option<&T> {
        let (chunk, place) = self.place(index)?;
        self.chunks.get(chunk)?.get(place)
    }

    /// The entries that are kept, oldest first: the newest [`KEPT`](Self::KEPT) at least.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    fn place(&self, index: u64) -> Option<(usize, usize)> {
        let place = usize::try_from(index.checked_sub(self.first)?).ok()?;
        Some((place / CHUNK, place % CHUNK))
    }

    /// How many of the newest entries are always there.
    pub const KEPT: usize = CHUNK * (CHUNKS_KEPT - 1);
}

impl<T: Clone> Journal<T> {
    /// Adds an entry; its index comes back.
    pub(crate) fn push(&mut self, entry: T) -> u64 {
        match self.chunks.back_mut().filter(|last| last.len() < CHUNK) {
            Some(last) => Arc::make_mut(last).push(entry),
            None => self.chunks.push_back(Arc::new(vec![entry])),
        }
        if self.chunks.len() > CHUNKS_KEPT {
            self.chunks.pop_front();
            self.first += CHUNK as u64;
        }
        self.count += 1;
        self.count - 1
    }

    /// Changes an entry that is still there.
    pub(crate) fn change(&mut self, index: u64, change: impl FnOnce(&mut T)) {
        let place = self.place(index);
        let entry = place
            .and_then(|(chunk, place)| Arc::make_mut(self.chunks.get_mut(chunk)?).get_mut(place));
        if let Some(entry) = entry {
            change(entry);
        }
    }
}

/// How many entries are copied at most when a shared one is written.
const CHUNK: usize = 64;
const CHUNKS_KEPT: usize = 65;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let mut journal = Journal::default();
        for number in 0..10_000_u64 {
            assert_eq!(journal.push(number), number);
        }
        assert_eq!(journal.count(), 10_000);
        let kept: Vec<u64> = journal.iter().copied().collect();
        assert!(kept.len() >= Journal::<u64>::KEPT);
        assert_eq!(kept.first(), Some(&(10_000 - kept.len() as u64)));
        assert_eq!((journal.get(9_999), journal.get(0)), (Some(&9_999), None));
    }

    #[test]
    fn a_copy_does_not_see_what_comes_later() {
        let mut journal = Journal::default();
        for number in 0..70 {
            journal.push(number);
        }
        let copy = journal.clone();
        journal.push(70);
        journal.change(3, |entry| *entry = 300);
        assert_eq!(
            (copy.count(), copy.get(3), copy.get(70)),
            (70, Some(&3), None)
        );
        assert_eq!((journal.get(3), journal.get(70)), (Some(&300), Some(&70)));
    }
}
