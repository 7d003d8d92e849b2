//! The data directory as a whole: whose it is, which format it has, and how the last process left it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ottla_core::Uuid;

use super::checkpoint::{property, read_if_there, write_atomically};
use super::error::OpenError;
use super::layout::{
    CLEAN_SHUTDOWN, DELETE_FOLDER, META_PROPERTIES, METADATA_TOPIC, OTTLA_PROPERTIES,
    parse_folder_name,
};
use super::lock::{Lock, LockError};

/// A data directory that this process has for itself.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    pub(super) cluster_id: String,
    pub(super) directory_id: String,
    /// The last process closed everything in order: what it left needs no check.
    pub(super) clean: bool,
    /// The folders of logs.
    pub(super) folders: BTreeSet<String>,
    /// What is left of deleted logs.
    pub(super) remains: Vec<PathBuf>,
    lock: Lock,
}

/// The version of the data directory's format that this program writes, and the latest that it reads.
const FORMAT_VERSION: u32 = 1;

impl Directory {
    /// Opens or makes a data directory. Nothing in a directory that is refused is changed.
    pub(super) fn open(path: &Path, node_id: i32) -> Result<Self, OpenError> {
        fs::create_dir_all(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenError::NotADirectory(path.to_owned()),
            _ => OpenError::io(path, error),
        })?;
        let names = list(path)?;
        // Who finds a lock asks for it first: another process may just be making the directory.
        if !names.contains(Lock::FILE) {
            check_owner(path, &names)?;
        }
        let mut lock = Lock::take(path).map_err(|error| match error {
            LockError::Taken(process) => OpenError::InUse {
                path: path.to_owned(),
                process,
            },
            LockError::Io(source) => OpenError::io(path, source),
        })?;
        let names = list(path)?;
        check_owner(path, &names)?;
        // On a full disk the lock holds without a name in it.
        let _ = lock.sign();

        let (cluster_id, directory_id) = identity(path, node_id)?;
        let clean = forget(&path.join(CLEAN_SHUTDOWN))?;
        let remains = names.iter().filter(|name| name.ends_with(DELETE_FOLDER));
        let remains = remains.map(|name| path.join(name)).collect();
        let folders: BTreeSet<String> = names
            .into_iter()
            .filter(|name| parse_folder_name(name).is_some())
            .collect();
        if !folders.is_empty() && !folders.contains(&format!("{METADATA_TOPIC}-0")) {
            return Err(OpenError::NoMetadataLog(path.to_owned()));
        }
        Ok(Self {
            path: path.to_owned(),
            cluster_id,
            directory_id,
            clean,
            folders,
            remains,
            lock,
        })
    }

    /// Says to who waits for the directory that it will be free.
    pub(super) fn begin_to_leave(&mut self) {
        // Who reads nothing waits a shorter time.
        let _ = self.lock.sign_off();
    }

    /// Notes that everything has been closed in order.
    pub(super) fn leave_clean(&self) -> io::Result<()> {
        write_atomically(
            &self.path.join(CLEAN_SHUTDOWN),
            b"{\"version\":0,\"brokerEpoch\":-1}",
            true,
        )
    }
}

/// 16 bytes of chance, as a version 4 UUID; its text does not begin with a dash, which tools would take for an option.
pub(super) fn random_uuid() -> io::Result<Uuid> {
    let mut source = File::open("/dev/urandom")?;
    loop {
        let mut bytes = [0; 16];
        source.read_exact(&mut bytes)?;
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let id = Uuid(bytes);
        if !id.to_string().starts_with('-') {
            return Ok(id);
        }
    }
}

fn list(path: &Path) -> Result<BTreeSet<String>, OpenError> {
    let entries = fs::read_dir(path).map_err(|error| OpenError::io(path, error))?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()
        .map_err(|error| OpenError::io(path, error))
}

/// A directory is used if Ottla made it, or if there is nothing in it to harm.
fn check_owner(path: &Path, names: &BTreeSet<String>) -> Result<(), OpenError> {
    if names.contains(OTTLA_PROPERTIES) {
        return check_format(path);
    }
    if names.contains(META_PROPERTIES) {
        return Err(OpenError::ApacheKafka(path.to_owned()));
    }
    let harmless = |name: &str| {
        name.starts_with('.') || name == "lost+found" || name == format!("{OTTLA_PROPERTIES}.tmp")
    };
    match names.iter().find(|name| !harmless(name)) {
        Some(entry) => Err(OpenError::Foreign {
            path: path.to_owned(),
            entry: entry.clone(),
        }),
        None => Ok(()),
    }
}

