//! A region as a function: what it needs comes as arguments, what it changed and where it leads to go back as results.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{
    Block, Br, BrIf, BrTable, Const, IfElse, Instr, InstrLocId, InstrSeqId, InstrSeqType, LocalGet,
    LocalSet, LocalTee, Loop, Value,
};
use walrus::{FunctionBuilder, FunctionId, LocalId, Module, ValType};

use super::body::Body;
use super::live::{Live, Locals};
use super::region::{Exit, Region};

/// How a region is called. The results are, in this order: what it yields, the way it took where there are several, what the whole function
/// returns where one of the ways does that, and the locals that it changed.
pub(super) struct Signature {
    pub(super) params: Vec<LocalId>,
    pub(super) has_way: bool,
    pub(super) returned: Vec<ValType>,
    pub(super) changed: Vec<LocalId>,
}

impl Signature {
    pub(super) fn of(body: &Body, live: &Live, region: &Region) -> Signature {
        let run = &body.instructions(region.sequence)[region.from..region.to];
        let (mut read, mut written) = (Locals::new(), Locals::new());
        let all = body.within(run).collect::<Vec<_>>();
        let all = all.iter().flat_map(|id| body.instructions(*id));
        for instruction in run.iter().chain(all) {
            match instruction {
                Instr::LocalGet(get) => read.insert(get.local),
                Instr::LocalSet(set) => written.insert(set.local),
                Instr::LocalTee(tee) => written.insert(tee.local),
                _ => false,
            };
        }
        let mut after = Locals::new();
        if region.falls {
            after.extend(live.at((region.sequence, region.to)));
        }
        for exit in &region.exits {
            if let Exit::To(target) = exit {
                after.extend(live.at_target(*target));
            }
        }
        let changed: Vec<LocalId> = written.intersection(&after).copied().collect();
        let before = live.at((region.sequence, region.from));
        let wanted: BTreeSet<LocalId> = read.iter().chain(&changed).copied().collect();
        Signature {
            params: before.intersection(&wanted).copied().collect(),
            has_way: region.exits.len() + usize::from(region.falls) > 1,
            returned: match region.exits.contains(&Exit::Return) {
                true => body.results.clone(),
                false => Vec::new(),
            },
            changed,
        }
    }

    fn results(&self, module: &Module, region: &Region) -> Vec<ValType> {
        let mut results = region.yields.clone();
        results.extend(self.has_way.then_some(ValType::I32));
        results.extend(&self.returned);
        results.extend(self.changed.iter().map(|id| module.locals.get(*id).ty()));
        results
    }
}

/// Adds the function.
pub(super) fn copy(
    module: &mut Module,
    body: &Body,
    region: &Region,
    signature: &Signature,
) -> FunctionId {
    let types = |locals: &[LocalId]| -> Vec<ValType> {
        let types = locals.iter().map(|id| module.locals.get(*id).ty());
        types.collect()
    };
    let params = types(&signature.params);
    let results = signature.results(module, region);
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let out = builder.dangling_instr_seq(None).id();
    let mut copy = Copy {
        module,
        body,
        region,
        builder,
        out,
        locals: BTreeMap::new(),
        sequences: BTreeMap::new(),
        way: None,
        returned: Vec::new(),
    };
    copy.way = signature
        .has_way
        .then(|| copy.module.locals.add(ValType::I32));
    copy.returned = copy.fresh(&signature.returned);
    let args = signature.params.iter().map(|id| copy.local(*id)).collect();
    let yields = copy.fresh(&region.yields);

    let run = &body.instructions(region.sequence)[region.from..region.to];
    copy.run(run, out);
    copy.set_all(&yields, out);
    let entry = copy.builder.func_body_id();
    copy.push(entry, Block { seq: out });
    let changed: Vec<LocalId> = signature.changed.iter().map(|id| copy.local(*id)).collect();
    let given = [
        yields,
        copy.way.into_iter().collect(),
        copy.returned.clone(),
        changed,
    ]
    .concat();
    for local in given {
        copy.push(entry, LocalGet { local });
    }
    copy.builder.finish(args, &mut copy.module.funcs)
}

struct Copy<'a> {
    module: &'a mut Module,
    body: &'a Body,
    region: &'a Region,
    builder: FunctionBuilder,
    /// The sequence behind which the results are given.
    out: InstrSeqId,
    locals: BTreeMap<LocalId, LocalId>,
    sequences: BTreeMap<InstrSeqId, InstrSeqId>,
    /// Where the number of the way that was taken is kept.
    way: Option<LocalId>,
    returned: Vec<LocalId>,
}

