//! What travels before home can be seen and played.

use std::fmt;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files::Files;

/// The files of the first view, and what they weigh.
pub(crate) struct FirstView {
    parts: Vec<Part>,
    /// The part of the program that follows by itself.
    rest: Option<Part>,
}

struct Part {
    path: String,
    plain_bytes: usize,
    gzipped_bytes: usize,
}

/// `index.html`, and everything that it names.
pub(crate) fn first_view(files: &Files) -> Result<FirstView, String> {
    let page = files.content("index.html").unwrap_or_default();
    let page = String::from_utf8_lossy(page);
    let is_named = |path: &str| path == "index.html" || page.contains(&format!("\"./{path}\""));
    let mut view = FirstView {
        parts: Vec::new(),
        rest: None,
    };
    // The service worker and what it fetches come after the first view.
    for (path, content) in files.iter().filter(|(path, _)| *path != "sw.js") {
        let part = Part {
            path: path.to_owned(),
            plain_bytes: content.len(),
            gzipped_bytes: gzipped_bytes(content)?,
        };
        match is_named(path) {
            true if path.starts_with(REST) => view.rest = Some(part),
            true => view.parts.push(part),
            false => {}
        }
    }
    Ok(view)
}

impl FirstView {
    pub(crate) fn gzipped_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.gzipped_bytes).sum()
    }
}

impl fmt::Display for FirstView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            writeln!(f, "{part}")?;
        }
        let bytes = self.gzipped_bytes();
        write!(f, "first view: {:.1} kB gzipped", bytes as f64 / 1000.0)?;
        match &self.rest {
            Some(rest) => write!(f, "; it is followed by\n{rest}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part {
            path,
            plain_bytes,
            gzipped_bytes,
        } = self;
        write!(
            f,
            "{plain_bytes:>9} B, gzipped {gzipped_bytes:>7} B  {path}"
        )
    }
}

/// What the name of the program's second file begins with.
const REST: &str = "rest-";

fn gzipped_bytes(content: &[u8]) -> Result<usize, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written
        .map(|gzipped| gzipped.len())
        .map_err(|error| format!("cannot compress: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_page_names_is_of_the_first_view() {
        let mut files = Files::default();
        files.add(
            "index.html",
            r#"<link href="./a.js"><script>register("./sw.js", "./rest-1.wasm")</script>"#,
        );
        files.add("a.js", "work()".repeat(1000));
        files.add("rest-1.wasm", "more()");
        files.add("sw.js", "cache()");
        files.add("code/worker.js", "work()");
        let view = first_view(&files).unwrap();
        let paths: Vec<&str> = view.parts.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["a.js", "index.html"]);
        assert!(view.to_string().ends_with("rest-1.wasm"), "{view}");
        assert!(view.gzipped_bytes() < 300, "{view}");
    }
}
