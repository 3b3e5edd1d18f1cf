//! The small collections: what the archive has, what was refused, who is to be forgotten, who leads.

use super::connect::{Error, Store};
use super::document::binary;
use super::events::now;
use crate::event::{Id, UserKey};
use futures::TryStreamExt;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::error::{ErrorKind, WriteFailure};

/// Refused events of one hour and one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The reason's code.
    pub code: String,
    /// The number of events.
    pub count: i64,
    /// One of them, without its values.
    pub sample: String,
}

/// A user to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The site.
    pub site: String,
    /// The user.
    pub user: UserKey,
    /// The user's visitors.
    pub visitors: Vec<Id>,
    /// True once every file of the archive is without them.
    pub done: bool,
    /// The hours that were rewritten.
    pub hours: u32,
    /// The rows that were removed.
    pub rows: u64,
}

impl Store {
    /// Records refused events of a message, once: false when they are recorded already.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn reject(&self, site: &str, message: &str, rejected: &Rejected) -> Result<bool, Error> {
        let id = format!("{site}/{}/{message}", rejected.code);
        let fields = doc! {
            "si": site, "c": &rejected.code, "n": rejected.count, "s": &rejected.sample,
            "at": DateTime::from_millis(now()),
        };
        let outcome = self
            .small("rejects")
            .update_one(doc! { "_id": id }, doc! { "$setOnInsert": fields })
            .upsert(true)
            .await?;
        Ok(outcome.upserted_id.is_some())
    }

    /// The refused events of the last week, by reason.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn rejects(&self, site: &str) -> Result<Vec<Rejected>, Error> {
        let found: Vec<Document> = self
            .small("rejects")
            .find(doc! { "si": site })
            .await?
            .try_collect()
            .await?;
        let mut list: Vec<Rejected> = Vec::new();
        for document in &found {
            let code = document.get_str("c").unwrap_or_default();
            let count = document.get_i64("n").unwrap_or_default();
            match list.iter_mut().find(|rejected| rejected.code == code) {
                Some(rejected) => rejected.count += count,
                None => list.push(Rejected {
                    code: code.to_owned(),
                    count,
                    sample: document.get_str("s").unwrap_or_default().to_owned(),
                }),
            }
        }
        list.sort_by_key(|rejected| (-rejected.count, rejected.code.clone()));
        Ok(list)
    }

    /// Remembers that a visitor is a user's.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn identify(&self, site: &str, user: UserKey, visitor: Id) -> Result<(), Error> {
        let update = doc! { "$addToSet": { "v": binary(&visitor.0) }, "$set": { "si": site } };
        let id = format!("{site}/{user}");
        self.small("identities")
            .update_one(doc! { "_id": id }, update)
            .upsert(true)
            .await?;
        Ok(())
    }

    /// The visitors of a user.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn visitors(&self, site: &str, user: UserKey) -> Result<Vec<Id>, Error> {
        let found = self
            .small("identities")
            .find_one(doc! { "_id": format!("{site}/{user}") })
            .await?;
        Ok(found.as_ref().map(visitors).unwrap_or_default())
    }

    /// Writes an erasure, and removes what is known of the user beside events.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn put_erasure(&self, erasure: &Erasure) -> Result<(), Error> {
        let ids: Vec<_> = erasure.visitors.iter().map(|id| binary(&id.0)).collect();
        let fields = doc! {
            "si": &erasure.site, "u": binary(&erasure.user.0), "done": erasure.done,
            "hours": i64::from(erasure.hours), "rows": erasure.rows.cast_signed(), "ch": now(),
        };
        // Visitors are only ever added: a second request must not forget those of the first.
        let update = doc! { "$set": fields, "$addToSet": { "v": { "$each": ids } } };
        let id = format!("{}/{}", erasure.site, erasure.user);
        self.small("erasures")
            .update_one(doc! { "_id": &id }, update)
            .upsert(true)
            .await?;
        self.small("people").delete_one(doc! { "_id": &id }).await?;
        if erasure.done {
            self.small("identities").delete_one(doc! { "_id": &id }).await?;
        }
        Ok(())
    }

    /// The erasures that are not done, and those that were changed at `since` (milliseconds) or later.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn erasures(&self, since: i64) -> Result<Vec<Erasure>, Error> {
        let filter = doc! { "$or": [ { "done": false }, { "ch": { "$gte": since } } ] };
        let found: Vec<Document> = self.small("erasures").find(filter).await?.try_collect().await?;
        let read = |document: &Document| {
            Some(Erasure {
                site: document.get_str("si").ok()?.to_owned(),
                user: UserKey(
                    document
                        .get_binary_generic("u")
                        .ok()?
                        .as_slice()
                        .try_into()
                        .ok()?,
                ),
                visitors: visitors(document),
                done: document.get_bool("done").ok()?,
                hours: u32::try_from(document.get_i64("hours").ok()?).ok()?,
                rows: document.get_i64("rows").ok()?.cast_unsigned(),
            })
        };
        Ok(found.iter().filter_map(read).collect())
    }

    /// Takes or keeps the lease `name` for `millis`; false while somebody else has it.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn lease(&self, name: &str, holder: &str, millis: i64) -> Result<bool, Error> {
        let free = doc! { "_id": name, "$or": [ { "until": { "$lt": now() } }, { "holder": holder } ] };
        let update = doc! { "$set": { "holder": holder, "until": now() + millis } };
        match self.small("leases").update_one(free, update).upsert(true).await {
            Ok(_) => Ok(true),
            Err(error) => match &*error.kind {
                ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == 11000 => Ok(false),
                _ => Err(error.into()),
            },
        }
    }

    /// Ends a lease, whoever has it.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn release(&self, name: &str) -> Result<(), Error> {
        self.small("leases").delete_one(doc! { "_id": name }).await?;
        Ok(())
    }

    /// Writes a person's name for journeys.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn name_person(&self, site: &str, user: UserKey, name: &str) -> Result<(), Error> {
        let words: Vec<String> = name
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let update = doc! { "$set": { "si": site, "u": binary(&user.0), "name": name, "n": words } };
        let id = format!("{site}/{user}");
        self.small("people")
            .update_one(doc! { "_id": id }, update)
            .upsert(true)
            .await?;
        Ok(())
    }

    /// People of whom a word of the name begins with `text`: user and name.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn people(&self, site: &str, text: &str, limit: i64) -> Result<Vec<(UserKey, String)>, Error> {
        let text = text.to_lowercase();
        // A range instead of a pattern: no text of the caller's is ever a program.
        let range = doc! { "$gte": &text, "$lt": format!("{text}\u{10ffff}") };
        let filter = doc! { "si": site, "n": { "$elemMatch": range } };
        let found: Vec<Document> = self
            .small("people")
            .find(filter)
            .limit(limit)
            .await?
            .try_collect()
            .await?;
        let read = |document: &Document| {
            let user = UserKey(
                document
                    .get_binary_generic("u")
                    .ok()?
                    .as_slice()
                    .try_into()
                    .ok()?,
            );
            Some((user, document.get_str("name").ok()?.to_owned()))
        };
        Ok(found.iter().filter_map(read).collect())
    }
}

fn visitors(document: &Document) -> Vec<Id> {
    let list = document.get_array("v").map(Vec::as_slice).unwrap_or_default();
    let id = |value: &mongodb::bson::Bson| match value {
        mongodb::bson::Bson::Binary(binary) => binary.bytes.as_slice().try_into().ok().map(Id),
        _ => None,
    };
    list.iter().filter_map(id).collect()
}
