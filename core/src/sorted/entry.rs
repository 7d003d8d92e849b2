//! The entry of a key, there or not.

use super::map::{Map, Place};

/// The entry of a key, there or not.
#[derive(Debug)]
pub enum Entry<'a, K, V> {
    /// There is one.
    Occupied(OccupiedEntry<'a, K, V>),
    /// There is none.
    Vacant(VacantEntry<'a, K, V>),
}

/// An entry that is there.
#[derive(Debug)]
pub struct OccupiedEntry<'a, K, V> {
    pub(super) map: &'a mut Map<K, V>,
    pub(super) place: Place,
}

/// An entry that is not there.
#[derive(Debug)]
pub struct VacantEntry<'a, K, V> {
    pub(super) map: &'a mut Map<K, V>,
    pub(super) place: Place,
    pub(super) key: K,
}

impl<'a, K, V> Entry<'a, K, V> {
    /// Its value; the default one if there was none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Its value; this one if there was none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// Its value; one that is made now if there was none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => entry.insert(make()),
        }
    }

    /// Changes its value, if there is one.
    #[must_use]
    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Self::Occupied(entry) = &mut self {
            change(entry.get_mut());
        }
        self
    }
}

impl<'a, K, V> OccupiedEntry<'a, K, V> {
    /// Its value.
    pub fn get(&self) -> &V {
        &self.map.rows[self.place.row][self.place.at].1
    }

    /// Its value, to be changed.
    pub fn get_mut(&mut self) -> &mut V {
        &mut self.map.entry_at(self.place).1
    }

    /// Its value, for as long as the map is borrowed.
    pub fn into_mut(self) -> &'a mut V {
        &mut self.map.entry_at(self.place).1
    }

    /// Gives it another value; returns the one that it had.
    pub fn insert(&mut self, value: V) -> V {
        std::mem::replace(self.get_mut(), value)
    }

    /// Removes it; returns its value.
    pub fn remove(self) -> V {
        self.map.take(self.place).1
    }
}

impl<'a, K, V> VacantEntry<'a, K, V> {
    /// Gives the key a value.
    pub fn insert(self, value: V) -> &'a mut V {
        let place = self.map.put(self.place, (self.key, value));
        &mut self.map.entry_at(place).1
    }
}
