//! Erasing a person from the archive: every file that has rows of theirs is written anew without them, and no file that
//! is not listed stays.

use super::files::Files;
use super::lead::Lead;
use super::seal::{Place, SealError, whole, write_version};
use super::segment;
use super::sweep::{sweep, versions};
use crate::event::{Event, Id, UserKey};
use crate::store::{Erasure, Segment, Store};
use std::collections::{BTreeMap, HashSet};

/// The rows of a person.
struct Person {
    user: UserKey,
    visitors: HashSet<Id>,
}

impl Person {
    fn has(&self, visitor: Id, user: Option<UserKey>) -> bool {
        user == Some(self.user) || self.visitors.contains(&visitor)
    }
}

/// Rewrites the files that hold the person, deletes every file that is not listed, and reports. A file that cannot be read
/// leaves the erasure undone; the others are rewritten nevertheless.
///
/// # Errors
/// [`SealError`]; what is left is done when it is called again.
pub(super) async fn erase(
    lead: &Lead,
    store: &Store,
    files: &Files,
    erasure: &Erasure,
) -> Result<Erasure, SealError> {
    let mut report = erasure.clone();
    // Once more: events of theirs, and visitors, may have been on their way when the erasure was asked for.
    let found = store.visitors(&erasure.site, erasure.user).await?;
    report.visitors.extend(found);
    let person = Person {
        user: erasure.user,
        visitors: report.visitors.iter().copied().collect(),
    };
    store.put_erasure(&report).await?;
    store.delete_visitors(&erasure.site, &report.visitors).await?;
    let mut failed = None;
    let written = versions(files, &erasure.site).await?;
    let segments = store.segments(&erasure.site, 0).await?;
    let mut hours: BTreeMap<i64, Option<Segment>> = written.keys().map(|hour| (*hour, None)).collect();
    hours.extend(segments.into_iter().map(|segment| (segment.hour, Some(segment))));
    for (hour, listed) in hours {
        lead.keep().await?;
        let newest = written.get(&hour).copied().unwrap_or(0);
        let place = (erasure.site.as_str(), hour, newest);
        match rewrite((store, files), place, listed.as_ref(), &person).await {
            Ok(0) => {}
            Ok(rows) => {
                report.hours += 1;
                report.rows += rows;
                store.put_erasure(&report).await?;
            }
            Err(error @ (SealError::Differs { .. } | SealError::Segment(_))) => failed = Some(error),
            Err(error) => return Err(error),
        }
    }
    sweep(store, files, &erasure.site).await?;
    if let Some(error) = failed {
        return Err(error);
    }
    report.done = true;
    store.put_erasure(&report).await?;
    Ok(report)
}

/// Writes an hour without the person. Returns the number of their rows in the listed file.
///
/// A version that is not listed yet, of a run that died, may have rows of theirs, too: it is outnumbered, so that no run can
/// list it any more, and then swept away.
async fn rewrite(
    (store, files): (&Store, &Files),
    (site, hour, newest): (&str, i64, u32),
    listed: Option<&Segment>,
    person: &Person,
) -> Result<u64, SealError> {
    let unlisted = newest > listed.map_or(0, |segment| segment.version);
    let Some(segment) = listed else {
        let place = Place { site, hour, newest };
        write_version(store, files, place, Vec::new(), None).await?;
        return Ok(0);
    };
    let bytes = files.get(&segment.key).await?.ok_or_else(|| segment.missing())?;
    let theirs = segment::people(&bytes)?
        .into_iter()
        .any(|(visitor, user)| person.has(visitor, user));
    if !theirs && !unlisted {
        return Ok(0);
    }
    let events = whole(files, segment).await?;
    let (gone, kept): (Vec<Event>, Vec<Event>) = events
        .into_iter()
        .partition(|event| person.has(event.visitor, event.user));
    let place = Place { site, hour, newest };
    write_version(store, files, place, kept, Some(segment)).await?;
    Ok(gone.len() as u64)
}
