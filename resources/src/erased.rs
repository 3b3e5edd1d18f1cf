//! A resource type with its Rust type erased: what the derived and the written half together are to the planner.

use crate::{
    call::{CallInfo, Effect, Step},
    claim::Claim,
    resource::{
        Declare, Facts, Field, Guard, Identity, Inside, InvalidInputs, Lifecycle, Look, OnlyWhenEmpty,
        OutputField, Outputs, Read, ResourceType,
    },
    status::StatusWords,
    value::{self, Input, Tags, TypedRef, TypedText},
};
use serde_json::Value;
use std::{borrow::Cow, marker::PhantomData};

/// A resource type with its Rust type erased.
#[derive(Debug)]
pub struct Erased<R>(PhantomData<fn() -> R>);

impl<R> Erased<R> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

/// The time that a new resource may take to be visible to a read, in seconds: Terraform's window for EC2.
const VISIBLE: u32 = 300;

impl<R: Lifecycle> Erased<R> {
    /// The typed inputs.
    pub(crate) fn typed(inputs: &Value) -> Result<R, InvalidInputs> {
        serde_json::from_value(inputs.clone()).map_err(|_| InvalidInputs {
            kind: R::TYPE,
            reason: misfit::<R>(inputs),
        })
    }

    fn finish(mut steps: Vec<Step>) -> Vec<Step> {
        for step in &mut steps {
            // Folding is over: a call is the same call whether it could have been folded or not.
            step.folds = false;
            step.params.rest();
            step.sets.shrink_to_fit();
            if !step.effect.mutates() {
                step.service = R::READ.service.into();
                step.operation = R::READ.operation.into();
                step.actions = R::READ.actions.iter().map(|&a| a.into()).collect();
            }
        }
        steps
    }

    fn one_field(me: &R, was: &R, field: &Field) -> Vec<Step> {
        let steps = me
            .regular(was, field.name)
            .or_else(|| R::mutable(field.name).map(|variant| me.set(was, variant)));
        let mut steps = steps.unwrap_or_default().0;
        for step in steps.iter_mut().filter(|s| s.effect.mutates()) {
            step.sets = vec![field.name.into()];
        }
        steps
    }

    fn fold(steps: Vec<Step>) -> Vec<Step> {
        let mut out: Vec<Step> = vec![];
        for step in steps {
            if !out.iter_mut().any(|s| s.fold(&step)) {
                out.push(step);
            }
        }
        out
    }
}

/// The one type that stands behind every address of type `R`.
struct Kind<R>(PhantomData<R>);

impl<R: Lifecycle> Kind<R> {
    const TYPE: &'static dyn ResourceType = &Erased::<R>::NEW;
}

impl<R: Lifecycle> Declare for R {
    type Refs = <R::Outputs as Outputs>::Refs;

    fn declare(self) -> Result<(&'static dyn ResourceType, Value), String> {
        let inputs = serde_json::to_value(self).expect("a resource's inputs are plain data");
        Ok((Kind::<R>::TYPE, inputs))
    }

    fn refs(address: &str) -> Self::Refs {
        R::Outputs::refs(address)
    }
}

