//! Answers that are kept, bytes and all, and served again for as long as they are still true.
//!
//! Whether an answer is still true is asked of the database for every request (see [`crate::database::freshness`]);
//! nothing is ever served that the database would not say at that moment, and nothing expires or is invalidated.
//! What is saved is reading the rows and writing the JSON.
//!
//! When an answer is out of date, one request renews it and the others that came before the renewal began wait for
//! it, so a write under load costs one read of each answer and not a thousand.

use super::json::json_bytes;
use super::problem::Problem;
use super::{conditional, etag};
use crate::database::freshness::{Freshness, Stamp};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use quick_cache::sync::Cache;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tokio::sync::Mutex;

/// What an answer is the answer to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// One product.
    Product(i64),
    /// A page, by its query as it was written.
    Page(Box<str>),
    /// The categories.
    Categories,
}

/// An answer: its bytes, its tag, and the state of the database that it tells of.
#[derive(Debug)]
pub struct Answer {
    stamp: Stamp,
    /// When the read that it came from began.
    begun: Instant,
    body: Bytes,
    /// The same, compressed when a caller first takes it so.
    gzip: OnceLock<Bytes>,
    tag: HeaderValue,
}

/// What a read yields before it is an [`Answer`].
pub struct Fresh {
    /// The state of the database that was read.
    pub stamp: Stamp,
    /// The JSON.
    pub body: Vec<u8>,
    /// The tag, when it is not that of the bytes.
    pub tag: Option<HeaderValue>,
}

/// The answers that are kept.
pub struct Answers {
    kept: Cache<Key, Arc<Answer>, Weight>,
    freshness: Freshness,
    renewals: Vec<Mutex<()>>,
    hasher: RandomState,
    capacity: u64,
}

#[derive(Clone)]
struct Weight;

impl quick_cache::Weighter<Key, Arc<Answer>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<Answer>) -> u64 {
        let key = if let Key::Page(query) = key {
            query.len()
        } else {
            0
        };
        // The compressed form is about a quarter of the bytes; the rest is what the entry itself takes.
        (key + answer.body.len() * 5 / 4 + 300) as u64
    }
}

/// Shorter bodies fit into one packet as they are.
const WORTH_COMPRESSING: usize = 1400;

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to a Vec does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default().into()
}

impl Answers {
    /// Keeps up to `capacity` bytes; with 0, every request reads.
    pub fn new(capacity: u64, freshness: Freshness) -> Self {
        let kept = Cache::with_weighter(1024, capacity.max(1), Weight);
        let renewals = (0..256).map(|_| Mutex::new(())).collect();
        Self {
            kept,
            freshness,
            renewals,
            hasher: RandomState::new(),
            capacity,
        }
    }

    /// The answer to `key`: the kept one if it is still true, else what `read` yields.
    ///
    /// # Errors
    /// What `read` says.
    pub async fn get<F>(&self, key: Key, read: impl FnOnce() -> F) -> Result<Arc<Answer>, Problem>
    where
        F: Future<Output = Result<Fresh, Problem>>,
    {
        if self.capacity == 0 {
            return Ok(Arc::new(finish(Instant::now(), read().await?)));
        }
        let arrived = Instant::now();
        let mut present = None;
        if let Some(answer) = self.kept.get(&key) {
            present = self.freshness.stamp().await;
            if present.as_ref() == Some(&answer.stamp) {
                return Ok(answer);
            }
        }
        let place = usize::try_from(self.hasher.hash_one(&key) % 256).unwrap_or_default();
        let _renewal = self.renewals[place].lock().await;
        if let Some(answer) = self.kept.get(&key)
            && (answer.begun >= arrived || present.as_ref() == Some(&answer.stamp))
        {
            return Ok(answer);
        }
        let begun = Instant::now();
        let answer = Arc::new(finish(begun, read().await?));
        self.kept.insert(key, Arc::clone(&answer));
        Ok(answer)
    }
}

fn finish(begun: Instant, fresh: Fresh) -> Answer {
    let tag = fresh.tag.unwrap_or_else(|| etag::content_tag(&fresh.body));
    Answer {
        stamp: fresh.stamp,
        begun,
        body: fresh.body.into(),
        gzip: OnceLock::new(),
        tag,
    }
}

impl Answer {
    /// The response to a caller who may already have it.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let compress = self.body.len() >= WORTH_COMPRESSING && conditional::accepts(headers, "gzip");
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
        if self.body.len() >= WORTH_COMPRESSING {
            out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if compressed {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            // Other bytes, same meaning: that is what a weak tag says.
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
