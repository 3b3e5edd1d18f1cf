//! The declarations of a program: resources by address, the outputs, and what was renamed.
//!
//! They are plain data. The language that stacks are written in, with its scopes and environments, is the `tenon`
//! crate's; this is what a run of such a program leaves behind.

use crate::{Error, Finding};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use tenon_resources::{
    cloud::Caller,
    registry,
    resource::ResourceType,
    value::{self, Owner, Tags},
};

/// The only account and region that an environment may touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The account, 12 digits.
    pub account: String,
    /// The region.
    pub region: String,
}

/// A declared resource.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The type.
    pub kind: &'static dyn ResourceType,
    /// The inputs, with references in them.
    pub inputs: Value,
    /// Addresses of resources that come before it although nothing refers to them.
    pub after: Vec<String>,
    /// The file and line: `main.rs:38`.
    pub location: String,
}

/// A whole stack for one environment, as declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The stack's name.
    pub stack: String,
    /// The environment's name.
    pub env: String,
    /// The account and region that it may be applied to; `None` for the sandbox, which has none.
    pub target: Option<Target>,
    /// Data in it may go without being named: the environment says so of itself.
    pub disposable: bool,
    /// Tags of every resource, besides the proof of ownership.
    pub tags: Tags,
    /// The resources, in the order they were declared.
    pub resources: IndexMap<String, Declaration>,
    /// The outputs by name.
    pub outputs: BTreeMap<String, Value>,
    /// Old address to new address.
    pub moved: BTreeMap<String, String>,
    /// The file and line of each move, by old address.
    pub moved_at: BTreeMap<String, String>,
    /// The file and line where the stack is declared; empty where there is none.
    pub location: String,
    /// The account and region that it is planned for; empty until then.
    pub(crate) caller: Target,
    /// Findings of the program's own, kept for [`check`](Self::check).
    pub(crate) findings: Vec<Finding>,
}

impl Declared {
    /// A stack with nothing in it.
    pub fn new(stack: &str, env: &str, target: Option<Target>) -> Self {
        Self {
            stack: stack.into(),
            env: env.into(),
            target,
            disposable: false,
            tags: Tags::default(),
            resources: IndexMap::new(),
            outputs: BTreeMap::new(),
            moved: BTreeMap::new(),
            moved_at: BTreeMap::new(),
            location: String::new(),
            caller: Target {
                account: String::new(),
                region: String::new(),
            },
            findings: vec![],
        }
    }

    /// The owner that its resources have in their tags.
    pub fn owner(&self) -> Owner {
        Owner::of_stack(&self.stack, &self.env)
    }

    /// Declares a resource. A second one at the same address is a finding, kept for [`check`](Self::check).
    pub fn add(&mut self, address: &str, declaration: Declaration) {
        if let Some(why) = bad_address(address) {
            self.findings
                .push(Finding::at(address, &declaration.location, why));
        }
        if let Some(first) = self.resources.get(address) {
            let why = format!(
                "is declared twice: first at {}; give one of them another name",
                first.location
            );
            self.findings
                .push(Finding::at(address, &declaration.location, why));
            return;
        }
        self.resources.insert(address.into(), declaration);
    }

    /// Says that what is recorded at address `old` is now declared at `new`: a resource, or a scope with all in it.
    pub fn rename(&mut self, old: &str, new: &str, location: &str) {
        self.moved_at.insert(old.into(), location.into());
        if let Some(first) = self.moved.insert(old.into(), new.into())
            && first != new
        {
            let why = format!("is said to have moved to `{first}` and to `{new}`; remove one of the two");
            self.findings.push(Finding::at(old, location, why));
        }
    }

    /// A finding of the program's own, kept for [`check`](Self::check): `why` is the rest of a sentence that begins with
    /// the address.
    pub fn refuse(&mut self, address: &str, location: &str, why: impl Into<String>) {
        self.findings.push(Finding::at(address, location, why));
    }

    /// Replaces [account and region placeholders](value::here) by the caller's.
    #[must_use]
    pub fn with_caller(&self, caller: &Caller) -> Self {
        let mut filled = self.clone();
        let inputs = filled.resources.values_mut().map(|d| &mut d.inputs);
        for value in inputs.chain(filled.outputs.values_mut()) {
            value::here::fill(value, &caller.account, &caller.region);
        }
        filled.caller = Target {
            account: caller.account.clone(),
            region: caller.region.clone(),
        };
        filled
    }
}

/// Addresses are kept in tags and shown in graphs, so they are limited to what those take.
fn bad_address(address: &str) -> Option<String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
    if address.is_empty() || address.len() > 200 {
        return Some(format!(
            "has {} characters; an address has 1 to 200",
            address.len()
        ));
    }
    if let Some(bad) = address.chars().find(|c| !ok(*c)) {
        return Some(format!(
            "has `{bad}`; an address has letters, digits, `-`, `_`, `.` and `/`"
        ));
    }
    (address.split('/').any(str::is_empty)).then(|| "has an empty part; write `network/vpc`".into())
}

/// The type called `name`, or what to say when there is none.
pub(crate) fn kind_of(name: &str, address: &str) -> Result<&'static dyn ResourceType, Error> {
    registry::find(name).ok_or_else(|| Error::UnknownKind {
        kind: name.into(),
        address: address.into(),
    })
}
