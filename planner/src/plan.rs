//! The plan: a document that is the list of calls.
//!
//! A plan holds everything that apply needs and nothing that is decided later: it can be stored, hashed, reviewed,
//! rehearsed against a copy, and applied without running the program again. Its [digest](Plan::digest) covers every
//! byte of it.
//!
//! Never in it: the bytes of secrets, and anything of the machine or the moment it was made.

use crate::{Basis, Error, recorded};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    call::{Effect, Step},
    cloud::Status,
    declaration::{Place, ResourceOptions},
    value::{SecretSource, Shared, secrets},
};
use tenon_state::{Phase, Record};

/// The version of the document that this version writes and reads.
pub const FORMAT: u64 = 2;

/// The decisions, the calls, and all that apply needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the document.
    pub format: u64,
    /// The version of the engine that made it.
    pub engine: String,
    /// The stack.
    pub stack: String,
    /// The environment.
    pub env: String,
    /// The account it is for.
    pub account: String,
    /// The region it is for.
    pub region: String,
    /// Endpoints of its calls when they are not AWS's, by service; `*` is every other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, String>,
    /// The lineage of the state it was made from; empty when there was no state.
    pub lineage: String,
    /// The serial of the state it was made from.
    pub serial: u64,
    /// A decision for each resource, no-ops included, in the order of declaration; then what is no longer declared.
    pub decisions: Vec<Decision>,
    /// The calls, in an order in which they could be made one by one.
    pub calls: Vec<PlannedCall>,
    /// The record writes before the first call: what was read from the cloud when the plan was made, and what moved.
    pub refreshed: Vec<tenon_state::StateWrite>,
    /// The outputs by name, with references in them.
    pub outputs: BTreeMap<String, Value>,
    /// The basis of the plan, besides the state and the cloud.
    pub basis: Basis,
    /// SHA-256 of the calls, of where they go, and of what is forgotten, in hex: two plans that share it do the same.
    pub calls_digest: String,
    /// SHA-256 of all of the above, in hex; empty until [`with_digest`](Self::with_digest).
    pub digest: String,
}

/// The recorded resource that a decision removes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// The type.
    pub kind: String,
    /// The generation.
    pub generation: u32,
    /// The inputs.
    pub inputs: Shared,
    /// AWS accepted its delete in an earlier run: only waiting is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
    /// The account and region that it is in.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
}

/// A decision on a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The action.
    pub action: Action,
    /// Why, when the fields do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The generation that exists afterwards; for deletes the one that goes.
    pub generation: u32,
    /// The fields that change, in the type's order; on create, those that are set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldDiff>,
    /// The inputs it will have, references in them; null for deletes.
    #[serde(default, skip_serializing_if = "Shared::is_null")]
    pub inputs: Shared,
    /// The addresses it depends on, references and order alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// The id, when it exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The file and line of its declaration: `main.rs:38`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// The address it is recorded under, when that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
    /// The status in which it was found, when that is stopped, impaired or failed and it is not replaced for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The removed resource; of deletes and replacements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Box<Removed>>,
    /// Options of the resource: as declared, or as recorded when it is no longer declared.
    #[serde(default, skip_serializing_if = "ResourceOptions::is_default")]
    pub options: ResourceOptions,
    /// The recorded options, when those are others: they change without a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_before: Option<Box<ResourceOptions>>,
    /// The account and region in which it is, or will be.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
}

impl Removed {
    /// The record, as a decision to remove it says it.
    ///
    /// # Errors
    /// Its account and region are of another version.
    pub(crate) fn of(record: &Record) -> Result<Self, Error> {
        Ok(Self {
            kind: record.kind.clone(),
            generation: record.generation,
            inputs: record.inputs.clone().into(),
            accepted: record.phase == Phase::Deleting,
            place: recorded::place(record)?,
        })
    }
}

