//! A small program is divided; what the two files are made of is looked at, and that both are valid. That they work is seen by the browser's tests.

use std::collections::BTreeSet;

use walrus::ir::Value;
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId,
    ImportKind, Module, ValType,
};

use super::*;

const LESSON: &[u8] = b"A topic is a log.";

/// `main` calls `early`, and by a pointer `pointed`; `early` calls `late`, which calls `helper` and `early`; `reads` has the lesson's address.
struct Program {
    wasm: Vec<u8>,
    main: usize,
    early: usize,
    reads: usize,
}

fn program() -> Program {
    let mut module = Module::default();
    let memory = module.memories.add_local(false, false, 1, None, None);
    module.exports.add("memory", memory);
    let table = module
        .tables
        .add_local(false, 2, Some(2), walrus::RefType::FUNCREF);
    let offset = ConstExpr::Value(Value::I32(1000));
    let text = [b"before ".as_slice(), LESSON, b" after"].concat();
    let data = module.data.add(DataKind::Active { memory, offset }, text);
    module.memories.get_mut(memory).data_segments.insert(data);

    let load = function(&mut module, "load", &[], None);
    module.exports.add(LOAD, load);
    let helper = function(&mut module, "helper", &[], None);
    let pointed = function(&mut module, "pointed", &[helper], None);
    let early = function(&mut module, "early", &[], None);
    let late = function(&mut module, "late", &[helper, early], None);
    let reads = function(&mut module, "reads", &[], Some(1000 + 7));
    let calls_late = function(&mut module, "calls late", &[late], None);
    let main = function(&mut module, "main", &[early, calls_late, reads], None);
    module.exports.add("main", main);
    let kind = ElementKind::Active {
        table,
        offset: ConstExpr::Value(Value::I32(1)),
    };
    let items = ElementItems::Functions(vec![pointed]);
    let element = module.elements.add(kind, items);
    module.tables.get_mut(table).elem_segments.insert(element);
    let wasm = module.emit_wasm();
    let read = read(&wasm).unwrap();
    let number = |name| read.funcs.by_name(name).unwrap().index();
    Program {
        main: number("main"),
        early: number("early"),
        reads: number("reads"),
        wasm,
    }
}

fn divide(wasm: &[u8], passed: &[usize], texts: &[Vec<u8>]) -> Parts {
    split(wasm, &points(wasm, passed), texts, &Objects::default()).unwrap()
}

/// The points of these functions, as if the first view had passed them all.
fn points(wasm: &[u8], functions: &[usize]) -> BTreeSet<usize> {
    let module = read(wasm).unwrap();
    let mut number = 0;
    let mut passed = BTreeSet::new();
    for (id, function) in module.funcs.iter_local() {
        let points_count = Body::of(&module, function).points().len();
        if functions.contains(&id.index()) {
            passed.extend(number..number + points_count);
        }
        number += points_count;
    }
    passed
}

/// A function of one number that adds up what others make of it, and an address.
fn function(
    module: &mut Module,
    name: &str,
    calls: &[FunctionId],
    address: Option<i32>,
) -> FunctionId {
    let is_load = name == "load";
    let (params, results): (&[ValType], &[ValType]) = match is_load {
        true => (&[], &[]),
        false => (&[ValType::I32], &[ValType::I32]),
    };
    let mut builder = FunctionBuilder::new(&mut module.types, params, results);
    builder.name(name.to_owned());
    if is_load {
        return builder.finish(Vec::new(), &mut module.funcs);
    }
    let argument = module.locals.add(ValType::I32);
    let mut body = builder.func_body();
    body.i32_const(address.unwrap_or(i32::try_from(name.len()).unwrap()));
    for call in calls {
        body.local_get(argument)
            .call(*call)
            .binop(walrus::ir::BinaryOp::I32Add);
    }
    builder.finish(vec![argument], &mut module.funcs)
}

fn names(module: &Module) -> BTreeSet<&str> {
    let local = module.funcs.iter_local();
    local
        .filter_map(|(id, _)| module.funcs.get(id).name.as_deref())
        .collect()
}

#[test]
fn what_was_called_stays_and_the_rest_has_everything_else() {
    let Program {
        wasm, main, early, ..
    } = program();
    let parts = divide(&wasm, &[main, early], &[]);
    let (first, rest) = (read(&parts.first).unwrap(), read(&parts.rest).unwrap());
    // Of the late ones only those stay, as doorways, that somebody of the first can come to.
    assert_eq!(
        names(&first),
        BTreeSet::from([
            "main",
            "early",
            "load",
            "wait for the rest",
            "calls late",
            "pointed",
            "reads"
        ])
    );
    assert!(names(&rest).is_superset(&BTreeSet::from([
        "calls late",
        "late",
        "helper",
        "pointed",
        "reads"
    ])));
    assert!(!names(&rest).contains("main") && !names(&rest).contains("early"));
}

