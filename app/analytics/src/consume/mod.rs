//! The consumer: messages of the queue become stored events.
//!
//! A message is deleted only after each of its events is stored (now or before), refused and recorded, or the message is in
//! the dead-letter queue. Killed anywhere, it comes again and changes nothing.

use crate::event::{Currency, Event, Id, Line, Reject, UserKey, redacted, unpack};
use crate::queue::{Delivery, Queue};
use crate::store::{Rejected, Store};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use service::error::chain;
use service::serve::Drain;
use service::trace::{Context, Kind, Span};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most events of one insert.
const INSERT: usize = 1000;

/// The most pairs of user and visitor that are remembered as written.
const KNOWN: usize = 200_000;

/// The consumer's counters.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    /// Events stored.
    pub stored: Counter,
    /// Events that were stored before.
    pub duplicate: Counter,
    /// Events refused.
    pub rejected: Counter,
    /// Messages put into the dead-letter queue.
    pub dead: Counter,
    /// Seconds between the sending and the storing of the newest message.
    pub behind_seconds: Gauge,
}

impl Counters {
    /// Registers the counters.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("stored", "Events stored", self.stored.clone());
        registry.register(
            "duplicate",
            "Events that were stored before",
            self.duplicate.clone(),
        );
        registry.register("rejected", "Events refused", self.rejected.clone());
        registry.register("dead", "Messages that cannot be read", self.dead.clone());
        registry.register(
            "behind_seconds",
            "Age of the newest message when it was stored",
            self.behind_seconds.clone(),
        );
    }
}

/// The consumer.
#[derive(Clone)]
pub struct Consumer {
    queue: Queue,
    store: Store,
    currency: Currency,
    /// The counters.
    pub counters: Counters,
    known: Arc<Mutex<HashSet<(UserKey, Id)>>>,
}

/// A message's content.
#[derive(Default)]
struct Content {
    events: Vec<Event>,
    /// Refused events by site, code and message: their number, and one without its values.
    rejects: BTreeMap<(String, String, String), (i64, String)>,
    /// The steps of the traces of its posts.
    spans: Vec<Span>,
}

impl Content {
    /// Begins the step of a line, when its trace is recorded.
    fn begin(&mut self, line: &Line<'_>) {
        let Some(parent) = line.trace.as_deref().and_then(Context::parse) else {
            return;
        };
        let mut span = Span::begin(Kind::Consumer, Some(parent), || "process events".into());
        span.set("messaging.system", || "aws_sqs");
        span.set("messaging.operation.type", || "process");
        let events = line.events.len();
        span.set("messaging.batch.message_count", || {
            i64::try_from(events).unwrap_or(i64::MAX)
        });
        tracing::debug!(events, trace = parent.id(), "events received");
        self.spans.push(span);
    }

    /// Begins the step of storing below each of them.
    fn storing(&self) -> Vec<Span> {
        let begin = |span: &Span| {
            let mut storing = Span::begin(Kind::Client, span.context(), || "insert events".into());
            storing.set("db.system.name", || "mongodb");
            storing.set("db.operation.name", || "insert");
            storing.set("db.collection.name", || "events");
            storing
        };
        self.spans.iter().map(begin).collect()
    }
}

impl Consumer {
    /// A consumer of `queue` into `store`.
    pub fn new(queue: Queue, store: Store, currency: Currency) -> Self {
        Self {
            queue,
            store,
            currency,
            counters: Counters::default(),
            known: Arc::default(),
        }
    }

    /// Works with `hands` hands until the shutdown begins and what was received is done.
    pub async fn run(&self, in_flight: usize, drain: &Drain) {
        let hands = in_flight.div_ceil(10).clamp(1, 8);
        let hand = |_| {
            let (consumer, drain) = (self.clone(), drain.clone());
            tokio::spawn(async move { consumer.hand(&drain).await })
        };
        let hands: Vec<_> = (0..hands).map(hand).collect();
        for hand in hands {
            // A hand that panicked has said so; its messages come again.
            let _ = hand.await;
        }
    }

