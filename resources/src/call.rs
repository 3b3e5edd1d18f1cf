//! An AWS API call, as data.
//!
//! A [`Step`] is a call as a plan holds it: what is sent, what it does, which errors mean what. Nothing here sends
//! anything; that is [`Cloud`](crate::cloud::Cloud)'s.

use crate::{
    resource::Facts,
    value::{Input, Ref, Shared},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::borrow::Cow;

/// A name that a resource type has as a constant, borrowed, or a document says, owned: a plan of 10,000 resources has 100,000 of them.
pub type Name = Cow<'static, str>;

/// The service of steps that the executor takes by itself: no call is sent for them, and they need no permission.
pub const LOCAL: &str = "random";

/// Implemented by `#[derive(Call)]` for a struct that is named after its operation and has its members as fields.
pub trait Call: Serialize + DeserializeOwned + Send {
    /// Facts about the operation.
    const INFO: CallInfo;
}

/// Facts about an operation.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo {
    /// The SDK module of the service, such as `ec2`.
    pub service: &'static str,
    /// The operation, as the SDK spells it, such as `CreateSubnet`.
    pub operation: &'static str,
    /// Several changes to one resource become one call.
    pub folds: bool,
    /// The IAM actions it needs; the first is its own.
    pub actions: &'static [&'static str],
    /// Permissions that it needs besides its own action, and when: `iam:PassRole to ecs-tasks.amazonaws.com`, `kms:Decrypt if kms_key_id`,
    /// `rds:CreateDBSnapshot on arn:aws:rds:{region}:{account}:snapshot:*`.
    pub needs: &'static [&'static str],
    /// The ARN pattern the actions are limited to, with `{region}`, `{account}`, `{id}`, or `*`.
    pub on: &'static str,
    /// The error codes of a reference to what is not visible yet, as the [service](crate::service::Service::not_yet) has them.
    pub not_yet: &'static [(&'static str, &'static str)],
}

/// The meaning of an error for a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorRule {
    /// The error code, as AWS sends it.
    pub code: Name,
    /// A part of the message that must be there, too; empty for any.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub part: Name,
    /// The meaning of the error.
    #[serde(flatten)]
    pub then: OnError,
}

/// The meanings of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The work is already done.
    Done,
    /// The error passes: try again for this many seconds.
    Retry(u32),
}

/// The effect of a call on the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Makes it.
    Create,
    /// Changes it in place.
    #[serde(alias = "change")]
    Update,
    /// Removes it.
    Delete,
    /// Reads it until its outputs that AWS returns of a pending resource are there, for at most this many seconds.
    Shown(u32),
    /// Reads it until it is ready, for at most this many seconds.
    Ready(u32),
    /// Reads it until it is gone, for at most this many seconds.
    Gone(u32),
}

impl Effect {
    /// `true` if the call changes anything; waits do not.
    pub fn mutates(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }
}

/// A call as a plan holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The SDK module of the service, such as `ec2`.
    pub service: Name,
    /// The operation, as the SDK spells it.
    pub operation: Name,
    /// The members that are set, under the SDK's names; references still in them.
    #[serde(default, skip_serializing_if = "Shared::is_null")]
    pub params: Shared,
    /// The effect.
    pub effect: Effect,
    /// The meanings of its errors, where they are not those that they have everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ErrorRule>,
    /// The fields that hold their new value once the call is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Name>,
    /// The data that is lost for good, when some is; such a step needs a person's consent in the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destroys: Option<String>,
    /// The IAM actions it needs; the first is its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Name>,
    /// The ARN pattern the actions are limited to.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub on: Name,
    #[serde(skip)]
    pub(crate) folds: bool,
}

fn is_empty(name: &Name) -> bool {
    name.is_empty()
}

impl Step {
    /// `true` if the executor takes the step by itself, and no call is sent.
    pub fn is_local(&self) -> bool {
        self.service == LOCAL
    }

    /// A read of the resource until it is ready or gone.
    pub(crate) fn wait(service: &'static str, operation: &'static str, effect: Effect) -> Self {
        Self {
            service: service.into(),
            operation: operation.into(),
            params: Shared::default(),
            effect,
            rules: vec![],
            sets: vec![],
            destroys: None,
            actions: vec![],
            on: "".into(),
            folds: false,
        }
    }

    /// Takes `other`'s members into this call, where the API allows it. Lists are joined and maps merged: an attribute map
    /// that were overwritten would lose what the first change set.
    pub(crate) fn fold(&mut self, other: &Self) -> bool {
        let same = self.folds && self.service == other.service && self.operation == other.operation;
        if same && let (Value::Object(mine), Value::Object(theirs)) = (self.params.to_mut(), &*other.params) {
            for (member, value) in theirs {
                match (mine.get_mut(member), value) {
                    (Some(Value::Array(have)), Value::Array(more)) => {
                        have.extend(
                            more.iter()
                                .filter(|v| !have.contains(v))
                                .cloned()
                                .collect::<Vec<_>>(),
                        );
                    }
                    (Some(Value::Object(have)), Value::Object(more)) if !is_reference(more) => {
                        have.extend(more.iter().map(|(k, v)| (k.clone(), v.clone())));
                    }
                    _ => drop(mine.insert(member.clone(), value.clone())),
                }
            }
            self.sets.extend(other.sets.iter().cloned());
        }
        same
    }
}

