//! Our marks, beside those of the `CloudFormation` resource schemas.

use super::{Type, all_needed, every_type, exceptions};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};
use tenon_resources::{
    registry::{TYPES, find},
    resource::{Field, Mutability},
};

/// The part of the schemas that is compared. The file says where it comes from.
#[derive(Deserialize)]
struct Schemas {
    types: BTreeMap<String, Schema>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(
    clippy::struct_field_names,
    reason = "these are the names that the schemas use"
)]
struct Schema {
    create_only: Vec<String>,
    conditional_create_only: Vec<String>,
    read_only: Vec<String>,
    write_only: Vec<String>,
}

static SCHEMAS: LazyLock<Schemas> =
    LazyLock::new(|| serde_json::from_str(include_str!("cfn_schema.json")).expect("the schemas are JSON"));

/// What the schema says of a field that our mark does not, if anything.
fn disagreement(schema: &Schema, field: &Field) -> Option<String> {
    let is = |list: &[String]| list.iter().any(|p| p == field.cfn);
    let immutable = field.change == Mutability::Replace;
    if field.cfn.is_empty() || is(&schema.conditional_create_only) {
        None
    } else if is(&schema.create_only) && !immutable {
        Some("its schema says createOnly, and it changes in place here".into())
    } else if !is(&schema.create_only) && immutable {
        Some("it is immutable here, and not createOnly in its schema".into())
    } else if is(&schema.read_only) {
        Some("its schema says readOnly: AWS decides it".into())
    } else if is(&schema.write_only) && !field.write_only {
        Some("its schema says writeOnly, and it is read here".into())
    } else {
        None
    }
}

fn excused(kind: Type, field: &Field) -> bool {
    exceptions::MARKS
        .iter()
        .any(|(k, f, _)| *k == kind.name() && *f == field.name)
}

#[test]
fn marks_agree_with_the_schemas() {
    every_type(|kind, findings| {
        if kind.cfn().is_empty() {
            let listed = exceptions::NO_SCHEMA.iter().any(|(k, _)| *k == kind.name());
            findings.add_unless(
                listed,
                kind,
                "names no schema (`cfn = \"AWS::…\"`), and NO_SCHEMA does not say why",
            );
            return;
        }
        let Some(schema) = SCHEMAS.types.get(kind.cfn()) else {
            findings.add(
                kind,
                format!(
                    "its schema {} is not in tests/contract/cfn_schema.json: add it",
                    kind.cfn()
                ),
            );
            return;
        };
        for field in kind.fields().iter().filter(|f| !excused(kind, f)) {
            if let Some(what) = disagreement(schema, field) {
                findings.add(kind, format!("`{}` ({}): {what}", field.name, field.cfn));
            }
        }
    });
}

#[test]
fn exceptions_are_needed() {
    all_needed(exceptions::MARKS, |(kind, field, _)| {
        let Some(kind) = find(kind) else { return false };
        let schema = SCHEMAS.types.get(kind.cfn());
        kind.field(field)
            .zip(schema)
            .is_some_and(|(field, schema)| disagreement(schema, field).is_some())
    });
    all_needed(exceptions::NO_SCHEMA, |(kind, _)| {
        find(kind).is_some_and(|k| k.cfn().is_empty())
    });
    let used: Vec<&str> = TYPES.iter().map(|k| k.cfn()).collect();
    let unused: Vec<_> = SCHEMAS
        .types
        .keys()
        .filter(|name| !used.contains(&name.as_str()))
        .collect();
    assert!(
        unused.is_empty(),
        "schemas of no type here, remove them: {unused:?}"
    );
}
