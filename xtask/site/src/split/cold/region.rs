//! Which runs of a function's instructions are never passed at the first view, and can be moved away.

use std::collections::BTreeSet;

use walrus::ir::{Instr, InstrSeqId};
use walrus::{Module, ValType};

use super::body::{Body, Place, inner};
use super::effect::{Effect, effect, size};

/// Instructions `from..to` of a sequence, which leave the stack below them alone.
pub(super) struct Region {
    pub(super) sequence: InstrSeqId,
    pub(super) from: usize,
    pub(super) to: usize,
    /// What it leaves on the stack: more than nothing only where it ends a sequence.
    pub(super) yields: Vec<ValType>,
    /// Whether its end can be reached.
    pub(super) falls: bool,
    /// Where else it leads.
    pub(super) exits: Vec<Exit>,
}

/// A way out of a region but by its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    To(InstrSeqId),
    Return,
}

impl Region {
    /// The number of a way out; 0 is the end.
    pub(super) fn way(&self, exit: Exit) -> usize {
        let at = self.exits.iter().position(|known| *known == exit);
        1 + at.expect("every way out was found when the region was")
    }
}

/// Fewer bytes are not worth a call.
const SMALLEST_BYTES: usize = 24;

/// The regions of a function whose passed points are `passed`. They are in an order in which each can be cut out without moving those after it.
pub(super) fn regions(module: &Module, body: &Body, passed: &BTreeSet<Place>) -> Vec<Region> {
    let points: BTreeSet<Place> = body.points().into_iter().collect();
    let mut regions = Vec::new();
    let mut open = vec![body.entry];
    while let Some(id) = open.pop() {
        let instructions = body.instructions(id);
        let is_cold = cold(id, instructions.len(), &points, passed);
        let mut at = 0;
        let mut found = Vec::new();
        while at < instructions.len() {
            if !is_cold[at] {
                open.extend(inner(&instructions[at]));
                at += 1;
                continue;
            }
            let end = (at..instructions.len())
                .find(|at| !is_cold[*at])
                .unwrap_or(instructions.len());
            found.extend(within(module, body, id, at, end));
            at = end;
        }
        regions.extend(found.into_iter().rev());
    }
    regions
}

/// For each instruction of a sequence whether nobody came by.
fn cold(
    id: InstrSeqId,
    count: usize,
    points: &BTreeSet<Place>,
    passed: &BTreeSet<Place>,
) -> Vec<bool> {
    let mut is_cold = false;
    (0..count)
        .map(|at| {
            if points.contains(&(id, at)) {
                is_cold = !passed.contains(&(id, at));
            }
            is_cold
        })
        .collect()
}

/// The regions in a cold run: as long as can be, and worth it.
fn within(module: &Module, body: &Body, id: InstrSeqId, from: usize, end: usize) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut from = from;
    while from < end {
        let (region, next) = longest(module, body, id, from, end);
        regions.extend(region);
        from = next;
    }
    regions
}

/// The longest region that starts here, and where to look for the next.
fn longest(
    module: &Module,
    body: &Body,
    id: InstrSeqId,
    from: usize,
    end: usize,
) -> (Option<Region>, usize) {
    let instructions = body.instructions(id);
    let mut height = 0;
    let mut best = None;
    let mut stopped = end;
    for at in from..end {
        let Some(Effect { pops, pushes, ends }) = effect(module, body, &instructions[at]) else {
            stopped = at;
            break;
        };
        let Some(below) = usize::checked_sub(height, pops) else {
            stopped = at;
            break;
        };
        if ends {
            best = Some((instructions.len(), Vec::new(), false));
            stopped = instructions.len();
            break;
        }
        height = below + pushes;
        if height == 0 {
            best = Some((at + 1, Vec::new(), true));
        } else if at + 1 == instructions.len() {
            let results = &body.sequence(id).results;
            if let Some(start) = results.len().checked_sub(height) {
                best = Some((at + 1, results[start..].to_vec(), true));
            }
        }
    }
    let Some((to, yields, falls)) = best else {
        return (None, stopped.max(from) + 1);
    };
    let run = &instructions[from..to];
    let is_whole = from == 0 && to == instructions.len() && id == body.entry;
    let region = exits(module, body, run)
        .filter(|_| !is_whole && size_of(body, run) >= SMALLEST_BYTES)
        .map(|exits| Region {
            sequence: id,
            from,
            to,
            yields,
            falls,
            exits,
        });
    (region, to)
}

fn size_of(body: &Body, run: &[Instr]) -> usize {
    run.iter().map(|instruction| size(body, instruction)).sum()
}

/// None if a way out takes values with it, or if an instruction is unknown.
fn exits(module: &Module, body: &Body, run: &[Instr]) -> Option<Vec<Exit>> {
    let inside: BTreeSet<InstrSeqId> = body.within(run).collect();
    let mut exits = Vec::new();
    let all = inside.iter().flat_map(|id| body.instructions(*id));
    for instruction in run.iter().chain(all) {
        effect(module, body, instruction)?;
        for exit in leads(instruction) {
            let known = match exit {
                Exit::To(target) if inside.contains(&target) => continue,
                Exit::To(target) if body.branch_arity(target) > 0 => return None,
                _ => exits.contains(&exit),
            };
            if !known {
                exits.push(exit);
            }
        }
    }
    Some(exits)
}

fn leads(instruction: &Instr) -> Vec<Exit> {
    match instruction {
        Instr::Br(branch) => vec![Exit::To(branch.block)],
        Instr::BrIf(branch) => vec![Exit::To(branch.block)],
        Instr::BrTable(table) => {
            let targets = table.blocks.iter().chain([&table.default]);
            targets.map(|target| Exit::To(*target)).collect()
        }
        Instr::Return(_) => vec![Exit::Return],
        _ => Vec::new(),
    }
}
