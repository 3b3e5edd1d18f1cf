//! Sealing an hour: write, read back, compare, list; and the proof that a listed file has what the hot store has.

use super::files::{FileError, Files};
use super::segment::{self, SegmentError};
use crate::event::Event;
use crate::store::{Segment, Store, Summary};
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// An hour that could not be sealed or verified; nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The hot store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The archive's place failed.
    #[error(transparent)]
    Files(#[from] FileError),
    /// The file cannot be written or read.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// The file is not what was written.
    #[error("{key} is not what was written: {what}; it will be written again")]
    Differs {
        /// The file's key.
        key: String,
        /// The difference.
        what: &'static str,
    },
}

/// The proof that a listed file was read back and has every row of an hour that the hot store has. There is no other way to
/// make one than [`verify`].
#[derive(Debug)]
pub struct Verified {
    site: String,
    hour: i64,
}

impl Verified {
    /// The site, and the number of the hour since 1970.
    pub fn hour(&self) -> (&str, i64) {
        (&self.site, self.hour)
    }
}

/// The sum of events.
pub(super) fn summary<'a>(events: impl IntoIterator<Item = &'a Event>) -> Summary {
    let mut summary = Summary::default();
    events.into_iter().for_each(|event| summary.add(event.id));
    summary
}

/// The key of a file: partitions by site and day, as Athena and `DuckDB` read them.
pub(super) fn key(site: &str, hour: i64, version: u32, sha256: &str) -> String {
    let begin = Timestamp::from_second(hour * 3600).unwrap_or(Timestamp::UNIX_EPOCH);
    let begin = begin.to_zoned(jiff::tz::TimeZone::UTC);
    let (day, hour) = (begin.date(), begin.hour());
    format!(
        "site={site}/day={day}/hour={hour:02}-v{version}-{}.parquet",
        &sha256[..12]
    )
}

/// Writes the events of an hour as a new version, reads the file back, and lists it.
///
/// # Errors
/// [`SealError`]; then nothing is listed.
pub(super) async fn write_version(
    store: &Store,
    files: &Files,
    (site, hour): (&str, i64),
    mut events: Vec<Event>,
    before: Option<&Segment>,
) -> Result<Segment, SealError> {
    let wanted = summary(&events);
    let (events, bytes) = blocking(move || {
        let bytes = segment::write(&mut events)?;
        Ok::<_, SegmentError>((events, bytes))
    })
    .await?;
    drop(events);
    let bytes = Bytes::from(bytes);
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let version = before.map_or(1, |segment| segment.version + 1);
    let segment = Segment {
        site: site.to_owned(),
        hour,
        version,
        rows: wanted.rows,
        sum: wanted.sum,
        bytes: bytes.len() as u64,
        key: key(site, hour, version, &sha256),
        sha256,
        cold: before.is_some_and(|segment| segment.cold),
    };
    files.put(&segment.key, bytes).await?;
    check(files, &segment).await?;
    store.list_segment(&segment).await?;
    Ok(segment)
}

/// Reads a listed file back and compares it with its listing.
async fn check(files: &Files, segment: &Segment) -> Result<(), SealError> {
    let differs = |what| SealError::Differs {
        key: segment.key.clone(),
        what,
    };
    let bytes = files
        .get(&segment.key)
        .await?
        .ok_or_else(|| differs("it is missing"))?;
    let wanted = segment.clone();
    let (hash, found) = blocking(move || {
        let hash = hex::encode(Sha256::digest(&bytes));
        let mut found = Summary::default();
        segment::read(bytes, |event| found.add(event.id))?;
        Ok::<_, SegmentError>((hash, found))
    })
    .await?;
    if hash != wanted.sha256 {
        return Err(differs("another hash"));
    }
    if (found.rows, found.sum) != (wanted.rows, wanted.sum) {
        return Err(differs("other rows"));
    }
    Ok(())
}

/// Reads the listed file of an hour back and compares it with the hot store.
///
/// # Errors
/// [`SealError::Differs`] when the two have not the same rows.
pub(super) async fn verify(store: &Store, files: &Files, segment: &Segment) -> Result<Verified, SealError> {
    check(files, segment).await?;
    let hot = store.summary(&segment.site, segment.hour).await?;
    if (hot.rows, hot.sum) != (segment.rows, segment.sum) {
        return Err(SealError::Differs {
            key: segment.key.clone(),
            what: "the hot store has other rows",
        });
    }
    Ok(Verified {
        site: segment.site.clone(),
        hour: segment.hour,
    })
}

/// Reads all of a file's events, with everything that they have.
pub(super) async fn whole(files: &Files, segment: &Segment) -> Result<Vec<Event>, SealError> {
    let missing = || SealError::Differs {
        key: segment.key.clone(),
        what: "it is missing",
    };
    let bytes = files.get(&segment.key).await?.ok_or_else(missing)?;
    let site = crate::event::Text::from(segment.site.as_str());
    let events = blocking(move || {
        let mut events = Vec::new();
        segment::read(bytes.clone(), |event| events.push(event))?;
        for (event, extra) in events.iter_mut().zip(segment::extras(bytes)?) {
            event.extra = extra;
            event.site = site.clone();
        }
        Ok::<_, SegmentError>(events)
    });
    Ok(events.await?)
}

/// Runs work that takes a while on a thread for such.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SegmentError> + Send + 'static,
) -> Result<T, SegmentError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}
