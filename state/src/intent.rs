//! Journal data of a mutating call: an [`Intent`] before it, an [`Outcome`] and [`StateWrite`]s after it.
//!
//! Not here: the calls themselves. An intent names a call and the digest of its request, never the request, so that
//! no secret can be in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{deployed::Deployed, error::Error, record::Record};

/// A mutating call that is about to be sent. Durable before the request leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The operation's id, 32 lower-case hex digits; the same string is the call's idempotency token.
    pub op: String,
    /// The address of the resource that the call works on.
    pub address: String,
    /// The generation of that resource.
    pub generation: u32,
    /// The resource type's name.
    pub kind: String,
    /// The service, such as `ec2`.
    pub service: String,
    /// The operation, such as `CreateVpc`.
    pub operation: String,
    /// Effect of the call on the resource: `create`, `change`, `delete`.
    pub effect: String,
    /// SHA-256 of the request as 64 lower-case hex digits.
    pub digest: String,
    /// The natural id of the object, such as a bucket's name, when it is known before the call.
    pub key: Option<String>,
    /// When the intent was written: milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
}

/// Outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The call took effect.
    Done,
    /// The call was answered with an error that proves that it had no effect.
    Refused {
        /// The error's code, such as `VpcLimitExceeded`.
        code: String,
        /// The error's message.
        message: String,
    },
    /// The outcome is not known: the intent stays open until it is reconciled.
    Unknown {
        /// Reason, such as `connection reset`.
        reason: String,
    },
}

/// A change to the state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every write is a record, so a box would only add an allocation"
)]
pub enum StateWrite {
    /// Adds the record, or replaces the one with the same address and generation.
    Put(Record),
    /// Drops a record; dropping one that is not there changes nothing.
    Remove {
        /// The record's address.
        address: String,
        /// The record's generation.
        generation: u32,
    },
    /// Replaces all outputs of the stack.
    Outputs(BTreeMap<String, Value>),
    /// Pins the environment. Another account or region is refused while there are records.
    Target {
        /// The account's id.
        account: String,
        /// The region's name.
        region: String,
    },
    /// Sets when the environment expires; without a time it does not.
    Expires {
        /// Milliseconds since 1970-01-01 UTC.
        at_ms: Option<u64>,
    },
    /// Replaces what is known to have run of the resource at an address.
    Deployed {
        /// The address.
        address: String,
        /// The versions that ran, the newest first.
        versions: Vec<Deployed>,
    },
}

/// Maximum nesting of the JSON of an input or output: JSON readers commonly stop at 128 levels, and a state that
/// can be written and not read is a lost state.
pub const MAX_JSON_DEPTH: usize = 96;

impl Intent {
    /// Refuses an intent that could not be identified later.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let hex = |text: &str, length: usize| {
            text.len() == length
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let why = if !hex(&self.op, 32) {
            "its operation id is not 32 lower-case hex digits"
        } else if !hex(&self.digest, 64) {
            "its digest is not 64 lower-case hex digits"
        } else if self.address.is_empty() {
            "its address is empty"
        } else {
            return Ok(());
        };
        Err(Error::Invalid {
            what: format!("intent {:?} for {:?}", self.op, self.address),
            why: why.to_owned(),
        })
    }
}

impl StateWrite {
    /// Refuses a change that could be written and not read again.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let (what, deep) = match self {
            Self::Put(record) if record.address.is_empty() => {
                return Err(Error::Invalid {
                    what: "record".to_owned(),
                    why: "its address is empty".to_owned(),
                });
            }
            Self::Put(record) => (
                format_args!("record {}", record.key()).to_string(),
                too_deep(&record.inputs) || too_deep(&record.outputs),
            ),
            Self::Outputs(outputs) => ("stack outputs".to_owned(), outputs.values().any(too_deep)),
            Self::Deployed { address, versions } => (
                format!("deployments of {address}"),
                versions.iter().any(|version| too_deep(&version.inputs)),
            ),
            Self::Remove { .. } | Self::Target { .. } | Self::Expires { .. } => return Ok(()),
        };
        if deep {
            return Err(Error::Invalid {
                what,
                why: format!("its JSON nests deeper than {MAX_JSON_DEPTH} levels"),
            });
        }
        Ok(())
    }
}

fn too_deep(value: &Value) -> bool {
    // Level by level instead of by recursion, so that no input can overflow the stack.
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..MAX_JSON_DEPTH {
        if level.is_empty() {
            return false;
        }
        let mut next = Vec::new();
        for value in level {
            match value {
                Value::Array(items) => next.extend(items.iter()),
                Value::Object(fields) => next.extend(fields.values()),
                _ => {}
            }
        }
        level = next;
    }
    !level.is_empty()
}
