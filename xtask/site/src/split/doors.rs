//! Which functions are on which side, and how they call each other.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{self, Visitor};
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionId, FunctionKind, GlobalId, LocalFunction,
    Module, TableId,
};

/// The plan of both files.
pub(super) struct Doors {
    /// The functions that come with the rest, and where in the table each can be found by the first, if it looks for it.
    pub(super) late: BTreeMap<FunctionId, Option<u32>>,
    /// The functions of the first that the rest calls, and where in the table each can be found.
    pub(super) lent: BTreeMap<FunctionId, u32>,
    pub(super) lent_globals: BTreeSet<GlobalId>,
    pub(super) lent_tables: BTreeSet<TableId>,
    /// The table of functions; where its places for what is lent begin, behind those for the doors, and how many it has in all.
    pub(super) table: TableId,
    pub(super) lent_from: u32,
    pub(super) places_count: u64,
}

impl Doors {
    pub(super) fn plan(module: &Module, late: &BTreeSet<FunctionId>) -> Result<Doors, String> {
        let table = module
            .tables
            .main_function_table()
            .ok()
            .flatten()
            .ok_or("the program has not the one table of functions that it should have")?;
        let mut places = places(module, table)?;
        let mut next = u32::try_from(module.tables.get(table).initial)
            .map_err(|_| "the table of functions is too long")?;
        let mut doors = Doors {
            late: late.iter().map(|id| (*id, None)).collect(),
            lent: BTreeMap::new(),
            lent_globals: BTreeSet::new(),
            lent_tables: BTreeSet::from([table]),
            table,
            lent_from: 0,
            places_count: 0,
        };
        let mut wanted: BTreeSet<FunctionId> = places.keys().copied().collect();
        wanted.extend(
            module
                .exports
                .iter()
                .filter_map(|export| match export.item {
                    walrus::ExportItem::Function(function) => Some(function),
                    _ => None,
                }),
        );
        let mut lent = BTreeSet::new();
        for (id, local) in module.funcs.iter_local() {
            let uses = Uses::of(local);
            match late.contains(&id) {
                false => wanted.extend(uses.functions),
                true => {
                    let early = uses.functions.into_iter().filter(|id| !late.contains(id));
                    lent.extend(early);
                    doors.lent_globals.extend(uses.globals);
                    doors.lent_tables.extend(uses.tables);
                }
            }
        }
        let mut place = |id, next: &mut u32| {
            *places.entry(id).or_insert_with(|| {
                *next += 1;
                *next - 1
            })
        };
        for id in wanted {
            if let Some(found) = doors.late.get_mut(&id) {
                *found = Some(place(id, &mut next));
            }
        }
        doors.lent_from = next;
        let lent = lent.into_iter().map(|id| (id, place(id, &mut next)));
        doors.lent = lent.collect();
        doors.places_count = u64::from(next);
        Ok(doors)
    }
}

/// All that a function can come to without a look into the table, itself first.
pub(super) fn reachable(module: &Module, from: FunctionId) -> BTreeSet<FunctionId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if reached.insert(id)
            && let FunctionKind::Local(local) = &module.funcs.get(id).kind
        {
            open.extend(Uses::of(local).functions);
        }
    }
    reached
}

/// One place of each function that is in the table.
fn places(module: &Module, table: TableId) -> Result<BTreeMap<FunctionId, u32>, String> {
    let mut places = BTreeMap::new();
    for element in module.elements.iter() {
        match (&element.kind, &element.items) {
            (
                ElementKind::Active {
                    table: filled,
                    offset: ConstExpr::Value(ir::Value::I32(offset)),
                },
                ElementItems::Functions(functions),
            ) if *filled == table => {
                let numbers = u32::try_from(*offset).unwrap_or_default()..;
                for (place, id) in numbers.zip(functions) {
                    if places.insert(*id, place).is_some() {
                        return Err("a function is in the table twice".to_owned());
                    }
                }
            }
            (ElementKind::Active { table: filled, .. }, _) if *filled == table => {
                return Err("the table of functions is filled in an unknown way".to_owned());
            }
            _ => {}
        }
    }
    Ok(places)
}

/// What a function's instructions name.
#[derive(Default)]
struct Uses {
    functions: BTreeSet<FunctionId>,
    globals: BTreeSet<GlobalId>,
    tables: BTreeSet<TableId>,
}

impl Uses {
    fn of(function: &LocalFunction) -> Uses {
        let mut uses = Uses::default();
        ir::dfs_in_order(&mut uses, function, function.entry_block());
        uses
    }
}

impl Visitor<'_> for Uses {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.functions.insert(*id);
    }

    fn visit_global_id(&mut self, id: &GlobalId) {
        self.globals.insert(*id);
    }

    fn visit_table_id(&mut self, id: &TableId) {
        self.tables.insert(*id);
    }
}
