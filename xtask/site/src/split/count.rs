//! Finding out where the first view passes: a program sets a mark at every point where its way may divide.

use std::cmp::Reverse;

use walrus::ir::{Const, Instr, InstrLocId, MemArg, Store, StoreKind, Value};
use walrus::{FunctionId, MemoryId, Module};

use super::cold::Body;
use super::read;

/// The program with an exported memory `marks`, in which the byte of a point's number is 1 once somebody has passed it.
pub(crate) fn count(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = read(wasm)?;
    let memory = module.memories.add_local(false, false, 0, None, None);
    module.exports.add(MARKS, memory);
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let mut number = 0;
    for id in functions {
        number = mark(&mut module, id, memory, number);
    }
    module.memories.get_mut(memory).initial = u64::from(number) / PAGE_BYTES + 1;
    Ok(module.emit_wasm())
}

/// Marks the points of a function, numbered from `number`; gives the next number.
fn mark(module: &mut Module, id: FunctionId, memory: MemoryId, number: u32) -> u32 {
    let points = Body::of(module, module.funcs.get(id).kind.unwrap_local()).points();
    let mut numbered: Vec<_> = points.into_iter().zip(number..).collect();
    let next = number + u32::try_from(numbered.len()).expect("a program has fewer points");
    // From the back, so that those in front stay where they are.
    numbered.sort_unstable_by_key(|(place, _)| Reverse(*place));
    let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
    for ((sequence, at), number) in numbered {
        let address = Value::I32(number.cast_signed());
        let marking: [Instr; 3] = [
            Const { value: address }.into(),
            Const {
                value: Value::I32(1),
            }
            .into(),
            Store {
                memory,
                kind: StoreKind::I32_8 { atomic: false },
                arg: MemArg {
                    align: 1,
                    offset: 0,
                },
            }
            .into(),
        ];
        let marking = marking.map(|instruction| (instruction, InstrLocId::default()));
        function.block_mut(sequence).instrs.splice(at..at, marking);
    }
    next
}

/// The memory's name; web/first-view.mjs looks for it.
const MARKS: &str = "marks";
const PAGE_BYTES: u64 = 65_536;
