//! Whatever is moved out of a function, it gives the same for every argument, and leaves the same memory.

use std::collections::BTreeSet;

use walrus::{FunctionId, Module};

use super::*;

/// Functions of two numbers with every way out of a region: its end, blocks around it, loops, tables, a return, none at all.
const PROGRAM: &str = r#"
(module
  (memory (export "memory") 1)
  (global $seen (mut i32) (i32.const 0))

  (func $note (param i32) (result i32)
    global.get $seen
    i32.const 31
    i32.mul
    local.get 0
    i32.add
    global.set $seen
    i32.const 8
    global.get $seen
    i32.store
    local.get 0)

  (func (export "arms") (param $a i32) (param $b i32) (result i32)
    (local $sum i32)
    block $out
      block $three
        block $two
          block $one
            local.get $a
            br_table $one $two $three $out
          end
          local.get $b
          call $note
          i32.const 100
          i32.add
          local.set $sum
          local.get $b
          i32.const 2
          i32.gt_s
          br_if $three
          br $out
        end
        local.get $a
        local.get $b
        i32.mul
        call $note
        local.tee $b
        i32.const 7
        i32.add
        return
      end
      local.get $sum
      local.get $b
      i32.add
      call $note
      local.set $sum
    end
    local.get $sum
    local.get $b
    i32.xor)

  (func (export "loops") (param $a i32) (param $b i32) (result i32)
    (local $i i32) (local $sum i32)
    block $done
      loop $again
        local.get $i
        local.get $a
        i32.ge_s
        br_if $done
        local.get $i
        i32.const 3
        i32.rem_s
        if
          local.get $sum
          local.get $i
          call $note
          i32.add
          local.set $sum
          local.get $sum
          i32.const 12
          i32.gt_s
          if
            local.get $sum
            local.get $b
            i32.mul
            call $note
            return
          end
        else
          local.get $i
          i32.const 2
          i32.add
          call $note
          local.set $i
          local.get $i
          local.get $b
          i32.lt_s
          br_if $again
          local.get $b
          i32.const 4
          i32.eq
          br_if $done
          local.get $sum
          i32.const 1
          i32.add
          local.set $sum
        end
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        br $again
      end
    end
    local.get $sum
    local.get $i
    i32.const 1000
    i32.mul
    i32.add)

  (func (export "values") (param $a i32) (param $b i32) (result i32)
    local.get $a
    local.get $b
    i32.gt_s
    if (result i32)
      local.get $a
      call $note
      local.get $b
      call $note
      i32.sub
      local.tee $a
      i32.const 5
      i32.mul
    else
      block $nested (result i32)
        local.get $b
        call $note
        local.set $a
        local.get $b
        i32.const 3
        i32.eq
        if
          i32.const 77
          call $note
          drop
          i32.const -1
          return
        end
        local.get $a
        i32.const 11
        i32.add
      end
    end
    local.get $a
    i32.add)

  (func (export "tables") (param $a i32) (param $b i32) (result i32)
    (local $steps i32)
    loop $again
      block $stop
        block $shrink
          block $inside
            local.get $steps
            i32.const 1
            i32.add
            local.tee $steps
            i32.const 9
            i32.gt_s
            br_if $stop
            block $deep
              local.get $b
              local.get $steps
              i32.add
              i32.const 5
              i32.rem_u
              call $note
              br_table $deep $inside $shrink $stop $again
            end
            local.get $a
            i32.const 13
            i32.add
            call $note
            local.set $a
            br $again
          end
          local.get $a
          i32.const 2
          i32.div_s
          local.set $a
          br $again
        end
        local.get $b
        i32.const 1
        i32.sub
        call $note
        local.set $b
        br $again
      end
    end
    local.get $a
    local.get $b
    i32.const 100
    i32.mul
    i32.add
    local.get $steps
    i32.add)
)
"#;

const FUNCTIONS: [&str; 4] = ["arms", "loops", "values", "tables"];
const LIVES: u64 = 100;

#[test]
fn a_function_whose_rare_ways_are_elsewhere_does_the_same() {
    let wasm = wat::parse_str(PROGRAM).unwrap();
    let expected = results(&wasm);
    let mut moved_count = 0;
    for seed in 0..LIVES {
        let mut chance = seed * 2 + 1;
        let mut module = Module::from_buffer(&wasm).unwrap();
        let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
        for id in functions {
            let points = Body::of(&module, module.funcs.get(id).kind.unwrap_local()).points();
            let passed: BTreeSet<Place> = points
                .into_iter()
                .filter(|_| is_passed(&mut chance))
                .collect();
            moved_count += move_out(&mut module, id, &passed).len();
        }
        let divided = module.emit_wasm();
        assert_eq!(results(&divided), expected, "seed {seed}");
    }
    assert!(
        moved_count > LIVES as usize,
        "{moved_count} regions were moved"
    );
}

#[test]
fn what_was_passed_everywhere_stays_whole() {
    let mut module = Module::from_buffer(&wat::parse_str(PROGRAM).unwrap()).unwrap();
    for id in module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .collect::<Vec<_>>()
    {
        let points = Body::of(&module, module.funcs.get(id).kind.unwrap_local()).points();
        assert!(move_out(&mut module, id, &points.into_iter().collect()).is_empty());
    }
}

/// Two points of three, by an xorshift that starts from the seed.
fn is_passed(chance: &mut u64) -> bool {
    *chance ^= *chance << 13;
    *chance ^= *chance >> 7;
    *chance ^= *chance << 17;
    !(*chance >> 20).is_multiple_of(3)
}

/// What each function gives for small arguments, with what it has left in memory.
fn results(wasm: &[u8]) -> Vec<(i32, Vec<u8>)> {
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, wasm).expect("the program is valid");
    let mut all = Vec::new();
    for name in FUNCTIONS {
        for (a, b) in (-1..6).flat_map(|a| (-1..6).map(move |b| (a, b))) {
            let mut store = wasmi::Store::new(&engine, ());
            let instance = wasmi::Linker::new(&engine)
                .instantiate_and_start(&mut store, &module)
                .unwrap();
            let function = instance
                .get_typed_func::<(i32, i32), i32>(&store, name)
                .unwrap();
            let result = function.call(&mut store, (a, b)).unwrap();
            let memory = instance.get_memory(&store, "memory").unwrap();
            all.push((result, memory.data(&store)[..16].to_vec()));
        }
    }
    all
}
