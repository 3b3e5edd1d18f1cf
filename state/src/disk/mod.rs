//! File operations that the file backend is built on, as traits: [`Folder`] and [`OpenFile`].
//!
//! [`RealFolder`] is the machine's file system. Tests use `FaultDisk`, which forgets what was not synced, fails any
//! operation with any error, and stops at any point.

#[cfg(feature = "faults")]
mod fault;
mod folder;
mod real;

#[cfg(feature = "faults")]
pub use self::fault::{Fault, FaultDisk};
pub(crate) use self::folder::write_all;
pub use self::{
    folder::{Access, FileId, FileKind, Folder, OpenFile},
    real::RealFolder,
};
