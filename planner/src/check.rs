//! The check of a declared stack: everything that can be wrong without asking AWS.

use crate::{
    Declaration, Declared, Error, Finding,
    claims::{self, Known},
    conditions,
    decide::moves,
    graph, lookups, places,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenon_resources::{
    lookup,
    value::{self, Password, Ref, SecretSource},
};

/// The check of what a program declares.
pub trait Check {
    /// Everything that can be wrong without asking AWS: addresses, types, references, cycles, and each type's rules.
    ///
    /// # Errors
    /// All findings at once, each with file, line and remedy.
    fn check(&self) -> Result<(), Error>;
}

impl Check for Declared {
    fn check(&self) -> Result<(), Error> {
        let mut findings = self.findings.clone();
        // A program has said so with its line.
        let said = |f: &Finding| findings.iter().any(|other| other.why == f.why);
        let misnamed: Vec<_> = self.misnamed("").into_iter().filter(|f| !said(f)).collect();
        findings.extend(misnamed);
        for (address, d) in &self.resources {
            let at = |why: String| Finding::at(address, &d.location, why);
            let mut refs = BTreeSet::new();
            value::refs(&d.inputs, &mut refs);
            // How many stand for one in a list is known once they are found; then it is checked again.
            let counted = !refs.iter().any(|r| lookups::is_many(self, r));
            match d.kind.check(&d.inputs) {
                Ok(sentences) if counted => findings.extend(sentences.into_iter().map(at)),
                Ok(_) => {}
                Err(invalid) => findings.push(at(invalid.to_string())),
            }
            findings.extend(secret_in_plain_data(d).map(at));
            findings.extend(misplaced_passwords(d).into_iter().map(at));
            findings.extend(reserved_tags(d).map(at));
            findings.extend(refs.iter().filter_map(|r| dangling(self, r)).map(at));
            let missing = graph::before(d).filter(|a| !self.resources.contains_key(*a));
            findings.extend(missing.map(|a| at(format!("comes after `{a}`, which is not declared"))));
            findings.extend(d.options.findings(d.kind).into_iter().map(at));
            findings.extend(d.place.findings().into_iter().map(at));
        }
        for (name, output) in &self.outputs {
            let mut refs = BTreeSet::new();
            value::refs(output, &mut refs);
            let bad = refs.iter().filter_map(|r| dangling(self, r));
            findings.extend(bad.map(|why| Finding::at(&format!("output {name}"), "", why)));
        }
        findings.extend(lookups::findings(self));
        findings.extend(self.misfit_experiments());
        findings.extend(conditions::findings(self, &|r| dangling(self, r)));
        findings.extend(moves::findings(self));
        findings.extend(forgotten_and_adopted(self));
        findings.extend(places::findings(self));
        findings.extend(misfits(self));
        findings.extend(claimed_twice(self));
        if findings.is_empty()
            && let Some(cycle) = graph::cycle(self)
        {
            let path: Vec<String> = cycle
                .iter()
                .map(|a| format!("`{a}` ({})", self.resources[a].location))
                .collect();
            let why = format!(
                "refers to itself: {}; break one of these references",
                path.join(" → ")
            );
            findings.push(Finding::at(&cycle[0], &self.resources[&cycle[0]].location, why));
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Error::Findings(findings))
        }
    }
}

/// Resources that are forgotten and declared, and those that are taken up and not declared.
fn forgotten_and_adopted(declared: &Declared) -> Vec<Finding> {
    let mut findings = vec![];
    for (address, location) in &declared.forgotten {
        let inside = |a: &&String| moves::below(a, address).is_some();
        if let Some(still) = declared.resources.keys().find(inside) {
            let why = format!("is said to be forgotten, and `{still}` is declared; remove one of the two");
            findings.push(Finding::at(address, location, why));
        }
    }
    for (address, adoption) in &declared.adopted {
        if !declared.resources.contains_key(address) {
            let why = format!(
                "takes up `{}`, and is not declared; declare it as it is, or remove this",
                adoption.id
            );
            findings.push(Finding::at(address, &adoption.location, why));
        }
    }
    findings
}

fn known(declared: &Declared) -> Known<'_> {
    Known::new(
        declared
            .resources
            .iter()
            .map(|(address, d)| (address.as_str(), d.kind, &d.inputs)),
    )
}

