//! The events: insert, read by time, count, delete.

use super::connect::{Error, Store, duplicates};
use super::document::{binary, decode, encode};
use crate::event::{Event, Id};
use futures::TryStreamExt;
use mongodb::bson::raw::RawDocumentBuf;
use mongodb::bson::{Bson, Document, doc};
use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

/// The milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// What an insert did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inserted {
    /// Events that were not stored before.
    pub stored: usize,
    /// Events that were.
    pub duplicates: usize,
}

/// The rows of an hour in two numbers, by which an archive's file is compared with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of rows.
    pub rows: u64,
    /// The sum of all identifiers as numbers, without overflow's carry.
    pub sum: u128,
}

impl Summary {
    /// Adds a row.
    pub fn add(&mut self, id: Id) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(id.0));
    }
}

/// Whose events are asked for.
#[derive(Clone, Debug)]
pub enum Who {
    /// Visitors.
    Visitors(Vec<Id>),
    /// A session of a visitor.
    Session(Id, Id),
}

impl Store {
    /// Stores events; those that are stored already are left as they are. All or nothing is not promised: after an error
    /// the same events may be given again.
    ///
    /// # Errors
    /// Any error of MongoDB but that documents are stored already.
    pub async fn insert(&self, events: &[Event]) -> Result<Inserted, Error> {
        if events.is_empty() {
            return Ok(Inserted::default());
        }
        // Stamped here, so that no event is stored long after the time that it bears: the tail is read by it.
        let stored = now();
        let documents = events.iter().map(|event| encode(event, stored));
        self.insert_documents(documents.collect()).await
    }

    /// Stores events with the time of storing that they have; for restoring a store from its archive.
    ///
    /// # Errors
    /// As [`Store::insert`].
    pub async fn restore(&self, events: &[Event]) -> Result<Inserted, Error> {
        let documents = events.iter().map(|event| encode(event, event.stored));
        self.insert_documents(documents.collect()).await
    }

    async fn insert_documents(&self, documents: Vec<RawDocumentBuf>) -> Result<Inserted, Error> {
        let count = documents.len();
        let outcome = self.events.insert_many(documents).ordered(false).await;
        let duplicates = match outcome {
            Ok(_) => 0,
            Err(error) => duplicates(&error).ok_or(Error::Mongo(error))?,
        };
        Ok(Inserted {
            stored: count - duplicates,
            duplicates,
        })
    }

    async fn read(&self, filter: Document, sort: Document, limit: i64) -> Result<Vec<Event>, Error> {
        let find = self
            .events
            .find(filter)
            .sort(sort)
            .limit(limit)
            .batch_size(10_000);
        let mut cursor = find.await?;
        let mut events = Vec::new();
        while cursor.advance().await? {
            let document = cursor.current();
            let unreadable = || Error::Document(format!("{:?}", document.get("_id")));
            events.push(decode(document).ok_or_else(unreadable)?);
        }
        Ok(events)
    }