#[test]
fn the_rest_gets_all_that_it_shares_from_the_first() {
    let Program {
        wasm, main, early, ..
    } = program();
    let parts = divide(&wasm, &[main, early], &[]);
    let (first, rest) = (read(&parts.first).unwrap(), read(&parts.rest).unwrap());
    let lent: BTreeSet<&str> = first
        .exports
        .iter()
        .map(|export| export.name.as_str())
        .collect();
    let places = filled(&first);
    for import in rest.imports.iter() {
        assert_eq!(import.module, FIRST);
        match import.kind {
            ImportKind::Function(_) => assert!(places.contains(&import.name), "{}", import.name),
            _ => assert!(lent.contains(import.name.as_str()), "{}", import.name),
        }
    }
    assert!(rest.exports.iter().next().is_none());
    assert!(rest.start.is_some(), "the rest says that it is there");
    let grown = first.tables.iter().next().unwrap();
    let same = rest.tables.iter().next().unwrap();
    assert_eq!((grown.initial, grown.maximum), (same.initial, same.maximum));
    assert!(grown.initial > 2, "there are places for doorways");
}

/// The numbers of the places in the table of functions that hold one from the beginning.
fn filled(module: &Module) -> BTreeSet<String> {
    let runs = module
        .elements
        .iter()
        .map(|element| match (&element.kind, &element.items) {
            (
                ElementKind::Active {
                    offset: ConstExpr::Value(Value::I32(offset)),
                    ..
                },
                ElementItems::Functions(functions),
            ) => (*offset as usize..).take(functions.len()),
            other => panic!("{other:?} is no run of functions"),
        });
    runs.flatten().map(|place| place.to_string()).collect()
}

#[test]
fn lessons_come_with_the_rest_and_so_does_who_reads_them() {
    let Program {
        wasm,
        main,
        early,
        reads,
    } = program();
    let parts = divide(&wasm, &[main, early, reads], &[LESSON.to_vec()]);
    let (first, rest) = (read(&parts.first).unwrap(), read(&parts.rest).unwrap());
    let bytes = |module: &Module| {
        let all = module.data.iter().map(|data| data.value.clone());
        all.collect::<Vec<_>>()
    };
    let gone = vec![0; LESSON.len()];
    assert_eq!(
        bytes(&first),
        [[b"before ".to_vec(), gone, b" after".to_vec()].concat()]
    );
    assert_eq!(bytes(&rest), [LESSON.to_vec()]);
    assert!(names(&rest).contains("reads"));
}

#[test]
fn a_program_that_cannot_load_its_rest_is_not_divided() {
    let mut module = read(&program().wasm).unwrap();
    module.exports.remove(LOAD).unwrap();
    let refused = split(
        &module.emit_wasm(),
        &BTreeSet::new(),
        &[],
        &Objects::default(),
    );
    assert_eq!(refused.err().unwrap(), "the program exports no load_rest");
}

#[test]
fn a_constant_comes_with_whoever_reads_it() {
    let Program {
        wasm,
        main,
        early,
        reads,
    } = program();
    // "before ", and then, as the linker would tell, what `reads` points into.
    let map = "  3e8  10  7  a.o:(.rodata.before)\n  3ef  17  11  a.o:(.rodata.lesson)\n 400 28 6 a.o:(.rodata.after)\n";
    let objects = Objects::read(map);
    let data = |passed: &[usize]| {
        let parts = split(&wasm, &points(&wasm, passed), &[], &objects).unwrap();
        let first = read(&parts.first).unwrap();
        let data = first.data.iter().next().unwrap();
        data.value.clone()
    };
    let whole = [b"before ".as_slice(), LESSON, b" after"].concat();
    assert_eq!(data(&[main, early, reads]), whole);
    // Nobody names the two around it: they stay.
    let without = [b"before ".as_slice(), &[0; LESSON.len()], b" after"].concat();
    assert_eq!(data(&[main, early]), without);
}

#[test]
fn every_point_has_a_mark_of_its_own() {
    let program = program();
    let before = read(&program.wasm).unwrap();
    let counting = read(&count(&program.wasm).unwrap()).unwrap();
    let marks = counting
        .exports
        .iter()
        .find(|export| export.name == "marks");
    assert!(matches!(
        marks.map(|export| export.item),
        Some(ExportItem::Memory(_))
    ));
    // None of its functions divides its way: each has one point.
    let mut marked = BTreeSet::new();
    for (_, function) in counting.funcs.iter_local() {
        let body = function.block(function.entry_block());
        match &body.instrs[0].0 {
            walrus::ir::Instr::Const(number) => marked.insert(format!("{:?}", number.value)),
            other => panic!("{other:?} is no mark"),
        };
    }
    assert_eq!(marked.len(), before.funcs.iter_local().count());
}
