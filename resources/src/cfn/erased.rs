//! A type made from a schema, as the planner sees every type.

use super::{
    arn, calls,
    kind::{SHOWN, Type, no_tags},
    patch, shown,
    values::{at, plain_secret, printed, sort},
};
use crate::{
    call::{CallInfo, Step},
    claim::Claim,
    resource::{
        Facts, Field, Guard, Inside, InvalidInputs, Look, Mutability, OutputField, Read, ResourceType,
        SecondCreate,
    },
    status::StatusWords,
    value::{Ref, Tags, TypedRef, TypedText, refs},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tenon_cfn::{Schema, check, path};

impl ResourceType for Type {
    fn name(&self) -> &'static str {
        &self.schema.name
    }
    fn doc(&self) -> &'static str {
        &self.schema.doc
    }
    fn fields(&self) -> &'static [Field] {
        self.fields
    }
    fn outputs(&self) -> &'static [OutputField] {
        self.outputs
    }
    fn calls(&self) -> Vec<CallInfo> {
        self.calls.clone()
    }
    fn facts(&self) -> Facts {
        Facts {
            gone: &["NotFound", "ResourceNotFoundException"],
            in_use: &[],
            second_create: if self.schema.has_natural_id() {
                SecondCreate::Refused("AlreadyExists")
            } else {
                SecondCreate::Another
            },
            exists: &[("AlreadyExists", "")],
        }
    }
    fn by_name(&self) -> bool {
        false
    }
    fn read(&self) -> Read {
        self.read
    }
    fn ready(&self) -> Option<u32> {
        None
    }
    fn keeps_token(&self) -> bool {
        false
    }
    fn impaired_ends_wait(&self) -> bool {
        true
    }
    fn awaited(&self) -> bool {
        false
    }
    fn by_hand(&self, _: &Value, _: &str, _: &str) -> Result<Option<String>, InvalidInputs> {
        Ok(None)
    }
    fn ineffective(&self, _: &Value) -> Result<Vec<String>, InvalidInputs> {
        Ok(Vec::new())
    }
    fn changes_while_stopped(&self) -> bool {
        true
    }
    fn statuses(&self) -> &'static [StatusWords] {
        &[]
    }
    fn inside(&self) -> Option<Inside> {
        None
    }
    fn removed_after(&self) -> &'static [&'static str] {
        &[]
    }
    fn covers(&self, _: &Value) -> Result<Vec<(&'static str, String)>, InvalidInputs> {
        Ok(vec![])
    }
    fn wants_stopped(&self, _: &Value) -> Result<bool, InvalidInputs> {
        Ok(false)
    }
    fn guard(&self, inputs: &Value) -> Result<Option<Guard>, InvalidInputs> {
        let on = ["DeletionProtection", "DeletionProtectionEnabled"];
        let is_on = on.iter().any(|name| inputs[name] == true);
        Ok(is_on.then_some(Guard {
            // Cloud Control turns nothing off by itself.
            why: "and its deletion protection is on, for which AWS refuses that",
            otherwise: "set that property to false and apply that first",
            ..Guard::DELETION_PROTECTION
        }))
    }
    fn stateful(&self) -> bool {
        self.schema.stateful
    }
    fn delete_first(&self) -> bool {
        self.schema.delete_first
    }
    fn cfn(&self) -> &'static str {
        &self.schema.name
    }

    fn identity(&self, inputs: &Value) -> Result<Option<Value>, InvalidInputs> {
        let natural = self.schema.has_natural_id();
        Ok(natural.then(|| Self::joined(inputs, &self.schema.id)).flatten())
    }

    fn unique_name(&self, _: &Value) -> Result<Option<String>, InvalidInputs> {
        Ok(None)
    }

    fn create(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs> {
        let inputs = self.canonical(inputs)?;
        let late = self.schema.tags.as_ref().is_some_and(|tags| tags.late);
        let state = Value::Object(self.model(&inputs, !late));
        let set = self.names(|f| !f.after_create || inputs[f.name].as_object().is_none_or(Map::is_empty));
        let mut steps = vec![
            calls::create(&self.calls, self.name(), state, set),
            calls::ready(self.read.actions),
        ];
        if late && inputs["tags"].as_object().is_some_and(|tags| !tags.is_empty()) {
            let without = self.model(&inputs, false);
            let property = self
                .schema
                .tags
                .as_ref()
                .map(|tags| tags.property.as_str())
                .unwrap_or_default();
            let patch = patch::operations(self.schema, &self.model(&inputs, true), &without, &[property]);
            steps.push(calls::update(
                &self.calls,
                self.name(),
                patch,
                vec!["tags".into()],
            ));
            steps.push(calls::ready(self.read.actions));
        }
        Ok(steps)
    }

    fn set(&self, inputs: &Value, was: &Value, fields: &[&str]) -> Result<Vec<Step>, InvalidInputs> {
        let (wanted, was) = (
            self.model(&self.canonical(inputs)?, true),
            self.model(&self.canonical(was)?, true),
        );
        let tags = self.schema.tags.as_ref().map(|tags| tags.property.as_str());
        let changed: Vec<&str> = fields
            .iter()
            .filter_map(|f| if *f == "tags" { tags } else { Some(*f) })
            .collect();
        let patch = patch::operations(self.schema, &wanted, &was, &changed);
        if patch.is_empty() {
            return Ok(vec![]);
        }
        let sets = self.names(|f| fields.contains(&f.name));
        Ok(vec![
            calls::update(&self.calls, self.name(), patch, sets),
            calls::ready(self.read.actions),
        ])
    }

    fn delete(&self, _: &Value) -> Result<Vec<Step>, InvalidInputs> {
        Ok(vec![calls::delete(&self.calls, self.name())])
    }

    fn canonical(&self, inputs: &Value) -> Result<Value, InvalidInputs> {
        let Value::Object(given) = inputs else {
            return Err(self.invalid("the properties are no structure"));
        };
        if let Some(place) = plain_secret(self.schema, "", inputs) {
            return Err(self.invalid(format!("`{place}` has the bytes of a secret")));
        }
        let mut out: Map<String, Value> = given
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        if self.schema.tags.is_some() {
            out.entry("tags").or_insert_with(no_tags);
        }
        for (name, value) in &mut out {
            if let Some(node) = self.schema.node(name) {
                sort(self.schema, node, value);
            }
        }
        Ok(Value::Object(out))
    }

    fn typed_references(&self, inputs: &Value) -> Result<Vec<TypedRef>, InvalidInputs> {
        if self.canonical(inputs)? != *inputs {
            return Err(self.invalid(
                "members that are null, or a list in another order than the one in which it is written",
            ));
        }
        if printed(inputs) {
            return Err(self.invalid("a secret has a fingerprint, which no program knows"));
        }
        let mut found: BTreeSet<Ref> = BTreeSet::new();
        refs(inputs, &mut found);
        Ok(found
            .into_iter()
            .map(|r| (r, std::any::type_name::<String>()))
            .collect())
    }

    fn typed_texts(&self, _: &Value) -> Result<Vec<TypedText>, InvalidInputs> {
        Ok(vec![])
    }

    fn claims(&self, inputs: &Value) -> Result<Vec<Claim>, InvalidInputs> {
        let natural = Some(&self.schema.id).filter(|_| self.schema.has_natural_id());
        let ours = |paths: &&Vec<String>| paths.iter().all(|path| !self.schema.is_read_only(path));
        let ids = natural
            .into_iter()
            .chain(self.schema.other_ids.iter().filter(ours));
        let claims = ids.filter_map(|paths| Self::joined(inputs, paths));
        let claims = claims.map(|id| Claim::of(&self.schema.name, id));
        Ok(claims.chain(arn::claim(self.schema, inputs)).collect())
    }

    fn parked(
        &self,
        _: &Value,
        _: &Claim,
        _: &dyn Fn(&Claim) -> bool,
    ) -> Result<Option<Value>, InvalidInputs> {
        Ok(None)
    }
    fn beside(&self, _: &Value, _: &Value, _: &str) -> Result<Option<Value>, InvalidInputs> {
        Ok(None)
    }
    fn misfits(&self, _: &Value, _: Look<'_>) -> Result<Vec<String>, InvalidInputs> {
        Ok(vec![])
    }
    fn refuses(&self, _: &Value, _: &Value, _: &str, _: Look<'_>) -> Result<Option<String>, InvalidInputs> {
        Ok(None)
    }

    fn check(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs> {
        let inputs = self.canonical(inputs)?;
        let mut findings = check::findings(self.schema, &Value::Object(self.model(&inputs, false)));
        if let Some(tags) = inputs.get("tags") {
            match serde_json::from_value::<Tags>(tags.clone()) {
                Ok(_) => findings.extend(crate::erased::check_tags(&self.schema.name, tags)),
                Err(_) => {
                    findings.push("`Tags` are no list of `Key` and `Value` with text that is known".into());
                }
            }
        }
        Ok(findings)
    }

    fn samples(&self) -> [Value; 2] {
        let one = |sample| {
            let mut sample = self.canonical(&sample).unwrap_or(sample);
            if self.schema.tags.is_some() {
                sample["tags"] = json!({ "Name": "a" });
            }
            sample
        };
        let made = || tenon_cfn::samples(self.schema).map(one);
        self.samples.get_or_init(made).clone()
    }

    fn replaces(&self, field: &Field, was: &Value, to: &Value) -> bool {
        let below = |path: &&String| path::top(path) == field.name;
        let changes = |path: &String| {
            let inside = path
                .strip_prefix(field.name)
                .unwrap_or_default()
                .trim_start_matches('/');
            at(was, inside) != at(to, inside)
        };
        field.change == Mutability::Replace || self.schema.create_only.iter().filter(below).any(changes)
    }

    fn drifted(&self, field: &Field, recorded: &Value, outputs: &Value, now: &Value) -> Option<Value> {
        if field.name == "tags" {
            return (recorded != now).then(|| now.clone());
        }
        shown::drifted(self.schema, field.name, recorded, &outputs[SHOWN], now)
    }

    fn repeats_request(&self) -> bool {
        true
    }

    fn schema(&self) -> Option<&'static Schema> {
        Some(self.schema)
    }
}
