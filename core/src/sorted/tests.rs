//! What the standard library's map does, this one does: whatever is done to both, they are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use proptest::prelude::*;

use super::{Entry, Map, ROW_MAX, Set};

/// Something that is done to a map.
#[derive(Debug, Clone)]
enum Deed {
    Insert(u16, u8),
    Remove(u16),
    Enter(u16, u8),
    PopFirst,
    PopLast,
    Retain(u16),
    /// Many keys that go up: the way in which most maps of the engine grow.
    Run(u16, u8),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let key = || 0..400_u16;
    let deed = prop_oneof![
        6 => (key(), any::<u8>()).prop_map(|(key, value)| Deed::Insert(key, value)),
        6 => key().prop_map(Deed::Remove),
        3 => (key(), any::<u8>()).prop_map(|(key, value)| Deed::Enter(key, value)),
        1 => Just(Deed::PopFirst),
        1 => Just(Deed::PopLast),
        1 => (1..9_u16).prop_map(Deed::Retain),
        2 => (key(), any::<u8>()).prop_map(|(key, count)| Deed::Run(key, count)),
    ];
    proptest::collection::vec(deed, 0..120)
}

proptest! {
    #[test]
    fn it_is_what_the_standard_librarys_map_is(deeds in deeds(), low in 0..400_u16, high in 0..400_u16) {
        let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
        for deed in deeds {
            match deed {
                Deed::Insert(key, value) => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                Deed::Remove(key) => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                Deed::Enter(key, value) => {
                    *ours.entry(key).or_insert(value) ^= 1;
                    *theirs.entry(key).or_insert(value) ^= 1;
                }
                Deed::PopFirst => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                Deed::PopLast => prop_assert_eq!(ours.pop_last(), theirs.pop_last()),
                Deed::Retain(by) => {
                    ours.retain(|key, _| key % by != 0);
                    theirs.retain(|key, _| key % by != 0);
                }
                Deed::Run(from, count) => {
                    let run = (from..from + u16::from(count)).map(|key| (key, count));
                    ours.extend(run.clone());
                    theirs.extend(run);
                }
            }
            check_rows(&ours);
            prop_assert_eq!(ours.len(), theirs.len());
            prop_assert!(ours.iter().eq(theirs.iter()));
        }
        prop_assert!(ours.iter().rev().eq(theirs.iter().rev()));
        prop_assert_eq!(from_both_ends(ours.iter()), from_both_ends(theirs.iter()));
        prop_assert!(ours.iter_mut().rev().eq(theirs.iter_mut().rev()));
        prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
        prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
        for key in 0..400 {
            prop_assert_eq!(ours.get(&key), theirs.get(&key));
        }
        let (low, high) = (low.min(high), low.max(high));
        prop_assert!(ours.range(low..high).eq(theirs.range(low..high)));
        prop_assert!(ours.range(low..=high).rev().eq(theirs.range(low..=high).rev()));
        prop_assert!(ours.range(low..).eq(theirs.range(low..)));
        let above = (Bound::Excluded(low), Bound::Unbounded);
        prop_assert!(ours.range(above).eq(theirs.range(above)));
        prop_assert_eq!(ours.range(low..=high).len(), theirs.range(low..=high).count());
        prop_assert!(ours.into_iter().rev().eq(theirs.into_iter().rev()));
    }

    #[test]
    fn its_sets_are_what_the_standard_librarys_are(one in members(), other in members()) {
        let (ours, their_other): (Set<u8>, Set<u8>) = (one.iter().copied().collect(), other.iter().copied().collect());
        prop_assert!(ours.iter().eq(one.iter()));
        prop_assert!(ours.difference(&their_other).eq(one.difference(&other)));
        prop_assert!(ours.intersection(&their_other).eq(one.intersection(&other)));
        prop_assert_eq!(ours.is_subset(&their_other), one.is_subset(&other));
        prop_assert_eq!(ours.first(), one.first());
        prop_assert_eq!(ours.last(), one.last());
    }
}

#[test]
fn a_key_that_goes_up_leaves_full_rows() {
    let map: Map<usize, ()> = (0..10 * ROW_MAX).map(|key| (key, ())).collect();
    assert!(map.rows.iter().all(|row| row.len() == ROW_MAX));
}

#[test]
fn an_entry_is_there_or_not() {
    let mut map = Map::from([("a", 1)]);
    assert_eq!(
        *map.entry("a").and_modify(|value| *value += 1).or_default(),
        2
    );
    assert_eq!(*map.entry("b").or_insert_with(|| 7), 7);
    let Entry::Occupied(entry) = map.entry("a") else {
        panic!("it is there")
    };
    assert_eq!(entry.remove(), 2);
    assert!(matches!(map.entry("a"), Entry::Vacant(_)));
    assert_eq!(format!("{map:?}"), "{\"b\": 7}");
}

fn members() -> impl Strategy<Value = BTreeSet<u8>> {
    proptest::collection::btree_set(any::<u8>(), 0..100)
}

/// One from the front, one from the back, and so on.
fn from_both_ends<T>(mut items: impl DoubleEndedIterator<Item = T>) -> Vec<T> {
    let mut taken = Vec::new();
    while let Some(item) = items.next() {
        taken.push(item);
        taken.extend(items.next_back());
    }
    taken
}

fn check_rows(map: &Map<u16, u8>) {
    assert!(
        map.rows
            .iter()
            .all(|row| (1..=ROW_MAX).contains(&row.len()))
    );
    assert_eq!(map.rows.iter().map(Vec::len).sum::<usize>(), map.count);
}
