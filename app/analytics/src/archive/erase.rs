//! Erasing a person from the archive: every file that has rows of theirs is written anew without them.

use super::files::Files;
use super::seal::{SealError, whole, write_version};
use crate::event::Event;
use crate::store::{Erasure, Store};

/// Rewrites the files that hold the person, deletes the versions before, and reports.
///
/// # Errors
/// [`SealError`]; what is left is done when it is called again.
pub(super) async fn erase(store: &Store, files: &Files, erasure: &Erasure) -> Result<Erasure, SealError> {
    let mut report = erasure.clone();
    // Once more: events of theirs may have been on their way when the erasure was asked for.
    store.delete_visitors(&erasure.site, &erasure.visitors).await?;
    for segment in store.segments(&erasure.site, 0).await? {
        let events = whole(files, &segment).await?;
        let theirs =
            |event: &Event| event.user == Some(erasure.user) || erasure.visitors.contains(&event.visitor);
        let (gone, kept): (Vec<Event>, Vec<Event>) = events.into_iter().partition(theirs);
        if gone.is_empty() {
            continue;
        }
        let hour = (segment.site.as_str(), segment.hour);
        write_version(store, files, hour, kept, Some(&segment)).await?;
        files.delete(&segment.key).await?;
        report.hours += 1;
        report.rows += gone.len() as u64;
        store.put_erasure(&report).await?;
    }
    report.done = true;
    store.put_erasure(&report).await?;
    Ok(report)
}
