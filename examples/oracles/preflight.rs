//! Stacks that AWS refuses, and whether a plan refuses them first.

use serde_json::{Value, json};
use std::{collections::BTreeMap, error::Error, fs};
use tenon_planner::{Check, Declaration, Declared};
use tenon_resources::{registry, registry::TYPES};

/// Each type with its samples, and the property of `CloudFormation`'s schema that each field is.
pub(crate) fn types() -> Value {
    let one = |kind: &&dyn tenon_resources::resource::ResourceType| {
        let fields = kind.fields().iter().map(|f| (f.name, f.cfn));
        json!({
            "kind": kind.name(), "cfn": kind.cfn(), "samples": kind.samples(),
            "fields": fields.collect::<BTreeMap<_, _>>(),
        })
    };
    TYPES.iter().map(one).collect::<Vec<_>>().into()
}

/// The refusal of each of the stacks in a file, or null where it would be planned.
pub(crate) fn answers(file: &str) -> Result<Value, Box<dyn Error>> {
    let stacks: Vec<BTreeMap<String, Value>> = serde_json::from_slice(&fs::read(file)?)?;
    let answers: Result<Vec<_>, _> = stacks.into_iter().map(refusal).collect();
    Ok(json!(answers?))
}

/// Why a stack is refused: it is not of the types that it says, or its check finds something.
fn refusal(stack: BTreeMap<String, Value>) -> Result<Option<String>, Box<dyn Error>> {
    let mut declared = Declared::new("shop", "test", None);
    // Each resource has its type and its inputs.
    for (address, resource) in stack {
        let (kind, inputs) = (resource["kind"].as_str().unwrap_or_default(), &resource["inputs"]);
        let kind = registry::find(kind).ok_or_else(|| format!("there is no type `{kind}`"))?;
        match kind.canonical(inputs) {
            Ok(_) => declared.add(&address, Declaration::new(kind, inputs.clone(), "main.rs:1")),
            Err(invalid) => return Ok(Some(invalid.to_string())),
        }
    }
    Ok(declared.check().err().map(|e| e.to_string()))
}
