//! The contents, which requests are on their way, and which surprises are switched on.

use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Everything unlike what one would expect of such an API; each is what AWS does to somebody.
#[derive(Clone, Debug, Default)]
pub struct Symptoms {
    /// The polls for which a request is `PENDING`, and then `IN_PROGRESS`.
    pub polls: (u32, u32),
    /// Lists whose order means nothing come back in another one.
    pub shuffles: bool,
    /// JSON documents come back as text, formatted in another way.
    pub reformats: bool,
    /// Members that were not sent come back with their default.
    pub defaults: bool,
    /// The reads after a create has succeeded that say that there is no such resource.
    pub unseen: u32,
    /// The calls that are throttled before one is let through.
    pub throttled: u32,
    /// Outcomes of the next creates, in order; after them, they succeed.
    pub creates: VecDeque<Option<Failure>>,
    /// The replies to mutating calls that are lost: the connection is closed, and the call is done.
    pub lost: u32,
}

/// A create that fails.
#[derive(Clone, Debug)]
pub struct Failure {
    /// `HandlerErrorCode`, such as `NotStabilized`.
    pub code: String,
    /// The resource is there all the same, and the failed request says its identifier.
    pub leaves: bool,
}

/// A resource.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) model: Map<String, Value>,
    /// Reads that still say that it is not there.
    pub(crate) unseen: u32,
}

/// A request that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) operation: &'static str,
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
    pub(crate) polls: u32,
    pub(crate) failed: Option<(String, String)>,
}

/// The state of the double.
#[derive(Debug, Default)]
pub struct World {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) symptoms: Symptoms,
    pub(crate) resources: BTreeMap<(String, String), Resource>,
    pub(crate) requests: HashMap<String, Accepted>,
    /// By client token: the request token, and what was sent.
    pub(crate) tokens: HashMap<String, (String, String)>,
    pub(crate) made: u64,
    /// Bodies of all requests, for tests that look for secrets.
    pub(crate) heard: Vec<String>,
}

impl World {
    /// A world with these surprises.
    pub fn new(symptoms: Symptoms) -> Self {
        let inner = Inner {
            symptoms,
            ..Inner::default()
        };
        Self {
            inner: Mutex::new(inner),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The types and identifiers of what exists.
    pub fn inventory(&self) -> Vec<(String, String)> {
        self.lock().resources.keys().cloned().collect()
    }

    /// The bodies of all requests that came.
    pub fn heard(&self) -> Vec<String> {
        self.lock().heard.clone()
    }

    /// Other surprises from now on.
    pub fn set(&self, symptoms: Symptoms) {
        self.lock().symptoms = symptoms;
    }
}
