//! Maps and sets in the order of their keys, with little code for each type that they hold.
//!
//! A B-tree of the standard library comes with ten kilobytes of WebAssembly for every pair of types, and a broker has dozens of them. Here entries
//! lie in rows of at most 64, and the rows in one list: whatever is added or removed moves one row, and, seldom, the list.
//! The methods are those of `std::collections::BTreeMap` and `BTreeSet`, and mean the same.

mod entry;
mod iter;
mod map;
#[cfg(feature = "serde")]
mod serialize;
mod set;
#[cfg(test)]
mod tests;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{IntoIter, Iter, IterMut};
pub use map::{Keys, Map, Values};
pub use set::{IntoMembers, Members, Set};

/// As many entries lie in a row at most.
const ROW_MAX: usize = 64;
