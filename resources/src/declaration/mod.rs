//! The declarations of a program: resources by address, the outputs, and what was renamed.
//!
//! They are plain data. The language that stacks are written in, with its scopes and environments, is the `tenon`
//! crate's; this is what a run of such a program leaves behind, and what the planner takes.

mod condition;
mod document;
mod environment;
mod experiment;
mod finding;
mod name;
mod options;
mod place;
mod setting;

use crate::{
    asset::{self, Source},
    cloud::Caller,
    lookup,
    resource::{LookupKind, ResourceType},
    value::{self, Owner, Shared, Tags},
};
pub use condition::{Condition, Expect};
pub use document::{Document, DocumentError, ENGINE, FORMAT};
pub use environment::{BackendSpec, EnvironmentSpec, FamilySpec, PartKind, TargetSpec, around};
pub use experiment::{Experiment, Fault};
pub use finding::Finding;
use indexmap::IndexMap;
use name::bad_address;
pub use options::{ReplaceOrder, ResourceOptions, TimeLimits};
pub use place::{Place, is_global};
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use setting::Setting;
use std::collections::BTreeMap;

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
    pub inputs: Shared,
    /// Addresses of resources that come before it although nothing refers to them.
    pub after: Vec<String>,
    /// The file and line: `main.rs:38`.
    pub location: String,
    /// Options.
    pub options: ResourceOptions,
    /// The account and region that it is in.
    pub place: Place,
}

/// A resource that exists, to be taken up at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// The id in AWS.
    pub id: String,
    /// The file and line.
    pub location: String,
}

/// Something that exists already, as a program asks for it.
#[derive(Clone, Debug)]
pub struct LookupDeclaration {
    /// The kind.
    pub kind: &'static dyn LookupKind,
    /// The query, with references to earlier lookups in it.
    pub query: Value,
    /// The file and line.
    pub location: String,
    /// The account and region in which it is looked for.
    pub place: Place,
}

impl PartialEq for LookupDeclaration {
    fn eq(&self, other: &Self) -> bool {
        let parts = |l: &Self| {
            (
                l.kind.name(),
                l.query.clone(),
                l.location.clone(),
                l.place.clone(),
            )
        };
        parts(self) == parts(other)
    }
}

/// A whole stack for one environment, as declared.
#[derive(Clone, Debug, PartialEq)]
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
    /// Lookups by name, in the order in which they were asked for.
    pub lookups: IndexMap<String, LookupDeclaration>,
    /// The outputs by name.
    pub outputs: BTreeMap<String, Value>,
    /// Old address to new address.
    pub moved: BTreeMap<String, String>,
    /// The file and line of each move, by old address.
    pub moved_at: BTreeMap<String, String>,
    /// Conditions on what is known before anything is done: where one does not hold, there is no plan.
    pub preconditions: Vec<Condition>,
    /// Conditions on what there is when everything is done: where one does not hold, the apply fails.
    pub postconditions: Vec<Condition>,
    /// Addresses of resources, and of scopes, that are forgotten and stay in AWS, with the file and line.
    pub forgotten: BTreeMap<String, String>,
    /// Resources that exist and are taken up, by the address at which they are declared.
    pub adopted: BTreeMap<String, Adoption>,
    /// The account and region that it is planned for; empty until [`with_caller`](Self::with_caller).
    pub caller: Target,
    /// Findings of the program's own, kept for the planner's check.
    pub findings: Vec<Finding>,
    /// Experiments by name: faults that can be put into what is declared for a while.
    pub experiments: BTreeMap<String, Experiment>,
    /// The values that the program was given, by name.
    pub settings: Vec<Setting>,
    /// The places of the assets' bytes, by digest.
    pub assets: BTreeMap<String, Source>,
}

impl PartialEq for Declaration {
    fn eq(&self, other: &Self) -> bool {
        let parts = |d: &Self| {
            (
                d.kind.name(),
                d.inputs.clone(),
                d.after.clone(),
                d.location.clone(),
                d.options.clone(),
                d.place.clone(),
            )
        };
        parts(self) == parts(other)
    }
}

