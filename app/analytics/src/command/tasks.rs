//! Tasks that end.

use super::failure::Failure;
use super::processes::{currency, files, queue_of, store};
use crate::archive;
use crate::consume::Consumer;
use crate::event::UserKey;
use crate::settings::Settings;

/// Stores the events of the dead-letter queue that can be read now; the others go back to it. Returns the number of messages
/// that were taken.
///
/// # Errors
/// [`Failure`] when queue or store do not answer; what was done stays done.
pub async fn replay(settings: &Settings) -> Result<usize, Failure> {
    let queue = queue_of(settings).await?;
    let consumer = Consumer::new(queue.clone(), store(settings).await?, currency(settings)?);
    let mut taken = 0;
    // As many as there were at the start: what goes back must not be taken for ever.
    let mut left = queue.dead_depth().await?.map_or(0, |depth| depth.waiting);
    while left > 0 {
        let deliveries = queue.receive_dead(10).await?;
        if deliveries.is_empty() {
            break;
        }
        left = left.saturating_sub(deliveries.len() as u64);
        for delivery in &deliveries {
            if consumer.store_body(&delivery.body).await? {
                queue.done_dead(std::slice::from_ref(&delivery.receipt)).await?;
                taken += 1;
            }
        }
    }
    Ok(taken)
}

/// Erases a person of a site. Returns the number of events that were deleted from the hot store; the archive follows by itself.
///
/// # Errors
/// [`Failure`] when the store does not answer; it may be called again.
pub async fn erase(settings: &Settings, site: &str, user: &str) -> Result<u64, Failure> {
    let store = store(settings).await?;
    let (_, deleted) = crate::query::begin_erasure(&store, site, UserKey::of_text(site, user)).await?;
    Ok(deleted)
}

/// Fills a lost hot store from the archive: the list of files, the rows of the hot days, whose visitors are whose. Returns
/// the hours of the archive, their rows, and the rows that the hot store lacked.
///
/// # Errors
/// [`Failure`] when store or archive do not answer, or a file cannot be read; what was restored stays, and it may be called
/// again.
pub async fn restore(settings: &Settings) -> Result<(u64, u64, u64), Failure> {
    let (store, files) = (store(settings).await?, files(settings)?);
    let mut all = archive::Restored::default();
    for site in &settings.sites {
        let now = jiff::Timestamp::now().as_millisecond();
        let one = archive::restore(&store, &files, &site.name, settings.work.hot_days, now).await?;
        all.hours += one.hours;
        all.rows += one.rows;
        all.stored += one.stored;
        all.unreadable.extend(one.unreadable);
    }
    if all.unreadable.is_empty() {
        Ok((all.hours, all.rows, all.stored))
    } else {
        Err(Failure::Unreadable(all.unreadable))
    }
}
