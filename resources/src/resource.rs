//! The traits a resource type implements, and their object-safe face.
//!
//! A type is one file: its id, the struct a person fills in, its outputs, [`Lifecycle`], its calls, and under the
//! `aws` feature the one mapping back (`Observe`). The regular half is derived; the irregular half is plain Rust.

pub use crate::field::{
    Facts, Field, FieldName, Inside, Mutability, OnlyWhenEmpty, OutputField, SecondCreate,
};
use crate::{
    call::{CallInfo, Step, Steps},
    claim::Claim,
    cloud::{Caller, Candidate},
    status::StatusWords,
    value::{Input, TypedRef, TypedText},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Derived: the regular half of a resource type.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The type's name, such as `ec2.subnet`.
    const TYPE: &'static str;
    /// The documentation of the struct.
    const DOC: &'static str;
    /// The fields, in order.
    const FIELDS: &'static [Field];
    /// The time that it may take to be ready after a create or a change, in seconds. `None`: it is ready when it exists.
    const READY: Option<u32>;
    /// Holds data: replacing or deleting one needs a person's yes.
    const STATEFUL: bool;
    /// Two cannot stand side by side even under different names: replacement deletes first.
    const DELETE_FIRST: bool;
    /// The CloudFormation type that describes the same, such as `AWS::EC2::Subnet`; empty where there is none.
    const CFN: &'static str;
    /// The facts of AWS about the type.
    const FACTS: Facts;
    /// The mark `by_name`: its name is ours and its id is AWS's, and it is looked up by its name.
    const BY_NAME: bool;
    /// The mark `by_token`: AWS lets the token of the create call be read afterwards. A type that takes no tags when it is made must
    /// have that: by it alone is found what was made while nobody heard the reply.
    const BY_TOKEN: bool;
    /// Every call that it makes.
    const CALLS: &'static [CallInfo];
    /// The outputs: values that AWS decides.
    type Outputs: Outputs;
    /// The fields that change in place by calls written by hand, one variant each.
    type Mutable: Copy + 'static;
    /// The variant for field `name`, when it changes in place by a call written by hand.
    fn mutable(name: &str) -> Option<Self::Mutable>;
    /// The calls that change field `name` from what it `was`, when they are written from the fields.
    fn regular(&self, was: &Self, name: &str) -> Option<Steps>;
    /// The resource that it is a part of, for types that can be listed by that.
    const INSIDE: Option<Inside>;
    /// The identity of a type whose name is its id; of others it is [assigned](Identity::Assigned).
    fn identity_by_name(&self) -> Identity;
    /// Findings by the rules that the fields are marked with, as sentences that name the field.
    fn findings_of_fields(&self) -> Vec<String>;
    /// Two examples that differ in every field: they are the type's reference, its snapshots and its contract test.
    fn samples() -> [Self; 2];
}

/// Derived for the struct of outputs.
pub trait Outputs: Serialize + DeserializeOwned + Send {
    /// The same fields as promises.
    type Refs: Clone;
    /// The facts about each.
    const FIELDS: &'static [OutputField];
    /// Promises of the outputs of the resource at `address`.
    fn refs(address: &str) -> Self::Refs;
}

/// The identity of a resource: who decides its id.
#[derive(Clone, Debug, PartialEq)]
pub enum Identity {
    /// AWS, in the reply to create.
    Assigned,
    /// We do: the id follows from the inputs, so that a lost reply loses nothing.
    Natural(Input<String>),
    /// The id is AWS's, and the name is ours: one of each name, in an account and region or in what the inputs say. The name
    /// is looked up before a create, because a second create of it is refused, or answered with what exists already.
    Named(Input<String>),
}

impl Identity {
    /// The physical name is the id. The engine fills the name before it asks; without one, nobody knows the id.
    pub fn named(name: Option<&Input<String>>) -> Self {
        name.map_or(Self::Assigned, |name| Self::Natural(name.clone()))
    }
}

