//! What instructions do to the stack of operands, and how many bytes they take.

use walrus::Module;
use walrus::ir::{Instr, InstrSeqId, Value};

use super::body::{Body, inner};

/// What an instruction takes from the stack and puts there.
#[derive(Clone, Copy)]
pub(super) struct Effect {
    pub(super) pops: usize,
    pub(super) pushes: usize,
    /// Whether nothing comes after it.
    pub(super) ends: bool,
}

/// None for those that rustc does not write: what holds one stays where it is.
pub(super) fn effect(module: &Module, body: &Body, instruction: &Instr) -> Option<Effect> {
    let (pops, pushes) = match instruction {
        Instr::Block(block) => sequence(body, block.seq),
        Instr::Loop(block) => sequence(body, block.seq),
        Instr::IfElse(branch) => {
            let (params, results) = sequence(body, branch.consequent);
            (params + 1, results)
        }
        Instr::Call(call) => {
            let ty = module.types.get(module.funcs.get(call.func).ty());
            (ty.params().len(), ty.results().len())
        }
        Instr::CallIndirect(call) => {
            let ty = module.types.get(call.ty);
            (ty.params().len() + 1, ty.results().len())
        }
        Instr::LocalGet(_)
        | Instr::GlobalGet(_)
        | Instr::Const(_)
        | Instr::MemorySize(_)
        | Instr::TableSize(_)
        | Instr::RefNull(_)
        | Instr::RefFunc(_) => (0, 1),
        Instr::LocalSet(_) | Instr::GlobalSet(_) | Instr::Drop(_) | Instr::BrIf(_) => (1, 0),
        Instr::LocalTee(_)
        | Instr::Unop(_)
        | Instr::Load(_)
        | Instr::MemoryGrow(_)
        | Instr::TableGet(_)
        | Instr::RefIsNull(_) => (1, 1),
        Instr::Binop(_) | Instr::TableGrow(_) => (2, 1),
        Instr::Select(_) => (3, 1),
        Instr::Store(_) | Instr::TableSet(_) => (2, 0),
        Instr::MemoryCopy(_) | Instr::MemoryFill(_) | Instr::TableFill(_) => (3, 0),
        Instr::Unreachable(_) | Instr::Br(_) => (0, 0),
        Instr::Return(_) => (body.results.len(), 0),
        Instr::BrTable(_) => (1, 0),
        _ => return None,
    };
    let ends = matches!(
        instruction,
        Instr::Unreachable(_) | Instr::Br(_) | Instr::Return(_) | Instr::BrTable(_)
    );
    Some(Effect { pops, pushes, ends })
}

fn sequence(body: &Body, id: InstrSeqId) -> (usize, usize) {
    let sequence = body.sequence(id);
    (sequence.params.len(), sequence.results.len())
}

/// About how many bytes an instruction takes, with all that is in it.
pub(super) fn size(body: &Body, instruction: &Instr) -> usize {
    let inner: usize = inner(instruction)
        .into_iter()
        .flat_map(|id| body.instructions(id))
        .map(|instruction| size(body, instruction))
        .sum();
    inner
        + match instruction {
            Instr::Const(constant) => match constant.value {
                Value::I32(value) => 1 + leb(value.into()),
                Value::I64(value) => 1 + leb(value),
                _ => 9,
            },
            Instr::Binop(_)
            | Instr::Unop(_)
            | Instr::Drop(_)
            | Instr::Return(_)
            | Instr::Unreachable(_) => 1,
            Instr::BrTable(table) => 3 + table.blocks.len(),
            Instr::Block(_) | Instr::Loop(_) | Instr::IfElse(_) | Instr::Load(_) => 3,
            Instr::Store(_) | Instr::Call(_) | Instr::CallIndirect(_) => 3,
            Instr::MemoryCopy(_) | Instr::MemoryFill(_) => 4,
            _ => 2,
        }
}

fn leb(value: i64) -> usize {
    let bits = 65 - value.unsigned_abs().leading_zeros() as usize;
    bits.div_ceil(7)
}
