//! Which of the program's memory comes with the rest: what no function of the first can come to.

use std::collections::BTreeSet;
use std::ops::Range;

use walrus::ir::{self, Value, Visitor};
use walrus::{ConstExpr, DataKind, LocalFunction, MemoryId, Module};

use super::objects::Objects;

/// Runs of the memory that come with the rest: in order, apart, and never written to.
pub(super) struct Late(Vec<Range<u32>>);

/// A gap between two runs that is not worth two of them.
const GAP_BYTES: u32 = 24;

impl Late {
    /// Wherever these texts are, whoever knows their beginning.
    pub(super) fn texts(module: &Module, texts: &[Vec<u8>]) -> Late {
        let mut found = Vec::new();
        for data in module.data.iter() {
            let Some(start) = address(&data.kind) else {
                continue;
            };
            for text in texts.iter().filter(|text| !text.is_empty()) {
                let at = data
                    .value
                    .windows(text.len())
                    .position(|run| run == text.as_slice());
                if let Some(at) = at {
                    found.push(start + length(at)..start + length(at + text.len()));
                }
            }
        }
        Late::of(found)
    }

    /// With all objects that neither a function of the first names, nor another object that it comes to.
    pub(super) fn with_unreached(
        self,
        module: &Module,
        objects: &Objects,
        late: &BTreeSet<walrus::FunctionId>,
    ) -> Late {
        let (mut first, mut rest) = (Addresses::default(), Addresses::default());
        for (id, function) in module.funcs.iter_local() {
            let names = match late.contains(&id) {
                true => &mut rest,
                false => &mut first,
            };
            ir::dfs_in_order(names, function, function.entry_block());
        }
        let unreached = objects.unreached(module, &first.0, &rest.0);
        Late::of(self.0.into_iter().chain(unreached).collect())
    }

    fn of(mut runs: Vec<Range<u32>>) -> Late {
        runs.sort_unstable_by_key(|run| run.start);
        let mut joined: Vec<Range<u32>> = Vec::new();
        for run in runs {
            match joined.last_mut() {
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                _ => joined.push(run),
            }
        }
        Late(joined)
    }

    /// Whether an address in one of them is in a function's code.
    pub(super) fn is_read_by(&self, function: &LocalFunction) -> bool {
        let mut names = Addresses::default();
        ir::dfs_in_order(&mut names, function, function.entry_block());
        names
            .0
            .iter()
            .any(|address| self.0.iter().any(|run| run.contains(address)))
    }

    /// Leaves nothing where they are.
    pub(super) fn take_out(&self, module: &mut Module) {
        let all: Vec<_> = module.data.iter().map(|data| data.id()).collect();
        for id in all {
            let data = module.data.get_mut(id);
            let Some(start) = address(&data.kind) else {
                continue;
            };
            for run in &self.0 {
                if let Some(inside) = overlap(run, start, data.value.len()) {
                    data.value[inside].fill(0);
                }
            }
        }
    }

    /// Leaves nothing but them, and what lies between two that are near: it is the same again.
    pub(super) fn leave_only(&self, module: &mut Module) {
        let mut kept = Vec::new();
        for data in module.data.iter() {
            let Some(start) = address(&data.kind) else {
                continue;
            };
            let mut inside: Vec<Range<usize>> = Vec::new();
            for run in self
                .0
                .iter()
                .filter_map(|run| overlap(run, start, data.value.len()))
            {
                match inside.last_mut() {
                    Some(last) if run.start - last.end <= GAP_BYTES as usize => last.end = run.end,
                    _ => inside.push(run),
                }
            }
            kept.extend(
                inside
                    .into_iter()
                    .map(|run| (start + length(run.start), data.value[run].to_vec())),
            );
        }
        let all: Vec<_> = module.data.iter().map(|data| data.id()).collect();
        for id in all {
            module.data.delete(id);
        }
        let Some(memory) = module.memories.iter().next().map(|memory| memory.id()) else {
            return;
        };
        for (address, bytes) in kept {
            add_data(module, memory, address, bytes);
        }
    }
}

/// Where in `count` bytes from `start` on a run lies.
fn overlap(run: &Range<u32>, start: u32, count: usize) -> Option<Range<usize>> {
    let from = run.start.saturating_sub(start) as usize;
    let to = (run.end.saturating_sub(start) as usize).min(count);
    (from < to).then_some(from..to)
}

fn add_data(module: &mut Module, memory: MemoryId, address: u32, bytes: Vec<u8>) {
    let offset = ConstExpr::Value(Value::I32(address.cast_signed()));
    let id = module.data.add(DataKind::Active { memory, offset }, bytes);
    module.memories.get_mut(memory).data_segments.insert(id);
}

/// Where a data segment begins.
pub(super) fn address(kind: &DataKind) -> Option<u32> {
    match kind {
        DataKind::Active {
            offset: ConstExpr::Value(Value::I32(offset)),
            ..
        } => Some(offset.cast_unsigned()),
        _ => None,
    }
}

fn length(count: usize) -> u32 {
    u32::try_from(count).expect("memory is 32 bits")
}

/// The numbers in functions that may be addresses.
#[derive(Default)]
struct Addresses(BTreeSet<u32>);

impl Visitor<'_> for Addresses {
    fn visit_const(&mut self, instruction: &ir::Const) {
        if let Value::I32(value) = instruction.value {
            self.0.insert(value.cast_unsigned());
        }
    }

    fn visit_load(&mut self, instruction: &ir::Load) {
        self.0.extend(u32::try_from(instruction.arg.offset));
    }

    fn visit_store(&mut self, instruction: &ir::Store) {
        self.0.extend(u32::try_from(instruction.arg.offset));
    }
}
