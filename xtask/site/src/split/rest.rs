//! The second file: everything else, around the memory and the tables of the first.

use walrus::ir::{self, Value, Visitor};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportId, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, ImportedFunction, LocalFunction, Module, ValType,
};

use super::doors::Doors;
use super::first::{HAS_REST, MEMORY, function_name, global_name, table_name};
use super::{FIRST, Plan};

pub(super) fn write(module: &mut Module, plan: &Plan) -> Vec<u8> {
    let doors = &plan.doors;
    let exports: Vec<ExportId> = module.exports.iter().map(|export| export.id()).collect();
    for export in exports {
        module.exports.delete(export);
    }
    borrow(module, doors);
    fill_table(module, doors);
    plan.texts.leave_only(module);
    arrive(module);
    walrus::passes::gc::run(module);
    module.emit_wasm()
}

/// Makes imports of everything that the first has.
fn borrow(module: &mut Module, doors: &Doors) {
    let functions: Vec<FunctionId> = module.funcs.iter().map(|function| function.id()).collect();
    for id in functions {
        if doors.lent.contains(&id) {
            let ty = module.funcs.get(id).ty();
            let import = module.imports.add(FIRST, &function_name(id), id);
            module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
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
        let import = module.imports.add(FIRST, &table_name(*id), *id);
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

/// Puts the functions into their places, run by run.
fn fill_table(module: &mut Module, doors: &Doors) {
    let old: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    for element in old {
        module.elements.delete(element);
    }
    let mut places: Vec<(u32, FunctionId)> = doors
        .late
        .iter()
        .filter_map(|(id, place)| Some(((*place)?, *id)))
        .collect();
    places.sort_unstable_by_key(|(place, _)| *place);
    for run in places.chunk_by(|one, next| one.0 + 1 == next.0) {
        let functions = run.iter().map(|(_, id)| *id).collect();
        let offset = i32::try_from(run[0].0).expect("a module has fewer functions");
        let kind = ElementKind::Active {
            table: doors.table,
            offset: ConstExpr::Value(Value::I32(offset)),
        };
        let id = module
            .elements
            .add(kind, ElementItems::Functions(functions));
        module.tables.get_mut(doors.table).elem_segments.insert(id);
    }
}

/// Says, when all is in its place, that it is there.
fn arrive(module: &mut Module) {
    let (has_rest, _) = module.add_import_global(FIRST, HAS_REST, ValType::I32, true, false);
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    builder.func_body().i32_const(1).global_set(has_rest);
    module.start = Some(builder.finish(Vec::new(), &mut module.funcs));
}

/// Runs of the memory that come with the rest.
pub(super) struct Texts(Vec<Text>);

struct Text {
    address: u32,
    bytes: Vec<u8>,
}

impl Texts {
    pub(super) fn find(module: &Module, wanted: &[Vec<u8>]) -> Texts {
        let mut found = Vec::new();
        for data in module.data.iter() {
            let Some(start) = address(&data.kind) else {
                continue;
            };
            for text in wanted.iter().filter(|text| !text.is_empty()) {
                let at = data
                    .value
                    .windows(text.len())
                    .position(|run| run == text.as_slice());
                if let Some(at) = at.and_then(|at| u32::try_from(at).ok()) {
                    found.push(Text {
                        address: start + at,
                        bytes: text.clone(),
                    });
                }
            }
        }
        Texts(found)
    }

    /// Whether the address of one of them is in a function's code.
    pub(super) fn are_read_by(&self, function: &LocalFunction) -> bool {
        let mut seen = Addresses {
            texts: self,
            any: false,
        };
        ir::dfs_in_order(&mut seen, function, function.entry_block());
        seen.any
    }

    /// Leaves nothing where they are.
    pub(super) fn take_out(&self, module: &mut Module) {
        for text in &self.0 {
            let holder = module.data.iter().find(|data| {
                address(&data.kind).is_some_and(|start| {
                    start <= text.address
                        && text.address as usize + text.bytes.len()
                            <= start as usize + data.value.len()
                })
            });
            let Some(id) = holder.map(|data| data.id()) else {
                continue;
            };
            let data = module.data.get_mut(id);
            let DataKind::Active { memory, offset } = &data.kind else {
                continue;
            };
            let start = address(&data.kind).unwrap_or_default();
            let memory = *memory;
            let _ = offset;
            let at = (text.address - start) as usize;
            let after = data.value.split_off(at + text.bytes.len());
            data.value.truncate(at);
            let end = text.address + u32::try_from(text.bytes.len()).expect("memory is 32 bits");
            add_data(module, memory, end, after);
        }
    }

    /// Leaves nothing but them.
    pub(super) fn leave_only(&self, module: &mut Module) {
        let all: Vec<_> = module.data.iter().map(|data| data.id()).collect();
        for id in all {
            module.data.delete(id);
        }
        let Some(memory) = module.memories.iter().next().map(|memory| memory.id()) else {
            return;
        };
        for text in &self.0 {
            add_data(module, memory, text.address, text.bytes.clone());
        }
    }
}

fn add_data(module: &mut Module, memory: walrus::MemoryId, address: u32, bytes: Vec<u8>) {
    let offset = ConstExpr::Value(Value::I32(address.cast_signed()));
    let id = module.data.add(DataKind::Active { memory, offset }, bytes);
    module.memories.get_mut(memory).data_segments.insert(id);
}

fn address(kind: &DataKind) -> Option<u32> {
    match kind {
        DataKind::Active {
            offset: ConstExpr::Value(Value::I32(offset)),
            ..
        } => Some(offset.cast_unsigned()),
        _ => None,
    }
}

struct Addresses<'a> {
    texts: &'a Texts,
    any: bool,
}

impl Visitor<'_> for Addresses<'_> {
    fn visit_const(&mut self, instruction: &ir::Const) {
        let Value::I32(value) = instruction.value else {
            return;
        };
        let value = value.cast_unsigned();
        self.any |=
            self.texts.0.iter().any(|text| {
                value >= text.address && (value - text.address) < text.bytes.len() as u32
            });
    }
}