    /// The events of a site that were stored in the milliseconds from `from` to before `to`.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn stored_between(&self, site: &str, from: i64, to: i64) -> Result<Vec<Event>, Error> {
        let filter = doc! { "si": site, "st": { "$gte": from, "$lt": to } };
        self.read(filter, doc! { "si": 1, "st": 1 }, 0).await
    }

    /// The first time of storing among a site's events; `None` without events.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn first_stored(&self, site: &str) -> Result<Option<i64>, Error> {
        let first = self
            .read(doc! { "si": site }, doc! { "si": 1, "st": 1 }, 1)
            .await?;
        Ok(first.first().map(|event| event.stored))
    }

    /// The last time of storing among a site's events; `None` without events.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn last_stored(&self, site: &str) -> Result<Option<i64>, Error> {
        let last = self
            .read(doc! { "si": site }, doc! { "si": -1, "st": -1 }, 1)
            .await?;
        Ok(last.first().map(|event| event.stored))
    }

    /// The number and the sum of the identifiers of the events that were stored in an hour.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn summary(&self, site: &str, hour: i64) -> Result<Summary, Error> {
        let filter = doc! { "si": site, "st": { "$gte": hour * HOUR, "$lt": (hour + 1) * HOUR } };
        let find = self
            .events
            .find(filter)
            .projection(doc! { "_id": 1 })
            .batch_size(50_000);
        let mut cursor = find.await?;
        let mut summary = Summary::default();
        while cursor.advance().await? {
            let id = cursor.current().get_binary("_id").ok().map(|id| id.bytes);
            if let Some(Ok(id)) = id.map(<[u8; 16]>::try_from) {
                summary.add(Id(id));
            }
        }
        Ok(summary)
    }

    /// The identifiers of the events that were stored in an hour.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn identifiers_of(&self, site: &str, hour: i64) -> Result<Vec<Id>, Error> {
        self.identifiers_where(doc! { "si": site, "st": { "$gte": hour * HOUR, "$lt": (hour + 1) * HOUR } })
            .await
    }

    /// Deletes the events that were stored in an hour. Only the archive calls it, with proof that its file has them.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn delete_hour(&self, proof: &crate::archive::Verified) -> Result<u64, Error> {
        let (site, hour) = proof.hour();
        let filter = doc! { "si": site, "st": { "$gte": hour * HOUR, "$lt": (hour + 1) * HOUR } };
        Ok(self.events.delete_many(filter).await?.deleted_count)
    }

    /// Events of visitors or of a session, by time, from the milliseconds `from` to before `to`.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn of(
        &self,
        site: &str,
        who: &Who,
        from: i64,
        to: i64,
        limit: i64,
    ) -> Result<Vec<Event>, Error> {
        let time = doc! { "$gte": from, "$lt": to };
        let filter = match who {
            Who::Visitors(visitors) => {
                let visitors: Vec<_> = visitors.iter().map(|id| binary(&id.0)).collect();
                doc! { "si": site, "v": { "$in": visitors }, "t": time }
            }
            Who::Session(visitor, session) => {
                doc! { "si": site, "v": binary(&visitor.0), "t": time, "s": binary(&session.0) }
            }
        };
        self.read(filter, doc! { "t": 1, "_id": 1 }, limit).await
    }

    /// Deletes all events of visitors. Returns the hours in which they were stored, and the number of events.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn delete_visitors(&self, site: &str, visitors: &[Id]) -> Result<u64, Error> {
        let visitors: Vec<_> = visitors.iter().map(|id| binary(&id.0)).collect();
        let filter = doc! { "si": site, "v": { "$in": visitors } };
        Ok(self.events.delete_many(filter).await?.deleted_count)
    }

    /// The identifiers of all events of a site; for the audit of a load test.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn identifiers(&self, site: &str) -> Result<Vec<Id>, Error> {
        self.identifiers_where(doc! { "si": site }).await
    }

    /// Those of the identifiers whose events are stored.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn stored_of(&self, ids: &[Id]) -> Result<HashSet<Id>, Error> {
        let ids: Vec<Bson> = ids.iter().map(|id| Bson::Binary(binary(&id.0))).collect();
        let found = self.identifiers_where(doc! { "_id": { "$in": ids } }).await?;
        Ok(found.into_iter().collect())
    }

    async fn identifiers_where(&self, filter: Document) -> Result<Vec<Id>, Error> {
        let find = self
            .events
            .find(filter)
            .projection(doc! { "_id": 1 })
            .batch_size(50_000);
        let documents: Vec<RawDocumentBuf> = find.await?.try_collect().await?;
        let id = |document: &RawDocumentBuf| {
            document
                .get_binary("_id")
                .ok()
                .and_then(|id| id.bytes.try_into().ok())
                .map(Id)
        };
        Ok(documents.iter().filter_map(id).collect())
    }
}

/// The milliseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
