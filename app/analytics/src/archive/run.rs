//! The archive's process: one leader seals, verifies, deletes and erases.

use super::erase::erase;
use super::files::Files;
use super::seal::{SealError, verify, whole, write_version};
use crate::event::Id;
use crate::settings::Work;
use crate::store::{Segment, Store};
use service::error::chain;
use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The hours for which a sealed hour is compared with the hot store again and again: a late row may come.
const WATCHED: i64 = 48;

/// The milliseconds of a lease.
const LEASE: i64 = 60_000;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Hours that were sealed, or sealed anew.
    pub sealed: u32,
    /// Hours that were deleted from the hot store.
    pub deleted: u32,
    /// Rows that were.
    pub rows: u64,
    /// Persons that were erased.
    pub erased: u32,
    /// Files that were deleted because of their age.
    pub expired: u32,
}

/// The archive's process.
pub struct Archivist {
    store: Store,
    files: Files,
    sites: Vec<String>,
    work: Work,
    holder: String,
}

impl Archivist {
    /// An archivist of `sites`.
    pub fn new(store: Store, files: Files, sites: Vec<String>, work: Work) -> Self {
        Self {
            store,
            files,
            sites,
            work,
            holder: Id::now().to_string(),
        }
    }

    /// Runs every minute, as long as `go_on` says so.
    pub async fn run(&self, drain: &service::serve::Drain) {
        while !drain.has_begun() {
            match self.step(now()).await {
                Ok(Some(report)) if report != Report::default() => tracing::info!(?report, "archived"),
                Ok(_) => {}
                Err(error) => tracing::error!(error = %chain(&error), "the archive stands still"),
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(20)) => {}
                () = drain.wait() => {}
            }
        }
    }

    /// Does what is to be done at `now` (milliseconds); `None` while another process leads.
    ///
    /// # Errors
    /// [`SealError`]; the next step goes on.
    pub async fn step(&self, now: i64) -> Result<Option<Report>, SealError> {
        if !self.store.lease("archive", &self.holder, LEASE).await? {
            return Ok(None);
        }
        let mut report = Report::default();
        for site in &self.sites {
            self.seal(site, now, &mut report).await?;
            self.delete(site, now, &mut report).await?;
        }
        for erasure in self
            .store
            .erasures(0)
            .await?
            .iter()
            .filter(|erasure| !erasure.done)
        {
            erase(&self.store, &self.files, erasure).await?;
            report.erased += 1;
        }
        Ok(Some(report))
    }

    async fn seal(&self, site: &str, now: i64, report: &mut Report) -> Result<(), SealError> {
        let Some(first) = self.store.first_stored(site).await? else {
            return Ok(());
        };
        let seal = i64::try_from(self.work.seal.as_millis()).unwrap_or(i64::MAX);
        let last = (now - seal).div_euclid(3_600_000) - 1;
        let listed: HashMap<i64, Segment> = {
            let segments = self.store.segments(site, 0).await?;
            segments
                .into_iter()
                .map(|segment| (segment.hour, segment))
                .collect()
        };
        for hour in first.div_euclid(3_600_000)..=last {
            let before = listed.get(&hour);
            if before.is_some_and(|segment| segment.cold || hour < last - WATCHED) {
                continue;
            }
            let hot = self.store.summary(site, hour).await?;
            let same = before.is_some_and(|segment| (segment.rows, segment.sum) == (hot.rows, hot.sum));
            if same || hot.rows == 0 {
                continue;
            }
            self.lead().await?;
            let events = self
                .store
                .stored_between(site, hour * 3_600_000, (hour + 1) * 3_600_000)
                .await?;
            write_version(&self.store, &self.files, (site, hour), events, before).await?;
            report.sealed += 1;
        }
        Ok(())
    }

    async fn delete(&self, site: &str, now: i64, report: &mut Report) -> Result<(), SealError> {
        let old = now.div_euclid(3_600_000) - i64::from(self.work.hot_days) * 24;
        // A month of 30.4375 days, the mean of four years.
        let expired = now.div_euclid(3_600_000) - i64::from(self.work.archive_months) * 1461 / 2;
        for mut segment in self.store.segments(site, 0).await? {
            if !segment.cold && segment.hour < old {
                self.lead().await?;
                let proof = verify(&self.store, &self.files, &segment).await?;
                report.rows += self.store.delete_hour(&proof).await?;
                report.deleted += 1;
                segment.cold = true;
                self.store.list_segment(&segment).await?;
            }
            if segment.cold && segment.hour < expired {
                self.files.delete(&segment.key).await?;
                self.store.unlist_segment(&segment).await?;
                report.expired += 1;
            }
        }
        Ok(())
    }

    /// Keeps the lease before a long piece of work.
    async fn lead(&self) -> Result<(), SealError> {
        self.store.lease("archive", &self.holder, LEASE).await?;
        Ok(())
    }

    /// Fills an empty hot store from the archive's hot days, with the times of storing that the rows had.
    ///
    /// # Errors
    /// [`SealError`]; it may be called again.
    pub async fn restore(&self, segments: &[Segment]) -> Result<u64, SealError> {
        let mut rows = 0;
        for segment in segments {
            let events = whole(&self.files, segment).await?;
            for part in events.chunks(1000) {
                rows += self.store.restore(part).await?.stored as u64;
            }
        }
        Ok(rows)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
