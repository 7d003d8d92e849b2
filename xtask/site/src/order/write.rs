//! Writing a program again with its functions in another order.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, FunctionSection, ImportSection, Module,
};
use wasmparser::{
    CodeSectionReader, Element, ElementItems, ElementKind, FunctionSectionReader, Imports,
    Operator, Parser, TypeRef,
};

use crate::split::FIRST;

/// The functions that the first file lends to the second: a run of the table. In the order of their new numbers they take less.
pub(super) struct Lent {
    from_place: u32,
    /// The new place of each.
    moved: BTreeMap<u32, u32>,
}

impl Lent {
    pub(super) fn from_place(from_place: u32) -> Lent {
        Lent {
            from_place,
            moved: BTreeMap::new(),
        }
    }
}

/// `order` has the old numbers of the program's own functions, without those that it imports.
pub(super) fn write(
    wasm: &[u8],
    imported_count: u32,
    order: Vec<usize>,
    lent: &mut Lent,
) -> Result<Vec<u8>, String> {
    let mut numbers: Vec<u32> = (0..imported_count).collect();
    numbers.resize(numbers.len() + order.len(), 0);
    for (number, old) in (imported_count..).zip(&order) {
        numbers[imported_count as usize + old] = number;
    }
    let mut module = Module::new();
    Reorder {
        order,
        numbers,
        lent,
    }
    .parse_core_module(&mut module, Parser::new(0), wasm)
    .map_err(|error| format!("cannot order the program: {error}"))?;
    Ok(module.finish())
}

/// Whoever names a function names it by its new number.
struct Reorder<'a> {
    order: Vec<usize>,
    numbers: Vec<u32>,
    lent: &'a mut Lent,
}

impl Reencode for Reorder<'_> {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error> {
        let number = self.numbers.get(old as usize).copied();
        number.ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_imports(
        &mut self,
        out: &mut ImportSection,
        imports: Imports<'_>,
    ) -> Result<(), Error> {
        match imports {
            Imports::Single(_, import)
                if import.module == FIRST && matches!(import.ty, TypeRef::Func(_)) =>
            {
                let place = import.name.parse().ok();
                let moved = place.and_then(|place: u32| self.lent.moved.get(&place));
                let name = moved.map_or(import.name.to_owned(), u32::to_string);
                out.import(import.module, &name, self.entity_type(import.ty)?);
                Ok(())
            }
            other => wasm_encoder::reencode::utils::parse_imports(self, out, other),
        }
    }

    fn parse_element(
        &mut self,
        elements: &mut ElementSection,
        element: Element<'_>,
    ) -> Result<(), Error> {
        if let ElementItems::Functions(functions) = &element.items
            && let ElementKind::Active {
                table_index,
                offset_expr,
            } = &element.kind
            && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
            && value.cast_unsigned() >= self.lent.from_place
        {
            let mut run = Vec::new();
            for (place, function) in (value.cast_unsigned()..).zip(functions.clone()) {
                run.push((self.function_index(function?)?, place));
            }
            run.sort_unstable();
            let new = (value.cast_unsigned()..).zip(&run);
            self.lent
                .moved
                .extend(new.map(|(new, (_, old))| (*old, new)));
            let functions: Vec<u32> = run.into_iter().map(|(function, _)| function).collect();
            let functions = Elements::Functions(functions.into());
            elements.active(*table_index, &ConstExpr::i32_const(value), functions);
            return Ok(());
        }
        wasm_encoder::reencode::utils::parse_element(self, elements, element)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for old in &self.order {
            functions.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for at in 0..self.order.len() {
            self.parse_function_body(code, bodies[self.order[at]].clone())?;
        }
        Ok(())
    }
}
