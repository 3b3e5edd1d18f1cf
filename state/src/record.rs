//! Data model of a state: one [`Record`] per resource, gathered in a [`State`].
//!
//! Not here: how a state is stored ([`crate::Backend`]) or changed ([`crate::Store`]). The inputs and outputs of a
//! record are plain JSON; this crate knows no resource type.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{deployed::Deployed, error::Error, runs::Run};

/// The version of the state format that this crate reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// The stack and environment that a state belongs to; a state of another one is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The stack's name, such as `ecommerce`.
    pub stack: String,
    /// The environment's name, such as `production`.
    pub env: String,
}

/// Names one record: a replaced object lives beside its successor, under the same address with a lower generation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// The resource's address in the stack, such as `network/vpc`.
    pub address: String,
    /// 0 for the first object at this address, one more for each replacement.
    pub generation: u32,
}

impl RecordKey {
    /// The key of `address` at `generation`.
    pub fn new(address: impl Into<String>, generation: u32) -> Self {
        Self {
            address: address.into(),
            generation,
        }
    }
}

impl std::fmt::Display for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.address, self.generation)
    }
}

/// Lifecycle phase of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Creation was begun; the object may not exist yet, or not be ready.
    Creating,
    /// The object exists and was ready when last read.
    Ready,
    /// Deletion was accepted and is not yet known to be finished.
    Deleting,
    /// The object was replaced and waits for its deletion.
    Deposed,
}

/// A resource as last known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The resource's address in the stack, such as `network/vpc`.
    pub address: String,
    /// The resource type's name, such as `ec2.vpc`; opaque here.
    pub kind: String,
    /// 0 for the first object at this address, one more for each replacement.
    pub generation: u32,
    /// The physical id, such as `vpc-0a1b`; none until it is known.
    pub id: Option<String>,
    /// Desired inputs as JSON. Secrets are references or fingerprints, never their bytes.
    pub inputs: Value,
    /// Attributes returned by the provider, as JSON.
    pub outputs: Value,
    /// Addresses of the resources it refers to.
    pub dependencies: Vec<String>,
    /// Lifecycle phase of the object.
    pub phase: Phase,
    /// Source location of the declaration, such as `main.rs:38`.
    pub declared: Option<String>,
    /// True for an object that was imported and does not carry the stack's ownership tags; it is changed and deleted as any other, and
    /// a lost state does not find it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmarked: bool,
    /// Options of the resource, as JSON, opaque here: what the engine may do with it, also when the program no longer declares it.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub options: Value,
    /// The account and region that the object is in, as JSON, opaque here; null for the environment's own.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub place: Value,
}

impl Record {
    /// The key under which this record is stored.
    pub fn key(&self) -> RecordKey {
        RecordKey::new(self.address.clone(), self.generation)
    }
}

/// The recorded state of one stack in one environment, at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The format version, [`FORMAT_VERSION`].
    pub version: u32,
    /// 32 lower-case hex digits, drawn when the state is first made; two states that share it share a history.
    pub lineage: String,
    /// Grows by one with each snapshot that changes anything.
    pub serial: u64,
    /// The stack's name.
    pub stack: String,
    /// The environment's name.
    pub env: String,
    /// The account that the environment is pinned to; empty until [`crate::StateWrite::Target`] sets it.
    pub account: String,
    /// The region that the environment is pinned to; empty until [`crate::StateWrite::Target`] sets it.
    pub region: String,
    /// Every object, by address and generation. Records are shared: cloning a state copies no inputs or outputs.
    /// Serialised as a plain list of records.
    #[serde(with = "as_list")]
    pub records: BTreeMap<RecordKey, Arc<Record>>,
    /// The stack's outputs by name.
    pub outputs: BTreeMap<String, Value>,
    /// When the environment expires, in milliseconds since 1970-01-01 UTC: from then on it may be destroyed without being
    /// asked for. `None` for one that stays. Each apply extends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<u64>,
    /// Versions that are known to have run, the newest first, by the address of what ran them: they follow it when it moves, and end with
    /// it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deployed: BTreeMap<String, Vec<Deployed>>,
    /// The runs that changed the state, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "shared")]
    pub runs: Vec<Arc<Run>>,
}

impl State {
    /// A state without records, at serial 0.
    pub fn new(identity: &Identity, lineage: String) -> Self {
        Self {
            version: FORMAT_VERSION,
            lineage,
            serial: 0,
            stack: identity.stack.clone(),
            env: identity.env.clone(),
            account: String::new(),
            region: String::new(),
            records: BTreeMap::new(),
            outputs: BTreeMap::new(),
            expires_ms: None,
            deployed: BTreeMap::new(),
            runs: Vec::new(),
        }
    }

    /// The stack and environment that this state belongs to.
    pub fn identity(&self) -> Identity {
        Identity {
            stack: self.stack.clone(),
            env: self.env.clone(),
        }
    }

    /// Checks that the state, which is kept at `location`, belongs to `expected`.
    ///
    /// # Errors
    /// [`Error::OtherStack`] when it belongs to another stack or environment.
    pub fn expect_identity(&self, expected: &Identity, location: &str) -> Result<(), Error> {
        let found = self.identity();
        if found == *expected {
            return Ok(());
        }
        Err(Error::OtherStack {
            location: location.to_owned(),
            found,
            expected: expected.clone(),
        })
    }

    /// The record with this key, if there is one.
    pub fn get(&self, key: &RecordKey) -> Option<&Record> {
        self.records.get(key).map(AsRef::as_ref)
    }

    /// Adds `record`, or replaces the one with the same address and generation.
    pub fn insert(&mut self, record: Record) {
        self.records.insert(record.key(), Arc::new(record));
    }

    /// The newest object at `address` that is not on its way out, if there is one.
    pub fn current(&self, address: &str) -> Option<&Record> {
        self.at(address)
            .rev()
            .find(|record| !matches!(record.phase, Phase::Deposed | Phase::Deleting))
    }

    /// Every object at `address`, oldest generation first.
    pub fn at<'a>(&'a self, address: &str) -> impl DoubleEndedIterator<Item = &'a Record> {
        self.records
            .range(RecordKey::new(address, 0)..=RecordKey::new(address, u32::MAX))
            .map(|(_, record)| &**record)
    }
}

/// Shared runs, serialised as a plain list.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::Run;

    pub(super) fn serialize<S: Serializer>(runs: &[Arc<Run>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(runs.iter().map(AsRef::<Run>::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Arc<Run>>, D::Error> {
        Ok(Vec::<Run>::deserialize(from)?.into_iter().map(Arc::new).collect())
    }
}

mod as_list {
    use std::{collections::BTreeMap, fmt, sync::Arc};

    use serde::{
        Deserializer, Serializer,
        de::{Error, SeqAccess, Visitor},
    };

    use super::{Record, RecordKey};

    type Records = BTreeMap<RecordKey, Arc<Record>>;

    pub(super) fn serialize<S: Serializer>(records: &Records, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(records.values().map(AsRef::<Record>::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Records, D::Error> {
        from.deserialize_seq(List)
    }

    /// Reads records one by one into the map, without a list of all of them in between.
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = Records;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of records")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Records, A::Error> {
            let mut records = BTreeMap::new();
            while let Some(record) = list.next_element::<Record>()? {
                let key = record.key();
                if records.contains_key(&key) {
                    return Err(A::Error::custom(format_args!("two records for {key}")));
                }
                records.insert(key, Arc::new(record));
            }
            Ok(records)
        }
    }
}
