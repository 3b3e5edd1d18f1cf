//! The declaration as a document: JSON with a version and a digest, the same bytes for the same program.
//!
//! A document may come from a stranger, so it is read as strictly as the program's types would have it: a type that is known,
//! the fields that it has in the form in which it writes them, references to outputs of the type that the field takes. What
//! is left to check, [the planner checks](Declared) of a document and of a program alike.

use super::{
    Adoption, Condition, Declaration, Declared, EnvironmentSpec, Experiment, Finding, LookupDeclaration,
    Place, ResourceOptions, Setting,
    name::{bad_address, bad_name, bad_text},
};
use crate::{
    asset::Source,
    lookup, registry,
    value::{Input, Shared, Tags, here},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write as _};

/// The version of the document that this version writes and reads.
pub const FORMAT: u64 = 1;

/// The version of the language, its types and the engine.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// A declared stack and its environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The environment.
    pub environment: EnvironmentSpec,
    /// The stack.
    pub declared: Declared,
}

/// Why a text is no declaration that can be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The text is no declaration.
    #[error("this is not a declaration: {0}")]
    Unreadable(String),
    /// A newer or older format.
    #[error("the declaration is of format {found}, and this version reads {FORMAT}")]
    Format {
        /// The format it has.
        found: u64,
    },
    /// A program that was built with another version of the language.
    #[error("the declaration was made by version {found} of the language, and this is version {ENGINE}")]
    Engine {
        /// The version that made it.
        found: String,
    },
    /// A change after it was made, or damage.
    #[error("the declaration's digest is not that of its contents: it was changed after it was made")]
    Changed,
    /// A type that is not known.
    #[error("{location}: `{address}` is of type `{kind}`, which version {ENGINE} does not know")]
    UnknownType {
        /// The type.
        kind: String,
        /// The address.
        address: String,
        /// The file and line.
        location: String,
    },
    /// Contents that no program would have declared.
    #[error("the declaration has what no program declares:{}", lines(.0))]
    Invalid(Vec<Finding>),
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<_> = findings.iter().map(|f| format!("\n  {f}")).collect();
    lines.concat()
}

/// The document as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u64,
    engine: String,
    stack: String,
    environment: EnvironmentSpec,
    tags: Tags,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lookups: Vec<Asked>,
    resources: Vec<Entry>,
    outputs: BTreeMap<String, Value>,
    moved: Vec<Move>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    preconditions: Vec<Condition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    postconditions: Vec<Condition>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    forgotten: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    adopted: BTreeMap<String, Adoption>,
    findings: Vec<Finding>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    experiments: BTreeMap<String, Experiment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    settings: Vec<Setting>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    assets: BTreeMap<String, Source>,
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    declared: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
    #[serde(default, skip_serializing_if = "ResourceOptions::is_default")]
    options: ResourceOptions,
    #[serde(default, skip_serializing_if = "Place::is_home")]
    place: Place,
    inputs: Shared,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    name: String,
    kind: String,
    declared: String,
    #[serde(default, skip_serializing_if = "Place::is_home")]
    place: Place,
    query: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    from: String,
    to: String,
    declared: String,
}

impl Document {
    /// The stored form: indented JSON with sorted keys, so that two of them can be compared line by line.
    pub fn to_json(&self) -> String {
        let mut value = self.value();
        value["digest"] = digest(&value).into();
        let mut text = serde_json::to_string_pretty(&sorted(value)).expect("a declaration is plain data");
        text.push('\n');
        text
    }

    /// SHA-256 of its contents, in hex.
    pub fn digest(&self) -> String {
        digest(&self.value())
    }

    // Long: the members of a document, one after the other.
    fn value(&self) -> Value {
        let Declared {
            stack,
            tags,
            lookups,
            resources,
            outputs,
            moved,
            moved_at,
            preconditions,
            postconditions,
            forgotten,
            adopted,
            findings,
            experiments,
            settings,
            assets,
            ..
        } = &self.declared;
        let entry = |(address, d): (&String, &Declaration)| Entry {
            address: address.clone(),
            kind: d.kind.name().into(),
            declared: d.location.clone(),
            after: d.after.clone(),
            options: d.options.clone(),
            place: d.place.clone(),
            inputs: d.inputs.clone(),
        };
        let asked = |(name, lookup): (&String, &LookupDeclaration)| Asked {
            name: name.clone(),
            kind: lookup.kind.name().into(),
            declared: lookup.location.clone(),
            place: lookup.place.clone(),
            query: lookup.query.clone(),
        };
        let moved = moved.iter().map(|(from, to)| Move {
            from: from.clone(),
            to: to.clone(),
            declared: moved_at.get(from).cloned().unwrap_or_default(),
        });
        let written = Written {
            format: FORMAT,
            engine: ENGINE.into(),
            stack: stack.clone(),
            environment: self.environment.clone(),
            tags: tags.clone(),
            lookups: lookups.iter().map(asked).collect(),
            resources: resources.iter().map(entry).collect(),
            outputs: outputs.clone(),
            moved: moved.collect(),
            preconditions: preconditions.clone(),
            postconditions: postconditions.clone(),
            forgotten: forgotten.clone(),
            adopted: adopted.clone(),
            findings: findings.clone(),
            experiments: experiments.clone(),
            settings: settings.clone(),
            assets: assets.clone(),
            digest: String::new(),
        };
        serde_json::to_value(written).expect("a declaration is plain data")
    }

