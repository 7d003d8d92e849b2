//! The map.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Bound, Index, RangeBounds};

use super::ROW_MAX;
use super::entry::{Entry, OccupiedEntry, VacantEntry};
use super::iter::{Iter, IterMut};

/// A map in the order of its keys.
#[derive(Clone)]
pub struct Map<K, V> {
    /// None is empty; the keys go up, in a row and from one to the next.
    pub(super) rows: Vec<Vec<(K, V)>>,
    pub(super) count: usize,
}

/// A map's keys.
pub type Keys<'a, K, V> = std::iter::Map<Iter<'a, K, V>, fn((&'a K, &'a V)) -> &'a K>;

/// A map's values, by key.
pub type Values<'a, K, V> = std::iter::Map<Iter<'a, K, V>, fn((&'a K, &'a V)) -> &'a V>;

/// Where an entry is, or would be: a row, and a place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) at: usize,
}

impl<K, V> Map<K, V> {
    /// An empty map; it takes no memory.
    pub const fn new() -> Self {
        Self {
            rows: Vec::new(),
            count: 0,
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// All entries, by key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter::new(&self.rows, self.count)
    }

    /// All entries, by key; values may be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut::new(&mut self.rows, self.count)
    }

    /// All keys.
    pub fn keys(&self) -> Keys<'_, K, V> {
        self.iter().map(|(key, _)| key)
    }

    /// All values, by key.
    pub fn values(&self) -> Values<'_, K, V> {
        self.iter().map(|(_, value)| value)
    }

    /// All values, by key, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.iter_mut().map(|(_, value)| value)
    }

    /// All keys.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.into_iter().map(|(key, _)| key)
    }

    /// All values, by key.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.into_iter().map(|(_, value)| value)
    }

    /// The entry with the smallest key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The entry with the largest key.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    /// Removes the entry with the smallest key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.take(Place { row: 0, at: 0 }))
    }

    /// Removes the entry with the largest key.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        let row = self.rows.len().checked_sub(1)?;
        let at = self.rows[row].len() - 1;
        Some(self.take(Place { row, at }))
    }

    /// Keeps only the entries of which `is_kept` says so, asked by key.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&K, &mut V) -> bool) {
        let mut count = 0;
        self.rows.retain_mut(|row| {
            row.retain_mut(|(key, value)| is_kept(key, value));
            count += row.len();
            !row.is_empty()
        });
        self.count = count;
    }

    pub(super) fn entry_at(&mut self, place: Place) -> &mut (K, V) {
        &mut self.rows[place.row][place.at]
    }

    /// Adds an entry where it belongs, and returns where it is now.
    pub(super) fn put(&mut self, place: Place, entry: (K, V)) -> Place {
        self.count += 1;
        let Place { mut row, mut at } = place;
        if row == self.rows.len() {
            self.rows.push(Vec::new());
        } else if self.rows[row].len() == ROW_MAX {
            // Who adds at the end leaves full rows behind.
            let kept = if at == ROW_MAX { ROW_MAX } else { ROW_MAX / 2 };
            let moved = self.rows[row].split_off(kept);
            self.rows.insert(row + 1, moved);
            if at > kept || kept == ROW_MAX {
                (row, at) = (row + 1, at - kept);
            }
        }
        self.rows[row].insert(at, entry);
        Place { row, at }
    }

    /// Removes the entry at a place.
    pub(super) fn take(&mut self, place: Place) -> (K, V) {
        self.count -= 1;
        let Place { row, at } = place;
        let entry = self.rows[row].remove(at);
        let next_len = self.rows.get(row + 1).map(Vec::len);
        if self.rows[row].is_empty() {
            self.rows.remove(row);
        } else if next_len.is_some_and(|next| next + self.rows[row].len() <= ROW_MAX / 2) {
            let mut next = self.rows.remove(row + 1);
            self.rows[row].append(&mut next);
        }
        entry
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The value of a key, and the key as it lies here.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key).ok()?;
        let (key, value) = &self.rows[place.row][place.at];
        Some((key, value))
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key).ok()?;
        Some(&mut self.entry_at(place).1)
    }

    /// Whether there is an entry with this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Gives a key a value; returns the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.entry_at(place).1, value)),
            Err(place) => {
                self.put(place, (key, value));
                None
            }
        }
    }

    /// Removes a key; returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.remove_entry(key).map(|(_, value)| value)
    }

    /// Removes a key; returns it with its value.
    pub fn remove_entry<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key).ok()?;
        Some(self.take(place))
    }

    /// The entry of a key, there or not.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        match self.find(&key) {
            Ok(place) => Entry::Occupied(OccupiedEntry { map: self, place }),
            Err(place) => Entry::Vacant(VacantEntry {
                map: self,
                place,
                key,
            }),
        }
    }

    /// Takes all entries of another map, which is empty afterwards; values of keys that are in both are the other's.
    pub fn append(&mut self, other: &mut Self) {
        self.extend(std::mem::take(other));
    }

    /// The entries whose keys lie in a range, by key.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Iter<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let first = match range.start_bound() {
            Bound::Unbounded => Place { row: 0, at: 0 },
            Bound::Included(key) => self.place_of(key, false),
            Bound::Excluded(key) => self.place_of(key, true),
        };
        let end = match range.end_bound() {
            Bound::Unbounded => self.end(),
            Bound::Included(key) => self.place_of(key, true),
            Bound::Excluded(key) => self.place_of(key, false),
        };
        Iter::between(&self.rows, first, end)
    }

    /// Where a key is, or where it belongs.
    pub(super) fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Place, Place>
    where
        K: Borrow<Q>,
    {
        let after = self.rows.partition_point(|row| row[0].0.borrow() <= key);
        let row = after.saturating_sub(1);
        let Some(entries) = self.rows.get(row) else {
            return Err(Place { row: 0, at: 0 });
        };
        match entries.binary_search_by(|(found, _)| found.borrow().cmp(key)) {
            Ok(at) => Ok(Place { row, at }),
            Err(at) => Err(Place { row, at }),
        }
    }

    /// The first place whose key is not below `key`; or, `beyond`, that is above it.
    fn place_of<Q: Ord + ?Sized>(&self, key: &Q, beyond: bool) -> Place
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Ok(Place { row, at }) if beyond => Place { row, at: at + 1 },
            Ok(place) | Err(place) => place,
        }
    }

    fn end(&self) -> Place {
        Place {
            row: self.rows.len(),
            at: 0,
        }
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for Map<K, V> {
    type Output = V;

    /// # Panics
    /// If there is no such key.
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the map has the key")
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for Map<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other.iter())
    }
}

impl<K: Ord, V: Ord> Ord for Map<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<K: Hash, V: Hash> Hash for Map<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.count.hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
