//! The set: a map without values.

use std::borrow::Borrow;
use std::fmt;
use std::ops::RangeBounds;

use super::Map;

/// A set in the order of its members.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(Map<T, ()>);

impl<T> Set<T> {
    /// An empty set; it takes no memory.
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All members, in order.
    pub fn iter(&self) -> Members<'_, T> {
        self.into_iter()
    }

    /// The smallest one.
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// The largest one.
    pub fn last(&self) -> Option<&T> {
        self.iter().next_back()
    }

    /// Removes the smallest one.
    pub fn pop_first(&mut self) -> Option<T> {
        self.0.pop_first().map(|(member, ())| member)
    }

    /// Removes the largest one.
    pub fn pop_last(&mut self) -> Option<T> {
        self.0.pop_last().map(|(member, ())| member)
    }

    /// Keeps only those of which `is_kept` says so, asked in order.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&T) -> bool) {
        self.0.retain(|member, ()| is_kept(member));
    }
}

impl<T: Ord> Set<T> {
    /// Whether it is a member.
    pub fn contains<Q: Ord + ?Sized>(&self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.contains_key(member)
    }

    /// The member that is equal to this one.
    pub fn get<Q: Ord + ?Sized>(&self, member: &Q) -> Option<&T>
    where
        T: Borrow<Q>,
    {
        self.0.get_key_value(member).map(|(member, ())| member)
    }

    /// Adds one; false if it was there already.
    pub fn insert(&mut self, member: T) -> bool {
        self.0.insert(member, ()).is_none()
    }

    /// Removes one; false if it was not there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.remove(member).is_some()
    }

    /// Takes all members of another set, which is empty afterwards.
    pub fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    /// The members in a range, in order.
    pub fn range<Q: Ord + ?Sized>(
        &self,
        range: impl RangeBounds<Q>,
    ) -> impl DoubleEndedIterator<Item = &T>
    where
        T: Borrow<Q>,
    {
        self.0.range(range).map(|(member, ())| member)
    }

    /// The members that another set does not have, in order.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl DoubleEndedIterator<Item = &'a T> {
        self.iter().filter(|member| !other.contains(*member))
    }

    /// The members that another set has too, in order.
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl DoubleEndedIterator<Item = &'a T> {
        self.iter().filter(|member| other.contains(*member))
    }

    /// Whether another set has none of its members.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        !self.iter().any(|member| other.contains(member))
    }

    /// Whether another set has all its members.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|member| other.contains(member))
    }
}

/// A set's members, in order.
pub type Members<'a, T> = std::iter::Map<super::Iter<'a, T, ()>, fn((&'a T, &'a ())) -> &'a T>;

/// A set's members, in order, given away.
pub type IntoMembers<T> = std::iter::Map<super::IntoIter<T, ()>, fn((T, ())) -> T>;

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = Members<'a, T>;

    fn into_iter(self) -> Members<'a, T> {
        self.0.iter().map(|(member, ())| member)
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = IntoMembers<T>;

    fn into_iter(self) -> IntoMembers<T> {
        self.0.into_iter().map(|(member, ())| member)
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::new();
        set.extend(members);
        set
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(members: [T; N]) -> Self {
        members.into_iter().collect()
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}