/// A reason for which a resource is not removed without a person's consent, in whatever environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The reason, as the rest of a sentence about the resource that begins with `and`.
    pub why: &'static str,
    /// The other thing that a person can do, as a clause.
    pub otherwise: &'static str,
    /// The id of a resource with which it goes anyway: when that is removed too, nothing is guarded.
    pub unless_with: Option<String>,
    /// `true` if a replacement needs consent as well: where this is `false`, the successor is as good to whoever uses it.
    pub replaced: bool,
    /// `true` if what stays of it, when it is kept, needs nothing that it refers to.
    pub stays_alone: bool,
}

impl Guard {
    /// The guard of what AWS refuses to delete until its deletion protection, which the engine would turn off, is off.
    pub const DELETION_PROTECTION: Self = Self {
        why: "and its deletion protection, which is on, would be turned off for that",
        otherwise: "set `deletion_protection` to false and apply that first",
        unless_with: None,
        replaced: true,
        stays_alone: false,
    };
}

/// The batch read behind refresh, waiting, drift and import.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// The SDK module of the service.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The number of resources that a call reads at the most.
    pub batch: usize,
    /// The IAM actions it needs.
    pub actions: &'static [&'static str],
}

impl Read {
    /// A read by `operation` of `service`, of at most `batch` resources a call.
    pub const fn new(
        service: &'static str,
        operation: &'static str,
        batch: usize,
        actions: &'static [&'static str],
    ) -> Self {
        Self {
            service,
            operation,
            batch,
            actions,
        }
    }
}

/// Written by hand: the irregular half. Pure: no I/O, no clock, no async.
pub trait Lifecycle: Resource {
    /// The read.
    const READ: Read;
    /// `true` if [`Impaired`](crate::cloud::Status::Impaired) ends a wait for it: the change that was asked for has failed, and
    /// only another change mends it. Where this is `false`, AWS may still recover the resource, and the wait goes on.
    const IMPAIRED_ENDS_WAIT: bool = false;

    /// `true` if the call that tags it takes all of its tags, those that begin with `aws:` among them: what is left out is removed, which
    /// AWS refuses for its own.
    const TAGGED_AS_A_WHOLE: bool = false;

    /// `true` if somebody else makes it, and its create waits until it is there: whoever made it, that is the one which is meant. It is
    /// no stack's, so its removal is no call.
    const AWAITED: bool = false;

    /// `true` if it keeps a secret for others to read, so that a password can be made in it.
    const KEEPS_SECRETS: bool = false;

    /// `true` if AWS changes one that is [stopped](crate::cloud::Status::Stopped); its tags always change.
    const CHANGES_WHILE_STOPPED: bool = true;

    /// AWS's words for how far one is, by the member of the reply that holds them; empty for a type that is there or not.
    const STATUSES: &'static [StatusWords] = &[];

