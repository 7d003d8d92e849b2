//! A function's instructions, taken out of the module so that the module can be changed while they are read.

use std::collections::BTreeMap;

use walrus::ir::{Instr, InstrSeqId, InstrSeqType};
use walrus::{LocalFunction, Module, ValType};

/// The sequences of a function, by their numbers.
pub(crate) struct Body {
    pub(crate) entry: InstrSeqId,
    /// What the function returns.
    pub(crate) results: Vec<ValType>,
    sequences: BTreeMap<InstrSeqId, Sequence>,
}

pub(crate) struct Sequence {
    pub(crate) ty: InstrSeqType,
    pub(crate) instructions: Vec<Instr>,
    pub(crate) params: Vec<ValType>,
    pub(crate) results: Vec<ValType>,
    /// Whether a branch to it goes to its beginning.
    is_loop: bool,
}

/// A place between two instructions: before the instruction of this number, or behind the last.
pub(crate) type Place = (InstrSeqId, usize);

impl Body {
    pub(crate) fn of(module: &Module, function: &LocalFunction) -> Body {
        let mut sequences = BTreeMap::new();
        let mut open = vec![(function.entry_block(), false)];
        while let Some((id, is_loop)) = open.pop() {
            let sequence = function.block(id);
            let instructions: Vec<Instr> = sequence
                .instrs
                .iter()
                .map(|(instruction, _)| instruction.clone())
                .collect();
            for instruction in &instructions {
                let is_loop = matches!(instruction, Instr::Loop(_));
                open.extend(inner(instruction).into_iter().map(|id| (id, is_loop)));
            }
            let (params, results) = match sequence.ty {
                InstrSeqType::Simple(result) => (Vec::new(), result.into_iter().collect()),
                InstrSeqType::MultiValue(ty) => {
                    let (params, results) = module.types.params_results(ty);
                    (params.to_vec(), results.to_vec())
                }
            };
            let sequence = Sequence {
                ty: sequence.ty,
                instructions,
                params,
                results,
                is_loop,
            };
            sequences.insert(id, sequence);
        }
        Body {
            entry: function.entry_block(),
            results: module.types.results(function.ty()).to_vec(),
            sequences,
        }
    }

    pub(crate) fn sequence(&self, id: InstrSeqId) -> &Sequence {
        &self.sequences[&id]
    }

    pub(crate) fn instructions(&self, id: InstrSeqId) -> &[Instr] {
        &self.sequences[&id].instructions
    }

    /// Where the way may divide: at the beginning of each sequence, behind each inner one, and behind each branch that may not be taken.
    /// Whoever passes one of these passes all instructions up to the next, or to an inner sequence.
    pub(crate) fn points(&self) -> Vec<Place> {
        let mut points = Vec::new();
        let mut open = vec![self.entry];
        while let Some(id) = open.pop() {
            points.push((id, 0));
            let instructions = self.instructions(id);
            for (at, instruction) in instructions.iter().enumerate() {
                let inner = inner(instruction);
                let divides = !inner.is_empty() || matches!(instruction, Instr::BrIf(_));
                open.extend(inner);
                if divides && at + 1 < instructions.len() {
                    points.push((id, at + 1));
                }
            }
        }
        points
    }

    /// The sequences of these instructions and all within them.
    pub(crate) fn within<'a>(
        &'a self,
        instructions: &'a [Instr],
    ) -> impl Iterator<Item = InstrSeqId> + 'a {
        let mut open: Vec<InstrSeqId> = instructions.iter().flat_map(inner).collect();
        std::iter::from_fn(move || {
            let id = open.pop()?;
            open.extend(self.instructions(id).iter().flat_map(inner));
            Some(id)
        })
    }

    /// How many values a branch to a sequence takes with it.
    pub(crate) fn branch_arity(&self, target: InstrSeqId) -> usize {
        let sequence = self.sequence(target);
        match sequence.is_loop {
            true => sequence.params.len(),
            false => sequence.results.len(),
        }
    }
}

/// The sequences that an instruction holds.
pub(crate) fn inner(instruction: &Instr) -> Vec<InstrSeqId> {
    match instruction {
        Instr::Block(block) => vec![block.seq],
        Instr::Loop(block) => vec![block.seq],
        Instr::IfElse(branch) => vec![branch.consequent, branch.alternative],
        _ => Vec::new(),
    }
}
