//! The archive: each stored hour of each site as a Parquet file, in a bucket or a folder.
//!
//! An hour is written some minutes after its end, read back, compared with the hot store, and only then listed. A late row
//! makes another version. The hot store's rows of an hour are deleted only with [`Verified`], which nothing but reading a
//! listed file back can make.

mod erase;
mod files;
mod run;
mod seal;
mod segment;

pub use files::{FileError, Files};
pub use run::{Archivist, Report};
pub use seal::{SealError, Verified};
pub use segment::{SegmentError, read, write};
