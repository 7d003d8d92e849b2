//! The part of the program that is not needed for the first view: `cargo xtask site` puts it into a file of its own.
//!
//! The page loads it as soon as the first view stands. Where something of it is wanted before, the program calls [`load_rest`].

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Loads the rest, around the exports of what is there, and comes back when it is done. The page defines it.
    #[wasm_bindgen(js_name = ottlaLoadRest)]
    fn load(exports: &JsValue);
}

/// Called in place of a function that is not there yet.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]
pub fn load_rest() {
    load(&wasm_bindgen::exports());
}