    /// Reads the stored form, holds it against its digest, and reads its contents as strictly as a program would have
    /// written them.
    ///
    /// # Errors
    /// The text is no declaration, of another format or version, was changed, or says what no program can say.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        let unreadable = |e: serde_json::Error| DocumentError::Unreadable(e.to_string());
        let value: Value = serde_json::from_str(text).map_err(unreadable)?;
        match value.get("format").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(found) => return Err(DocumentError::Format { found }),
            None => return Err(DocumentError::Unreadable("it has no `format`".into())),
        }
        match value.get("engine").and_then(Value::as_str) {
            Some(ENGINE) => {}
            Some(found) => return Err(DocumentError::Engine { found: found.into() }),
            None => return Err(DocumentError::Unreadable("it has no `engine`".into())),
        }
        if value.get("digest").and_then(Value::as_str) != Some(&digest(&value)) {
            return Err(DocumentError::Changed);
        }
        read(serde_json::from_value(value).map_err(unreadable)?)
    }
}

// Long: the members of a document, one after the other.
fn read(written: Written) -> Result<Document, DocumentError> {
    let mut findings = texts(&written);
    let environment = written.environment;
    let mut declared = Declared::new(&written.stack, &environment.name, environment.target());
    declared.disposable = environment.disposable;
    declared.tags = written.tags;
    declared.assets = written.assets;
    read_lookups(written.lookups, &mut declared)?;
    for Entry {
        address,
        kind,
        declared: location,
        after,
        options,
        place,
        inputs,
    } in written.resources
    {
        let Some(kind) = registry::find(&kind) else {
            return Err(DocumentError::UnknownType {
                kind,
                address,
                location,
            });
        };
        let declaration = Declaration {
            after,
            options,
            place,
            ..Declaration::new(kind, inputs, location)
        };
        declared.add(&address, declaration);
    }
    for (name, value) in &written.outputs {
        // An output is text joined from literals and promises.
        if let Err(why) = serde_json::from_value::<Input<String>>(value.clone()) {
            findings.push(Finding::at(
                &format!("output {name}"),
                "",
                format!("is no text: {why}"),
            ));
        }
    }
    declared.outputs = written.outputs;
    for Move {
        from,
        to,
        declared: at,
    } in written.moved
    {
        declared.rename(&from, &to, &at);
    }
    (declared.forgotten, declared.adopted) = (written.forgotten, written.adopted);
    for condition in written.preconditions.iter().chain(&written.postconditions) {
        if let Err(why) = serde_json::from_value::<Input<String>>(condition.value.clone()) {
            let why = format!("has a condition on what is no text: {why}");
            findings.push(Finding::at(&condition.about, &condition.location, why));
        }
    }
    (declared.preconditions, declared.postconditions) = (written.preconditions, written.postconditions);
    findings.extend(references(&declared));
    declared.findings.extend(written.findings);
    for (name, experiment) in written.experiments {
        declared.experiment(&name, experiment);
    }
    declared.settings = written.settings;
    if findings.is_empty() {
        Ok(Document {
            environment,
            declared,
        })
    } else {
        Err(DocumentError::Invalid(findings))
    }
}

/// Takes the lookups over.
fn read_lookups(lookups: Vec<Asked>, declared: &mut Declared) -> Result<(), DocumentError> {
    for Asked {
        name,
        kind,
        declared: location,
        place,
        query,
    } in lookups
    {
        let Some(kind) = lookup::find(&kind) else {
            return Err(DocumentError::UnknownType {
                kind,
                address: format!("lookup {name}"),
                location,
            });
        };
        let lookup = LookupDeclaration {
            kind,
            query,
            location,
            place,
        };
        declared.look_up(&name, lookup);
    }
    Ok(())
}