impl Declaration {
    /// A declaration that nothing comes before but what its `inputs` refer to.
    pub fn new(
        kind: &'static dyn ResourceType,
        inputs: impl Into<Shared>,
        location: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            inputs: inputs.into(),
            after: vec![],
            location: location.into(),
            options: ResourceOptions::default(),
            place: Place::default(),
        }
    }
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
            lookups: IndexMap::new(),
            outputs: BTreeMap::new(),
            moved: BTreeMap::new(),
            moved_at: BTreeMap::new(),
            preconditions: vec![],
            postconditions: vec![],
            forgotten: BTreeMap::new(),
            adopted: BTreeMap::new(),
            caller: Target {
                account: String::new(),
                region: String::new(),
            },
            findings: vec![],
            experiments: BTreeMap::new(),
            settings: vec![],
            assets: BTreeMap::new(),
        }
    }

    /// The owner that its resources have in their tags.
    pub fn owner(&self) -> Owner {
        Owner::of_stack(&self.stack, &self.env)
    }

    /// Declares a resource. A second one at the same address is a finding, kept for the planner's check.
    pub fn add(&mut self, address: &str, mut declaration: Declaration) {
        declaration.place = declaration.place.of(declaration.kind.name());
        // What has no assets stays shared.
        if asset::is_in(&declaration.inputs) {
            let wrong = asset::take_sources(declaration.inputs.to_mut(), &mut self.assets).into_iter();
            let at = |why| Finding::at(address, &declaration.location, why);
            self.findings.extend(wrong.map(at));
        }
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

    /// Asks for what exists already. A second lookup of the same name is a finding, kept for the planner's check.
    pub fn look_up(&mut self, name: &str, lookup: LookupDeclaration) {
        let about = format!("lookup {name}");
        if let Some(why) = bad_address(name) {
            self.findings.push(Finding::at(&about, &lookup.location, why));
        }
        if let Some(first) = self.lookups.get(name) {
            let why = format!(
                "is asked for twice: first at {}; give one of them another name",
                first.location
            );
            self.findings.push(Finding::at(&about, &lookup.location, why));
            return;
        }
        self.lookups.insert(name.into(), lookup);
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

    /// Says that what is recorded at `address`, a resource or a scope with all in it, is forgotten: it stays in AWS, and is no longer
    /// this stack's.
    pub fn forget(&mut self, address: &str, location: &str) {
        self.forgotten.insert(address.into(), location.into());
    }

    /// Says that the resource `id`, which exists, is the one declared at `address`. Another id for the same address is a finding.
    pub fn adopt(&mut self, address: &str, id: &str, location: &str) {
        let adoption = Adoption {
            id: id.into(),
            location: location.into(),
        };
        if let Some(first) = self.adopted.insert(address.into(), adoption)
            && first.id != id
        {
            let why = format!("is said to be `{}` and `{id}`; remove one of the two", first.id);
            self.findings.push(Finding::at(address, location, why));
        }
    }

    /// Declares an experiment. Another one of the same name is a finding, kept for the planner's check.
    pub fn experiment(&mut self, name: &str, experiment: Experiment) {
        let about = format!("experiment {name}");
        let why = if let Some(first) = self.experiments.get(name) {
            Some(format!(
                "is declared twice: first at {}; give one of them another name",
                first.location
            ))
        } else if experiment.faults.is_empty() {
            Some("has no fault: say what fails, such as `.fail_zone(&vpc.id, \"a\")`".to_owned())
        } else if experiment.seconds == 0 {
            Some("lasts no time: give it a minute or more".to_owned())
        } else {
            name::bad_name(name)
        };
        if let Some(why) = why {
            self.findings.push(Finding::at(&about, &experiment.location, why));
            return;
        }
        self.experiments.insert(name.into(), experiment);
    }

    /// Findings about experiments whose targets are no resources of the types that they must be.
    pub fn misfit_experiments(&self) -> Vec<Finding> {
        let kind_of = |address: &str| self.resources.get(address).map(|d| d.kind.name());
        let each = self.experiments.iter();
        each.flat_map(|(name, experiment)| experiment.misfits(name, &kind_of))
            .collect()
    }

    /// Findings about the names of the stack and of the environment, at `location`.
    pub fn misnamed(&self, location: &str) -> Vec<Finding> {
        let names = [("stack", &self.stack, 40), ("environment", &self.env, 63)];
        let wrong = names.map(|(what, name, most)| {
            let why = value::check_name_of(what, name, most)?;
            Some(Finding::at(name, location, why))
        });
        wrong.into_iter().flatten().collect()
    }

    /// A finding of the program's own, kept for the planner's check: `why` is the rest of a sentence that begins with
    /// the address.
    pub fn refuse(&mut self, address: &str, location: &str, why: impl Into<String>) {
        self.findings.push(Finding::at(address, location, why));
    }

    /// Replaces references to lookups by what `found` says of a name and an output.
    pub fn fill_lookups(&mut self, found: &dyn Fn(&str, &str) -> Option<Value>) {
        for declaration in self.resources.values_mut() {
            // What refers to no lookup stays shared.
            if lookup::is_in(&declaration.inputs) {
                lookup::fill(declaration.inputs.to_mut(), found);
            }
        }
        let conditions = self.preconditions.iter_mut().chain(&mut self.postconditions);
        let conditions = conditions.map(|c| &mut c.value);
        for value in self.outputs.values_mut().chain(conditions) {
            lookup::fill(value, found);
        }
    }

    /// Replaces [account and region placeholders](value::here) by the caller's.
    #[must_use]
    pub fn with_caller(&self, caller: &Caller) -> Self {
        let mut filled = self.clone();
        for declaration in filled.resources.values_mut() {
            declaration.place = std::mem::take(&mut declaration.place).seen_by(caller);
            // What speaks of neither account nor region stays shared.
            if value::here::is_in(&declaration.inputs) {
                let there = declaration.place.caller(caller);
                value::here::fill(declaration.inputs.to_mut(), &there.account, &there.region);
            }
        }
        for lookup in filled.lookups.values_mut() {
            lookup.place = std::mem::take(&mut lookup.place).seen_by(caller);
            let there = lookup.place.caller(caller);
            value::here::fill(&mut lookup.query, &there.account, &there.region);
        }
        let conditions = filled.preconditions.iter_mut().chain(&mut filled.postconditions);
        let conditions = conditions.map(|c| &mut c.value);
        for value in filled.outputs.values_mut().chain(conditions) {
            value::here::fill(value, &caller.account, &caller.region);
        }
        filled.caller = Target {
            account: caller.account.clone(),
            region: caller.region.clone(),
        };
        filled
    }
}
