//! One program in two files: what the first view passes, and the rest, which follows while one looks at it.
//!
//! ```text
//!  ottla.wasm ──▶ first: what a browser was seen to pass, the constants that it can come to, all tables; a doorway in place of every other function
//!             └─▶ rest:  the other functions, with the constants that only they read; it shares memory and tables with the first
//! ```
//!
//! A function that was seen is divided too: runs of instructions that nobody passed become functions of the rest ([`cold`]).
//! A doorway calls through the table. Whoever comes to one before the rest is there waits: it calls [`LOAD`], which loads the rest at once.

mod cold;
mod count;
mod doors;
mod first;
mod memory;
mod objects;
mod rest;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use cold::{Body, Place};
use doors::Doors;
use memory::Late;
use walrus::{FunctionId, Module, ModuleConfig};

pub(crate) use count::count;
pub(crate) use objects::Objects;

/// The function, exported by the program, that loads the rest and comes back when it is there.
const LOAD: &str = "load_rest";
/// What the rest calls the first in its imports.
pub(crate) const FIRST: &str = "first";

/// Both files of a program.
pub(crate) struct Parts {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
    /// From this place of the table of functions on are those that only the rest looks for there, by the names of its imports.
    pub(crate) lent_from: u32,
}

/// Divides a program, as wasm-bindgen leaves it. `passed` are the numbers of the points that the first view passes, as the program of [`count()`]
/// marks them; `texts` are runs of the program's memory that may come with the rest,
/// `objects` its constants, of which those may that only the rest reads.
pub(crate) fn split(
    wasm: &[u8],
    passed: &BTreeSet<usize>,
    texts: &[Vec<u8>],
    objects: &Objects,
) -> Result<Parts, String> {
    // Read twice, for both begin as the whole; the same bytes give the same plan.
    let (mut first, mut rest) = (read(wasm)?, read(wasm)?);
    let of_first = plan(&mut first, passed, texts, objects)?;
    let of_rest = plan(&mut rest, passed, texts, objects)?;
    Ok(Parts {
        first: first::write(&mut first, &of_first)?,
        rest: rest::write(&mut rest, &of_rest),
        lent_from: of_first.doors.lent_from,
    })
}

/// Who and what goes where.
struct Plan {
    doors: Doors,
    memory: Late,
}

fn plan(
    module: &mut Module,
    passed: &BTreeSet<usize>,
    texts: &[Vec<u8>],
    objects: &Objects,
) -> Result<Plan, String> {
    let texts = Late::texts(module, texts);
    let late = late(module, passed, &texts)?;
    let memory = texts.with_unreached(module, objects, &late);
    let doors = Doors::plan(module, &late)?;
    Ok(Plan { doors, memory })
}

/// The functions that come with the rest, among them what others do at other times than the first view.
fn late(
    module: &mut Module,
    passed: &BTreeSet<usize>,
    texts: &Late,
) -> Result<BTreeSet<FunctionId>, String> {
    let load = module
        .exports
        .get_func(LOAD)
        .map_err(|_| format!("the program exports no {LOAD}"))?;
    let needed = doors::reachable(module, load);
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let mut late = BTreeSet::new();
    let mut number = 0;
    for id in functions {
        let points = Body::of(module, module.funcs.get(id).kind.unwrap_local()).points();
        let numbers = number..number + points.len();
        number = numbers.end;
        if needed.contains(&id) {
            continue;
        }
        let points = points.into_iter().zip(numbers);
        let passed: BTreeSet<Place> = points
            .filter(|(_, number)| passed.contains(number))
            .map(|(place, _)| place)
            .collect();
        if !passed.is_empty() {
            late.extend(cold::move_out(module, id, &passed));
        }
        if passed.is_empty() || texts.is_read_by(module.funcs.get(id).kind.unwrap_local()) {
            late.insert(id);
        }
    }
    Ok(late)
}

fn read(wasm: &[u8]) -> Result<Module, String> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .parse(wasm)
        .map_err(|error| format!("cannot read the program: {error:#}"))
}