/// The status of a resource that a plan leaves as it is, with AWS's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Stopped by a person, who can start it again.
    Stopped(String),
    /// AWS can recover it, or a person must.
    Impaired(String),
    /// The resource failed for good. Its data is why the plan does not replace it.
    Failed(String),
    /// Only one can hold what it takes, so what holds that now is removed first, and neither exists for a while.
    Gap(String),
}

impl Note {
    /// The note for a status; `None` for one that a plan has nothing to say about.
    pub(crate) fn of(status: &Status) -> Option<Self> {
        match status {
            Status::Stopped(why) => Some(Self::Stopped(why.clone())),
            Status::Impaired(why) => Some(Self::Impaired(why.clone())),
            Status::Failed(why) => Some(Self::Failed(why.clone())),
            Status::Ready | Status::Pending(_) | Status::Leaving(_) => None,
        }
    }
}

/// An action on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// None: the resource is as it should be, or is left alone.
    None,
    /// Create.
    Create,
    /// Change in place.
    Update,
    /// A new one is made, then the old one removed.
    ReplaceCreateFirst,
    /// The old one is removed, then a new one made.
    ReplaceDeleteFirst,
    /// Delete.
    Delete,
    /// Forget: it stays in AWS, without the stack's ownership tags, and is no longer recorded.
    Forget,
}

impl Action {
    /// `true` if the resource is replaced, in whichever order.
    pub fn replaces(self) -> bool {
        matches!(self, Self::ReplaceCreateFirst | Self::ReplaceDeleteFirst)
    }
}

/// Why a resource is created, replaced, deleted, or left alone, when its fields do not say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The command line asks for it.
    Asked,
    /// The state records it, and the cloud no longer has it.
    Gone,
    /// The resource failed for good; the text is AWS's.
    Failed(String),
    /// The program says so by name.
    Named,
    /// Somebody else made it, and it was only waited for.
    Awaited,
    /// An option says that it is kept when it is removed.
    Kept,
    /// The program takes up one that exists.
    Adopted,
    /// Somebody put it into a resource that is exclusive.
    Added,
    /// An option says that it is replaced together with these, by address.
    With(Vec<String>),
    /// An immutable field changes; the names of all such fields.
    Immutable(Vec<String>),
    /// The program no longer declares it.
    NotDeclared,
    /// Left over by an earlier replacement.
    Deposed,
    /// Left unfinished by an earlier run.
    Unfinished,
    /// Left out on the command line, or dependent on what is.
    Excluded,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDiff {
    /// The field.
    pub field: String,
    /// The present value; null when it is not set.
    #[serde(default)]
    pub from: Shared,
    /// The future value, references in it.
    #[serde(default)]
    pub to: Shared,
    /// The change replaces the resource.
    #[serde(default)]
    pub replaces: bool,
}

/// A call of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedCall {
    /// The address of the resource it is about.
    pub address: String,
    /// The generation.
    pub generation: u32,
    /// The type.
    pub kind: String,
    /// The call.
    #[serde(flatten)]
    pub step: Step,
    /// The calls that come before it, by their index in [`Plan::calls`]. All are smaller than its own index.
    pub after: Vec<usize>,
    /// The account and region in which it is made.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
}

/// The time during which a resource does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap<'a> {
    /// The call that removes what was there, by its index.
    pub from: Option<usize>,
    /// The call after which its successor is there.
    pub to: Option<usize>,
    /// The addresses of what uses it.
    pub users: Vec<&'a str>,
}

impl Plan {
    /// The endpoints of its calls when they are not AWS's, for people.
    pub fn elsewhere(&self) -> Option<String> {
        (!self.endpoints.is_empty()).then(|| tenon_resources::cloud::listed(&self.endpoints))
    }