    /// Types whose resources AWS wants removed before this one when they are in the same VPC, although nothing refers to it.
    const REMOVED_AFTER: &'static [&'static str] = &[];

    /// Parts of other resources that it brings with it, as types and ids: a validation has records in a zone.
    fn covers(&self) -> Vec<(&'static str, String)> {
        vec![]
    }

    /// `true` if these inputs ask for what [`Stopped`](crate::cloud::Status::Stopped) says, such as a service of no tasks.
    fn wants_stopped(&self) -> bool {
        false
    }

    /// The reason for which its removal needs a person's consent wherever it is, in a disposable environment too: AWS was told to
    /// protect it, or others use what goes with it.
    fn guard(&self) -> Option<Guard> {
        None
    }

    /// `true` if its [claims](Self::claims) say already that its id, or its name, is held by one: as that of a role, whatever its case
    /// is.
    const CLAIMS_IDENTITY: bool = false;

    /// The outputs of one that no call of AWS's makes, from the id of the operation that makes it: a secret to nobody, and never the same
    /// twice. `None` for what AWS makes.
    fn made_here(&self, _seed: &str) -> Option<Self::Outputs> {
        None
    }

    /// The identity: who decides the id.
    fn identity(&self) -> Identity {
        self.identity_by_name()
    }

    /// The work of a person that its create waits for, with the commands for it, as a sentence without an end; `None` where there is
    /// none, or where the inputs do not say enough yet.
    fn by_hand(&self, _account: &str, _region: &str) -> Option<String> {
        None
    }

    /// Settings that AWS takes and that have no effect, each as a sentence without an end: the plan shows them, and goes on.
    fn ineffective(&self) -> Vec<String> {
        Vec::new()
    }

    /// The contents that it must not have when it is removed; `None` where it goes with all that is in it. `self` is what is recorded.
    fn only_when_empty(&self, _id: &str) -> Option<OnlyWhenEmpty> {
        None
    }

    /// The calls that make it. Fields marked `#[after_create]` are set by [`set`](Self::set) afterwards, unless
    /// they are at their default.
    fn create(&self) -> Steps;

    /// The calls that change `field` from what it `was`. Matching on `field` without a wildcard is what makes a
    /// forgotten update a compile error.
    fn set(&self, was: &Self, field: Self::Mutable) -> Steps;

    /// The calls that remove it; `self` is what is recorded.
    fn delete(&self) -> Steps;

    /// Findings about these inputs, as sentences that name the field; AWS's rules that need no call to check, besides those
    /// that a field is [marked with](Resource::findings_of_fields).
    fn check(&self) -> Vec<String> {
        vec![]
    }

    /// The claims of these inputs: what AWS lets only one resource hold, besides its id or [name](Identity::Named): those are claimed for
    /// every type.
    fn claims(&self) -> Vec<Claim> {
        vec![]
    }

    /// The resource within which its name is unique, such as the VPC of a security group. `None`: the account and region.
    fn name_scope(&self) -> Option<Value> {
        None
    }

    /// The same with another, unused value for `claim`, which `free` says of a value; for claims that a call takes and gives up in
    /// place. Two that exchange such values are changed by way of it. `None` where no other value will do.
    fn parked(&self, _claim: &Claim, _free: &dyn Fn(&Claim) -> bool) -> Option<Self> {
        None
    }

    /// The same as `was`, but for `field`, in which what `self` uses stands beside what `was` uses and does no work yet. `None` where
    /// AWS takes only one.
    fn beside(&self, _was: &Self, _field: &str) -> Option<Self> {
        None
    }

    /// Findings of what AWS would refuse for what other resources are, as sentences that name the field; `look` gives a field of another
    /// resource, by its id or a reference to it.
    fn misfits(&self, _look: Look<'_>) -> Vec<String> {
        vec![]
    }

    /// Why AWS refuses to change `field` in place from what it `was`, as the rest of a sentence about the resource; `look` gives a
    /// field of another resource, by its id or a reference to it.
    fn refuses(&self, _was: &Self, _field: &str, _look: Look<'_>) -> Option<String> {
        None
    }
}

/// Gives a field of another resource, by its id or a reference to it; `None` where it is not known.
pub type Look<'a> = &'a dyn Fn(&Value, &str) -> Option<Value>;

