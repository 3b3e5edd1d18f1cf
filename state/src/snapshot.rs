//! The stored form of a state: a document with its checksum inside.
//!
//! ```json
//! {"format":"tenon-state","version":1,"checksum":"<sha-256 of content>","content":
//! { "state": …, "sequence": 12, "fence": 3, "open": [ … ] }}
//! ```
//!
//! The checksum is over the bytes of `content` as they stand, so that any change by hand or by decay is noticed.
//! Not here: where the bytes are kept ([`crate::Backend`]).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{
    error::Error,
    intent::Intent,
    record::{FORMAT_VERSION, State},
};

const FORMAT: &str = "tenon-state";

/// The bytes that are set aside for a record: a buffer that grows by doubling would hold the document up to three times.
const RECORD_LENGTH: usize = 2048;

/// Hex digits of a SHA-256 checksum.
const CHECKSUM_LENGTH: usize = 64;

/// A state with what is needed to go on from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    pub(crate) state: State,
    /// The last journal frame that is folded in.
    pub(crate) sequence: u64,
    /// The fencing number of who wrote it.
    pub(crate) fence: u64,
    /// Intents whose outcome is not known.
    pub(crate) open: Vec<Intent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
    checksum: String,
    #[serde(borrow)]
    content: &'a RawValue,
}

/// Just enough to say what a foreign document is.
#[derive(Deserialize)]
struct Probe {
    format: Option<String>,
    version: Option<u64>,
    terraform_version: Option<serde::de::IgnoredAny>,
}

impl Snapshot {
    /// The document, built in one buffer: the checksum of the content is filled in after the content is written.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let before = format!(r#"{{"format":"{FORMAT}","version":{FORMAT_VERSION},"checksum":""#);
        let mut document = before.into_bytes();
        let checksum_at = document.len();
        document.resize(checksum_at + CHECKSUM_LENGTH, b'0');
        document.extend_from_slice(b"\",\"content\":\n");
        let content_at = document.len();
        document.reserve(self.state.records.len() * RECORD_LENGTH);
        serde_json::to_writer_pretty(&mut document, self).map_err(|source| Error::Json {
            what: "state",
            source,
        })?;
        let checksum = hex::encode(Sha256::digest(&document[content_at..]));
        document[checksum_at..checksum_at + CHECKSUM_LENGTH].copy_from_slice(checksum.as_bytes());
        document.extend_from_slice(b"}\n");
        Ok(document)
    }

    // Long: an error of its own for each thing that the bytes can be instead.
    pub(crate) fn decode(location: &str, bytes: &[u8]) -> Result<Self, Error> {
        let location = || location.to_owned();
        let damaged = |why: String| Error::Damaged {
            location: location(),
            why,
        };
        if bytes.iter().all(|b| *b == 0 || b.is_ascii_whitespace()) {
            return Err(Error::Empty { location: location() });
        }
        let probe: Probe = match serde_json::from_slice(bytes) {
            Ok(probe) => probe,
            Err(error) if error.is_eof() => {
                return Err(Error::Truncated {
                    location: location(),
                    length: bytes.len(),
                });
            }
            Err(_) if !bytes.starts_with(format!(r#"{{"format":"{FORMAT}""#).as_bytes()) => {
                return Err(Error::Foreign {
                    location: location(),
                    found: "it does not start like one".to_owned(),
                });
            }
            Err(error) => return Err(damaged(format!("it is not JSON ({error})"))),
        };
        match probe {
            Probe {
                terraform_version: Some(_),
                ..
            } => {
                return Err(Error::Foreign {
                    location: location(),
                    found: "it is a Terraform state".to_owned(),
                });
            }
            Probe {
                format: Some(format), ..
            } if format == "tenon-sealed" => {
                return Err(Error::Encrypted {
                    location: location(),
                    why: "no key was given".to_owned(),
                });
            }
            Probe {
                format: Some(format), ..
            } if format == crate::move_notice::FORMAT => {
                return Err(crate::move_notice::decode(location(), bytes));
            }
            Probe { format, .. } if format.as_deref() != Some(FORMAT) => {
                return Err(Error::Foreign {
                    location: location(),
                    found: "its format is not \"tenon-state\"".to_owned(),
                });
            }
            Probe {
                version: Some(version),
                ..
            } if version > u64::from(FORMAT_VERSION) => {
                return Err(Error::Newer {
                    location: location(),
                    found: version,
                    supported: FORMAT_VERSION,
                });
            }
            Probe { version, .. } if version != Some(u64::from(FORMAT_VERSION)) => {
                return Err(damaged(format!("its format version is {version:?}")));
            }
            Probe { .. } => {}
        }
        let document: Document<'_> = serde_json::from_slice(bytes)
            .map_err(|error| damaged(format!("its frame does not fit ({error})")))?;
        let content = document.content.get();
        let checksum = hex::encode(Sha256::digest(content.as_bytes()));
        if checksum != document.checksum {
            return Err(damaged(format!(
                "its checksum is {checksum}, not {} as written in it",
                document.checksum
            )));
        }
        serde_json::from_str(content).map_err(|error| damaged(format!("its content does not fit ({error})")))
    }
}
