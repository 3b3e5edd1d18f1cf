//! Synthetic shoppers: those of the past, stored at once, and those of the present, who post as browsers do.

use super::failure::Failure;
use super::processes::{currency, store};
use crate::client::client;
use crate::demo::visits;
use crate::event::{Currency, Event, Id, UserKey};
use crate::settings::Settings;
use crate::store::Store;
use clap::Args;
use futures::{TryStreamExt, stream};
use service::serve::Drain;
use std::collections::HashSet;
use std::time::Duration;

const DAY: i64 = 86_400_000;

/// The options of `analytics seed`.
#[derive(Args, Clone, Debug)]
pub struct SeedOptions {
    /// Shoppers of an average day
    #[arg(long, default_value_t = 200)]
    pub shoppers: u32,
    /// Days until now
    #[arg(long, default_value_t = 90)]
    pub days: u32,
    /// The site
    #[arg(long, default_value = "shop")]
    pub site: String,
}

/// Stores the events of synthetic shoppers. Returns the number of new ones: a second time has none but those of the time since.
///
/// # Errors
/// [`Failure`] when the store does not answer; it may be called again.
pub async fn seed(settings: &Settings, options: &SeedOptions) -> Result<usize, Failure> {
    Ok(tell(&store(settings).await?, options, currency(settings)?).await?)
}

pub(super) async fn tell(
    store: &Store,
    options: &SeedOptions,
    currency: Currency,
) -> Result<usize, crate::store::Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let today = now.div_euclid(DAY);
    // Rows of days before the newest are there already, and those that have left the hot store must not come back.
    let newest = store
        .last_stored(&options.site)
        .await?
        .map_or(0, |at| at.div_euclid(DAY));
    let mut known: HashSet<(UserKey, Id)> = HashSet::new();
    let mut stored = 0;
    for day in newest.max(today - i64::from(options.days))..=today {
        let mut events: Vec<Event> = visits(day, options.shoppers)
            .iter()
            .flat_map(|visit| visit.events(&options.site, currency, now))
            .collect();
        // Of the newest day most are there: asking which takes less than storing them again.
        let ids: Vec<Id> = events.iter().map(|event| event.id).collect();
        let there = store.stored_of(&ids).await?;
        events.retain(|event| !there.contains(&event.id));
        let mut new = |event: &&Event| event.user.is_some_and(|user| known.insert((user, event.visitor)));
        let named: Vec<&Event> = events.iter().filter(&mut new).collect();
        // Many at a time: each waits for the disk, and all of them for the same write of it.
        let named = named
            .into_iter()
            .filter_map(|event| Some((event.user?, event.visitor)));
        stream::iter(named.map(Ok))
            .try_for_each_concurrent(64, |(user, visitor)| store.identify(&options.site, user, visitor))
            .await?;
        for part in events.chunks(1000) {
            stored += store.restore(part).await?.stored;
        }
    }
    Ok(stored)
}

/// Posts what shoppers do from now on to the collector, until the shutdown. Those of all of a day come within every hour, so
/// that there is something to see.
pub(super) async fn follow(collector: String, shoppers: u32, drain: Drain) {
    let client = client(Duration::from_secs(5));
    let mut from = jiff::Timestamp::now().as_millisecond();
    let mut day = Vec::new();
    let mut hour = 0;
    while !drain.has_begun() {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = drain.wait() => return,
        }
        let now = jiff::Timestamp::now().as_millisecond();
        let this = now.div_euclid(3_600_000);
        if this != hour {
            hour = this;
            // A day of its own for each hour, moved to it: numbers that no seeded day has.
            day = visits(1_000_000 + this, shoppers);
            for visit in &mut day {
                let of_day = visit.start.rem_euclid(DAY);
                visit.start = this * 3_600_000 + of_day / 24;
            }
        }
        for visit in &day {
            if let Some(body) = visit.post("shop", from, now) {
                let post = client
                    .post(&collector)
                    .header("user-agent", visit.agent)
                    .body(body);
                // A collector that restarts misses a post of nobody's.
                let _ = post.send().await;
            }
        }
        from = now;
    }
}
