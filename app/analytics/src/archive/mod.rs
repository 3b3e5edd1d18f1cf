//! The archive: each stored hour of each site as a Parquet file, in a bucket or a folder.
//!
//! An hour is written some minutes after its end, read back, compared with the hot store, and only then listed. A late row
//! makes another version, which has every row of the one before. The hot store's rows of an hour are deleted only with
//! [`Verified`], which nothing but reading a listed file back can make. A file is listed only in the place of the one that it
//! was made from, so a process that has lost its lease cannot undo what its successor did.

mod erase;
mod files;
mod lead;
mod restore;
mod run;
mod seal;
mod segment;
mod sweep;

pub use files::{FileError, Files};
pub use restore::{Restored, restore};
pub use run::{Archivist, Report};
pub use seal::{SealError, Verified};
pub use segment::{SegmentError, read, write};
