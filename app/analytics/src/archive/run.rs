//! The archive's process: one leader erases, seals, verifies and deletes.

use super::erase::erase;
use super::files::Files;
use super::lead::Lead;
use super::seal::{HOUR, Place, SealError, merged, verify, write_version};
use super::sweep::sweep;
use crate::event::Id;
use crate::settings::Work;
use crate::store::{Segment, Store, Summary};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use service::error::chain;
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The hours for which a sealed hour is compared with the hot store again and again: a late row may come.
const WATCHED: i64 = 48;

/// The time between two steps.
const PAUSE: Duration = Duration::from_secs(20);

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
    /// Files that were deleted because another one took their place.
    pub swept: u32,
    /// Pieces of work that failed; each is logged, and tried again by the next run.
    pub failed: u32,
}

impl Report {
    /// Counts a piece of work that failed because of its file alone, so that the other work goes on.
    ///
    /// # Errors
    /// A failure of all work: the hot store's, the place's, or a lost lease.
    fn outcome<T>(&mut self, doing: &str, outcome: Result<T, SealError>) -> Result<Option<T>, SealError> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(error @ (SealError::Differs { .. } | SealError::Segment(_))) => {
                tracing::error!(doing, error = %chain(&error), "a part of the archive stands still");
                self.failed += 1;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The archive's process.
pub struct Archivist {
    store: Store,
    files: Files,
    sites: Vec<String>,
    work: Work,
    lead: Lead,
    /// Sites that may have files which are not listed: after the start, and after a file was replaced.
    unswept: HashSet<String>,
    /// Hours of which the hot store has fewer rows than the file: those rows and that file.
    covered: HashMap<(String, i64), (Summary, String)>,
    /// Seconds since all work was done; 0 while another process leads.
    behind_seconds: Gauge,
}

impl Archivist {
    /// An archivist of `sites`.
    pub fn new(store: Store, files: Files, sites: Vec<String>, work: Work) -> Self {
        Self {
            lead: Lead::new(store.clone(), Id::now().to_string()),
            unswept: sites.iter().cloned().collect(),
            covered: HashMap::new(),
            behind_seconds: Gauge::default(),
            store,
            files,
            sites,
            work,
        }
    }

    /// Registers the gauge.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "behind_seconds",
            "Time since the archive did all of its work; 0 while another process leads",
            self.behind_seconds.clone(),
        );
    }

    /// Runs three times a minute, as long as no shutdown has begun.
    pub async fn run(mut self, drain: &service::serve::Drain) {
        let gauge = self.behind_seconds.clone();
        let mut done = now();
        let tell = |done: i64| {
            gauge.set((now() - done).max(0) / 1000);
        };
        while !drain.has_begun() {
            let outcome = {
                let mut step = pin!(self.step(now()));
                loop {
                    tokio::select! {
                        outcome = &mut step => break outcome,
                        // A step that hangs is behind, too.
                        () = tokio::time::sleep(PAUSE) => tell(done),
                    }
                }
            };
            let all = match &outcome {
                Ok(Some(report)) => report.failed == 0,
                Ok(None) | Err(SealError::Lost) => true,
                Err(_) => false,
            };
            if all {
                done = now();
            }
            tell(done);
            match outcome {
                Ok(Some(report)) if report != Report::default() => tracing::info!(?report, "archived"),
                Ok(_) => {}
                Err(SealError::Lost) => tracing::warn!("another process leads the archive"),
                Err(error) => tracing::error!(error = %chain(&error), "the archive stands still"),
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = drain.wait() => {}
            }
        }
    }

    /// Does what is to be done at `now` (milliseconds); `None` while another process leads. What fails because of its own
    /// file is counted and logged, and keeps nothing else from being done.
    ///
    /// # Errors
    /// [`SealError`]; the next step goes on.
    pub async fn step(&mut self, now: i64) -> Result<Option<Report>, SealError> {
        if !self.lead.take().await? {
            return Ok(None);
        }
        let mut report = Report::default();
        for erasure in self.store.erasures(i64::MAX).await? {
            let outcome = erase(&self.lead, &self.store, &self.files, &erasure).await;
            report.erased += u32::from(report.outcome("erase", outcome)?.is_some());
        }
        for site in self.sites.clone() {
            // Replaced files stay for one more step: processes that follow the list compare the two.
            if self.unswept.contains(&site) {
                report.swept += sweep(&self.store, &self.files, &site).await?;
                self.unswept.remove(&site);
            }
            self.seal(&site, now, &mut report).await?;
            self.delete(&site, now, &mut report).await?;
        }
        Ok(Some(report))
    }

