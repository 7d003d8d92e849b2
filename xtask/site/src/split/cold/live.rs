//! Which locals still matter at a place: those that somebody reads before they are set again.

use std::collections::{BTreeMap, BTreeSet};

use walrus::LocalId;
use walrus::ir::{Instr, InstrSeqId};

use super::body::{Body, Place};

pub(super) type Locals = BTreeSet<LocalId>;

/// What matters at the places that were asked for, and at the branches' targets.
pub(super) struct Live<'a> {
    body: &'a Body,
    wanted: &'a BTreeSet<Place>,
    at_places: BTreeMap<Place, Locals>,
    at_targets: BTreeMap<InstrSeqId, Locals>,
}

impl<'a> Live<'a> {
    pub(super) fn of(body: &'a Body, wanted: &'a BTreeSet<Place>) -> Live<'a> {
        let mut live = Live {
            body,
            wanted,
            at_places: BTreeMap::new(),
            at_targets: BTreeMap::from([(body.entry, Locals::new())]),
        };
        live.before(body.entry, Locals::new());
        live
    }

    pub(super) fn at(&self, place: Place) -> &Locals {
        &self.at_places[&place]
    }

    /// Where a branch to this sequence leads.
    pub(super) fn at_target(&self, target: InstrSeqId) -> &Locals {
        &self.at_targets[&target]
    }

    /// From what matters behind a sequence to what matters before it.
    fn before(&mut self, id: InstrSeqId, mut live: Locals) -> Locals {
        let body = self.body;
        let instructions = body.instructions(id);
        self.note((id, instructions.len()), &live);
        for (at, instruction) in instructions.iter().enumerate().rev() {
            match instruction {
                Instr::LocalGet(get) => {
                    live.insert(get.local);
                }
                Instr::LocalSet(set) => {
                    live.remove(&set.local);
                }
                Instr::LocalTee(tee) => {
                    live.remove(&tee.local);
                }
                Instr::Block(block) => {
                    self.at_targets.insert(block.seq, live.clone());
                    live = self.before(block.seq, live);
                }
                Instr::Loop(block) => live = self.before_loop(block.seq, live),
                Instr::IfElse(branch) => {
                    self.at_targets.insert(branch.consequent, live.clone());
                    self.at_targets.insert(branch.alternative, live.clone());
                    let other = self.before(branch.alternative, live.clone());
                    live = self.before(branch.consequent, live);
                    live.extend(other);
                }
                Instr::Br(branch) => live = self.at_targets[&branch.block].clone(),
                Instr::BrIf(branch) => live.extend(&self.at_targets[&branch.block]),
                Instr::BrTable(table) => {
                    live = self.at_targets[&table.default].clone();
                    for target in &table.blocks {
                        live.extend(&self.at_targets[target]);
                    }
                }
                Instr::Return(_) | Instr::Unreachable(_) => live = Locals::new(),
                _ => {}
            }
            self.note((id, at), &live);
        }
        live
    }

    /// A loop goes back to its beginning: what matters there is found by going round until nothing is added.
    fn before_loop(&mut self, id: InstrSeqId, after: Locals) -> Locals {
        let mut at_start = Locals::new();
        loop {
            self.at_targets.insert(id, at_start.clone());
            let found = self.before(id, after.clone());
            if found.is_subset(&at_start) {
                return at_start;
            }
            at_start.extend(found);
        }
    }

    fn note(&mut self, place: Place, live: &Locals) {
        if self.wanted.contains(&place) {
            self.at_places.insert(place, live.clone());
        }
    }
}
