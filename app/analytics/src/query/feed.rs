//! The feed of a site's columns: the archive's files first, then the hot store's newest events, once a second.
//!
//! The columns are a function of the set of events. The tail overlaps by two minutes, and identifiers that are in already
//! are dropped; when an hour is sealed, its file is compared with what the tail gave, and what is missing is added. Where that
//! cannot be told any more, and when a day has left the period that is kept, the columns are built anew aside.

use super::app::SiteState;
use crate::archive::{FileError, Files, SegmentError, read};
use crate::event::{Event, Id};
use crate::store::{Segment, Store, Summary};
use futures::stream::{self, StreamExt, TryStreamExt};
use service::error::chain;
use service::serve::Drain;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// The milliseconds by which the tail overlaps: for a consumer that stalled after it stamped, and for clocks that differ.
const OVERLAP: i64 = 120_000;

const HOUR: i64 = 3_600_000;

/// The files that are read at the same time.
const AHEAD: usize = 16;

/// The rows that are added at once while files are loaded.
const PART: usize = 200_000;

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
    /// Listed files that were not there when they were asked for.
    waiting: HashMap<i64, Segment>,
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
            waiting: HashMap::new(),
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
        self.step_at(jiff::Timestamp::now().as_millisecond()).await
    }

    /// [`Feed::step`] at `now` (milliseconds).
    ///
    /// # Errors
    /// As [`Feed::step`].
    pub async fn step_at(&mut self, now: i64) -> Result<(), FeedError> {
        let known = self.segments(now).await?;
        if !known || self.outdated(now) {
            return self.rebuild(now).await;
        }
        self.tail(now).await?;
        self.erasures(now).await?;
        self.site.read.store(now, Ordering::Release);
        Ok(())
    }

    /// The first hour that is kept.
    fn oldest(&self, now: i64) -> i64 {
        now / HOUR - i64::from(self.days) * 24
    }

    /// Returns true when hours of a whole day are in that are older than what is kept.
    fn outdated(&self, now: i64) -> bool {
        let first = self.listed.keys().min();
        first.is_some_and(|hour| *hour + 24 < self.oldest(now))
    }

    /// Reads everything again beside the present columns, and takes their place: these answer meanwhile.
    async fn rebuild(&mut self, now: i64) -> Result<(), FeedError> {
        let fresh = SiteState::new(&self.site.name);
        let mut feed = Self::new(
            Arc::clone(&fresh),
            self.store.clone(),
            self.files.clone(),
            self.days,
        );
        Box::pin(feed.step_at(now)).await?;
        let columns = std::mem::take(&mut *fresh.columns.write().unwrap_or_else(PoisonError::into_inner));
        self.site.change(|old| *old = columns);
        self.site.read.store(now, Ordering::Release);
        (self.listed, self.open, self.waiting) = (feed.listed, feed.open, feed.waiting);
        (self.last, self.asked) = (feed.last, feed.asked);
        Ok(())
    }

    /// Takes new files; false when it cannot be told which of a file's rows are in.
    async fn segments(&mut self, now: i64) -> Result<bool, FeedError> {
        let since = self.asked - OVERLAP;
        let oldest = self.oldest(now);
        let before = self.listed.len();
        let listed = self.store.segments(&self.site.name, since.max(0)).await?;
        let again = self.waiting.values().cloned();
        let mut newest: BTreeMap<i64, Segment> = BTreeMap::new();
        for segment in again.chain(listed) {
            let known = self.listed.get(&segment.hour).or(newest.get(&segment.hour));
            if segment.hour >= oldest && known.is_none_or(|known| known.version < segment.version) {
                newest.insert(segment.hour, segment);
            }
        }
        let new = |segment: &Segment| {
            !self.open.contains_key(&segment.hour) && !self.listed.contains_key(&segment.hour)
        };
        let (new, changed): (Vec<Segment>, Vec<Segment>) = newest.into_values().partition(new);
        self.load(new).await?;
        for segment in changed {
            if !self.take(segment).await? {
                return Ok(false);
            }
        }
        let in_already = &self.listed;
        self.waiting.retain(|hour, waiting| {
            *hour >= oldest
                && in_already
                    .get(hour)
                    .is_none_or(|segment| segment.version < waiting.version)
        });
        if self.last == 0 {
            self.hot(oldest, now).await?;
        }
        if self.listed.len() > before {
            self.site.change(crate::engine::Site::shrink);
        }
        self.asked = now;
        Ok(true)
    }

    /// Reads the hot hours that are not sealed, though later ones are. What is stored later than the last sealed hour is the
    /// tail's.
    async fn hot(&mut self, oldest: i64, now: i64) -> Result<(), FeedError> {
        let first = self.store.first_stored(&self.site.name).await?;
        let sealed = self.listed.keys().max().copied();
        if let (Some(first), Some(sealed)) = (first, sealed) {
            for hour in first.div_euclid(HOUR).max(oldest)..=sealed {
                if !self.listed.contains_key(&hour) {
                    self.read(hour * HOUR, (hour + 1) * HOUR).await?;
                }
            }
        }
        let sealed = sealed.map(|hour| (hour + 1) * HOUR);
        self.last = sealed.or(first).unwrap_or(now) + OVERLAP;
        Ok(())
    }

    /// Adds the rows of files of which nothing is in. Several are read ahead, and many are added at once: a start reads
    /// thousands.
    async fn load(&mut self, segments: Vec<Segment>) -> Result<(), FeedError> {
        let files = self.files.clone();
        let read = move |segment: Segment| {
            let files = files.clone();
            async move {
                let events = events(&files, &segment).await?;
                Ok::<_, FeedError>((segment, events))
            }
        };
        let mut reading = stream::iter(segments.into_iter().map(read)).buffered(AHEAD);
        let (mut rows, mut taken) = (Vec::new(), Vec::new());
        loop {
            let next = reading.try_next().await?;
            let last = next.is_none();
            match next {
                Some((segment, Some(events))) => {
                    rows.extend(events);
                    taken.push((segment.hour, segment));
                }
                Some((segment, None)) => self.wait_for(segment),
                None => {}
            }
            if last || rows.len() >= PART {
                let events = std::mem::take(&mut rows);
                if !events.is_empty() {
                    self.site.change(|columns| columns.extend(&events));
                }
                self.listed.extend(taken.drain(..));
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Asks again with each step for a file that is not there: replaced by a newer version a moment ago, or lost.
    fn wait_for(&mut self, segment: Segment) {
        let known = self.waiting.get(&segment.hour);
        if known.is_none_or(|known| known.key != segment.key) {
            tracing::warn!(key = segment.key, "a file of the archive is not there");
        }
        self.waiting.insert(segment.hour, segment);
    }

    /// Adds the rows of a file that are not in yet; false when it cannot be told which these are.
    async fn take(&mut self, segment: Segment) -> Result<bool, FeedError> {
        let known: HashSet<Id> = if let Some(open) = self.open.get(&segment.hour) {
            if (open.summary.rows, open.summary.sum) == (segment.rows, segment.sum) {
                self.listed.insert(segment.hour, segment);
                return Ok(true);
            }
            open.ids.clone()
        } else if let Some(before) = self.listed.get(&segment.hour).cloned() {
            if segment.version == before.version + 1 && segment.rows <= before.rows {
                // Rewritten without a person, who has left the columns by the erasure itself.
                self.listed.insert(segment.hour, segment);
                return Ok(true);
            }
            let Some(events) = events(&self.files, &before).await? else {
                return Ok(false);
            };
            events.iter().map(|event| event.id).collect()
        } else {
            HashSet::new()
        };
        let Some(mut events) = events(&self.files, &segment).await? else {
            self.wait_for(segment);
            return Ok(true);
        };
        events.retain(|event| !known.contains(&event.id));
        self.site.change(|columns| columns.extend(&events));
        if let Some(open) = self.open.get_mut(&segment.hour) {
            for event in &events {
                open.ids.insert(event.id);
                open.summary.add(event.id);
            }
        }
        self.listed.insert(segment.hour, segment);
        Ok(true)
    }

    /// Adds what was stored in the milliseconds from `from` to before `to` and is not in yet.
    async fn read(&mut self, from: i64, to: i64) -> Result<(), FeedError> {
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
        Ok(())
    }

    async fn tail(&mut self, now: i64) -> Result<(), FeedError> {
        let mut from = self.last - OVERLAP;
        // A minute ahead: clocks of consumers may differ.
        let end = now + 60_000;
        while from < end {
            let to = ((from.div_euclid(HOUR) + 1) * HOUR).min(end);
            self.read(from, to).await?;
            from = to;
        }
        self.last = self.last.max(now);
        let (last, listed) = (self.last, &self.listed);
        self.open
            .retain(|hour, _| (hour + 1) * HOUR + 2 * OVERLAP > last || !listed.contains_key(hour));
        Ok(())
    }

    async fn erasures(&mut self, now: i64) -> Result<(), FeedError> {
        // Done ones have left the files; these may have been read just before.
        for erasure in self.store.erasures(now - 2 * OVERLAP).await? {
            if erasure.site == self.site.name {
                self.site.change(|columns| {
                    columns.forget(erasure.user, &erasure.visitors);
                });
            }
        }
        Ok(())
    }
}

/// The rows of a file; `None` when there is no such file.
async fn events(files: &Files, segment: &Segment) -> Result<Option<Vec<Event>>, FeedError> {
    let Some(bytes) = files.get(&segment.key).await? else {
        return Ok(None);
    };
    let decode = move || {
        let mut events = Vec::new();
        read(bytes, |event| events.push(event)).map(|()| events)
    };
    let outcome = match tokio::task::spawn_blocking(decode).await {
        Ok(outcome) => outcome,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    };
    outcome.map(Some).map_err(|source| FeedError::Segment {
        key: segment.key.clone(),
        source,
    })
}
