//! The feed of a site's columns: the archive's files first, then the hot store's newest events, once a second.
//!
//! The columns are a function of the set of events. The tail overlaps by two minutes, and identifiers that are in already
//! are dropped; when an hour is sealed, its file is compared with what the tail gave, and what is missing is added.

use super::app::SiteState;
use crate::archive::{FileError, Files, SegmentError, read};
use crate::event::{Event, Id};
use crate::store::{Segment, Store, Summary};
use service::error::chain;
use service::serve::Drain;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The milliseconds by which the tail overlaps: for a consumer that stalled after it stamped, and for clocks that differ.
const OVERLAP: i64 = 120_000;

const HOUR: i64 = 3_600_000;

/// A feed that stands still; it goes on when what it reads from answers again.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The hot store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The archive's place failed.
    #[error(transparent)]
    Files(#[from] FileError),
    /// A file is damaged.
    #[error("{key} cannot be read")]
    Segment {
        /// The file's key.
        key: String,
        /// The reason.
        source: SegmentError,
    },
}

/// What is in of an hour that is not sealed, or was sealed a moment ago.
#[derive(Default)]
struct Open {
    ids: HashSet<Id>,
    summary: Summary,
}

/// The feed of one site.
pub struct Feed {
    site: Arc<SiteState>,
    store: Store,
    files: Files,
    days: u32,
    listed: HashMap<i64, Segment>,
    open: HashMap<i64, Open>,
    /// The time of storing up to which the tail was read.
    last: i64,
    /// When segments and erasures were asked for last.
    asked: i64,
}

impl Feed {
    /// A feed that has read nothing.
    pub fn new(site: Arc<SiteState>, store: Store, files: Files, days: u32) -> Self {
        Self {
            site,
            store,
            files,
            days,
            listed: HashMap::new(),
            open: HashMap::new(),
            last: 0,
            asked: 0,
        }
    }

    /// Loads and follows until the shutdown.
    pub async fn run(mut self, drain: Drain) {
        while !drain.has_begun() {
            match self.step().await {
                Ok(()) => self.site.ready.store(true, Ordering::Release),
                Err(error) => {
                    tracing::warn!(site = self.site.name, error = %chain(&error), "the figures stand still");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = drain.wait() => {}
            }
        }
    }

    /// Brings the columns up to date.
    ///
    /// # Errors
    /// [`FeedError`]; the next step goes on.
    pub async fn step(&mut self) -> Result<(), FeedError> {
        let now = jiff::Timestamp::now().as_millisecond();
        self.segments(now).await?;
        self.tail(now).await?;
        self.erasures(now).await?;
        self.site.read.store(now, Ordering::Release);
        Ok(())
    }

    async fn segments(&mut self, now: i64) -> Result<(), FeedError> {
        let since = self.asked - OVERLAP;
        let oldest = now / HOUR - i64::from(self.days) * 24;
        let before = self.listed.len();
        for segment in self.store.segments(&self.site.name, since.max(0)).await? {
            let known = self.listed.get(&segment.hour);
            if segment.hour < oldest || known.is_some_and(|known| known.version >= segment.version) {
                continue;
            }
            self.take(segment).await?;
        }
        if self.last == 0 {
            // What is stored later than the last sealed hour is the tail's.
            let sealed = self.listed.keys().max().map(|hour| (hour + 1) * HOUR);
            let first = self.store.first_stored(&self.site.name).await?;
            self.last = sealed.or(first).unwrap_or(now) + OVERLAP;
        }
        if self.listed.len() > before {
            self.site.change(crate::engine::Site::shrink);
        }
        self.asked = now;
        Ok(())
    }

    /// Adds the rows of a file that are not in yet.
    async fn take(&mut self, segment: Segment) -> Result<(), FeedError> {
        let known: HashSet<Id> = if let Some(open) = self.open.get(&segment.hour) {
            if (open.summary.rows, open.summary.sum) == (segment.rows, segment.sum) {
                self.listed.insert(segment.hour, segment);
                return Ok(());
            }
            open.ids.clone()
        } else if let Some(before) = self.listed.get(&segment.hour).cloned() {
            if before.rows >= segment.rows {
                // Rewritten without a person, who has left the columns by the erasure itself.
                self.listed.insert(segment.hour, segment);
                return Ok(());
            }
            let events = self.events(&before).await?;
            events.iter().map(|event| event.id).collect()
        } else {
            HashSet::new()
        };
        let mut events = self.events(&segment).await?;
        events.retain(|event| !known.contains(&event.id));
        self.site.change(|columns| columns.extend(&events));
        if let Some(open) = self.open.get_mut(&segment.hour) {
            for event in &events {
                open.ids.insert(event.id);
                open.summary.add(event.id);
            }
        }
        self.listed.insert(segment.hour, segment);
        Ok(())
    }

    async fn events(&self, segment: &Segment) -> Result<Vec<Event>, FeedError> {
        let Some(bytes) = self.files.get(&segment.key).await? else {
            // Replaced by a newer version a moment ago, which the next step takes.
            return Ok(Vec::new());
        };
        let decode = move || {
            let mut events = Vec::new();
            read(bytes, |event| events.push(event)).map(|()| events)
        };
        let outcome = match tokio::task::spawn_blocking(decode).await {
            Ok(outcome) => outcome,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        };
        outcome.map_err(|source| FeedError::Segment {
            key: segment.key.clone(),
            source,
        })
    }

    async fn tail(&mut self, now: i64) -> Result<(), FeedError> {
        let mut from = self.last - OVERLAP;
        // A minute ahead: clocks of consumers may differ.
        let end = now + 60_000;
        while from < end {
            let to = ((from.div_euclid(HOUR) + 1) * HOUR).min(end);
            let mut events = self.store.stored_between(&self.site.name, from, to).await?;
            let open = &mut self.open;
            events.retain(|event| {
                let open = open.entry(event.stored.div_euclid(HOUR)).or_default();
                let new = open.ids.insert(event.id);
                if new {
                    open.summary.add(event.id);
                }
                new
            });
            if !events.is_empty() {
                self.site.change(|columns| columns.extend(&events));
            }
            from = to;
        }
        self.last = self.last.max(now);
        let (last, listed) = (self.last, &self.listed);
        self.open
            .retain(|hour, _| (hour + 1) * HOUR + 2 * OVERLAP > last || !listed.contains_key(hour));
        Ok(())
    }

    async fn erasures(&mut self, now: i64) -> Result<(), FeedError> {
        let since = if self.asked == now && self.site.ready.load(Ordering::Acquire) {
            now - 2 * OVERLAP
        } else {
            0
        };
        for erasure in self.store.erasures(since).await? {
            if erasure.site == self.site.name {
                self.site.change(|columns| {
                    columns.forget(erasure.user, &erasure.visitors);
                });
            }
        }
        Ok(())
    }
}
