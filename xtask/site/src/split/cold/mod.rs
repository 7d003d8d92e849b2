//! What a function does only at times when nobody saw it: such runs of instructions become functions of their own, and so can come later.

mod body;
mod call;
mod copy;
mod effect;
mod live;
mod region;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use walrus::{FunctionId, Module};

pub(super) use body::{Body, Place};
use call::Temporaries;
use copy::Signature;
use live::Live;

/// Moves what lies between the points that were passed out of a function; gives the functions where it is now.
pub(super) fn move_out(
    module: &mut Module,
    id: FunctionId,
    passed: &BTreeSet<Place>,
) -> Vec<FunctionId> {
    let body = Body::of(module, module.funcs.get(id).kind.unwrap_local());
    let regions = region::regions(module, &body, passed);
    let places = regions
        .iter()
        .flat_map(|region| [(region.sequence, region.from), (region.sequence, region.to)])
        .collect();
    let live = Live::of(&body, &places);
    let mut moved = Vec::new();
    for region in &regions {
        let signature = Signature::of(&body, &live, region);
        let function = copy::copy(module, &body, region, &signature);
        let temporaries = Temporaries::add(module, &signature);
        let left = module.funcs.get_mut(id).kind.unwrap_local_mut();
        call::replace(left, region, &signature, &temporaries, function);
        moved.push(function);
    }
    moved
}
