//! Two small files are ordered; that they work then is seen by the browser's tests.

use std::fmt::Write as _;

use super::*;

/// Functions of two kinds, in turns. The first half of those with a number is lent, in the order in which they stand; `tells` says which is which.
const FUNCTIONS_COUNT: u32 = 40;
const LENT_FROM: u32 = 2;

fn first() -> Vec<u8> {
    let mut text = String::from(
        r#"(module (import "page" "told" (func $told (param i32)))
           (table (export "t") 50 funcref) (elem (i32.const 1) $f1) (elem (i32.const 2)"#,
    );
    for number in (0..FUNCTIONS_COUNT).step_by(2).rev() {
        write!(text, " $f{number}").unwrap();
    }
    text.push(')');
    for number in 0..FUNCTIONS_COUNT {
        let body = match number % 2 {
            0 => "i64.const 77777777 i64.const 88888888 i64.add drop",
            _ => "f64.const 1.25 f64.const 2.75 f64.mul f64.sqrt drop f32.const 3.5 drop",
        };
        write!(
            text,
            r#"(func $f{number} (export "f{number}") {body} i32.const {number} call $told)"#
        )
        .unwrap();
    }
    text.push(')');
    wat::parse_str(text).unwrap()
}

/// Calls what it was lent, from the first place to the last.
fn rest() -> Vec<u8> {
    let places = LENT_FROM..LENT_FROM + FUNCTIONS_COUNT / 2;
    let mut text = String::from("(module");
    for place in places.clone() {
        write!(text, r#"(import "first" "{place}" (func $p{place}))"#).unwrap();
    }
    text.push_str(r#"(func (export "all")"#);
    for place in places {
        write!(text, " call $p{place}").unwrap();
    }
    text.push_str("))");
    wat::parse_str(text).unwrap()
}

fn parts() -> Parts {
    Parts {
        first: first(),
        rest: rest(),
        lent_from: LENT_FROM,
    }
}

/// What the first is told when the rest calls all that it was lent, and then when each function of the first is called by its name.
fn told(parts: &Parts) -> Vec<i32> {
    let engine = wasmi::Engine::default();
    let mut store = wasmi::Store::new(&engine, Vec::new());
    let mut linker = wasmi::Linker::new(&engine);
    linker
        .func_wrap(
            "page",
            "told",
            |mut caller: wasmi::Caller<'_, Vec<i32>>, number: i32| caller.data_mut().push(number),
        )
        .unwrap();
    let mut start = |wasm: &[u8], linker: &wasmi::Linker<Vec<i32>>| {
        let module = wasmi::Module::new(&engine, wasm).expect("the program is valid");
        linker.instantiate_and_start(&mut store, &module).unwrap()
    };
    let first = start(&parts.first, &linker);
    // As the page does it: an import's name is a place.
    let table = first.get_table(&store, "t").unwrap();
    for place in LENT_FROM..LENT_FROM + FUNCTIONS_COUNT / 2 {
        let lent = table.get(&store, u64::from(place)).unwrap();
        let lent = **lent.unwrap_func().val().unwrap();
        linker.define("first", &place.to_string(), lent).unwrap();
    }
    let rest = wasmi::Module::new(&engine, &parts.rest).expect("the program is valid");
    let rest = linker.instantiate_and_start(&mut store, &rest).unwrap();
    let mut call = |instance: &wasmi::Instance, name: &str| {
        let function = instance.get_typed_func::<(), ()>(&store, name).unwrap();
        function.call(&mut store, ()).unwrap();
    };
    call(&rest, "all");
    for number in 0..FUNCTIONS_COUNT {
        call(&first, &format!("f{number}"));
    }
    store.into_data()
}

#[test]
fn an_ordered_program_does_the_same() {
    let (before, after) = (parts(), by_likeness(parts()).unwrap());
    assert_ne!(before.first, after.first);
    assert_ne!(before.rest, after.rest);
    assert_eq!(told(&before), told(&after));
}

#[test]
fn the_order_is_always_the_same_one() {
    let (one, other) = (by_likeness(parts()).unwrap(), by_likeness(parts()).unwrap());
    assert_eq!((one.first, one.rest), (other.first, other.rest));
}

#[test]
fn like_stands_beside_like() {
    let first = first();
    let (_, bodies) = functions(&first).unwrap();
    let order = likeness(&bodies);
    let changes = order.windows(2).filter(|pair| pair[0] % 2 != pair[1] % 2);
    assert_eq!(changes.count(), 1, "{order:?}");
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..FUNCTIONS_COUNT as usize).collect::<Vec<_>>());
}
