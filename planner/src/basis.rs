//! The basis of a plan, besides the state and the cloud: with those, enough to make it again.
//!
//! Planning is pure, so a plan that comes back from outside need not be believed: it is made again, and what does not come
//! out the same is refused.

use crate::{Declaration, Declared, Error, Options, Plan, declare::kind_of, found::Found};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tenon_resources::{
    asset::Source,
    cloud::Status,
    declaration::{Adoption, Condition, LookupDeclaration, Place, ResourceOptions, Setting},
    value::{Shared, Tags},
};
use tenon_state::RecordKey;

/// The declaration, the options and the observations that a plan was made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The declared resources, in the order of declaration.
    pub resources: Vec<DeclaredResource>,
    /// Lookups, and what they found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<Found>,
    /// Tags of every resource, besides the proof of ownership.
    #[serde(default, skip_serializing_if = "no_tags")]
    pub tags: Tags,
    /// Old address to new address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moved: BTreeMap<String, String>,
    /// Conditions that must hold before anything is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Condition>,
    /// Conditions that must hold when everything is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postconditions: Vec<Condition>,
    /// Addresses of resources and scopes that are forgotten, with the file and line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forgotten: BTreeMap<String, String>,
    /// Resources that exist and are taken up, by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub adopted: BTreeMap<String, Adoption>,
    /// Data may go without being named: the environment says so of itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disposable: bool,
    /// The wishes of a person beside the program.
    #[serde(default)]
    pub options: Options,
    /// Resources that were found stopped, impaired or failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<ObservedStatus>,
    /// The number of the first of [`Plan::refreshed`] that were read from the cloud; the others follow from the rest.
    #[serde(default)]
    pub observed: usize,
    /// The values that the program was given, by name, each with where it came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Setting>,
    /// The places of the assets' bytes, by digest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assets: BTreeMap<String, Source>,
}

/// A declared resource as a plan keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeclaredResource {
    /// The address.
    pub address: String,
    /// The type.
    pub kind: String,
    /// The inputs as declared, references in them.
    pub inputs: Shared,
    /// Addresses of resources that come before it although nothing refers to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// The file and line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// Options.
    #[serde(default, skip_serializing_if = "ResourceOptions::is_default")]
    pub options: ResourceOptions,
    /// The account and region that it is in.
    #[serde(default, skip_serializing_if = "Place::is_home")]
    pub place: Place,
}

/// The status of a recorded resource, as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedStatus {
    /// The address.
    pub address: String,
    /// The generation.
    pub generation: u32,
    /// The status.
    pub status: Status,
}

fn no_tags(tags: &Tags) -> bool {
    tags.0.is_empty()
}

/// The readings that a plan was made from, as far as its basis keeps them.
pub(crate) struct Seen<'a> {
    /// The lookups.
    pub(crate) lookups: &'a [Found],
    /// The statuses by record.
    pub(crate) statuses: &'a BTreeMap<RecordKey, Status>,
    /// The number of changes that were read.
    pub(crate) changes: usize,
}

impl Basis {
    /// The basis of a plan from `declared`.
    pub(crate) fn new(declared: Declared, options: &Options, seen: &Seen<'_>) -> Self {
        let resource = |(address, mut d): (String, Declaration)| {
            d.inputs.rest();
            DeclaredResource {
                address,
                kind: d.kind.name().into(),
                inputs: d.inputs,
                after: d.after,
                location: d.location,
                options: d.options,
                place: d.place,
            }
        };
        let status = |(key, status): (&RecordKey, &Status)| ObservedStatus {
            address: key.address.clone(),
            generation: key.generation,
            status: status.clone(),
        };
        let lookups = seen.lookups.iter().filter(|_| !options.destroy);
        Self {
            lookups: lookups.cloned().collect(),
            resources: declared.resources.into_iter().map(resource).collect(),
            tags: declared.tags,
            moved: declared.moved,
            preconditions: declared.preconditions,
            postconditions: declared.postconditions,
            forgotten: declared.forgotten,
            adopted: declared.adopted,
            disposable: declared.disposable,
            options: options.clone(),
            statuses: seen.statuses.iter().map(status).collect(),
            observed: seen.changes,
            settings: declared.settings,
            assets: declared.assets,
        }
    }

    /// The declaration that `plan` was made from.
    ///
    /// # Errors
    /// A type that is not known.
    pub(crate) fn declared(&self, plan: &Plan) -> Result<Declared, Error> {
        let mut declared = Declared::new(&plan.stack, &plan.env, None);
        declared.disposable = self.disposable;
        declared.tags = self.tags.clone();
        declared.moved = self.moved.clone();
        declared.preconditions.clone_from(&self.preconditions);
        declared.postconditions.clone_from(&self.postconditions);
        declared.forgotten = self.forgotten.clone();
        declared.adopted = self.adopted.clone();
        declared.outputs = plan.outputs.clone();
        for found in &self.lookups {
            let kind = tenon_resources::lookup::find(&found.kind).ok_or_else(|| Error::UnknownKind {
                kind: found.kind.clone(),
                address: format!("lookup {}", found.name),
            })?;
            let lookup = LookupDeclaration {
                kind,
                query: found.query.clone(),
                location: found.location.clone(),
                place: found.place.clone(),
            };
            declared.look_up(&found.name, lookup);
        }
        declared.settings.clone_from(&self.settings);
        declared.assets.clone_from(&self.assets);
        for resource in &self.resources {
            let declaration = Declaration {
                kind: kind_of(&resource.kind, &resource.address)?,
                inputs: resource.inputs.clone(),
                after: resource.after.clone(),
                location: resource.location.clone(),
                options: resource.options.clone(),
                place: resource.place.clone(),
            };
            declared.add(&resource.address, declaration);
        }
        Ok(declared)
    }

    /// The statuses by record.
    pub(crate) fn statuses(&self) -> BTreeMap<RecordKey, Status> {
        let status = |s: &ObservedStatus| (RecordKey::new(s.address.clone(), s.generation), s.status.clone());
        self.statuses.iter().map(status).collect()
    }
}
