//! Files that are not listed: versions that another one has replaced, and those of a run that died before it listed them.

use super::files::Files;
use super::seal::SealError;
use crate::store::{Segment, Store};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// A file's name, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The hour's number since 1970.
    pub(super) hour: i64,
    /// The version.
    pub(super) version: u32,
}

/// Reads a key that [`super::seal::key`] made; `None` for any other file.
pub(super) fn named(site: &str, key: &str) -> Option<Named> {
    let rest = key
        .strip_prefix("site=")?
        .strip_prefix(site)?
        .strip_prefix("/day=")?;
    let (day, rest) = rest.split_once("/hour=")?;
    let (hour, rest) = rest.strip_suffix(".parquet")?.split_once("-v")?;
    let (version, _) = rest.split_once('-')?;
    let begin: DateTime = format!("{day}T{hour}:00:00").parse().ok()?;
    let second = begin.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Some(Named {
        hour: second.div_euclid(3600),
        version: version.parse().ok()?,
    })
}

/// The newest version of each hour that has a file.
pub(super) async fn versions(files: &Files, site: &str) -> Result<HashMap<i64, u32>, SealError> {
    let mut newest = HashMap::new();
    for key in files.list(&format!("site={site}")).await? {
        if let Some(named) = named(site, &key) {
            let version = newest.entry(named.hour).or_insert(0);
            *version = named.version.max(*version);
        }
    }
    Ok(newest)
}

/// Deletes the files of a site whose hour has another one listed, of the same version or a newer one. A newer one than the
/// listed may be on its way to the list, so it stays; whoever lists a version first keeps every other run from listing one
/// that was deleted here.
pub(super) async fn sweep(store: &Store, files: &Files, site: &str) -> Result<u32, SealError> {
    files.remove_unfinished()?;
    let keys = files.list(&format!("site={site}")).await?;
    let listed: HashMap<i64, Segment> = store
        .segments(site, 0)
        .await?
        .into_iter()
        .map(|segment| (segment.hour, segment))
        .collect();
    let mut swept = 0;
    for key in keys {
        let stale = named(site, &key).is_some_and(|named| {
            listed
                .get(&named.hour)
                .is_some_and(|segment| named.version <= segment.version && key != segment.key)
        });
        if stale {
            files.delete(&key).await?;
            swept += 1;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::super::seal::key;
    use super::{Named, named};

    #[test]
    fn a_key_is_read_back() {
        for hour in [0, 1, 497_000, 500_123] {
            let key = key("shop", hour, 7, "0123456789abcdef");
            assert_eq!(named("shop", &key), Some(Named { hour, version: 7 }), "{key}");
            assert_eq!(named("sho", &key), None);
        }
        assert_eq!(named("shop", "site=shop/day=2026-11-27/notes.txt"), None);
    }
}
