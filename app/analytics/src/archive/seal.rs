//! Sealing an hour: write, read back, compare, list; and the proof that a listed file has what the hot store has.

use super::files::{FileError, Files};
use super::segment::{self, SegmentError};
use crate::event::{Event, Id};
use crate::store::{Segment, Store, Summary};
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// The milliseconds of an hour.
pub(super) const HOUR: i64 = 3_600_000;

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
    #[error("{key} is not what was written: {what}")]
    Differs {
        /// The file's key.
        key: String,
        /// The difference.
        what: &'static str,
    },
    /// Another process leads, or has listed another file of the hour meanwhile; this run stops.
    #[error("another process leads the archive")]
    Lost,
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

impl Segment {
    /// The error of a file that is listed and does not exist.
    pub(super) fn missing(&self) -> SealError {
        SealError::Differs {
            key: self.key.clone(),
            what: "it is missing",
        }
    }
}

/// The rows of an hour that are to be written: those of the listed file and those of the hot store. A file that cannot be
/// read is replaced when the hot store has as many rows.
///
/// # Errors
/// [`SealError::Differs`] for an unreadable file that has rows which the hot store has no more.
pub(super) async fn merged(
    store: &Store,
    files: &Files,
    (site, hour): (&str, i64),
    listed: Option<&Segment>,
) -> Result<Vec<Event>, SealError> {
    let hot = store.stored_between(site, hour * HOUR, (hour + 1) * HOUR).await?;
    let Some(segment) = listed else { return Ok(hot) };
    let read = match check(files, segment).await {
        Ok(_) => whole(files, segment).await,
        Err(error) => Err(error),
    };
    let mut events = match read {
        Ok(events) => events,
        Err(error @ (SealError::Differs { .. } | SealError::Segment(_))) => {
            if (hot.len() as u64) < segment.rows {
                return Err(error);
            }
            tracing::warn!(error = %service::error::chain(&error), "an archived hour is written again from the hot store");
            return Ok(hot);
        }
        Err(error) => return Err(error),
    };
    let known: HashSet<Id> = events.iter().map(|event| event.id).collect();
    events.extend(hot.into_iter().filter(|event| !known.contains(&event.id)));
    Ok(events)
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

/// The place of a file: a site's hour, above the version `newest` that exists.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) site: &'a str,
    pub(super) hour: i64,
    pub(super) newest: u32,
}

/// Writes the events of an hour as a new version, reads the file back, and lists it in the place of `before`.
///
/// # Errors
/// [`SealError`]; then nothing is listed. [`SealError::Lost`] when another file than `before` is listed by now.
pub(super) async fn write_version(
    store: &Store,
    files: &Files,
    Place { site, hour, newest }: Place<'_>,
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
    let version = before.map_or(0, |segment| segment.version).max(newest) + 1;
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
    if store.list_segment(&segment, before).await? {
        Ok(segment)
    } else {
        Err(SealError::Lost)
    }
}

/// Reads a listed file back and compares it with its listing. Returns the identifiers of its rows in their order.
async fn check(files: &Files, segment: &Segment) -> Result<Vec<Id>, SealError> {
    let differs = |what| SealError::Differs {
        key: segment.key.clone(),
        what,
    };
    let bytes = files.get(&segment.key).await?.ok_or_else(|| segment.missing())?;
    let wanted = segment.clone();
    let (hash, ids) = blocking(move || {
        let hash = hex::encode(Sha256::digest(&bytes));
        // A damaged file has another hash, and need not be readable.
        if hash != wanted.sha256 {
            return Ok((hash, Vec::new()));
        }
        let mut ids = Vec::new();
        segment::read(bytes, |event| ids.push(event.id))?;
        ids.sort_unstable();
        Ok::<_, SegmentError>((hash, ids))
    })
    .await?;
    if hash != segment.sha256 {
        return Err(differs("another hash"));
    }
    let mut found = Summary::default();
    ids.iter().for_each(|id| found.add(*id));
    if (found.rows, found.sum) != (segment.rows, segment.sum) {
        return Err(differs("other rows"));
    }
    Ok(ids)
}

/// Reads the listed file of an hour back and looks for each row of the hot store in it. The file may have more: the hot
/// store may have lost rows, never the file.
///
/// # Errors
/// [`SealError::Differs`] when the file is not what was listed, or lacks a row.
pub(super) async fn verify(store: &Store, files: &Files, segment: &Segment) -> Result<Verified, SealError> {
    let ids = check(files, segment).await?;
    let hot = store.summary(&segment.site, segment.hour).await?;
    if (hot.rows, hot.sum) != (segment.rows, segment.sum) {
        let hot = store.identifiers_of(&segment.site, segment.hour).await?;
        if !hot.iter().all(|id| ids.binary_search(id).is_ok()) {
            return Err(SealError::Differs {
                key: segment.key.clone(),
                what: "the hot store has rows that it lacks",
            });
        }
    }
    Ok(Verified {
        site: segment.site.clone(),
        hour: segment.hour,
    })
}

/// Reads all of a listed file's events, with everything that they have.
pub(super) async fn whole(files: &Files, segment: &Segment) -> Result<Vec<Event>, SealError> {
    let bytes = files.get(&segment.key).await?.ok_or_else(|| segment.missing())?;
    Ok(decoded(&segment.site, bytes).await?)
}

/// Reads all events of a file's content.
pub(super) async fn decoded(site: &str, bytes: Bytes) -> Result<Vec<Event>, SegmentError> {
    let site = crate::event::Text::from(site);
    blocking(move || {
        let mut events = Vec::new();
        segment::read(bytes.clone(), |event| events.push(event))?;
        for (event, extra) in events.iter_mut().zip(segment::extras(bytes)?) {
            event.extra = extra;
            event.site = site.clone();
        }
        Ok::<_, SegmentError>(events)
    })
    .await
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
