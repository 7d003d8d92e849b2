//! What travels before home can be seen and played.

use std::fmt;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files::Files;

/// The files of the first view, and what they weigh.
pub(crate) struct FirstView {
    parts: Vec<Part>,
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
    // The service worker and what it fetches come after the first view.
    let parts = files
        .iter()
        .filter(|(path, _)| is_named(path) && *path != "sw.js");
    let parts = parts.map(|(path, content)| {
        Ok(Part {
            path: path.to_owned(),
            plain_bytes: content.len(),
            gzipped_bytes: gzipped_bytes(content)?,
        })
    });
    Ok(FirstView {
        parts: parts.collect::<Result<_, String>>()?,
    })
}

impl FirstView {
    pub(crate) fn gzipped_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.gzipped_bytes).sum()
    }
}

impl fmt::Display for FirstView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            writeln!(
                f,
                "{:>9} B, gzipped {:>7} B  {}",
                part.plain_bytes, part.gzipped_bytes, part.path
            )?;
        }
        write!(
            f,
            "first view: {:.1} kB gzipped",
            self.gzipped_bytes() as f64 / 1000.0
        )
    }
}

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
            r#"<link href="./a.js"><script>register("./sw.js")</script>"#,
        );
        files.add("a.js", "work()".repeat(1000));
        files.add("sw.js", "cache()");
        files.add("code/worker.js", "work()");
        let view = first_view(&files).unwrap();
        let paths: Vec<&str> = view.parts.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["a.js", "index.html"]);
        assert!(view.gzipped_bytes() < 300, "{view}");
    }
}
