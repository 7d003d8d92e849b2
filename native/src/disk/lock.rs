use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// The lock of a data directory, held for as long as this value lives, also over `kill -9`: the operating system lets go of it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

/// Why there is no lock.
pub(super) enum LockError {
    /// Another process has it, and has written its id if it is an ottla.
    Taken(Option<u32>),
    Io(io::Error),
}

impl Lock {
    pub(super) const FILE: &str = ".lock";

    pub(super) fn take(directory: &Path) -> Result<Self, LockError> {
        let path = directory.join(Self::FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let process = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| text.trim().parse().ok());
                Err(LockError::Taken(process))
            }
            Err(TryLockError::Error(error)) => Err(LockError::Io(error)),
        }
    }

    /// Says who holds the lock.
    pub(super) fn sign(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        writeln!(self.file, "{}", std::process::id())
    }
}