    /// `true` if it changes nothing: no call, and no field that the engine alone keeps.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.decisions.iter().all(|d| d.action == Action::None)
    }

    /// The part of it that is about one address, for showing: it lacks what that needs, so it is not to be applied, and has
    /// no digest.
    #[must_use]
    pub fn only(&self, address: &str) -> Self {
        let about = |d: &&Decision| d.address == address;
        let mut index = BTreeMap::new();
        let mut calls = vec![];
        for (at, call) in self
            .calls
            .iter()
            .enumerate()
            .filter(|(_, c)| c.address == address)
        {
            index.insert(at, calls.len());
            let after = call.after.iter().filter_map(|a| index.get(a).copied());
            calls.push(PlannedCall {
                after: after.collect(),
                ..call.clone()
            });
        }
        Self {
            decisions: self.decisions.iter().filter(about).cloned().collect(),
            calls,
            refreshed: vec![],
            outputs: BTreeMap::new(),
            basis: Basis::default(),
            calls_digest: String::new(),
            digest: String::new(),
            ..self.clone()
        }
    }

    /// The calls that change something: what apply sends, besides reads.
    pub fn mutating(&self) -> impl Iterator<Item = &PlannedCall> {
        self.calls.iter().filter(|c| c.step.effect.mutates())
    }

    /// Counts the resources to be created, updated, replaced and deleted.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for decision in &self.decisions {
            match decision.action {
                Action::None => counts.unchanged += 1,
                Action::Create => counts.create += 1,
                Action::Update => counts.update += 1,
                Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => counts.replace += 1,
                Action::Delete => counts.delete += 1,
                Action::Forget => counts.forget += 1,
            }
        }
        let mutating = self.mutating().count();
        counts.calls = self.mutating().filter(|c| !c.step.is_local()).count();
        counts.waits = self.calls.len() - mutating;
        counts
    }

    /// The longest chain of calls, each of which needs the one before.
    pub fn depth(&self) -> usize {
        let mut depth = vec![0; self.calls.len()];
        for (i, call) in self.calls.iter().enumerate() {
            depth[i] = 1 + call.after.iter().map(|&a| depth[a]).max().unwrap_or(0);
        }
        depth.into_iter().max().unwrap_or(0)
    }

    /// The IAM actions of its calls.
    pub fn iam_actions(&self) -> BTreeSet<&str> {
        self.calls
            .iter()
            .flat_map(|c| &c.step.actions)
            .map(AsRef::as_ref)
            .collect()
    }

    /// Resources that are stopped, impaired or failed and that the plan leaves in that status.
    pub fn noted(&self) -> impl Iterator<Item = (&Decision, &Note)> {
        self.decisions.iter().filter_map(|d| Some((d, d.note.as_ref()?)))
    }

    /// The secrets that its calls read when they are made, with the addresses that get them.
    pub fn secret_sources(&self) -> BTreeMap<SecretSource, BTreeSet<&str>> {
        let mut out: BTreeMap<SecretSource, BTreeSet<&str>> = BTreeMap::new();
        for call in &self.calls {
            let mut sources = BTreeSet::new();
            secrets(&call.step.params.value(), &mut sources);
            // What is made when it is sent is read nowhere.
            for source in sources.into_iter().filter(|source| !source.is_generated()) {
                out.entry(source).or_default().insert(&call.address);
            }
        }
        out
    }

    /// The time during which something does not exist because its predecessor had to go first.
    pub fn gap(&self, decision: &Decision) -> Gap<'_> {
        let own = |c: &PlannedCall| c.address == decision.address && c.generation == decision.generation;
        let first = self
            .calls
            .iter()
            .position(|c| own(c) && c.step.effect == Effect::Create);
        let last = self.calls.iter().rposition(own);
        // What was there goes in a call that the create waits for.
        let mut before: BTreeSet<usize> = first.into_iter().collect();
        for at in (0..first.unwrap_or(0)).rev() {
            let waited_for = before.iter().any(|n| self.calls[*n].after.contains(&at));
            if waited_for {
                before.insert(at);
            }
        }
        let goes = |n: &&usize| {
            let call = &self.calls[**n];
            call.kind == decision.kind && matches!(call.step.effect, Effect::Delete)
        };
        let uses = |d: &&Decision| {
            !matches!(d.action, Action::Delete | Action::Forget) && d.dependencies.contains(&decision.address)
        };
        let users = self.decisions.iter().filter(uses);
        Gap {
            from: before.iter().find(goes).copied(),
            to: last,
            users: users.map(|d| d.address.as_str()).collect(),
        }
    }

    /// Calls that lose data for good, with what is lost.
    pub fn destroys(&self) -> impl Iterator<Item = (&PlannedCall, &str)> {
        self.calls
            .iter()
            .filter_map(|c| Some((c, c.step.destroys.as_deref()?)))
    }

    /// Fixes the digests.
    #[must_use]
    pub fn with_digest(mut self) -> Self {
        let Self {
            stack,
            env,
            account,
            region,
            endpoints,
            decisions,
            calls,
            ..
        } = &self;
        let forgotten = decisions.iter().filter(|d| d.action == Action::Forget);
        let forgotten: Vec<_> = forgotten.map(|d| (&d.address, d.generation)).collect();
        self.calls_digest = if forgotten.is_empty() {
            hash(&(stack, env, account, region, endpoints, calls))
        } else {
            hash(&(stack, env, account, region, endpoints, calls, forgotten))
        };
        self.digest = String::new();
        self.digest = hash(&self);
        self
    }

    /// The stored form: one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a plan is plain data")
    }
}

