//! Puts the tutorial into the binary: `OTTLA_SITE` names the folder that `cargo xtask site` has written. Without it the binary has none.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=OTTLA_SITE");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = "&[\n".to_owned();
    if let Some(site) = env::var_os("OTTLA_SITE").filter(|site| !site.is_empty()) {
        let site = PathBuf::from(site);
        println!("cargo::rerun-if-changed={}", site.display());
        for (index, path) in files(&site)?.iter().enumerate() {
            let content = fs::read(site.join(path))?;
            let gzipped = out.join(format!("{index}.gz"));
            fs::write(&gzipped, gzip(&content)?)?;
            let (mut hasher, bytes) = (DefaultHasher::new(), content.len());
            content.hash(&mut hasher);
            writeln!(
                table,
                "    File {{ path: {path:?}, tag: \"{:016x}\", plain_bytes: {bytes}, gzipped: include_bytes!({gzipped:?}) }},",
                hasher.finish()
            )?;
        }
    }
    table.push(']');
    fs::write(out.join("site.rs"), table)?;
    Ok(())
}

/// The paths of all files below a folder, with `/`; what begins with a point is not served.
fn files(site: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut prefixes = vec![String::new()];
    while let Some(prefix) = prefixes.pop() {
        for entry in fs::read_dir(site.join(&prefix))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().ok_or("a name in the site is not UTF-8")?;
            match entry.file_type()?.is_dir() {
                _ if name.starts_with('.') => {}
                true => prefixes.push(format!("{prefix}{name}/")),
                false => found.push(format!("{prefix}{name}")),
            }
        }
    }
    found.sort();
    Ok(found)
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
