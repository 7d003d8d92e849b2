//! The order of a program's functions, in which it travels: like stands beside like, for gzip sees no further than 32 kB.

mod likeness;
#[cfg(test)]
mod tests;
mod write;

use wasmparser::{BinaryReaderError, Parser, Payload, TypeRef};

use crate::split::Parts;
use likeness::likeness;
use write::{Lent, write};

/// The same program with its functions in another order: always the same one.
pub(crate) fn by_likeness(parts: Parts) -> Result<Parts, String> {
    let mut lent = Lent::from_place(parts.lent_from);
    // The first file tells where its functions have gone, the second looks for them there.
    Ok(Parts {
        first: ordered(&parts.first, &mut lent)?,
        rest: ordered(&parts.rest, &mut lent)?,
        ..parts
    })
}

fn ordered(wasm: &[u8], lent: &mut Lent) -> Result<Vec<u8>, String> {
    let (imported_count, bodies) =
        functions(wasm).map_err(|error| format!("cannot read the program: {error}"))?;
    write(wasm, imported_count, likeness(&bodies), lent)
}

/// How many functions a program imports, and the bodies of its own.
fn functions(wasm: &[u8]) -> Result<(u32, Vec<&[u8]>), BinaryReaderError> {
    let (mut imported_count, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported_count += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported_count, bodies))
}