/// SHA-256 of the stored form, written straight into the hash: a plan of 10,000 resources has tens of megabytes.
pub(crate) fn hash(value: &impl Serialize) -> String {
    struct Into(Sha256);
    impl std::io::Write for Into {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut hash = std::io::BufWriter::with_capacity(1 << 16, Into(Sha256::new()));
    serde_json::to_writer(&mut hash, value).expect("a plan is plain data");
    let hash = hash
        .into_inner()
        .unwrap_or_else(|_| unreachable!("hashing does not fail"));
    hex::encode(hash.0.finalize())
}

/// The figures of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Resources to create.
    pub create: usize,
    /// Resources to change in place.
    pub update: usize,
    /// Resources to replace.
    pub replace: usize,
    /// Resources to delete.
    pub delete: usize,
    /// Resources to forget, which stay in AWS.
    #[serde(default)]
    pub forget: usize,
    /// Resources that stay as they are.
    pub unchanged: usize,
    /// Calls that change something.
    pub calls: usize,
    /// Reads until something is ready or gone.
    pub waits: usize,
}

impl Decision {
    /// Leaves its inputs and changes as the text that they are kept in: what is decided is not looked at again.
    pub(crate) fn rest(&mut self) {
        self.inputs.rest();
        self.changes.shrink_to_fit();
        for change in &mut self.changes {
            change.from.rest();
            change.to.rest();
        }
    }

    /// The account and region of this decision's object of `generation`.
    pub fn place_of(&self, generation: u32) -> &Place {
        let removed = self.removed.as_ref().filter(|r| r.generation == generation);
        removed.map_or(&self.place, |removed| &removed.place)
    }
}

impl PlannedCall {
    /// The name under which AWS counts its rate: the service, in its account and region.
    pub fn budget(&self) -> String {
        if self.place.is_home() {
            self.step.service.to_string()
        } else {
            format!("{} in {}", self.step.service, self.place)
        }
    }

    /// `ec2:CreateSubnet`, or for a wait `ec2:DescribeSubnets until ready`.
    pub fn title(&self) -> String {
        let name = format!("{}:{}", self.step.service, self.step.operation);
        match self.step.effect {
            Effect::Shown(_) => format!("{name} until its outputs are shown"),
            Effect::Ready(_) => format!("{name} until ready"),
            Effect::Gone(_) => format!("{name} until gone"),
            _ if self.step.is_local() => format!("{name} (made here, no call)"),
            _ => name,
        }
    }
}