/// Anything that a program can declare: a resource of a type of its own, or one of [any type](crate::cfn::Resource).
pub trait Declare {
    /// References for others.
    type Refs;
    /// The type, and the inputs as plain data.
    ///
    /// # Errors
    /// Why there is no such type, as the rest of a sentence.
    fn declare(self) -> Result<(&'static dyn ResourceType, Value), String>;
    /// Promises of the outputs of the resource at `address`.
    fn refs(address: &str) -> Self::Refs;
}

/// Why plain data is no resource of a type.
#[derive(Debug, thiserror::Error)]
#[error("inputs of a `{kind}` that do not fit: {reason}")]
pub struct InvalidInputs {
    /// The type.
    pub kind: &'static str,
    /// The reason.
    pub reason: String,
}

/// A resource type with its Rust type erased, as the planner holds it. Inputs are plain data, with or without
/// references in them.
pub trait ResourceType: Sync + Send {
    /// The type's name, such as `ec2.subnet`.
    fn name(&self) -> &'static str;
    /// The documentation.
    fn doc(&self) -> &'static str;
    /// The fields.
    fn fields(&self) -> &'static [Field];
    /// The outputs.
    fn outputs(&self) -> &'static [OutputField];
    /// Every call it makes.
    fn calls(&self) -> Vec<CallInfo>;
    /// The facts of AWS about it.
    fn facts(&self) -> Facts;
    /// `true` if it is looked up by its name.
    fn by_name(&self) -> bool;
    /// The read.
    fn read(&self) -> Read;
    /// The time that it may take to be ready, in seconds.
    fn ready(&self) -> Option<u32>;
    /// `true` if the token of the create call can be read afterwards.
    fn keeps_token(&self) -> bool;
    /// `true` if an impaired resource ends a wait.
    fn impaired_ends_wait(&self) -> bool;
    /// `true` if somebody else makes it, and it is only waited for.
    fn awaited(&self) -> bool;
    /// The work of a person that its create waits for.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn by_hand(&self, inputs: &Value, account: &str, region: &str) -> Result<Option<String>, InvalidInputs>;
    /// Settings that AWS takes and that have no effect.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn ineffective(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs>;
    /// The contents that the one with this id must not have when it is removed.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn only_when_empty(&self, _inputs: &Value, _id: &str) -> Result<Option<OnlyWhenEmpty>, InvalidInputs> {
        Ok(None)
    }
    /// `true` if it keeps a secret for others to read.
    fn keeps_secrets(&self) -> bool {
        false
    }
    /// `true` if no call of AWS's makes it, and it is in the state alone.
    fn is_local(&self) -> bool {
        self.read().service == crate::call::LOCAL
    }
    /// The outputs of one that is [made here](Self::is_local) by the operation `seed`.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn made_here(&self, _inputs: &Value, _seed: &str) -> Result<Option<Value>, InvalidInputs> {
        Ok(None)
    }
    /// `true` if AWS changes one that is stopped.
    fn changes_while_stopped(&self) -> bool;
    /// AWS's words for how far one is.
    fn statuses(&self) -> &'static [StatusWords];
    /// The resource that it is a part of.
    fn inside(&self) -> Option<Inside>;
    /// Types whose resources are removed first when they are in the same VPC.
    fn removed_after(&self) -> &'static [&'static str];
    /// Parts of other resources that it brings with it, as types and ids.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn covers(&self, inputs: &Value) -> Result<Vec<(&'static str, String)>, InvalidInputs>;
    /// `true` if these inputs ask for one that is stopped.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn wants_stopped(&self, inputs: &Value) -> Result<bool, InvalidInputs>;
    /// The reason for which its removal needs a person's consent in every environment.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn guard(&self, inputs: &Value) -> Result<Option<Guard>, InvalidInputs>;
    /// Holds data.
    fn stateful(&self) -> bool;
    /// Replacement deletes first.
    fn delete_first(&self) -> bool;
    /// The CloudFormation type that describes the same.
    fn cfn(&self) -> &'static str;
    /// The id that follows from the inputs, for types whose id does.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn identity(&self, inputs: &Value) -> Result<Option<Value>, InvalidInputs>;
    /// The name, for types whose name is ours and whose id is AWS's ([`Identity::Named`]): those with a `#[named]` field
    /// whose [identity](Lifecycle::identity) is otherwise assigned. `None` as long as the name is not known.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn unique_name(&self, inputs: &Value) -> Result<Option<String>, InvalidInputs>;
    /// The calls that make it, with the wait that follows.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn create(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs>;
    /// The calls that bring `fields` from `was` to `inputs`, with the wait that follows, in the order of the fields.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn set(&self, inputs: &Value, was: &Value, fields: &[&str]) -> Result<Vec<Step>, InvalidInputs>;
    /// The calls that remove it.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn delete(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs>;
    /// The same inputs in the one form that equal inputs share.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn canonical(&self, inputs: &Value) -> Result<Value, InvalidInputs>;
    /// The references in `inputs` that stand where a value of one type belongs, each with the name of that type. For inputs
    /// that no program of this process has written, but a document: they are read as strictly as a program writes them.
    ///
    /// # Errors
    /// If the inputs are not of this type, or have what the type would not write: fields that it does not have, another form
    /// of a value, the bytes or the fingerprint of a secret.
    fn typed_references(&self, inputs: &Value) -> Result<Vec<TypedRef>, InvalidInputs>;
    /// The texts in `inputs` that stand where a value of one type belongs, each with the name of that type: ids and names that are
    /// written out, where a reference could stand.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn typed_texts(&self, inputs: &Value) -> Result<Vec<TypedText>, InvalidInputs>;
    /// The claims of these inputs: what AWS lets only one resource hold; an explicit physical name is among it.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn claims(&self, inputs: &Value) -> Result<Vec<Claim>, InvalidInputs>;
    /// The same inputs with another value for `claim`, which `free` says to be unused; `None` where there is none.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn parked(
        &self,
        inputs: &Value,
        claim: &Claim,
        free: &dyn Fn(&Claim) -> bool,
    ) -> Result<Option<Value>, InvalidInputs>;
    /// The inputs `was`, in which `field` has what `inputs` uses beside what it has; `None` where AWS takes only one.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn beside(&self, inputs: &Value, was: &Value, field: &str) -> Result<Option<Value>, InvalidInputs>;
    /// Findings of what AWS would refuse for what other resources are, as sentences.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn misfits(&self, inputs: &Value, look: Look<'_>) -> Result<Vec<String>, InvalidInputs>;
    /// Why AWS refuses to change `field` in place, as the rest of a sentence about the resource.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn refuses(
        &self,
        inputs: &Value,
        was: &Value,
        field: &str,
        look: Look<'_>,
    ) -> Result<Option<String>, InvalidInputs>;
    /// Findings about the inputs, as sentences.
    ///
    /// # Errors
    /// If the inputs are not of this type.
    fn check(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs>;
    /// Two examples that differ in every field.
    fn samples(&self) -> [Value; 2];
    /// True if a change of `field` from what it `was` replaces the resource.
    fn replaces(&self, field: &Field, _was: &Value, _to: &Value) -> bool {
        field.change == Mutability::Replace
    }

    /// The value of `field` in a record whose resource has drifted: what was `recorded`, with what it is `now` where that is not as it
    /// was left. `None`: there is no drift. `outputs` are the recorded ones.
    fn drifted(&self, _field: &Field, recorded: &Value, _outputs: &Value, now: &Value) -> Option<Value> {
        (recorded != now).then(|| now.clone())
    }

    /// True if the very same create call, with the same token, is answered as the first one was: for hours, and whatever else is
    /// known of the resource. Such a call sets all that there is.
    fn repeats_request(&self) -> bool {
        false
    }

    /// The schema that the type is made from, where it is.
    fn schema(&self) -> Option<&'static tenon_cfn::Schema> {
        None
    }

    /// The field `name`.
    fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|f| f.name == name)
    }
    /// The field that holds the physical name, for types that have one.
    fn name_field(&self) -> Option<&'static Field> {
        self.fields().iter().find(|f| f.named.is_some())
    }
    /// `true` if it carries tags, and so the proof of ownership.
    fn taggable(&self) -> bool {
        self.field("tags").is_some()
    }
}