/// Resources that do not fit to those that they refer to.
fn misfits(declared: &Declared) -> Vec<Finding> {
    let known = known(declared);
    // What somebody else owns is not what the program says for long.
    let theirs = |resource: &Value, field: &str| {
        let address = known.address(resource);
        let source = address.and_then(|address| declared.resources.get(&address));
        source.is_some_and(|d| d.options.owned_elsewhere.contains(field))
    };
    let look = |resource: &Value, field: &str| {
        let value = known.field(resource, field);
        value.filter(|_| !theirs(resource, field))
    };
    let mut findings = vec![];
    for (address, d) in &declared.resources {
        let misfits = d.kind.misfits(&d.inputs, &look).unwrap_or_default().into_iter();
        findings.extend(misfits.map(|why| Finding::at(address, &d.location, why)));
    }
    findings
}

/// Pairs of resources of which AWS lets only one exist, said at the second of each.
fn claimed_twice(declared: &Declared) -> Vec<Finding> {
    let resources: Vec<_> = declared
        .resources
        .values()
        .map(|d| (d.kind, &d.place, &d.inputs))
        .collect();
    let twice = claims::declared_twice(&known(declared), &resources);
    let finding = |(first, second, claim)| {
        let (address, d) = declared.resources.get_index(second)?;
        let (other, before) = declared.resources.get_index(first)?;
        let why = format!(
            "takes {claim}, which `{other}` ({}) has, too, and AWS lets only one hold it; change one of the two",
            before.location
        );
        Some(Finding::at(address, &d.location, why))
    };
    twice.into_iter().filter_map(finding).collect()
}

fn dangling(declared: &Declared, r: &Ref) -> Option<String> {
    if value::here::is(r) {
        return None;
    }
    if lookup::name_of(r).is_some() {
        return lookups::unknown(declared, r);
    }
    let Some(source) = declared.resources.get(&r.resource) else {
        return Some(format!("refers to `{r}`, and `{}` is not declared", r.resource));
    };
    let known = source.kind.outputs().iter().any(|o| o.name == r.output);
    (!known).then(|| {
        format!(
            "refers to `{r}`, and a `{}` has no output `{}`",
            source.kind.name(),
            r.output
        )
    })
}

/// The path of a secret in a field that takes any data: a call would send its bytes as plain text.
///
/// A field for secrets takes the bytes and never writes them; whatever can be written with bytes in it is no such field.
fn secret_in_plain_data(d: &Declaration) -> Option<String> {
    let mut places = vec![];
    secrets(&d.inputs, "", &mut places);
    places.into_iter().find_map(|place| {
        let mut exposed = d.inputs.value();
        *exposed.pointer_mut(&place)? = json!({ "$plain": "" });
        d.kind.canonical(&exposed).is_ok().then(|| {
            format!("has a secret at `{place}`, which is no field for secrets: it would be sent as plain text; take it out")
        })
    })
}

/// Passwords that AWS does not make, and those that nobody could ever read.
fn misplaced_passwords(d: &Declaration) -> Vec<String> {
    let mut sources = BTreeSet::new();
    value::secrets(&d.inputs, &mut sources);
    let passwords = sources.iter().filter_map(|source| match source {
        SecretSource::Generated(password) => Some(password),
        _ => None,
    });
    let of = |password: &Password| {
        if d.kind.keeps_secrets() {
            let why = password.finding()?;
            return Some(format!("makes a password that {why}"));
        }
        let kind = d.kind.name();
        Some(format!(
            "makes a password, which nobody can read from a `{kind}`: make it in a `secretsmanager.secret` or `ssm.parameter`, and refer to that"
        ))
    };
    passwords.filter_map(of).collect()
}

/// Tags that AWS keeps for itself, and whose calls it refuses.
fn reserved_tags(d: &Declaration) -> Option<String> {
    let tags = d.inputs.get("tags").filter(|_| d.kind.taggable())?.as_object()?;
    let reserved = tags.keys().filter(|key| value::is_reserved(key));
    let reserved: Vec<String> = reserved.map(|key| format!("`{key}`")).collect();
    (!reserved.is_empty()).then(|| {
        format!(
            "has tags that are AWS's own, which refuses to set or to remove them: {}; leave them out: those that AWS sets are not looked at",
            reserved.join(", ")
        )
    })
}

/// The JSON pointers to every secret in `value`.
fn secrets(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) if map.contains_key("$secret") => out.push(at.to_owned()),
        Value::Object(map) => map.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            secrets(value, &format!("{at}/{name}"), out);
        }),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| secrets(value, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}
