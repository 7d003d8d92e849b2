//! The site's files, before they are written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::site::read;

/// Paths relative to the site's root, with `/`, and what is in them.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Adds a file under its own name.
    pub(crate) fn add(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.0.insert(path.to_owned(), content.into());
    }

    /// Adds a file under a name that changes with what is in it, and returns that name: `ottla.css` becomes `ottla-0123456789ab.css`.
    pub(crate) fn add_hashed(&mut self, name: &str, content: Vec<u8>) -> String {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}-{}.{extension}", hash(&content));
        self.0.insert(hashed.clone(), content);
        hashed
    }

    /// Adds all files of a folder below `to`.
    pub(crate) fn add_folder(&mut self, to: &str, from: &Path) -> Result<(), String> {
        for (path, content) in Files::read(from)?.0 {
            let path = match to {
                "" => path,
                to => format!("{to}/{path}"),
            };
            self.0.insert(path, content);
        }
        Ok(())
    }

    /// All files of a folder, but for those whose names begin with a point.
    pub(crate) fn read(folder: &Path) -> Result<Files, String> {
        let mut files = Files::default();
        let mut folders = vec![(String::new(), folder.to_owned())];
        while let Some((prefix, folder)) = folders.pop() {
            let failed = |error| format!("cannot read {}: {error}", folder.display());
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                let name = path
                    .file_name()
                    .and_then(|name| name.to_str())
                    .ok_or_else(|| format!("{}: the name is not UTF-8", path.display()))?;
                if name.starts_with('.') {
                    continue;
                }
                if path.is_dir() {
                    folders.push((format!("{prefix}{name}/"), path));
                } else {
                    files.0.insert(format!("{prefix}{name}"), read(&path)?);
                }
            }
        }
        Ok(files)
    }

    /// Replaces what is in a folder by these files.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), String> {
        let failed = |error| format!("cannot write {}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed)?;
        }
        for (path, content) in &self.0 {
            let path = folder.join(path);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(failed)?;
            fs::write(&path, content).map_err(failed)?;
        }
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    pub(crate) fn content(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }
}

/// Twelve digits that stand for a content.
pub(crate) fn hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read_and_nothing_of_before_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let mut old = Files::default();
        old.add("old.js", "old");
        old.write(&site).unwrap();

        let mut files = Files::default();
        files.add("index.html", "page");
        let name = files.add_hashed("ottla.css", b"body {}".to_vec());
        files.add("code/worker.js", "work()");
        files.write(&site).unwrap();

        let read = Files::read(&site).unwrap();
        let paths: Vec<&str> = read.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["code/worker.js", "index.html", name.as_str()]);
        assert_eq!(read.content(&name), Some(&b"body {}"[..]));
    }

    #[test]
    fn a_hashed_name_changes_with_the_content_only() {
        let mut files = Files::default();
        let one = files.add_hashed("a.css", b"1".to_vec());
        let two = files.add_hashed("a.css", b"2".to_vec());
        let again = files.add_hashed("a.css", b"1".to_vec());
        assert_ne!(one, two);
        assert_eq!(one, again);
    }
}
