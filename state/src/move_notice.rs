//! What stands where a state was that was moved: where it is now.
//!
//! Whoever still asks at the old place is told, and does not begin an empty state there, or rebuild one. Nothing secret
//! is in it, so that it is readable without the key that the state has now.

use serde::{Deserialize, Serialize};

use crate::{error::Error, record::State};

/// What such a document says that it is.
pub(crate) const FORMAT: &str = "tenon-moved";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    version: u32,
    to: String,
    lineage: String,
    serial: u64,
}

/// The document that stands in for `state`, which is at `to` now.
pub(crate) fn encode(to: String, state: &State) -> Result<Vec<u8>, Error> {
    let document = Document {
        format: FORMAT.to_owned(),
        version: 1,
        to,
        lineage: state.lineage.clone(),
        serial: state.serial,
    };
    let what = "note of a move";
    let mut text = serde_json::to_vec(&document).map_err(|source| Error::Json { what, source })?;
    text.push(b'\n');
    Ok(text)
}

/// What such a document found at `place` means.
pub(crate) fn decode(location: String, bytes: &[u8]) -> Error {
    match serde_json::from_slice(bytes) {
        Ok(Document { version, .. }) if version != 1 => Error::Newer {
            location,
            found: version.into(),
            supported: 1,
        },
        Ok(Document {
            to, lineage, serial, ..
        }) => Error::Moved {
            location,
            to,
            lineage,
            serial,
        },
        Err(error) => Error::Damaged {
            location,
            why: format!("it says that the state was moved, and not clearly where to ({error})"),
        },
    }
}