fn check_format(path: &Path) -> Result<(), OpenError> {
    let file = path.join(OTTLA_PROPERTIES);
    let text = fs::read_to_string(&file).map_err(|error| OpenError::io(&file, error))?;
    match property(&text, "format.version").map(str::parse::<u32>) {
        Some(Ok(found)) if found > FORMAT_VERSION => Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known: FORMAT_VERSION,
        }),
        Some(Ok(_)) => Ok(()),
        // A power failure may have come before the bytes of a file that was just made.
        None if text.is_empty() => Ok(()),
        _ => Err(OpenError::Damaged {
            path: file,
            why: "it has no format.version that is a number".into(),
        }),
    }
}

/// Cluster and directory id: read, or made up for a new directory.
fn identity(path: &Path, node_id: i32) -> Result<(String, String), OpenError> {
    let file = path.join(META_PROPERTIES);
    let found = read_if_there(&file).map_err(|error| OpenError::io(&file, error))?;
    if let Some(text) = found.filter(|text| !text.is_empty()) {
        let known = |key: &str| {
            property(&text, key)
                .map(str::to_owned)
                .ok_or_else(|| OpenError::Damaged {
                    path: file.clone(),
                    why: format!("it has no {key}"),
                })
        };
        return Ok((known("cluster.id")?, known("directory.id")?));
    }
    let made = || -> io::Result<(String, String)> {
        let (cluster_id, directory_id) = (random_uuid()?.to_string(), random_uuid()?.to_string());
        let format = format!(
            "# The format of this directory; only Ottla knows it.\nformat.version={FORMAT_VERSION}\n"
        );
        // Ottla's own file comes first: without it, the directory would look like Apache Kafka's.
        write_atomically(&path.join(OTTLA_PROPERTIES), format.as_bytes(), false)?;
        let meta = format!(
            "#\nversion=1\nnode.id={node_id}\ncluster.id={cluster_id}\ndirectory.id={directory_id}\n"
        );
        write_atomically(&file, meta.as_bytes(), false)?;
        Ok((cluster_id, directory_id))
    };
    made().map_err(|error| OpenError::io(path, error))
}

/// Removes a file and says whether it was there.
fn forget(path: &Path) -> Result<bool, OpenError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(OpenError::io(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(path: &Path) -> String {
        Directory::open(path, 1).unwrap_err().to_string()
    }

    #[test]
    fn a_new_directory_is_made_and_keeps_its_ids() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        let first = Directory::open(&path, 1).unwrap();
        let ids = (first.cluster_id.clone(), first.directory_id.clone());
        assert_eq!(ids.0.len(), 22);
        assert_ne!(ids.0, ids.1);
        drop(first);
        let again = Directory::open(&path, 1).unwrap();
        assert_eq!((again.cluster_id.clone(), again.directory_id.clone()), ids);
    }

    #[test]
    fn only_an_orderly_end_is_clean() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path(), 1).unwrap();
        assert!(!directory.clean);
        directory.leave_clean().unwrap();
        drop(directory);
        assert!(Directory::open(folder.path(), 1).unwrap().clean);
        assert!(!Directory::open(folder.path(), 1).unwrap().clean);
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let _held = Directory::open(folder.path(), 1).unwrap();
        let message = refusal(folder.path());
        let us = format!("in use by another ottla (process {})", std::process::id());
        assert!(message.contains(&us), "{message}");
    }

    #[test]
    fn what_is_not_ottlas_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("holiday-2024"), "").unwrap();
        assert!(refusal(folder.path()).contains("it holds \"holiday-2024\""));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        let kafka = tempfile::tempdir().unwrap();
        fs::write(kafka.path().join(META_PROPERTIES), "version=1\n").unwrap();
        fs::write(kafka.path().join(Lock::FILE), "").unwrap();
        assert!(refusal(kafka.path()).contains("is Apache Kafka's"));

        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(refusal(file.path()).contains("is not a directory"));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(OTTLA_PROPERTIES), "format.version=2\n").unwrap();
        let message = refusal(folder.path());
        assert!(
            message.contains("has format 2, and this ottla knows formats up to 1"),
            "{message}"
        );
        fs::write(
            folder.path().join(OTTLA_PROPERTIES),
            "format.version=soon\n",
        )
        .unwrap();
        assert!(refusal(folder.path()).contains("is damaged"));
    }

    #[test]
    fn partitions_without_the_metadata_log_are_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        drop(Directory::open(folder.path(), 1).unwrap());
        fs::create_dir(folder.path().join("orders-0")).unwrap();
        assert!(refusal(folder.path()).contains("no __cluster_metadata-0"));
    }
}