/// A kind of lookup, as the engine sees it.
pub trait LookupKind: Sync + Send {
    /// The name, such as `ec2.vpc`.
    fn name(&self) -> &'static str;
    /// A sentence about what is found.
    fn doc(&self) -> &'static str;
    /// The outputs.
    fn outputs(&self) -> &'static [OutputField];
    /// The IAM actions that reading it needs.
    fn actions(&self) -> &'static [&'static str];
    /// True if all that match are meant.
    fn many(&self) -> bool;
    /// Mistakes in a query, as sentences.
    ///
    /// # Errors
    /// The query is not of this kind.
    fn check(&self, query: &Value) -> Result<Vec<String>, String>;
    /// The references in a query, each with the name of the type that stands there.
    ///
    /// # Errors
    /// The query is not of this kind, or not as the kind writes it.
    fn references(&self, query: &Value) -> Result<Vec<TypedRef>, String>;
    /// The candidates that are known without asking anybody.
    ///
    /// # Errors
    /// The query is not of this kind.
    fn known(&self, query: &Value, caller: &Caller) -> Result<Option<Vec<Candidate>>, String>;
    /// Those of the candidates that are meant.
    ///
    /// # Errors
    /// The query is not of this kind.
    fn choose(&self, query: &Value, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, String>;
}
