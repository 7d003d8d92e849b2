//! Short names where the program meets its JavaScript: wasm-bindgen's hold hashes, which no compression makes less.

use walrus::ModuleConfig;

/// What the program calls its JavaScript.
const GLUE: &str = "./ottla_bg.js";

/// Program and JavaScript, as wasm-bindgen leaves them, with a number as the name of each import.
pub(crate) fn shorten(wasm: &[u8], js: &str) -> Result<(Vec<u8>, String), String> {
    let mut module = ModuleConfig::new()
        .generate_producers_section(false)
        .parse(wasm)
        .map_err(|error| format!("cannot read the program: {error:#}"))?;
    let mut js = js.to_owned();
    let imports = module.imports.iter_mut();
    let imports = imports.filter(|import| import.module == GLUE);
    for (number, import) in imports.enumerate() {
        // Where JavaScript has them: the properties of one object.
        let (long, short) = (
            format!("\n        {}: ", import.name),
            format!("\n        {number}: "),
        );
        if js.matches(import.name.as_str()).count() != 1 || !js.contains(&long) {
            return Err(format!(
                "wasm-bindgen writes {} in an unknown way",
                import.name
            ));
        }
        js = js.replace(&long, &short);
        import.name = number.to_string();
    }
    Ok((module.emit_wasm(), js))
}

#[cfg(test)]
mod tests {
    use walrus::{Module, ValType};

    use super::*;

    fn program() -> Vec<u8> {
        let mut module = Module::default();
        let ty = module.types.add(&[ValType::I32], &[]);
        for name in ["__wbg_log_0123456789abcdef", "__wbg_now_fedcba9876543210"] {
            module.add_import_func(GLUE, name, ty);
        }
        let functions: Vec<_> = module.funcs.iter().map(|function| function.id()).collect();
        for (number, function) in functions.into_iter().enumerate() {
            module.exports.add(&format!("f{number}"), function);
        }
        module.emit_wasm()
    }

    const JS: &str = "    const import0 = {
        __proto__: null,
        __wbg_log_0123456789abcdef: function(arg0) {
            console.log(arg0);
        },
        __wbg_now_fedcba9876543210: function(arg0) {
            now(arg0);
        },
    };
";

    #[test]
    fn both_sides_call_an_import_by_its_number() {
        let (wasm, js) = shorten(&program(), JS).unwrap();
        let module = Module::from_buffer(&wasm).unwrap();
        let names: Vec<&str> = module
            .imports
            .iter()
            .map(|import| import.name.as_str())
            .collect();
        assert_eq!(names, ["0", "1"]);
        assert!(js.contains("        0: function(arg0) {\n            console.log"));
        assert!(js.contains("        1: function(arg0) {\n            now"));
        assert!(!js.contains("__wbg_"), "{js}");
    }

    #[test]
    fn an_import_that_stands_elsewhere_too_is_refused() {
        let twice = format!("{JS}__wbg_now_fedcba9876543210();");
        assert_eq!(
            shorten(&program(), &twice).unwrap_err(),
            "wasm-bindgen writes __wbg_now_fedcba9876543210 in an unknown way"
        );
    }
}
