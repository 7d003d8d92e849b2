//! The first file: what the first view calls, with a doorway in place of each function that comes later.

use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, GlobalId,
    LocalId, Module, TableId, ValType,
};

use super::doors::Doors;
use super::{LOAD, Plan};

/// The global that is 1 when the rest is there.
pub(super) const HAS_REST: &str = "has_rest";

pub(super) fn write(module: &mut Module, plan: &Plan) -> Result<Vec<u8>, String> {
    let doors = &plan.doors;
    let zero = ConstExpr::Value(Value::I32(0));
    let has_rest = module.globals.add_local(ValType::I32, true, false, zero);
    module.exports.add(HAS_REST, has_rest);
    let wait = wait(module, has_rest)?;
    let table = module.tables.get_mut(doors.table);
    table.initial = doors.places_count;
    table.maximum = table.maximum.map(|most| most.max(doors.places_count));
    for (id, place) in &doors.late {
        match place {
            Some(place) => doorway(module, *id, wait, *place, doors),
            None => module.funcs.delete(*id),
        }
    }
    lend(module, doors);
    plan.memory.take_out(module);
    walrus::passes::gc::run(module);
    Ok(module.emit_wasm())
}

/// `if !has_rest { load_rest() }`
fn wait(module: &mut Module, has_rest: GlobalId) -> Result<FunctionId, String> {
    let load = module
        .exports
        .get_func(LOAD)
        .map_err(|_| format!("the program exports no {LOAD}"))?;
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    builder.name("wait for the rest".to_owned());
    builder.func_body().global_get(has_rest).if_else(
        None,
        |_| {},
        |missing| {
            missing.call(load);
        },
    );
    Ok(builder.finish(Vec::new(), &mut module.funcs))
}

/// Puts functions into places of the table, run by run.
pub(super) fn fill(module: &mut Module, table: TableId, mut places: Vec<(u32, FunctionId)>) {
    places.sort_unstable_by_key(|(place, _)| *place);
    for run in places.chunk_by(|one, next| one.0 + 1 == next.0) {
        let functions = run.iter().map(|(_, id)| *id).collect();
        let offset = ConstExpr::Value(Value::I32(run[0].0.cast_signed()));
        let kind = ElementKind::Active { table, offset };
        let id = module
            .elements
            .add(kind, ElementItems::Functions(functions));
        module.tables.get_mut(table).elem_segments.insert(id);
    }
}

/// Replaces a function by one that waits for the rest and then calls the real one.
fn doorway(module: &mut Module, id: FunctionId, wait: FunctionId, place: u32, doors: &Doors) {
    let ty = module.funcs.get(id).ty();
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let args: Vec<LocalId> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    body.call(wait);
    for arg in &args {
        body.local_get(*arg);
    }
    body.i32_const(i32::try_from(place).expect("a module has fewer functions"))
        .call_indirect(ty, doors.table);
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
}

/// Exports what the rest imports, but for functions: they are found in the table, which is smaller than thousands of names.
fn lend(module: &mut Module, doors: &Doors) {
    let new = doors.lent.iter();
    let new = new.filter(|(_, place)| **place >= doors.lent_from);
    let new = new.map(|(id, place)| (*place, *id)).collect();
    fill(module, doors.table, new);
    for id in &doors.lent_globals {
        module.exports.add(&global_name(*id), *id);
    }
    for id in &doors.lent_tables {
        module.exports.add(&table_name(*id, doors), *id);
    }
    for memory in module
        .memories
        .iter()
        .map(|memory| memory.id())
        .collect::<Vec<_>>()
    {
        module.exports.add(MEMORY, memory);
    }
}

pub(super) const MEMORY: &str = "m";

pub(super) fn global_name(id: GlobalId) -> String {
    format!("g{}", id.index())
}

/// The page looks for the table of functions by its name.
pub(super) fn table_name(id: TableId, doors: &Doors) -> String {
    match id == doors.table {
        true => "t".to_owned(),
        false => format!("t{}", id.index()),
    }
}
