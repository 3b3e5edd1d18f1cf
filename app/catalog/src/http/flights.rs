//! Reads that are under way: a request that arrives while an answer is being read waits for the next read, together with
//! all others that wait for the same one. Nothing is kept: with its last waiter an answer is forgotten.

use super::cache::{CacheKey, CachedResponse};
use service::http::Problem;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A read that has ended, and the time at which it began. A failure is shared as an answer is, lest each waiter wait for
/// an absent database in turn.
pub(super) type Landed = (Instant, Result<Arc<CachedResponse>, Problem>);

/// The newest read of one answer; the lock is held while one is under way.
pub(super) type Flight = tokio::sync::Mutex<Option<Landed>>;

/// The reads that are under way or awaited.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<CacheKey, Arc<Flight>>>);

/// One request's place in a flight.
pub(super) struct Seat<'a> {
    flights: &'a Flights,
    key: &'a CacheKey,
    pub(super) flight: Arc<Flight>,
}

impl Flights {
    /// Joins those that wait for the answer of `key`.
    pub(super) fn join<'a>(&'a self, key: &'a CacheKey) -> Seat<'a> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let flight = match flights.get(key) {
            Some(flight) => Arc::clone(flight),
            None => Arc::clone(flights.entry(key.clone()).or_default()),
        };
        Seat {
            flights: self,
            key,
            flight,
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody joins while the map is locked: one is the map's, one is this.
        if Arc::strong_count(&self.flight) <= 2 {
            flights.remove(self.key);
        }
    }
}
