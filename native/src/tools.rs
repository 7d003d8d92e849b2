//! `ottla tools DIR`: links by the names of Kafka's tools. Called by such a name, the binary is that tool.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use ottla_client::command::kafka;

use crate::cli::ToolsOptions;
use crate::failure::Failure;

/// The tool of a name, with or without `.sh`.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".sh").unwrap_or(name);
    kafka::tools().find(|tool| *tool == name)
}

/// Makes the links. What is in the way is found before the first is made.
pub fn link(options: &ToolsOptions) -> Result<(), Failure> {
    let binary = std::env::current_exe()
        .map_err(|error| Failure::new(format!("cannot find this program's own file: {error}")))?;
    let directory = &options.directory;
    fs::create_dir_all(directory).map_err(|error| {
        Failure::new(format!("cannot make {}: {error}", directory.display()))
            .remedy("choose a folder that you may write: ottla tools ~/.local/bin")
    })?;
    let links: Vec<PathBuf> = kafka::tools()
        .flat_map(|name| [directory.join(name), directory.join(format!("{name}.sh"))])
        .collect();
    for link in &links {
        if !options.force && is_foreign(link, &binary) {
            return Err(Failure::new(format!(
                "{} is there, and is no link to ottla",
                link.display()
            ))
            .remedy("choose another folder, or replace what is there with --force"));
        }
    }
    for link in &links {
        replace(link, &binary).map_err(|error| {
            Failure::new(format!("cannot make the link {}: {error}", link.display()))
                .remedy("choose a folder that you may write: ottla tools ~/.local/bin")
        })?;
    }
    say(directory, links.len());
    Ok(())
}

/// Whether something is there that is not a link to this program, or to an ottla in another place.
fn is_foreign(link: &Path, binary: &Path) -> bool {
    match fs::read_link(link) {
        Ok(target) => target != binary && target.file_name() != Some("ottla".as_ref()),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// A folder is never removed.
fn replace(link: &Path, binary: &Path) -> io::Result<()> {
    match fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(binary, link)
}

fn say(directory: &Path, links_count: usize) {
    println!("{links_count} links in {}", directory.display());
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|known| known == absolute) {
        println!(
            "to use them by name: export PATH=\"{}:$PATH\"",
            absolute.display()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(directory: &Path, force: bool) -> ToolsOptions {
        ToolsOptions {
            directory: directory.to_owned(),
            force,
        }
    }

    #[test]
    fn links_are_made_in_a_new_folder_and_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("a/bin");
        for _ in 0..2 {
            link(&options(&bin, false)).unwrap();
            assert_eq!(
                fs::read_dir(&bin).unwrap().count(),
                2 * kafka::tools().count()
            );
            let target = fs::read_link(bin.join("kafka-consumer-groups.sh")).unwrap();
            assert_eq!(target, std::env::current_exe().unwrap());
        }
    }

    #[test]
    fn what_is_in_the_way_stays_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("kafka-consumer-groups.sh");
        fs::write(&script, "#!/bin/sh").unwrap();
        let said = link(&options(folder.path(), false))
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("kafka-consumer-groups.sh is there, and is no link to ottla"),
            "{said}"
        );
        assert!(said.contains("--force"), "{said}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        link(&options(folder.path(), true)).unwrap();
        assert!(fs::read_link(&script).is_ok());
    }

    #[test]
    fn a_folder_in_the_way_is_never_removed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("kafka-consumer-groups")).unwrap();
        assert!(link(&options(folder.path(), true)).is_err());
        assert!(folder.path().join("kafka-consumer-groups").is_dir());
    }
}
