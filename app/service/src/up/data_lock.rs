//! The lock of a data folder, which one process holds as long as it lives.

use super::error::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The name of the file that is locked, and that has the id of the process.
const FILE: &str = "up.pid";

/// A lock of a data folder. The system releases it when the process ends, however it ends.
pub struct DataLock(#[expect(dead_code, reason = "the lock is held until the file is closed")] File);

impl DataLock {
    /// Locks `folder` for this process.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has locked it.
    pub fn take(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = opened.map_err(Error::file("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // A process that has just taken it may not have written its id yet.
                let _ = file.read_to_string(&mut process);
                return Err(Error::InUse {
                    folder: folder.to_path_buf(),
                    process: process.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(Error::file("lock", &path)(source)),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(Error::file("write", &path))?;
        Ok(Self(file))
    }
}