impl<R: Lifecycle> ResourceType for Erased<R> {
    fn name(&self) -> &'static str {
        R::TYPE
    }
    fn doc(&self) -> &'static str {
        R::DOC
    }
    fn fields(&self) -> &'static [Field] {
        R::FIELDS
    }
    fn outputs(&self) -> &'static [OutputField] {
        R::Outputs::FIELDS
    }
    fn calls(&self) -> Vec<CallInfo> {
        R::CALLS.to_vec()
    }
    fn facts(&self) -> Facts {
        R::FACTS
    }
    fn by_name(&self) -> bool {
        R::BY_NAME
    }
    fn read(&self) -> Read {
        R::READ
    }
    fn ready(&self) -> Option<u32> {
        R::READY
    }
    fn keeps_token(&self) -> bool {
        R::BY_TOKEN
    }
    fn impaired_ends_wait(&self) -> bool {
        R::IMPAIRED_ENDS_WAIT
    }
    fn awaited(&self) -> bool {
        R::AWAITED
    }
    fn by_hand(&self, inputs: &Value, account: &str, region: &str) -> Result<Option<String>, InvalidInputs> {
        Ok(Self::typed(inputs)?.by_hand(account, region))
    }

    fn ineffective(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs> {
        Ok(Self::typed(inputs)?.ineffective())
    }
    fn only_when_empty(&self, inputs: &Value, id: &str) -> Result<Option<OnlyWhenEmpty>, InvalidInputs> {
        Ok(Self::typed(inputs)?.only_when_empty(id))
    }
    fn keeps_secrets(&self) -> bool {
        R::KEEPS_SECRETS
    }
    fn made_here(&self, inputs: &Value, seed: &str) -> Result<Option<Value>, InvalidInputs> {
        let outputs = Self::typed(inputs)?.made_here(seed);
        Ok(outputs.map(|outputs| serde_json::to_value(outputs).expect("outputs are plain data")))
    }
    fn changes_while_stopped(&self) -> bool {
        R::CHANGES_WHILE_STOPPED
    }
    fn statuses(&self) -> &'static [StatusWords] {
        R::STATUSES
    }
    fn inside(&self) -> Option<Inside> {
        R::INSIDE
    }
    fn removed_after(&self) -> &'static [&'static str] {
        R::REMOVED_AFTER
    }
    fn covers(&self, inputs: &Value) -> Result<Vec<(&'static str, String)>, InvalidInputs> {
        Ok(Self::typed(inputs)?.covers())
    }
    fn wants_stopped(&self, inputs: &Value) -> Result<bool, InvalidInputs> {
        Ok(Self::typed(inputs)?.wants_stopped())
    }
    fn guard(&self, inputs: &Value) -> Result<Option<Guard>, InvalidInputs> {
        Ok(Self::typed(inputs)?.guard())
    }
    fn stateful(&self) -> bool {
        R::STATEFUL
    }
    fn delete_first(&self) -> bool {
        R::DELETE_FIRST
    }
    fn cfn(&self) -> &'static str {
        R::CFN
    }

    fn identity(&self, inputs: &Value) -> Result<Option<Value>, InvalidInputs> {
        Ok(match Self::typed(inputs)?.identity() {
            Identity::Assigned | Identity::Named(_) => None,
            Identity::Natural(id) => Some(serde_json::to_value(id).expect("an id is plain data")),
        })
    }

    fn unique_name(&self, inputs: &Value) -> Result<Option<String>, InvalidInputs> {
        let named = || {
            let field = R::FIELDS.iter().find(|f| f.named.is_some())?;
            inputs.get(field.name)?.as_str().map(ToOwned::to_owned)
        };
        Ok(match Self::typed(inputs)?.identity() {
            Identity::Natural(_) => None,
            Identity::Named(Input::Known(name)) => Some(name),
            Identity::Named(_) => None,
            Identity::Assigned => named(),
        })
    }

    fn create(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs> {
        let me = Self::typed(inputs)?;
        let mut steps = me.create().0;
        let (late, early): (Vec<_>, Vec<_>) = R::FIELDS.iter().partition(|f| f.after_create);
        let is_default = |f: &Field| match f.default {
            Some(default) => inputs.get(f.name).is_none_or(|v| *v == default()),
            None => inputs.get(f.name).is_none_or(Value::is_null),
        };
        let (at_default, set_later): (Vec<_>, Vec<_>) = late.into_iter().partition(|f| is_default(f));
        let mut bare = inputs.clone();
        for field in &set_later {
            bare[field.name] = field.default.map_or(Value::Null, |d| d());
        }
        let bare = Self::typed(&bare)?;
        let later = set_later
            .iter()
            .flat_map(|f| Self::one_field(&me, &bare, f))
            .collect();
        let later = Self::fold(later);
        // What no call of its own sets (how a parameter is applied, which goes with the parameter) is known from the start.
        let silent = set_later
            .iter()
            .filter(|f| !later.iter().any(|s| s.sets.iter().any(|set| set == f.name)));
        let made = early.iter().chain(&at_default).chain(silent);
        if let Some(create) = steps.iter_mut().find(|s| s.effect == Effect::Create) {
            create.sets = made.map(|f| f.name.into()).collect();
        }
        let ready = R::READY.unwrap_or(VISIBLE);
        if !set_later.is_empty() && R::READY.is_some() {
            // What is not ready refuses to be changed.
            steps.push(Step::wait("", "", Effect::Ready(ready)));
        }
        steps.extend(later);
        // What is made here is there when it is made.
        if !self.is_local() {
            steps.push(Step::wait("", "", Effect::Ready(ready)));
        }
        Ok(Self::finish(steps))
    }

    fn set(&self, inputs: &Value, was: &Value, fields: &[&str]) -> Result<Vec<Step>, InvalidInputs> {
        let (me, was) = (Self::typed(inputs)?, Self::typed(was)?);
        let changed = R::FIELDS.iter().filter(|f| fields.contains(&f.name));
        let mut steps = Self::fold(changed.flat_map(|f| Self::one_field(&me, &was, f)).collect());
        let echoed = R::Outputs::FIELDS
            .iter()
            .any(|o| fields.iter().any(|f| o.echoes(f)));
        let wait = R::READY.or(echoed.then_some(VISIBLE));
        if let (Some(ready), Some(last)) = (wait, steps.last())
            && last.effect.mutates()
        {
            steps.push(Step::wait("", "", Effect::Ready(ready)));
        }
        Ok(Self::finish(steps))
    }

    fn delete(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs> {
        Ok(Self::finish(Self::typed(inputs)?.delete().0))
    }

    fn canonical(&self, inputs: &Value) -> Result<Value, InvalidInputs> {
        serde_json::to_value(Self::typed(inputs)?).map_err(|e| InvalidInputs {
            kind: R::TYPE,
            reason: e.to_string(),
        })
    }

    fn typed_references(&self, inputs: &Value) -> Result<Vec<TypedRef>, InvalidInputs> {
        let invalid = |reason| InvalidInputs {
            kind: R::TYPE,
            reason,
        };
        let (me, noted) = value::noted(|| Self::typed(inputs));
        let written = serde_json::to_value(me?).map_err(|e| invalid(e.to_string()))?;
        if let Some(what) = difference(&written, inputs, "") {
            return Err(invalid(what));
        }
        let printed = contains(inputs, &|map| {
            map.get("$secret")
                .is_some_and(|secret| secret.get("print").is_some())
        });
        if printed {
            return Err(invalid(
                "a secret has a fingerprint, which no program knows".into(),
            ));
        }
        Ok(noted.references)
    }

    fn typed_texts(&self, inputs: &Value) -> Result<Vec<TypedText>, InvalidInputs> {
        let (me, noted) = value::noted(|| Self::typed(inputs));
        me.map(|_| noted.texts)
    }

    fn claims(&self, inputs: &Value) -> Result<Vec<Claim>, InvalidInputs> {
        let me = Self::typed(inputs)?;
        let mut claims = me.claims();
        let identity = match me.identity() {
            Identity::Natural(id) => Some(Claim::of(R::TYPE, id)),
            Identity::Assigned | Identity::Named(_) => {
                self.unique_name(inputs)?.map(|name| Claim::of(R::TYPE, name))
            }
        };
        let identity = identity.filter(|_| !R::CLAIMS_IDENTITY);
        claims.extend(identity.map(|claim| match me.name_scope() {
            Some(scope) => claim.within(scope),
            None => claim,
        }));
        Ok(claims)
    }

    fn parked(
        &self,
        inputs: &Value,
        claim: &Claim,
        free: &dyn Fn(&Claim) -> bool,
    ) -> Result<Option<Value>, InvalidInputs> {
        let parked = Self::typed(inputs)?.parked(claim, free);
        Ok(parked.map(|parked| serde_json::to_value(parked).expect("inputs are plain data")))
    }

    fn beside(&self, inputs: &Value, was: &Value, field: &str) -> Result<Option<Value>, InvalidInputs> {
        let beside = Self::typed(inputs)?.beside(&Self::typed(was)?, field);
        Ok(beside.map(|beside| serde_json::to_value(beside).expect("inputs are plain data")))
    }

    fn misfits(&self, inputs: &Value, look: Look<'_>) -> Result<Vec<String>, InvalidInputs> {
        Ok(Self::typed(inputs)?.misfits(look))
    }

    fn refuses(
        &self,
        inputs: &Value,
        was: &Value,
        field: &str,
        look: Look<'_>,
    ) -> Result<Option<String>, InvalidInputs> {
        Ok(Self::typed(inputs)?.refuses(&Self::typed(was)?, field, look))
    }

    fn check(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs> {
        let typed = Self::typed(inputs)?;
        let mut findings = typed.findings_of_fields();
        findings.extend(typed.check());
        for field in R::FIELDS {
            let name = inputs.get(field.name).and_then(name_as_far_as_known);
            if let (Some(rule), Some(name)) = (field.named, name)
                && let Err(why) = rule.of(inputs).check(&name)
            {
                findings.push(format!("`{}` {why}", field.name));
            }
        }
        findings.extend(R::FIELDS.iter().filter_map(|f| f.finding(inputs.get(f.name)?)));
        findings.extend(inputs.get("tags").and_then(|tags| check_tags(R::TYPE, tags)));
        Ok(findings)
    }

    fn samples(&self) -> [Value; 2] {
        R::samples().map(|s| serde_json::to_value(s).expect("samples are plain data"))
    }
}

/// A name with digits in the place of what is known after apply: what such a name has that AWS does not take, it has whatever they are.
/// `None` where nothing of it is known.
fn name_as_far_as_known(name: &Value) -> Option<Cow<'_, str>> {
    match name {
        Value::String(name) => Some(name.as_str().into()),
        Value::Object(map) => {
            let parts = map.get("$join")?.as_array()?.iter();
            let known = |part: &Value| part.as_str().unwrap_or("000").to_owned();
            Some(parts.map(known).collect::<String>().into())
        }
        _ => None,
    }
}

/// Why `inputs` are none of `R`, with the place.
fn misfit<R: Lifecycle>(inputs: &Value) -> String {
    let Err(error) = serde_path_to_error::deserialize::<_, R>(inputs.clone()) else {
        return String::new();
    };
    let place = error.path().to_string();
    let why = error.into_inner().to_string();
    // JSON has no other word for what is no number.
    let why = match why.strip_suffix("invalid type: null, expected f64") {
        Some(before) => {
            format!("{before}it is no number that JSON can say (NaN or infinite); AWS takes finite ones")
        }
        None => why,
    };
    if place == "." {
        why
    } else {
        format!("`{place}`: {why}")
    }
}

/// The first place where `found` is not what a type `wrote`, as the rest of a sentence.
fn difference(wrote: &Value, found: &Value, path: &str) -> Option<String> {
    match (wrote, found) {
        (Value::Object(wrote), Value::Object(found)) => {
            let below = |name: &str| {
                if path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{path}.{name}")
                }
            };
            if let Some(more) = found.keys().find(|k| !wrote.contains_key(*k)) {
                return Some(format!("it has no `{}`", below(more)));
            }
            wrote.iter().find_map(|(name, value)| match found.get(name) {
                Some(other) => difference(value, other, &below(name)),
                None => Some(format!("`{}` is missing", below(name))),
            })
        }
        (Value::Array(wrote), Value::Array(found)) if wrote.len() == found.len() => {
            let pairs = wrote.iter().zip(found).enumerate();
            pairs
                .into_iter()
                .find_map(|(i, (wrote, found))| difference(wrote, found, &format!("{path}[{i}]")))
        }
        _ => (wrote != found).then(|| format!("`{path}` is `{found}`, which is written `{wrote}`")),
    }
}

/// `true` if `is` holds for an object anywhere in `value`.
fn contains(value: &Value, is: &dyn Fn(&serde_json::Map<String, Value>) -> bool) -> bool {
    match value {
        Value::Object(map) => is(map) || map.values().any(|v| contains(v, is)),
        Value::Array(items) => items.iter().any(|v| contains(v, is)),
        _ => false,
    }
}

/// Why AWS refuses the tags of a resource of type `kind`.
pub(crate) fn check_tags(kind: &str, tags: &Value) -> Option<String> {
    let tags: Tags = serde_json::from_value(tags.clone()).ok()?;
    tags.refused_for(kind)
}
