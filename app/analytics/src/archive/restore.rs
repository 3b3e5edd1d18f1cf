//! A lost hot store is filled from the archive's files: the list, the rows of the hot days, and whose visitors are whose.

use super::files::Files;
use super::seal::{HOUR, SealError, decoded, key, summary};
use super::sweep::named;
use crate::event::{Event, Id, UserKey};
use crate::store::{Segment, Store};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

/// What was restored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Hours of the archive.
    pub hours: u64,
    /// Rows of their files.
    pub rows: u64,
    /// Rows that the hot store lacked.
    pub stored: u64,
    /// Files that cannot be read.
    pub unreadable: Vec<String>,
}

/// Lists every file of `site` that is not listed, and stores the rows of the last `hot_days` before `now` (milliseconds)
/// with the times of storing that they had. What is there already stays as it is, so it may be called again.
///
/// # Errors
/// [`SealError`] when the hot store or the place fails.
pub async fn restore(
    store: &Store,
    files: &Files,
    site: &str,
    hot_days: u32,
    now: i64,
) -> Result<Restored, SealError> {
    let mut restored = Restored::default();
    let old = now.div_euclid(HOUR) - i64::from(hot_days) * 24;
    let mut newest: BTreeMap<i64, (u32, Vec<String>)> = BTreeMap::new();
    for file in files.list(&format!("site={site}")).await? {
        let Some(named) = named(site, &file) else { continue };
        let entry = newest.entry(named.hour).or_default();
        if named.version > entry.0 {
            *entry = (named.version, vec![file]);
        } else if named.version == entry.0 {
            entry.1.push(file);
        }
    }
    let mut people: HashSet<(UserKey, Id)> = HashSet::new();
    for (hour, (version, candidates)) in newest {
        let mut best: Option<(Segment, Vec<Event>)> = None;
        for file in candidates {
            match read(files, (site, hour, version), &file).await? {
                Some(found) if best.as_ref().is_none_or(|best| found.0.rows > best.0.rows) => {
                    best = Some(found);
                }
                Some(_) => {}
                None => restored.unreadable.push(file),
            }
        }
        let Some((mut segment, events)) = best else {
            continue;
        };
        for event in &events {
            let new = event.user.filter(|user| people.insert((*user, event.visitor)));
            if let Some(user) = new {
                store.identify(site, user, event.visitor).await?;
            }
        }
        segment.cold = hour < old;
        if !segment.cold {
            for part in events.chunks(1000) {
                restored.stored += store.restore(part).await?.stored as u64;
            }
        }
        // False when the hour is listed already, which is as well.
        let _ = store.list_segment(&segment, None).await?;
        restored.hours += 1;
        restored.rows += segment.rows;
    }
    Ok(restored)
}

/// Reads a file that is not listed; `None` for one that is not what its name says.
async fn read(
    files: &Files,
    (site, hour, version): (&str, i64, u32),
    file: &str,
) -> Result<Option<(Segment, Vec<Event>)>, SealError> {
    let Some(bytes) = files.get(file).await? else {
        return Ok(None);
    };
    let sha256 = hex::encode(Sha256::digest(&bytes));
    if key(site, hour, version, &sha256) != file {
        return Ok(None);
    }
    let length = bytes.len() as u64;
    let Ok(events) = decoded(site, bytes).await else {
        return Ok(None);
    };
    let found = summary(&events);
    let segment = Segment {
        site: site.to_owned(),
        hour,
        version,
        rows: found.rows,
        sum: found.sum,
        bytes: length,
        sha256,
        key: file.to_owned(),
        cold: false,
    };
    Ok(Some((segment, events)))
}
