//! One program in two files: what the first view calls, and the rest, which follows while one looks at it.
//!
//! ```text
//!  ottla.wasm ──▶ first: the functions that a browser was seen to call, all memory and tables; a doorway in place of every other function
//!             └─▶ rest:  the other functions, and the texts that only they read; it shares memory and tables with the first
//! ```
//!
//! A doorway calls through the table. Whoever comes to one before the rest is there waits: it calls [`LOAD`], which loads the rest at once.

mod count;
mod doors;
mod first;
mod rest;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use doors::Doors;
use rest::Texts;
use walrus::{FunctionId, FunctionKind, Module, ModuleConfig};

pub(crate) use count::count;

/// The function, exported by the program, that loads the rest and comes back when it is there.
const LOAD: &str = "load_rest";
/// What the rest calls the first in its imports.
const FIRST: &str = "first";

/// Both files of a program.
pub(crate) struct Parts {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
}

/// Divides a program, as wasm-bindgen leaves it. `called` are the numbers of the functions that the first view calls, as [`count()`] gives them;
/// `texts` are runs of the program's memory that may come with the rest.
pub(crate) fn split(
    wasm: &[u8],
    called: &BTreeSet<usize>,
    texts: &[Vec<u8>],
) -> Result<Parts, String> {
    // Read twice, for both begin as the whole; the same bytes give the same plan.
    let (mut first, mut rest) = (read(wasm)?, read(wasm)?);
    let of_first = plan(&first, called, texts)?;
    let of_rest = plan(&rest, called, texts)?;
    Ok(Parts {
        first: first::write(&mut first, &of_first)?,
        rest: rest::write(&mut rest, &of_rest),
    })
}

/// Who and what goes where.
struct Plan {
    doors: Doors,
    texts: Texts,
}

fn plan(module: &Module, called: &BTreeSet<usize>, texts: &[Vec<u8>]) -> Result<Plan, String> {
    let texts = Texts::find(module, texts);
    let late = late(module, called, &texts)?;
    let doors = Doors::plan(module, &late)?;
    Ok(Plan { doors, texts })
}

/// The functions that come with the rest.
fn late(
    module: &Module,
    called: &BTreeSet<usize>,
    texts: &Texts,
) -> Result<BTreeSet<FunctionId>, String> {
    let load = module
        .exports
        .get_func(LOAD)
        .map_err(|_| format!("the program exports no {LOAD}"))?;
    let needed = doors::reachable(module, load);
    let is_late = |function: &&walrus::Function| {
        let FunctionKind::Local(local) = &function.kind else {
            return false;
        };
        let is_called = called.contains(&function.id().index());
        !needed.contains(&function.id()) && (!is_called || texts.are_read_by(local))
    };
    let late = module.funcs.iter().filter(is_late);
    Ok(late.map(walrus::Function::id).collect())
}

fn read(wasm: &[u8]) -> Result<Module, String> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .parse(wasm)
        .map_err(|error| format!("cannot read the program: {error:#}"))
}
