//! The executor: the cloud and the state that an apply works with, and its limits.

use super::{
    rate_limiter::RateLimiter,
    settings::{Settings, Stop},
};
use crate::event::Sink;
use std::sync::{Arc, OnceLock};
use tenon_resources::{
    cloud::{CallError, Cloud},
    declaration::Place,
    value::Owner,
};
use tenon_state::{Record, Store};

/// Everything an apply needs.
#[derive(Clone)]
pub struct Executor {
    /// The cloud that receives the calls.
    pub cloud: Arc<dyn Cloud>,
    /// The store of intents, outcomes and records.
    pub store: Store,
    /// The receiver of events.
    pub sink: Sink,
    /// Limits.
    pub settings: Settings,
    /// The handle that stops it.
    pub stop: Stop,
    /// The owner of the stack's resources, read once: asking the store each time could cost it a copy of the state.
    owner: Arc<OnceLock<Owner>>,
    pub(super) limiter: RateLimiter,
}

impl Executor {
    /// An executor with default limits.
    pub fn new(cloud: Arc<dyn Cloud>, store: Store, sink: Sink) -> Self {
        let (settings, stop) = (Settings::default(), Stop::new());
        Self {
            cloud,
            store,
            sink,
            settings,
            stop,
            owner: Arc::default(),
            limiter: RateLimiter::default(),
        }
    }

    /// The cloud at `place`.
    ///
    /// # Errors
    /// It cannot be reached there.
    pub(super) async fn cloud_at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        if place.is_home() {
            return Ok(Arc::clone(&self.cloud));
        }
        super::retry::with_retry(3, || self.cloud.at(place)).await
    }

    /// The cloud where the object of a record is.
    ///
    /// # Errors
    /// It cannot be reached there, or the record says where it is in a form that this version does not know.
    pub(crate) async fn cloud_of(&self, record: Option<&Record>) -> Result<Arc<dyn Cloud>, CallError> {
        let place = record.map(crate::recorded::place).transpose();
        let place = place
            .map_err(|error| CallError::refused("state", "Read", CallError::UNSENDABLE, error.to_string()))?;
        self.cloud_at(&place.unwrap_or_default()).await
    }

    /// The owner that a resource of this stack has in its tags.
    pub(super) fn owner(&self, address: &str, generation: u32) -> Owner {
        let stack = self.owner.get_or_init(|| {
            let state = self.store.state();
            Owner::of_stack(&state.stack, &state.env)
        });
        stack.at(address, generation)
    }
}
