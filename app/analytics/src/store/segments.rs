//! The list of the archive's files.

use super::connect::{Error, Store};
use super::events::now;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use mongodb::error::{ErrorKind, WriteFailure};

/// A file of the archive: one stored hour of one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The site.
    pub site: String,
    /// The hour's number since 1970.
    pub hour: i64,
    /// The version: a late row or an erasure makes another.
    pub version: u32,
    /// The rows.
    pub rows: u64,
    /// The sum of the rows' identifiers.
    pub sum: u128,
    /// The file's bytes.
    pub bytes: u64,
    /// The file's SHA-256.
    pub sha256: String,
    /// The file's key.
    pub key: String,
    /// True once the hour is deleted from the hot store.
    pub cold: bool,
}

impl Store {
    /// Lists a file of the archive in the place of `before`, the hour's file that it was made from. Returns false, and
    /// changes nothing, when another one is listed.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn list_segment(&self, segment: &Segment, before: Option<&Segment>) -> Result<bool, Error> {
        let id = format!("{}/{}", segment.site, segment.hour);
        let mut document = doc! {
            "si": &segment.site, "h": segment.hour, "ve": i64::from(segment.version),
            "n": segment.rows.cast_signed(), "sum": format!("{:032x}", segment.sum),
            "by": segment.bytes.cast_signed(), "sha": &segment.sha256, "key": &segment.key, "cold": segment.cold,
            "ch": now(),
        };
        let list = self.small("segments");
        if let Some(before) = before {
            let filter = doc! { "_id": id, "key": &before.key };
            let outcome = list.update_one(filter, doc! { "$set": document }).await?;
            return Ok(outcome.matched_count > 0);
        }
        document.insert("_id", id);
        match list.insert_one(document).await {
            Ok(_) => Ok(true),
            Err(error) => match &*error.kind {
                ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == 11000 => Ok(false),
                _ => Err(error.into()),
            },
        }
    }

    /// The files of the archive that were listed or changed at `since` (milliseconds) or later, by hour.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn segments(&self, site: &str, since: i64) -> Result<Vec<Segment>, Error> {
        let filter = doc! { "si": site, "ch": { "$gte": since } };
        let found: Vec<Document> = self
            .small("segments")
            .find(filter)
            .sort(doc! { "h": 1 })
            .await?
            .try_collect()
            .await?;
        Ok(found.iter().filter_map(segment).collect())
    }

    /// Removes a file of the archive from the list.
    ///
    /// # Errors
    /// The error of MongoDB.
    pub async fn unlist_segment(&self, segment: &Segment) -> Result<(), Error> {
        let id = format!("{}/{}", segment.site, segment.hour);
        let filter = doc! { "_id": id, "key": &segment.key };
        self.small("segments").delete_one(filter).await?;
        Ok(())
    }
}

fn segment(document: &Document) -> Option<Segment> {
    Some(Segment {
        site: document.get_str("si").ok()?.to_owned(),
        hour: document.get_i64("h").ok()?,
        version: u32::try_from(document.get_i64("ve").ok()?).ok()?,
        rows: document.get_i64("n").ok()?.cast_unsigned(),
        sum: u128::from_str_radix(document.get_str("sum").ok()?, 16).ok()?,
        bytes: document.get_i64("by").ok()?.cast_unsigned(),
        sha256: document.get_str("sha").ok()?.to_owned(),
        key: document.get_str("key").ok()?.to_owned(),
        cold: document.get_bool("cold").ok()?,
    })
}