/// `true` if a map is a value of its own (a promise, a token, a secret): such are replaced as a whole.
fn is_reference(map: &serde_json::Map<String, Value>) -> bool {
    map.keys().next().is_some_and(|k| k.starts_with('$'))
}

/// Calls, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps(pub Vec<Step>);

impl Steps {
    /// The call that makes the resource.
    #[expect(clippy::needless_pass_by_value, reason = "a call is written where it is made")]
    pub fn create<C: Call>(call: C) -> Self {
        Self::one(&call, Effect::Create)
    }

    /// A call that changes it in place.
    #[expect(clippy::needless_pass_by_value, reason = "a call is written where it is made")]
    pub fn update<C: Call>(call: C) -> Self {
        Self::one(&call, Effect::Update)
    }

    /// A call that removes it.
    #[expect(clippy::needless_pass_by_value, reason = "a call is written where it is made")]
    pub fn delete<C: Call>(call: C) -> Self {
        Self::one(&call, Effect::Delete)
    }

    /// No call at all: the engine alone keeps this, or there is nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    fn one<C: Call>(call: &C, effect: Effect) -> Self {
        let mut params = serde_json::to_value(call).expect("a call's members are plain data");
        if let Value::Object(map) = &mut params {
            map.retain(|_, v| !v.is_null());
        }
        let CallInfo {
            service,
            operation,
            folds,
            actions,
            on,
            ..
        } = C::INFO;
        Self(vec![Step {
            params: params.into(),
            rules: vec![],
            actions: actions.iter().map(|&a| a.into()).collect(),
            on: on.into(),
            folds,
            ..Step::wait(service, operation, effect)
        }])
    }

    /// Then `next`.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    /// Then `next()`, if `condition`.
    #[must_use]
    pub fn then_if(self, condition: bool, next: impl FnOnce() -> Self) -> Self {
        if condition { self.then(next()) } else { self }
    }

    /// Treats error `code` of the last call as success: the work was already done.
    #[must_use]
    pub fn ok_on(self, code: &'static str) -> Self {
        self.rule(code, "", OnError::Done)
    }

    /// As [`ok_on`](Self::ok_on), when the message has `part`.
    #[must_use]
    pub fn ok_on_message(self, code: &'static str, part: &'static str) -> Self {
        self.rule(code, part, OnError::Done)
    }

    /// Repeats the last call on error `code` for up to `seconds`.
    #[must_use]
    pub fn retry_on(self, code: &'static str, seconds: u32) -> Self {
        self.rule(code, "", OnError::Retry(seconds))
    }

    /// As [`retry_on`](Self::retry_on), when the message has `part`.
    #[must_use]
    pub fn retry_on_message(self, code: &'static str, part: &'static str, seconds: u32) -> Self {
        self.rule(code, part, OnError::Retry(seconds))
    }

    /// The last call removes a resource of a type with these `facts`: it is done when that is gone, and tried again while
    /// it is in use.
    #[must_use]
    pub fn expecting(self, facts: Facts) -> Self {
        let Facts { gone, in_use, .. } = facts;
        let done = gone.iter().fold(self, |steps, code| steps.ok_on(code));
        in_use
            .iter()
            .fold(done, |steps, (code, seconds)| steps.retry_on(code, *seconds))
    }

    /// The last call loses `what` for good; without consent in the plan it is not made.
    #[must_use]
    pub fn destroys(mut self, what: &str) -> Self {
        self.last().destroys = Some(what.into());
        self
    }

    /// Then reads the resource until it is gone, for up to `seconds`.
    #[must_use]
    pub fn until_gone(self, seconds: u32) -> Self {
        self.wait(Effect::Gone(seconds))
    }

    fn wait(mut self, effect: Effect) -> Self {
        // The service and operation of the read are the type's; `Erased` fills them in.
        self.0.push(Step::wait("", "", effect));
        self
    }

    fn rule(mut self, code: &'static str, part: &'static str, then: OnError) -> Self {
        self.last().rules.push(ErrorRule {
            code: code.into(),
            part: part.into(),
            then,
        });
        self
    }

    fn last(&mut self) -> &mut Step {
        self.0.last_mut().expect("rules follow a call")
    }
}

/// The resource's own id, which a plan may not know yet.
pub fn this<T>() -> Input<T> {
    own("id")
}

/// An output of the resource itself, which a plan may not know yet.
pub fn own<T>(output: &str) -> Input<T> {
    Input::From(Ref {
        resource: "this".into(),
        output: output.into(),
    })
}

/// Minutes, in seconds.
pub const fn minutes(n: u32) -> u32 {
    n * 60
}
