//! The desired inputs of a resource, and the fields in which they differ from what it has.

use crate::{Declaration, Declared, Error, FieldDiff, Finding};
use serde_json::Value;
use tenon_resources::{
    resource::ResourceType,
    value::{EXPIRES, NameOf, Ref, Tags, is_reserved, physical_name, simplify},
};
use tenon_state::Record;

/// The declared inputs of a generation, planned from the state of a serial, with name, tags and every known reference filled in, in canonical form.
// Long: a name can follow from what the references give, and tags from the name, so each step stands after the other.
pub(crate) fn desired_inputs(
    declared: &Declared,
    address: &str,
    declaration: &Declaration,
    prior: Option<&Record>,
    (generation, serial): (u32, u64),
    stable: &dyn Fn(&Ref) -> Option<Value>,
) -> Result<Value, Error> {
    let kind = declaration.kind;
    let invalid = |source| Error::InvalidInputs {
        address: address.into(),
        source,
    };
    let mut inputs = declaration.inputs.value();
    if !inputs.is_object() {
        return kind.canonical(&inputs).map_err(invalid);
    }
    let mut fresh = false;
    if let Some(field) = kind.name_field()
        && let (true, Some(rule)) = (inputs[field.name].is_null(), field.named)
    {
        // A name stays as long as the resource does, also when the rule for names or the address changes.
        // Of a create that was cut off, only a name that depends on the serial is in the record alone.
        let recorded = prior.filter(|p| p.id.is_some() || rule.kept);
        let recorded = recorded.and_then(|p| p.inputs[field.name].as_str());
        fresh = recorded.is_none();
        let rule = rule.of(&inputs);
        inputs[field.name] = if let Some(name) = recorded {
            name.into()
        } else {
            let there = &declaration.place;
            let of = NameOf {
                stack: &declared.stack,
                env: &declared.env,
                address,
                generation,
                account: there.account.as_deref().unwrap_or(&declared.caller.account),
                region: there.region.as_deref().unwrap_or(&declared.caller.region),
                serial,
            };
            physical_name(&of, rule).into()
        };
    }
    if kind.taggable() {
        let mut own: Tags = serde_json::from_value(inputs["tags"].take()).unwrap_or_default();
        // What was imported as it was keeps its tags, and gets none but those that are declared for it alone.
        let unmarked = prior.filter(|p| p.unmarked);
        let mut tags = match unmarked {
            Some(prior) => serde_json::from_value(prior.inputs["tags"].clone()).unwrap_or_default(),
            None => declared.tags.clone(),
        };
        if unmarked.is_some() {
            // A name that was made of the address is not declared for it.
            let made = format!(
                "{}-{}-{}",
                declared.stack,
                declared.env,
                address.replace('/', "-")
            );
            own.0.retain(|key, value| key != "Name" || *value != made);
        }
        tags.0.extend(own.0);
        if unmarked.is_none() {
            tags.0.extend(declared.owner().at(address, generation).tags().0);
        }
        // The time of expiry comes with a create, and stays as it is: to set it is no reason for a call.
        if let Some(prior) = prior.filter(|p| p.id.is_some() && p.kind == kind.name()) {
            match prior.inputs["tags"].get(EXPIRES).and_then(Value::as_str) {
                Some(there) => tags.0.insert(EXPIRES.into(), there.into()),
                None => tags.0.remove(EXPIRES),
            };
        }
        inputs["tags"] = serde_json::to_value(tags).expect("tags are plain data");
    }
    simplify(&mut inputs, stable);
    // A stranger's document may have a reference in the place of all inputs, which is now what it meant.
    if !inputs.is_object() {
        return kind.canonical(&inputs).map_err(invalid);
    }
    if let Some(prior) = prior.filter(|p| p.id.is_some() && p.kind == kind.name()) {
        keep_owned_elsewhere(declaration, prior, &mut inputs);
    }
    let inputs = kind.canonical(&inputs).map_err(invalid)?;
    if fresh {
        // The name is part of what a type's rules are about, and was not there when the program was checked. A recorded name is one that
        // AWS has taken.
        let wrong = kind.check(&inputs).map_err(invalid)?.into_iter();
        let findings: Vec<_> = wrong
            .map(|why| Finding::at(address, &declaration.location, why))
            .collect();
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
    }
    // With those of the stack, and those that say whose it is; what AWS has put there itself does not count.
    let tags = serde_json::from_value::<Tags>(inputs["tags"].clone()).ok();
    let counted = tags.map(|tags| {
        tags.0
            .into_iter()
            .filter(|(key, _)| !is_reserved(key))
            .collect::<Tags>()
    });
    if let Some(why) = counted.and_then(|tags| tags.refused_for(kind.name())) {
        let why = format!("{why}; those of the stack and its mark are among them");
        return Err(Error::Findings(vec![Finding::at(
            address,
            &declaration.location,
            why,
        )]));
    }
    Ok(inputs)
}

