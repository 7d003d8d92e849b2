//! What stands where a region was: a call, and the way from there.

use walrus::ir::{
    BinaryOp, Binop, Br, BrIf, Call, Const, IfElse, Instr, InstrLocId, LocalGet, LocalSet, Return,
    Unreachable, Value,
};
use walrus::{FunctionId, LocalFunction, LocalId, Module, ValType};

use super::copy::Signature;
use super::region::{Exit, Region};

/// The locals that a call needs for a moment.
pub(super) struct Temporaries {
    way: LocalId,
    returned: Vec<LocalId>,
}

impl Temporaries {
    pub(super) fn add(module: &mut Module, signature: &Signature) -> Temporaries {
        let mut local = |ty| module.locals.add(ty);
        Temporaries {
            way: local(ValType::I32),
            returned: signature.returned.iter().map(|ty| local(*ty)).collect(),
        }
    }
}

/// Puts a call of `function` where the region is.
pub(super) fn replace(
    left: &mut LocalFunction,
    region: &Region,
    signature: &Signature,
    temporaries: &Temporaries,
    function: FunctionId,
) {
    let mut call: Vec<Instr> = gets(&signature.params);
    call.push(Call { func: function }.into());
    let changed = temporaries.returned.iter().chain(&signature.changed);
    let changed: Vec<LocalId> = changed.copied().collect();
    call.extend(
        changed
            .iter()
            .rev()
            .map(|local| LocalSet { local: *local }.into()),
    );
    match (region.falls, region.exits.as_slice()) {
        (false, []) => call.push(Unreachable {}.into()),
        (true, []) => {}
        (false, [only]) => call.extend(take(*only, temporaries)),
        (true, [Exit::To(block)]) => call.push(BrIf { block: *block }.into()),
        (falls, exits) => {
            let way = temporaries.way;
            call.push(LocalSet { local: way }.into());
            let (last, asked) = match falls {
                true => (None, exits),
                false => exits
                    .split_last()
                    .map_or((None, exits), |(last, asked)| (Some(*last), asked)),
            };
            for exit in asked {
                let number = i32::try_from(region.way(*exit)).expect("a function has fewer blocks");
                call.extend([
                    LocalGet { local: way }.into(),
                    Const {
                        value: Value::I32(number),
                    }
                    .into(),
                    Binop {
                        op: BinaryOp::I32Eq,
                    }
                    .into(),
                ]);
                call.push(when(left, *exit, temporaries));
            }
            call.extend(last.into_iter().flat_map(|exit| take(exit, temporaries)));
        }
    }
    let call = call
        .into_iter()
        .map(|instruction| (instruction, InstrLocId::default()));
    let instructions = &mut left.block_mut(region.sequence).instrs;
    instructions.splice(region.from..region.to, call);
}

fn gets(locals: &[LocalId]) -> Vec<Instr> {
    let gets = locals.iter().map(|local| LocalGet { local: *local }.into());
    gets.collect()
}

fn take(exit: Exit, temporaries: &Temporaries) -> Vec<Instr> {
    match exit {
        Exit::To(block) => vec![Br { block }.into()],
        Exit::Return => {
            let mut instructions = gets(&temporaries.returned);
            instructions.push(Return {}.into());
            instructions
        }
    }
}

/// Takes a way if the stack's top is not 0.
fn when(left: &mut LocalFunction, exit: Exit, temporaries: &Temporaries) -> Instr {
    match exit {
        Exit::To(block) => BrIf { block }.into(),
        Exit::Return => {
            let mut returns = left.builder_mut().dangling_instr_seq(None);
            let instructions = take(exit, temporaries).into_iter();
            returns
                .instrs_mut()
                .extend(instructions.map(|instruction| (instruction, InstrLocId::default())));
            let consequent = returns.id();
            let alternative = left.builder_mut().dangling_instr_seq(None).id();
            IfElse {
                consequent,
                alternative,
            }
            .into()
        }
    }
}
