use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

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

    /// Takes the lock. Who has just been told to end may keep it for a moment yet, and who is closing the directory until that is done.
    pub(super) fn take(directory: &Path) -> Result<Self, LockError> {
        let path = directory.join(Self::FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        let since = Instant::now();
        let mut has_said = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let holder = Holder::read(&mut file);
            let patience = if holder.is_closing {
                CLOSING_PATIENCE
            } else {
                PATIENCE
            };
            if since.elapsed() > patience {
                return Err(LockError::Taken(holder.process));
            }
            if holder.is_closing && !std::mem::replace(&mut has_said, true) {
                tracing::info!(
                    "waiting for the ottla before this one, which is closing the data directory"
                );
            }
            thread::sleep(PAUSE);
        }
    }

    /// Says who holds the lock.
    pub(super) fn sign(&mut self) -> io::Result<()> {
        self.write(format_args!("{}\n", std::process::id()))
    }

    /// Says that the lock will soon be free.
    pub(super) fn sign_off(&mut self) -> io::Result<()> {
        self.write(format_args!("{} {CLOSING}\n", std::process::id()))
    }

    fn write(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_fmt(text)
    }
}

/// What a lock's file says of who holds it.
#[derive(Default)]
struct Holder {
    process: Option<u32>,
    is_closing: bool,
}

impl Holder {
    /// Nothing is known of a file that cannot be read.
    fn read(file: &mut File) -> Holder {
        let mut text = String::new();
        if file
            .rewind()
            .and_then(|()| file.read_to_string(&mut text))
            .is_err()
        {
            return Holder::default();
        }
        let mut words = text.split_whitespace();
        Holder {
            process: words.next().and_then(|word| word.parse().ok()),
            is_closing: words.next() == Some(CLOSING),
        }
    }
}

const CLOSING: &str = "closing";
/// For so long a lock is tried again.
const PATIENCE: Duration = Duration::from_millis(200);
/// The same where the holder says that it is closing: it waits for the disk.
const CLOSING_PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_closing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(mut held) = Lock::take(folder.path()) else {
            panic!("nobody else has it");
        };
        held.sign_off().unwrap();
        let path = folder.path().to_owned();
        let next = thread::spawn(move || Lock::take(&path).is_ok());
        // Longer than anybody waits who is not told to.
        thread::sleep(PATIENCE + PATIENCE);
        drop(held);
        assert!(next.join().unwrap());
    }
}
