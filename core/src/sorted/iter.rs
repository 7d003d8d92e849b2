//! Going through a map, from both ends.

use std::iter::FusedIterator;
use std::{slice, vec};

use super::map::{Map, Place};

/// Entries, by key.
#[derive(Debug)]
pub struct Iter<'a, K, V> {
    front: slice::Iter<'a, (K, V)>,
    rows: slice::Iter<'a, Vec<(K, V)>>,
    back: slice::Iter<'a, (K, V)>,
    count: usize,
}

/// Entries, by key; values may be changed.
#[derive(Debug)]
pub struct IterMut<'a, K, V> {
    front: slice::IterMut<'a, (K, V)>,
    rows: slice::IterMut<'a, Vec<(K, V)>>,
    back: slice::IterMut<'a, (K, V)>,
    count: usize,
}

/// Entries, by key, given away.
#[derive(Debug)]
pub struct IntoIter<K, V> {
    front: vec::IntoIter<(K, V)>,
    rows: vec::IntoIter<Vec<(K, V)>>,
    back: vec::IntoIter<(K, V)>,
    count: usize,
}

impl<'a, K, V> Iter<'a, K, V> {
    pub(super) fn new(rows: &'a [Vec<(K, V)>], count: usize) -> Self {
        Self {
            front: [].iter(),
            rows: rows.iter(),
            back: [].iter(),
            count,
        }
    }

    /// The entries from `first` on, below `end`.
    pub(super) fn between(rows: &'a [Vec<(K, V)>], first: Place, end: Place) -> Self {
        let part = |row: usize, from: usize, to: usize| -> &'a [(K, V)] {
            let row: &[(K, V)] = rows.get(row).map_or(&[], Vec::as_slice);
            row.get(from..to.min(row.len())).unwrap_or(&[])
        };
        let (front, middle, back) = if first.row < end.row {
            let middle = &rows[first.row + 1..end.row];
            (
                part(first.row, first.at, usize::MAX),
                middle,
                part(end.row, 0, end.at),
            )
        } else if first < end {
            (part(first.row, first.at, end.at), &rows[..0], part(0, 0, 0))
        } else {
            (part(0, 0, 0), &rows[..0], part(0, 0, 0))
        };
        Self {
            count: front.len() + middle.iter().map(Vec::len).sum::<usize>() + back.len(),
            front: front.iter(),
            rows: middle.iter(),
            back: back.iter(),
        }
    }
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self {
            front: self.front.clone(),
            rows: self.rows.clone(),
            back: self.back.clone(),
            count: self.count,
        }
    }
}

impl<'a, K, V> IterMut<'a, K, V> {
    pub(super) fn new(rows: &'a mut [Vec<(K, V)>], count: usize) -> Self {
        Self {
            front: [].iter_mut(),
            rows: rows.iter_mut(),
            back: [].iter_mut(),
            count,
        }
    }
}

/// All three go the same way: the row at the front, then the ones between, then the row at the back.
macro_rules! both_ways {
    ($name:ident $(<$life:lifetime>)?, $item:ty, $part:ident, |$entry:ident| $given:expr) => {
        impl<$($life,)? K, V> Iterator for $name<$($life,)? K, V> {
            type Item = $item;

            fn next(&mut self) -> Option<$item> {
                loop {
                    if let Some($entry) = self.front.next() {
                        self.count -= 1;
                        return Some($given);
                    }
                    match self.rows.next() {
                        Some(row) => self.front = row.$part(),
                        None => {
                            let $entry = self.back.next()?;
                            self.count -= 1;
                            return Some($given);
                        }
                    }
                }
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.count, Some(self.count))
            }
        }

        impl<$($life,)? K, V> DoubleEndedIterator for $name<$($life,)? K, V> {
            fn next_back(&mut self) -> Option<$item> {
                loop {
                    if let Some($entry) = self.back.next_back() {
                        self.count -= 1;
                        return Some($given);
                    }
                    match self.rows.next_back() {
                        Some(row) => self.back = row.$part(),
                        None => {
                            let $entry = self.front.next_back()?;
                            self.count -= 1;
                            return Some($given);
                        }
                    }
                }
            }
        }

        impl<$($life,)? K, V> ExactSizeIterator for $name<$($life,)? K, V> {}
        impl<$($life,)? K, V> FusedIterator for $name<$($life,)? K, V> {}
    };
}

both_ways!(Iter<'a>, (&'a K, &'a V), iter, |entry| (&entry.0, &entry.1));
both_ways!(IterMut<'a>, (&'a K, &'a mut V), iter_mut, |entry| (
    &entry.0,
    &mut entry.1
));
both_ways!(IntoIter, (K, V), into_iter, |entry| entry);

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter {
            front: Vec::new().into_iter(),
            rows: self.rows.into_iter(),
            back: Vec::new().into_iter(),
            count: self.count,
        }
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut Map<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> IterMut<'a, K, V> {
        self.iter_mut()
    }
}
