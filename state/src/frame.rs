//! Journal frames: what is made durable by one write.
//!
//! A frame holds the entries of all callers that were ready together. It is atomic: a reader sees all of it or
//! nothing. Frames are numbered without gaps; each names the lineage and the fencing number of its writer.

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    intent::{Intent, Outcome, StateWrite},
    lease::Holder,
};

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Entry {
    /// A holder of the lease wrote for the first time.
    Opened { holder: Holder },
    /// A call is about to be sent.
    Begin {
        intent: Intent,
        changes: Vec<StateWrite>,
    },
    /// A call was answered, or was not.
    End {
        op: String,
        outcome: Outcome,
        changes: Vec<StateWrite>,
    },
    /// Changes without a call.
    Record { changes: Vec<StateWrite> },
}

impl Entry {
    pub(crate) fn encode(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|source| Error::Json {
            what: "journal entry",
            source,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Frame {
    pub(crate) lineage: String,
    pub(crate) fence: u64,
    pub(crate) sequence: u64,
    pub(crate) entries: Vec<Entry>,
}

impl Frame {
    /// The text of a frame, from entries that were encoded by their callers.
    pub(crate) fn encode<'a>(
        lineage: &str,
        fence: u64,
        sequence: u64,
        entries: impl IntoIterator<Item = &'a str>,
    ) -> String {
        let mut text =
            format!(r#"{{"lineage":"{lineage}","fence":{fence},"sequence":{sequence},"entries":["#);
        for (index, entry) in entries.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(entry);
        }
        text.push_str("]}");
        text
    }
}