/// Leaves what somebody else owns as it is.
fn keep_owned_elsewhere(declaration: &Declaration, prior: &Record, inputs: &mut Value) {
    let options = &declaration.options;
    for field in &options.owned_elsewhere {
        inputs[field] = prior.inputs[field].clone();
    }
    if let (Some(have), Some(want)) = (prior.inputs["tags"].as_object(), inputs["tags"].as_object_mut()) {
        want.retain(|key, _| !options.owns_tag_elsewhere(key));
        let theirs = have.iter().filter(|(key, _)| options.owns_tag_elsewhere(key));
        want.extend(theirs.map(|(key, value)| (key.clone(), value.clone())));
    }
}

/// The fields in which `want` differs from `have`; against null, the fields that are set.
pub(super) fn changes(kind: &'static dyn ResourceType, want: &Value, have: &Value) -> Vec<FieldDiff> {
    let mut out = vec![];
    for field in kind.fields() {
        let (to, from) = (&want[field.name], &have[field.name]);
        if to == from || same_secret(to, from) {
            continue;
        }
        // Against nothing, what is at its default is no news, and neither is what is left to AWS.
        let at_default = field.default.map_or(to.is_null(), |d| *to == d());
        if have.is_null() && at_default {
            continue;
        }
        // Unset, where that is not a value of its own, is no call: it stays as it is, and is AWS's from now on.
        let left_to_aws = left_to_aws(kind, field.name, to);
        let replaces = !have.is_null() && !left_to_aws && kind.replaces(field, from, to);
        out.push(FieldDiff {
            field: field.name.into(),
            from: from.clone().into(),
            to: to.clone().into(),
            replaces,
        });
    }
    out
}

/// `true` if a field with this value is left to AWS: whatever it is there is right, and is not looked at.
pub(crate) fn left_to_aws(kind: &'static dyn ResourceType, field: &str, value: &Value) -> bool {
    value.is_null() && kind.field(field).is_some_and(|f| f.default.is_none())
}

/// Compares two secrets: the same source and, where both have a fingerprint made with the same key, the same fingerprint.
/// Fingerprints of different keys cannot be compared, and that is no reason to set the secret again.
fn same_secret(to: &Value, from: &Value) -> bool {
    let (Some(to), Some(from)) = (to.get("$secret"), from.get("$secret")) else {
        return false;
    };
    let bare = |v: &Value| {
        let mut v = v.clone();
        if let Some(map) = v.as_object_mut() {
            map.remove("print");
        }
        v
    };
    // `hmac-sha256:<which key>:<digits>`
    let print = |v: &Value| {
        let text = v.get("print")?.as_str()?;
        let (key, digits) = text.rsplit_once(':').unwrap_or(("", text));
        Some((key.to_owned(), digits.to_owned()))
    };
    let changed = matches!((print(to), print(from)), (Some(a), Some(b)) if a.0 == b.0 && a.1 != b.1);
    bare(to) == bare(from) && !changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_another_when_its_source_or_its_fingerprint_is() {
        let secret = |of: &str, print: Option<&str>| match print {
            Some(print) => json!({"$secret": {"env": of, "print": print}}),
            None => json!({"$secret": {"env": of}}),
        };
        let was = secret("TOKEN", Some("hmac-sha256:aaaa:11"));
        for (now, same) in [
            (secret("TOKEN", Some("hmac-sha256:aaaa:11")), true),
            (secret("TOKEN", Some("hmac-sha256:aaaa:22")), false),
            (secret("TOKEN", Some("hmac-sha256:bbbb:22")), true),
            (secret("TOKEN", None), true),
            (secret("OTHER", Some("hmac-sha256:aaaa:11")), false),
        ] {
            assert_eq!(same_secret(&now, &was), same, "{now}");
        }
    }
}
