//! The constants of a program, as the linker's map tells where each begins and ends.

use std::collections::BTreeSet;
use std::ops::Range;

use walrus::Module;

use super::memory::address;

/// Constants that nothing writes to, in the order of their addresses.
#[derive(Default)]
pub(crate) struct Objects(Vec<Range<u32>>);

impl Objects {
    /// Reads what wasm-ld writes for `--Map`: lines of address, offset, size (hexadecimal) and name.
    pub(crate) fn read(map: &str) -> Objects {
        let mut objects: Vec<Range<u32>> = map
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                let start = hexadecimal(words.next()?)?;
                let _ = words.next()?;
                let size = hexadecimal(words.next()?)?;
                let is_constant = words.any(|word| word.contains(CONSTANT));
                (is_constant && size > 0).then(|| start..start + size)
            })
            .collect();
        objects.sort_unstable_by_key(|object| object.start);
        Objects(objects)
    }

    /// What lies at no address that the first names, and at none that a reached object holds. An object that nobody names stays:
    /// somebody comes to it in a way that was not understood.
    pub(super) fn unreached(
        &self,
        module: &Module,
        first: &BTreeSet<u32>,
        rest: &BTreeSet<u32>,
    ) -> Vec<Range<u32>> {
        let of = |address: u32| self.at(address);
        let mut open: Vec<usize> = first.iter().copied().filter_map(of).collect();
        let mut named: BTreeSet<usize> = rest.iter().copied().filter_map(of).collect();
        let held = Held::of(module);
        // What is no constant may hold any address.
        for (place, value) in &held.0 {
            if let Some(object) = self.at(*value) {
                named.insert(object);
                if self.at(*place).is_none() {
                    open.push(object);
                }
            }
        }
        named.extend(&open);
        open.extend((0..self.0.len()).filter(|object| !named.contains(object)));
        let mut reached = BTreeSet::new();
        while let Some(object) = open.pop() {
            if reached.insert(object) {
                let held = held.within(&self.0[object]);
                open.extend(held.iter().filter_map(|(_, value)| self.at(*value)));
            }
        }
        (0..self.0.len())
            .filter(|object| !reached.contains(object))
            .map(|object| self.0[object].clone())
            .collect()
    }

    fn at(&self, address: u32) -> Option<usize> {
        let after = self.0.partition_point(|object| object.start <= address);
        let object = after.checked_sub(1)?;
        self.0[object].contains(&address).then_some(object)
    }
}

/// What a constant's section is called.
const CONSTANT: &str = ":(.rodata";

fn hexadecimal(word: &str) -> Option<u32> {
    u32::from_str_radix(word, 16).ok()
}

/// The words in memory, by their places.
struct Held(Vec<(u32, u32)>);

impl Held {
    fn of(module: &Module) -> Held {
        let mut words = Vec::new();
        for data in module.data.iter() {
            let Some(start) = address(&data.kind) else {
                continue;
            };
            let skipped = start.next_multiple_of(4) - start;
            let aligned = data.value.get(skipped as usize..).unwrap_or_default();
            let places = (start + skipped..).step_by(4);
            words.extend(places.zip(aligned.chunks_exact(4)).map(|(place, word)| {
                let word = word.try_into().expect("a chunk has four bytes");
                (place, u32::from_le_bytes(word))
            }));
        }
        words.sort_unstable();
        Held(words)
    }

    fn within(&self, object: &Range<u32>) -> &[(u32, u32)] {
        let from = self.0.partition_point(|(place, _)| *place < object.start);
        let to = self.0.partition_point(|(place, _)| *place < object.end);
        &self.0[from..to]
    }
}
