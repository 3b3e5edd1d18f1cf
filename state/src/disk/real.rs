//! The machine's file system. Files are opened relative to the folder's descriptor, so that a folder that is swapped
//! for a link in the meantime leads nowhere.

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _, Seek as _},
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::fs::{FileExt as _, MetadataExt as _},
    },
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustix::fs::{AtFlags, FallocateFlags, FileType, Mode, OFlags};

use super::folder::{Access, FileId, FileKind, Folder, OpenFile, write_all};

const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
const FOLDER_MODE: Mode = Mode::RWXU;

/// A folder of the machine's file system.
#[derive(Debug)]
pub struct RealFolder {
    path: PathBuf,
    /// The folder once it was opened: every later operation is on this very folder.
    opened: Mutex<Option<Arc<OwnedFd>>>,
}

impl RealFolder {
    /// The folder at `path`, which need not exist yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            opened: Mutex::default(),
        }
    }

    fn folder(&self) -> io::Result<Option<Arc<OwnedFd>>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let there = match rustix::fs::lstat(&self.path) {
            Ok(stat) => stat,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if let Some(folder) = &*opened {
            // A folder that was moved away is not ours any more; what was locked in it is not found in the new one.
            let ours = rustix::fs::fstat(folder)?;
            if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino) {
                return Ok(Some(Arc::clone(folder)));
            }
        }
        match rustix::fs::open(&self.path, flags, Mode::empty()) {
            Ok(folder) => Ok(Some(Arc::clone(opened.insert(Arc::new(folder))))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the file `from` the further name `to`, which must not exist.
    pub(crate) fn link(&self, from: &str, to: &str) -> io::Result<()> {
        let folder = self.existing()?;
        Ok(rustix::fs::linkat(
            &*folder,
            from,
            &*folder,
            to,
            AtFlags::empty(),
        )?)
    }

    fn existing(&self) -> io::Result<Arc<OwnedFd>> {
        self.folder()?.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn kind(mode: u32) -> FileKind {
    match FileType::from_raw_mode(mode) {
        FileType::RegularFile => FileKind::Regular,
        FileType::Symlink => FileKind::Link,
        _ => FileKind::Other,
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match rustix::fs::mkdir(path, FOLDER_MODE) {
        // Again, since a umask may have taken the owner's own bits.
        Ok(()) => rustix::fs::chmod(path, FOLDER_MODE)?,
        Err(rustix::io::Errno::EXIST) => return Ok(()),
        Err(rustix::io::Errno::NOENT) => {
            let above = path.parent().filter(|above| !above.as_os_str().is_empty());
            make_folder(above.ok_or(io::ErrorKind::NotFound)?)?;
            return make_folder(path);
        }
        Err(error) => return Err(error.into()),
    }
    let above = path
        .parent()
        .filter(|above| !above.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(above)?.sync_all()
}

impl Folder for RealFolder {
    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn make(&self) -> io::Result<()> {
        make_folder(&self.path)
    }

    fn open(&self, name: &str, access: Access) -> io::Result<Option<Arc<dyn OpenFile>>> {
        let Some(folder) = self.folder()? else {
            return Ok(None);
        };
        // Non-blocking, since opening a pipe would wait for its other end.
        let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = flags
            | if access == Access::Write {
                OFlags::RDWR
            } else {
                OFlags::RDONLY
            };
        match rustix::fs::openat(&*folder, name, flags, Mode::empty()) {
            Ok(file) => Ok(Some(Arc::new(Real(File::from(file))))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn OpenFile>> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&*self.existing()?, name, flags, FILE_MODE)?;
        rustix::fs::fchmod(&file, FILE_MODE)?;
        Ok(Arc::new(Real(File::from(file))))
    }

    fn id(&self, name: &str) -> io::Result<Option<FileId>> {
        let Some(folder) = self.folder()? else {
            return Ok(None);
        };
        match rustix::fs::statat(&*folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            #[expect(
                clippy::useless_conversion,
                reason = "the widths of these fields differ between platforms"
            )]
            Ok(stat) => Ok(Some(FileId {
                device: stat.st_dev,
                inode: stat.st_ino,
                links: u64::from(stat.st_nlink),
                kind: kind(stat.st_mode),
            })),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let folder = self.existing()?;
        Ok(rustix::fs::renameat(&*folder, from, &*folder, to)?)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&*self.existing()?, name, AtFlags::empty())?)
    }

    fn sync(&self) -> io::Result<()> {
        File::from(self.existing()?.as_fd().try_clone_to_owned()?).sync_all()
    }

    #[cfg(target_os = "linux")]
    fn unlockable(&self) -> io::Result<Option<&'static str>> {
        let kind = rustix::fs::fstatfs(&*self.existing()?)?.f_type;
        // The magic numbers of linux/magic.h.
        Ok(match u32::try_from(kind) {
            Ok(0x6969) => Some("NFS"),
            Ok(0x517B | 0xFE53_4D42 | 0xFF53_4D42) => Some("SMB"),
            _ => None,
        })
    }
}

/// An open file of the machine.
struct Real(File);

impl OpenFile for Real {
    fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut file = &self.0;
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_at(bytes, offset)
    }

    fn allocate(&self, length: u64) -> io::Result<()> {
        let size = self.0.metadata()?.len();
        match rustix::fs::fallocate(&self.0, FallocateFlags::empty(), 0, length) {
            // On a file system that cannot allocate, NUL bytes are written.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {
                let zeros = vec![0; 1 << 16];
                let mut at = size;
                while at < length {
                    let part = usize::try_from(length - at).map_or(zeros.len(), |left| left.min(zeros.len()));
                    write_all(self, at, &zeros[..part])?;
                    at += part as u64;
                }
                Ok(())
            }
            other => Ok(other?),
        }
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn try_lock(&self, shared: bool) -> io::Result<bool> {
        let tried = if shared {
            self.0.try_lock_shared()
        } else {
            self.0.try_lock()
        };
        match tried {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn id(&self) -> io::Result<FileId> {
        let facts = self.0.metadata()?;
        Ok(FileId {
            device: facts.dev(),
            inode: facts.ino(),
            links: facts.nlink(),
            kind: kind(facts.mode()),
        })
    }
}
