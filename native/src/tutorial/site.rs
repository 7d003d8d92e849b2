//! The files of the page.

use std::io::{self, Read as _};

use flate2::read::GzDecoder;

/// A file of the site, compressed when the binary was built.
#[derive(Debug)]
pub(super) struct File {
    /// Below the site's root, such as `code/worker.js`.
    pub(super) path: &'static str,
    /// Differs when the content differs.
    pub(super) tag: &'static str,
    /// Its size as it was.
    pub(super) plain_bytes: usize,
    /// What it holds.
    pub(super) gzipped: &'static [u8],
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// All of them; none if the binary was built without the page.
pub(super) fn files() -> &'static [File] {
    FILES
}

impl File {
    /// What a browser is to take it for.
    pub(super) fn content_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "wasm" => "application/wasm",
            "json" => "application/json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "txt" | "md" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// Whether its name changes with its content, as in `ottla-0123456789ab.js`.
    pub(super) fn is_named_by_content(&self) -> bool {
        let stem = self.path.rsplit_once('.').map_or("", |(stem, _)| stem);
        let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
        hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// For the few that cannot inflate it themselves.
    pub(super) fn plain(&self) -> io::Result<Vec<u8>> {
        let mut plain = Vec::with_capacity(self.plain_bytes);
        GzDecoder::new(self.gzipped).read_to_end(&mut plain)?;
        Ok(plain)
    }
}