    async fn hand(&self, drain: &Drain) {
        while !drain.has_begun() {
            let received = tokio::select! {
                received = self.queue.receive(10, Duration::from_secs(10)) => received,
                () = drain.wait() => return,
            };
            match received {
                Ok(deliveries) if deliveries.is_empty() => {}
                Ok(deliveries) => self.work(&deliveries).await,
                Err(error) => {
                    tracing::warn!(%error, "the queue does not answer");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        }
    }

    /// Stores the content of messages and deletes them; tries again until it is done, and keeps them hidden meanwhile.
    pub async fn work(&self, deliveries: &[Delivery]) {
        let receipts: Vec<String> = deliveries
            .iter()
            .map(|delivery| delivery.receipt.clone())
            .collect();
        let work = async {
            let mut wait = Duration::from_millis(100);
            while let Err(error) = self.try_work(deliveries).await {
                tracing::warn!(error = %chain(&*error), "events are not stored yet");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(Duration::from_secs(5));
            }
        };
        tokio::pin!(work);
        loop {
            tokio::select! {
                () = &mut work => return,
                () = tokio::time::sleep(Duration::from_secs(20)) => {
                    if let Err(error) = self.queue.extend(&receipts, 30).await {
                        // The messages come again at worst.
                        tracing::warn!(%error, "messages that are worked on may come again");
                    }
                }
            }
        }
    }

    async fn try_work(
        &self,
        deliveries: &[Delivery],
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut content = Content::default();
        let mut done = Vec::new();
        for delivery in deliveries {
            match self.open(&delivery.body, &mut content) {
                Ok(()) => done.push(delivery.receipt.clone()),
                Err(reason) => {
                    let trace = delivery.trace.map(Context::id);
                    tracing::error!(%reason, count = delivery.count, trace, "a message cannot be read");
                    let mut span = Span::begin(Kind::Consumer, delivery.trace, || "process events".into());
                    span.fail(|| reason);
                    self.queue.bury(delivery).await?;
                    self.counters.dead.inc();
                }
            }
        }
        let mut storing = content.storing();
        if let Err(error) = self.insert(&content.events).await {
            for span in storing.iter_mut().chain(&mut content.spans) {
                span.fail(|| chain(&error));
            }
            return Err(error.into());
        }
        drop(storing);
        self.reject(&content).await?;
        self.queue.done(&done).await?;
        if let Some(sent) = deliveries.iter().map(|delivery| delivery.sent).max() {
            let behind = jiff::Timestamp::now().as_millisecond() - sent;
            self.counters.behind_seconds.set(behind.max(0) / 1000);
        }
        Ok(())
    }

    async fn insert(&self, events: &[Event]) -> Result<(), crate::store::Error> {
        // Identities first: an event whose user is not known to be its visitor's could not be erased.
        self.identify(events).await?;
        for part in events.chunks(INSERT) {
            let inserted = self.store.insert(part).await?;
            self.counters.stored.inc_by(inserted.stored as u64);
            self.counters.duplicate.inc_by(inserted.duplicates as u64);
        }
        Ok(())
    }

    /// Stores the events of one body; false when it cannot be read.
    ///
    /// # Errors
    /// The error of the store.
    pub async fn store_body(&self, body: &str) -> Result<bool, crate::store::Error> {
        let mut content = Content::default();
        if let Err(reason) = self.open(body, &mut content) {
            tracing::warn!(%reason, "a dead letter still cannot be read");
            return Ok(false);
        }
        self.identify(&content.events).await?;
        for part in content.events.chunks(INSERT) {
            self.store.insert(part).await?;
        }
        self.reject(&content).await?;
        Ok(true)
    }

    /// Records what was refused. A message that comes again records the same again, which changes nothing.
    async fn reject(&self, content: &Content) -> Result<(), crate::store::Error> {
        for ((site, code, message), (count, sample)) in &content.rejects {
            let rejected = Rejected {
                code: code.clone(),
                count: *count,
                sample: sample.clone(),
            };
            if self.store.reject(site, message, &rejected).await? {
                self.counters.rejected.inc_by(count.unsigned_abs());
            }
        }
        Ok(())
    }

    /// Reads a message into `content`; on failure nothing of it is taken.
    fn open(&self, body: &str, content: &mut Content) -> Result<(), String> {
        let text = unpack(body).map_err(|error| chain(&error))?;
        let lines: Result<Vec<Line<'_>>, _> = text.lines().map(serde_json::from_str).collect();
        let message = hex::encode(&Sha256::digest(body)[..12]);
        for line in lines.map_err(|error| error.to_string())? {
            content.begin(&line);
            let mut reject = |code: &str, count, sample: &dyn Fn() -> String| {
                let key = (line.site.to_string(), code.to_owned(), message.clone());
                content.rejects.entry(key).or_insert_with(|| (0, sample())).0 += count;
            };
            for refused in &line.rejected {
                reject(&refused.code, refused.count, &|| refused.sample.clone());
            }
            for outcome in line.read(self.currency) {
                match outcome {
                    Ok(event) => content.events.push(event),
                    Err((Reject(code), raw)) => reject(code, 1, &|| redacted(raw)),
                }
            }
        }
        Ok(())
    }

    async fn identify(&self, events: &[Event]) -> Result<(), crate::store::Error> {
        for event in events {
            let Some(user) = event.user else { continue };
            let pair = (user, event.visitor);
            if self
                .known
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&pair)
            {
                continue;
            }
            self.store.identify(&event.site, user, event.visitor).await?;
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= KNOWN {
                known.clear();
            }
            known.insert(pair);
        }
        Ok(())
    }
}
