//! Refused events are counted here and travel through the queue once a second, so that the quality of a site's data shows
//! them. A flood of them costs a line a second.

use super::batch::{Batcher, Full};
use crate::event::{Line, Rejection, redacted};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The refused events since the last flush, by site and code.
#[derive(Default)]
pub(super) struct Rejects(Mutex<Counts>);

type Counts = BTreeMap<(String, &'static str), (i64, String)>;

impl Rejects {
    /// Counts an event of `site`, whose text is `raw`.
    pub(super) fn add(&self, site: &str, code: &'static str, raw: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = counts
            .entry((site.to_owned(), code))
            .or_insert_with(|| (0, redacted(raw)));
        entry.0 += 1;
    }

    /// Sends what was counted; what the queue does not take is counted further.
    pub(super) async fn flush(&self, batcher: &Batcher, received: i64) -> Result<(), Full> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut sites: BTreeMap<&str, Vec<Rejection>> = BTreeMap::new();
        for ((site, code), (count, sample)) in &counts {
            sites.entry(site).or_default().push(Rejection {
                code: (*code).to_owned(),
                count: *count,
                sample: sample.clone(),
            });
        }
        let mut lines = Vec::new();
        for (site, rejected) in sites {
            // Serialising texts and numbers does not fail.
            lines
                .extend(serde_json::to_vec(&Line::of_rejected(site, received, rejected)).unwrap_or_default());
            lines.push(b'\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        let outcome = batcher.send(lines, 0, None).await;
        if outcome.is_err() {
            let mut newer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, (count, sample)) in counts {
                newer.entry(key).or_insert_with(|| (0, sample)).0 += count;
            }
        }
        outcome
    }
}
