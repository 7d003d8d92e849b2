//! The second file: everything else, around the memory and the tables of the first.

use walrus::{
    ExportId, FunctionBuilder, FunctionKind, GlobalKind, ImportedFunction, Module, ValType,
};

use super::doors::Doors;
use super::first::{HAS_REST, MEMORY, fill, global_name, table_name};
use super::{FIRST, Plan};

pub(super) fn write(module: &mut Module, plan: &Plan) -> Vec<u8> {
    let doors = &plan.doors;
    let exports: Vec<ExportId> = module.exports.iter().map(|export| export.id()).collect();
    for export in exports {
        module.exports.delete(export);
    }
    borrow(module, doors);
    fill_table(module, doors);
    plan.memory.leave_only(module);
    arrive(module);
    walrus::passes::gc::run(module);
    module.emit_wasm()
}

/// Makes imports of everything that the first has. A function's name is its place in the table: there the page takes it from.
fn borrow(module: &mut Module, doors: &Doors) {
    for (id, place) in &doors.lent {
        let ty = module.funcs.get(*id).ty();
        let import = module.imports.add(FIRST, &place.to_string(), *id);
        module.funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    let unused = module
        .imports
        .iter()
        .filter(|import| import.module != FIRST);
    for import in unused.map(|import| import.id()).collect::<Vec<_>>() {
        module.imports.delete(import);
    }
    for id in &doors.lent_globals {
        let import = module.imports.add(FIRST, &global_name(*id), *id);
        module.globals.get_mut(*id).kind = GlobalKind::Import(import);
    }
    for id in &doors.lent_tables {
        let import = module.imports.add(FIRST, &table_name(*id, doors), *id);
        let table = module.tables.get_mut(*id);
        table.import = Some(import);
        table.elem_segments.clear();
        if *id == doors.table {
            table.initial = doors.places_count;
            table.maximum = table.maximum.map(|most| most.max(doors.places_count));
        }
    }
    let memories: Vec<_> = module.memories.iter().map(|memory| memory.id()).collect();
    for id in memories {
        let import = module.imports.add(FIRST, MEMORY, id);
        let memory = module.memories.get_mut(id);
        memory.import = Some(import);
        memory.data_segments.clear();
    }
}

/// Puts the functions into their places.
fn fill_table(module: &mut Module, doors: &Doors) {
    let old: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    for element in old {
        module.elements.delete(element);
    }
    let places = doors.late.iter();
    let places = places.filter_map(|(id, place)| Some(((*place)?, *id)));
    fill(module, doors.table, places.collect());
}

/// Says, when all is in its place, that it is there.
fn arrive(module: &mut Module) {
    let (has_rest, _) = module.add_import_global(FIRST, HAS_REST, ValType::I32, true, false);
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    builder.func_body().i32_const(1).global_set(has_rest);
    module.start = Some(builder.finish(Vec::new(), &mut module.funcs));
}
