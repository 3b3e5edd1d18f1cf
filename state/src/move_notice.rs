//! The notice left at the old location of a state that was moved: it names the new location.
//!
//! A run that still uses the old location reads the notice, instead of starting or rebuilding a state there. The notice
//! holds no secret, so that it is readable without the key of the state.

use serde::{Deserialize, Serialize};

use crate::{error::Error, record::State};

/// Value of the `format` member of a notice.
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

/// Encodes the notice that `state` is at `to` now.
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

/// Decodes the notice found at `location` into the error to report.
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
