//! Finding out what the first view calls: every function of a program sets a mark of its own when it is called.

use walrus::ir::{GlobalSet, Value};
use walrus::{ConstExpr, FunctionId, Module, ValType};

use super::read;

/// The program with an exported global `calls 123` for each function, named by its number, that is 1 once it has been called.
pub(crate) fn count(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = read(wasm)?;
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for id in functions {
        mark_calls(&mut module, id);
    }
    Ok(module.emit_wasm())
}

fn mark_calls(module: &mut Module, id: FunctionId) {
    let zero = ConstExpr::Value(Value::I32(0));
    let global = module.globals.add_local(ValType::I32, true, false, zero);
    let function = module.funcs.get_mut(id);
    function
        .kind
        .unwrap_local_mut()
        .builder_mut()
        .func_body()
        .instr_at(0, GlobalSet { global })
        .const_at(0, Value::I32(1));
    module.exports.add(&format!("{MARK}{}", id.index()), global);
}

/// What the marks' names begin with; web/first-view.mjs looks for it.
const MARK: &str = "calls ";
