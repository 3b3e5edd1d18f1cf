//! A cache of rendered responses that never serves stale data.
//!
//! For every request the current snapshot of the database is compared with the one that the cached response was read in
//! (see [`crate::database::snapshot`]). So nothing expires and nothing is invalidated; a cache hit saves reading the rows
//! and writing the JSON.
//!
//! A response that is stale, or not kept at all, is read by one request while the others that arrived before that read
//! began wait for it: each is answered by a statement that began after it arrived. So a write under load costs one read
//! per response and not one per request, and a cache of no bytes still reads once for all who ask at the same time.

use super::flights::Flights;
use crate::database::snapshot::{Snapshot, SnapshotReader};
use crate::metrics::{CatalogMetrics, Origin};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use quick_cache::sync::Cache;
use service::http::{Problem, conditional, etag, json_bytes};
use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The key of a cached response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CacheKey {
    /// A product, by its id.
    Product(i64),
    /// A page, by the query string of the request.
    Page(Box<str>),
    /// A page of the shop, by the query string of the request.
    Offers(Box<str>),
    /// The categories.
    Categories,
}

/// A response: its body, its entity tag, and the snapshot that it was read in.
#[derive(Debug)]
pub struct CachedResponse {
    snapshot: Snapshot,
    body: Bytes,
    /// The body compressed, made when a client first accepts it.
    gzip: OnceLock<Bytes>,
    tag: HeaderValue,
}

/// A response that was just read, before it is cached.
pub struct Rendered {
    /// The snapshot that it was read in.
    pub snapshot: Snapshot,
    /// The JSON.
    pub body: Vec<u8>,
    /// The entity tag, when it is not the hash of the body.
    pub tag: Option<HeaderValue>,
}

/// The cached responses.
pub struct ResponseCache {
    responses: Cache<CacheKey, Arc<CachedResponse>, Weight>,
    snapshots: SnapshotReader,
    flights: Flights,
    metrics: Arc<CatalogMetrics>,
    capacity: u64,
}

#[derive(Clone)]
struct Weight;

impl quick_cache::Weighter<CacheKey, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &CacheKey, cached: &Arc<CachedResponse>) -> u64 {
        let key = if let CacheKey::Page(query) = key {
            query.len()
        } else {
            0
        };
        // The compressed form is about a quarter of the bytes; the rest is what the entry itself takes.
        (key + cached.body.len() * 5 / 4 + 300) as u64
    }
}

/// The least bytes of a body that is compressed; a shorter one fits into one packet anyway.
const MIN_COMPRESSED: usize = 1400;

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to a Vec does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default().into()
}

impl ResponseCache {
    /// A cache of up to `capacity` bytes; with 0 nothing is kept.
    pub(crate) fn new(capacity: u64, snapshots: SnapshotReader, metrics: Arc<CatalogMetrics>) -> Self {
        Self {
            responses: Cache::with_weighter(1024, capacity.max(1), Weight),
            snapshots,
            flights: Flights::default(),
            metrics,
            capacity,
        }
    }

    /// Returns the response of `key`: the kept one if the snapshot is still current, else the result of `read`, its own or
    /// that of a request that began it after this one arrived.
    ///
    /// # Errors
    /// The failure of `read`.
    pub async fn get<F>(
        &self,
        key: CacheKey,
        read: impl FnOnce() -> F,
    ) -> Result<Arc<CachedResponse>, Problem>
    where
        F: Future<Output = Result<Rendered, Problem>>,
    {
        let arrived = Instant::now();
        let mut current = None;
        if self.capacity > 0
            && let Some(cached) = self.responses.get(&key)
        {
            current = self.snapshots.current().await;
            if current.as_ref() == Some(&cached.snapshot) {
                self.metrics.answer(Origin::Cache);
                return Ok(cached);
            }
        }
        let seat = self.flights.join(&key);
        let mut landed = seat.flight.lock().await;
        if let Some((started, outcome)) = &*landed {
            let same = |cached: &Arc<CachedResponse>| current.as_ref() == Some(&cached.snapshot);
            if *started >= arrived || outcome.as_ref().is_ok_and(same) {
                self.metrics.answer(Origin::Shared);
                return outcome.clone();
            }
        }
        let started = Instant::now();
        let outcome = read().await.map(|rendered| Arc::new(cache_entry(rendered)));
        self.metrics.answer(Origin::Database);
        *landed = Some((started, outcome.clone()));
        drop(landed);
        if self.capacity > 0
            && let Ok(cached) = &outcome
        {
            self.responses.insert(key.clone(), Arc::clone(cached));
        }
        outcome
    }
}

fn cache_entry(rendered: Rendered) -> CachedResponse {
    let tag = rendered.tag.unwrap_or_else(|| etag::content_tag(&rendered.body));
    CachedResponse {
        snapshot: rendered.snapshot,
        body: rendered.body.into(),
        gzip: OnceLock::new(),
        tag,
    }
}

impl CachedResponse {
    /// Builds the HTTP response; 304 when the client's entity tag matches.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let compress = self.body.len() >= MIN_COMPRESSED && conditional::accepts(headers, "gzip");
        let mut response = if conditional::not_modified(headers, &self.tag) {
            let mut response = Response::new(axum::body::Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else if compress {
            json_bytes(StatusCode::OK, self.gzip.get_or_init(|| gzip(&self.body)).clone())
        } else {
            json_bytes(StatusCode::OK, self.body.clone())
        };
        let compressed = compress && response.status() == StatusCode::OK;
        let out = response.headers_mut();
        out.insert(header::ETAG, self.tag.clone());
        if self.body.len() >= MIN_COMPRESSED {
            out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if compressed {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            // A weak tag stands for other bytes with the same meaning.
            let weak = self
                .tag
                .to_str()
                .map(|tag| HeaderValue::try_from(format!("W/{tag}")));
            if let Ok(Ok(weak)) = weak {
                out.insert(header::ETAG, weak);
            }
        }
        response
    }
}
