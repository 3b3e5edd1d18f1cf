//! The traits [`Folder`] and [`OpenFile`], and the types in their methods.

use std::{io, path::PathBuf, sync::Arc};

/// Access mode of an opened file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading.
    Read,
    /// Reading and writing.
    Write,
}

/// The identity of an open file or a name, and whether it is a file that may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The device.
    pub device: u64,
    /// The inode.
    pub inode: u64,
    /// Number of names (hard links) of the file.
    pub links: u64,
    /// Kind of file.
    pub kind: FileKind,
}

/// Kind of directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    Regular,
    /// A symbolic link.
    Link,
    /// A folder, a pipe, a device.
    Other,
}

/// A folder and the files directly in it. Names have no separators. All files are made with mode 0600 and the folder
/// with 0700, under any umask; no operation follows a link.
pub trait Folder: Send + Sync + 'static {
    /// The path of the file `name`, for people.
    fn path(&self, name: &str) -> PathBuf;

    /// Makes the folder, and those above it, if they are not there.
    ///
    /// # Errors
    /// As the system says.
    fn make(&self) -> io::Result<()>;

    /// Opens an existing file; none when it or the folder is not there.
    ///
    /// # Errors
    /// `ELOOP` for a symbolic link, otherwise as the system says.
    fn open(&self, name: &str, access: Access) -> io::Result<Option<Arc<dyn OpenFile>>>;

    /// Makes a file that must not exist and opens it for writing.
    ///
    /// # Errors
    /// As the system says.
    fn create(&self, name: &str) -> io::Result<Arc<dyn OpenFile>>;

    /// Identity of the file `name`, links not followed; `None` when it is not there.
    ///
    /// # Errors
    /// As the system says.
    fn id(&self, name: &str) -> io::Result<Option<FileId>>;

    /// Gives the file `from` the name `to`, replacing what had it. Durable after [`Folder::sync`].
    ///
    /// # Errors
    /// As the system says.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes the name.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes names durable.
    ///
    /// # Errors
    /// As the system says.
    fn sync(&self) -> io::Result<()>;

    /// The name of the folder's file system if locks do not work there for certain, as with NFS.
    ///
    /// # Errors
    /// As the system says.
    fn unlockable(&self) -> io::Result<Option<&'static str>> {
        Ok(None)
    }
}

/// An open file. Its lock ends when it is dropped.
pub trait OpenFile: Send + Sync {
    /// All its bytes.
    ///
    /// # Errors
    /// As the system says.
    fn read(&self) -> io::Result<Vec<u8>>;

    /// Writes at an offset; like `pwrite`, it may write less than was given, and says how much.
    ///
    /// # Errors
    /// As the system says.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize>;

    /// Makes the file `length` bytes long, the new part NUL bytes for which space on the disk is allocated.
    ///
    /// # Errors
    /// As the system says, among them that there is no room.
    fn allocate(&self, length: u64) -> io::Result<()>;

    /// Cuts the file to `length` bytes.
    ///
    /// # Errors
    /// As the system says.
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes its bytes and length durable.
    ///
    /// # Errors
    /// As the system says.
    fn sync(&self) -> io::Result<()>;

    /// Locks the file for this open file alone, or together with other `shared` ones; false when another has it.
    ///
    /// # Errors
    /// As the system says.
    fn try_lock(&self, shared: bool) -> io::Result<bool>;

    /// The identity of the file.
    ///
    /// # Errors
    /// As the system says.
    fn id(&self) -> io::Result<FileId>;
}

/// Writes all of `bytes` at `offset`.
pub(crate) fn write_all(file: &dyn OpenFile, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(offset, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                offset += written as u64;
                bytes = &bytes[written.min(bytes.len())..];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