/// Texts that end up in paths, in tags or on a terminal, and are not what a program can say.
// Long: the texts of each member, one after the other.
fn texts(written: &Written) -> Vec<Finding> {
    let mut findings = vec![];
    let mut say = |about: &str, why: Option<String>| {
        findings.extend(why.map(|why| Finding::at(about, "", why)));
    };
    say("stack", bad_name(&written.stack));
    say("environment", bad_name(&written.environment.name));
    for entry in &written.resources {
        say(
            &entry.address.escape_debug().to_string(),
            bad_address(&entry.address),
        );
        let options = &entry.options;
        let named = options
            .owned_elsewhere
            .iter()
            .chain(&options.tags_owned_elsewhere);
        let texts = entry.after.iter().chain([&entry.declared, &entry.kind]);
        let texts = texts.chain(place_texts(&entry.place));
        let texts = texts.chain(named).chain(&options.replaced_with);
        texts.for_each(|text| say(&entry.address, bad_text(text)));
    }
    for Asked {
        name,
        kind,
        declared,
        place,
        ..
    } in &written.lookups
    {
        say(&format!("lookup {}", name.escape_debug()), bad_address(name));
        [kind, declared]
            .into_iter()
            .chain(place_texts(place))
            .for_each(|text| say(&format!("lookup {name}"), bad_text(text)));
    }
    for name in written.outputs.keys() {
        say(&format!("output {}", name.escape_debug()), bad_text(name));
    }
    for Move { from, to, declared } in &written.moved {
        [from, to]
            .into_iter()
            .for_each(|address| say("move", bad_address(address)));
        say("move", bad_text(declared));
    }
    for condition in written.preconditions.iter().chain(&written.postconditions) {
        let texts = [&condition.about, &condition.remedy, &condition.location];
        let texts = texts.into_iter().chain(condition.expect.texts());
        texts.for_each(|text| say("condition", bad_text(text)));
    }
    for (address, location) in &written.forgotten {
        say("forgotten", bad_address(address));
        say("forgotten", bad_text(location));
    }
    for (address, Adoption { id, location }) in &written.adopted {
        say("adopted", bad_address(address));
        [id, location]
            .into_iter()
            .for_each(|text| say("adopted", bad_text(text)));
    }
    for (name, experiment) in &written.experiments {
        say("experiment", bad_text(name));
        experiment
            .texts()
            .for_each(|text| say("experiment", bad_text(text)));
    }
    for setting in &written.settings {
        [&setting.name, &setting.source]
            .into_iter()
            .for_each(|text| say("setting", bad_text(text)));
    }
    for (sha256, source) in &written.assets {
        let texts = [sha256].into_iter().chain(source.texts());
        texts.for_each(|text| say("asset", bad_text(text)));
    }
    for finding in &written.findings {
        let texts = [&finding.address, &finding.location, &finding.why];
        texts.into_iter().for_each(|text| say("finding", bad_text(text)));
    }
    findings
}

/// The texts of a place.
fn place_texts(place: &Place) -> impl Iterator<Item = &String> {
    let parts = [&place.account, &place.role, &place.region];
    parts.into_iter().flatten()
}

/// Inputs that their type would not write, and references to what is not of the type that stands there.
fn references(declared: &Declared) -> Vec<Finding> {
    let mut findings = vec![];
    let resources = declared.resources.iter().map(|(address, d)| {
        let references = d.kind.typed_references(&d.inputs).map_err(|e| e.to_string());
        (address.clone(), &d.location, references)
    });
    let lookups = declared
        .lookups
        .iter()
        .map(|(name, l)| (format!("lookup {name}"), &l.location, l.kind.references(&l.query)));
    for (address, location, references) in resources.chain(lookups) {
        let references = match references {
            Ok(references) => references,
            Err(invalid) => {
                findings.push(Finding::at(&address, location, format!("has {invalid}")));
                continue;
            }
        };
        for (r, wanted) in references {
            let outputs = match lookup::name_of(&r) {
                Some(name) => declared.lookups.get(name).map(|l| l.kind.outputs()),
                None => declared.resources.get(&r.resource).map(|d| d.kind.outputs()),
            };
            let output = outputs.and_then(|outputs| outputs.iter().find(|o| o.name == r.output));
            let Some(output) = output.filter(|_| !here::is(&r)) else {
                // What is not declared is for the planner's check to say.
                continue;
            };
            let found = (output.type_name)();
            let untyped = found == std::any::type_name::<crate::cfn::Untyped>();
            if found != wanted && !untyped && wanted != std::any::type_name::<String>() {
                let short = |name: &str| name.rsplit("::").next().unwrap_or(name).to_owned();
                let why = format!(
                    "refers to `{r}`, a `{}`, where a `{}` belongs",
                    short(found),
                    short(wanted)
                );
                findings.push(Finding::at(&address, location, why));
            }
        }
    }
    findings
}

/// The digest of a document's contents, whatever digest stands in it.
fn digest(value: &Value) -> String {
    let mut value = value.clone();
    if let Some(map) = value.as_object_mut() {
        map.remove("digest");
    }
    let text = serde_json::to_string(&sorted(value)).expect("JSON is written as JSON");
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The same value with its keys in order, also where another crate of the program has `serde_json` keep the order in which
/// they were inserted.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted_map: BTreeMap<String, Value> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            Value::Object(sorted_map.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