    async fn seal(&mut self, site: &str, now: i64, report: &mut Report) -> Result<(), SealError> {
        let Some(first) = self.store.first_stored(site).await? else {
            return Ok(());
        };
        let seal = i64::try_from(self.work.seal.as_millis()).unwrap_or(i64::MAX);
        let last = (now - seal).div_euclid(HOUR) - 1;
        let listed: HashMap<i64, Segment> = {
            let segments = self.store.segments(site, 0).await?;
            segments
                .into_iter()
                .map(|segment| (segment.hour, segment))
                .collect()
        };
        for hour in first.div_euclid(HOUR)..=last {
            let before = listed.get(&hour);
            if before.is_some_and(|segment| segment.cold || hour < last - WATCHED) {
                continue;
            }
            let hot = self.store.summary(site, hour).await?;
            let same = before.is_some_and(|segment| (segment.rows, segment.sum) == (hot.rows, hot.sum));
            if same || hot.rows == 0 {
                continue;
            }
            let state = before.map(|segment| (hot, segment.key.clone()));
            if state.is_some() && state.as_ref() == self.covered.get(&(site.to_owned(), hour)) {
                continue;
            }
            self.lead.keep().await?;
            let outcome = self.seal_hour((site, hour), before).await;
            match report.outcome("seal", outcome)? {
                Some(Some(_)) => report.sealed += 1,
                Some(None) => {
                    self.covered
                        .extend(state.map(|state| ((site.to_owned(), hour), state)));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Writes an hour's file anew with what the hot store has more; `None` when it has nothing more.
    async fn seal_hour(
        &mut self,
        (site, hour): (&str, i64),
        before: Option<&Segment>,
    ) -> Result<Option<Segment>, SealError> {
        if let Some(segment) = before {
            match verify(&self.store, &self.files, segment).await {
                Ok(_) => return Ok(None),
                Err(SealError::Differs { .. } | SealError::Segment(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let events = merged(&self.store, &self.files, (site, hour), before).await?;
        let place = Place {
            site,
            hour,
            newest: 0,
        };
        let segment = write_version(&self.store, &self.files, place, events, before).await?;
        if before.is_some() {
            self.unswept.insert(site.to_owned());
        }
        Ok(Some(segment))
    }

    async fn delete(&mut self, site: &str, now: i64, report: &mut Report) -> Result<(), SealError> {
        let old = now.div_euclid(HOUR) - i64::from(self.work.hot_days) * 24;
        // A month of 30.4375 days, the mean of four years.
        let expired = now.div_euclid(HOUR) - i64::from(self.work.archive_months) * 1461 / 2;
        for segment in self.store.segments(site, 0).await? {
            let mut cold = segment.cold;
            if !cold && segment.hour < old {
                self.lead.keep().await?;
                let outcome = self.delete_hour(&segment).await;
                if let Some(rows) = report.outcome("delete from the hot store", outcome)? {
                    report.rows += rows;
                    report.deleted += 1;
                    cold = true;
                }
            }
            if cold && segment.hour < expired {
                self.lead.keep().await?;
                self.files.delete(&segment.key).await?;
                self.store.unlist_segment(&segment).await?;
                report.expired += 1;
            }
        }
        Ok(())
    }

    /// Deletes an hour from the hot store, after its file was read back; a file that lacks a row is written anew before.
    async fn delete_hour(&mut self, segment: &Segment) -> Result<u64, SealError> {
        let (proof, segment) = match verify(&self.store, &self.files, segment).await {
            Ok(proof) => (proof, segment.clone()),
            Err(SealError::Differs { .. } | SealError::Segment(_)) => {
                let hour = (segment.site.as_str(), segment.hour);
                let written = self.seal_hour(hour, Some(segment)).await?;
                let segment = written.unwrap_or_else(|| segment.clone());
                (verify(&self.store, &self.files, &segment).await?, segment)
            }
            Err(error) => return Err(error),
        };
        let rows = self.store.delete_hour(&proof).await?;
        let cold = Segment {
            cold: true,
            ..segment.clone()
        };
        if !self.store.list_segment(&cold, Some(&segment)).await? {
            return Err(SealError::Lost);
        }
        Ok(rows)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