impl Copy<'_> {
    fn run(&mut self, instructions: &[Instr], into: InstrSeqId) {
        for instruction in instructions {
            self.one(instruction, into);
        }
    }

    fn one(&mut self, instruction: &Instr, into: InstrSeqId) {
        match instruction {
            Instr::LocalGet(get) => {
                let local = self.local(get.local);
                self.push(into, LocalGet { local });
            }
            Instr::LocalSet(set) => {
                let local = self.local(set.local);
                self.push(into, LocalSet { local });
            }
            Instr::LocalTee(tee) => {
                let local = self.local(tee.local);
                self.push(into, LocalTee { local });
            }
            Instr::Block(block) => {
                let seq = self.sequence(block.seq);
                self.push(into, Block { seq });
            }
            Instr::Loop(block) => {
                let seq = self.sequence(block.seq);
                self.push(into, Loop { seq });
            }
            Instr::IfElse(branch) => {
                let consequent = self.sequence(branch.consequent);
                let alternative = self.sequence(branch.alternative);
                self.push(
                    into,
                    IfElse {
                        consequent,
                        alternative,
                    },
                );
            }
            Instr::Br(branch) => self.branch(branch.block, into),
            Instr::BrIf(branch) => match self.sequences.get(&branch.block) {
                Some(block) => {
                    let block = *block;
                    self.push(into, BrIf { block });
                }
                None => {
                    let consequent = self.builder.dangling_instr_seq(None).id();
                    let alternative = self.builder.dangling_instr_seq(None).id();
                    self.branch(branch.block, consequent);
                    self.push(
                        into,
                        IfElse {
                            consequent,
                            alternative,
                        },
                    );
                }
            },
            Instr::BrTable(table) => self.table(table, into),
            Instr::Return(_) => {
                let returned = self.returned.clone();
                self.set_all(&returned, into);
                self.leave(Exit::Return, into);
            }
            other => self.push(into, other.clone()),
        }
    }

    fn branch(&mut self, target: InstrSeqId, into: InstrSeqId) {
        match self.sequences.get(&target) {
            Some(block) => {
                let block = *block;
                self.push(into, Br { block });
            }
            None => self.leave(Exit::To(target), into),
        }
    }

    /// Ways out of the region get a block each, behind whose end they leave.
    fn table(&mut self, table: &BrTable, into: InstrSeqId) {
        let targets = table.blocks.iter().chain([&table.default]);
        let outside: BTreeSet<InstrSeqId> = targets
            .filter(|target| !self.sequences.contains_key(target))
            .copied()
            .collect();
        if outside.is_empty() {
            let blocks = table.blocks.iter().map(|id| self.sequences[id]).collect();
            let default = self.sequences[&table.default];
            return self.push(into, BrTable { blocks, default });
        }
        let which = self.module.locals.add(ValType::I32);
        self.push(into, LocalSet { local: which });
        let doors: BTreeMap<InstrSeqId, InstrSeqId> = outside
            .into_iter()
            .map(|target| (target, self.builder.dangling_instr_seq(None).id()))
            .collect();
        let place =
            |copy: &Self, id: &InstrSeqId| *doors.get(id).unwrap_or_else(|| &copy.sequences[id]);
        let blocks = table.blocks.iter().map(|id| place(self, id)).collect();
        let default = place(self, &table.default);
        let innermost = self.builder.dangling_instr_seq(None).id();
        self.push(innermost, LocalGet { local: which });
        self.push(innermost, BrTable { blocks, default });
        // Each door holds the one before it, the first the table itself; behind what it holds its own way begins.
        let mut held = innermost;
        let mut before = None;
        for (target, door) in doors {
            self.push(door, Block { seq: held });
            if let Some(target) = before {
                self.leave(Exit::To(target), door);
            }
            (held, before) = (door, Some(target));
        }
        if let Some(target) = before {
            self.push(into, Block { seq: held });
            self.leave(Exit::To(target), into);
        }
    }

    /// Ends the function's work by one of its ways.
    fn leave(&mut self, exit: Exit, into: InstrSeqId) {
        if let Some(local) = self.way {
            let way = self.region.way(exit);
            let value = Value::I32(i32::try_from(way).expect("a function has fewer blocks"));
            self.push(into, Const { value });
            self.push(into, LocalSet { local });
        }
        self.push(into, Br { block: self.out });
    }

    fn sequence(&mut self, id: InstrSeqId) -> InstrSeqId {
        let body = self.body;
        let ty: InstrSeqType = body.sequence(id).ty;
        let copied = self.builder.dangling_instr_seq(ty).id();
        self.sequences.insert(id, copied);
        self.run(body.instructions(id), copied);
        copied
    }

    fn local(&mut self, id: LocalId) -> LocalId {
        let ty = self.module.locals.get(id).ty();
        let locals = &mut self.module.locals;
        *self.locals.entry(id).or_insert_with(|| locals.add(ty))
    }

    fn fresh(&mut self, types: &[ValType]) -> Vec<LocalId> {
        types.iter().map(|ty| self.module.locals.add(*ty)).collect()
    }

    /// Takes values from the stack, the last one first.
    fn set_all(&mut self, locals: &[LocalId], into: InstrSeqId) {
        for local in locals.iter().rev() {
            self.push(into, LocalSet { local: *local });
        }
    }

    fn push(&mut self, into: InstrSeqId, instruction: impl Into<Instr>) {
        let mut sequence = self.builder.instr_seq(into);
        sequence
            .instrs_mut()
            .push((instruction.into(), InstrLocId::default()));
    }
}
