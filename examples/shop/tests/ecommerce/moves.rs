//! A state with the addresses from before they were renamed: the plan moves every resource, and replaces none.

use super::{declared_with, every_setting};
use serde_json::Value;
use shop::{Env, Settings};
use std::collections::{BTreeMap, BTreeSet};
use tenon::{
    Trial,
    planner::{Action, Check, Declared},
};

/// Address, type, and the name that the program gives it or `-`, one resource a line.
const BEFORE: &str = include_str!("before_renames.txt");

/// Production with every setting made and repositories of its own: every resource that the stack can have.
fn production() -> Declared {
    let settings = Settings {
        api_image: None,
        web_image: None,
        ..every_setting()
    };
    declared_with(Env::Prod, &settings)
}

/// The lines of [`BEFORE`] that `declared` comes to.
fn lines(declared: &Declared) -> BTreeSet<String> {
    let line = |(address, d): (&String, &tenon::planner::Declaration)| {
        let name = d
            .kind
            .name_field()
            .and_then(|field| d.inputs[field.name].as_str());
        format!("{address} {} {}", d.kind.name(), name.unwrap_or("-"))
    };
    declared.resources.iter().map(line).collect()
}

/// The same stack as it was declared before its addresses were renamed.
fn before(declared: &Declared) -> Declared {
    let mut old_names = BTreeMap::new();
    let recorded = |address: &str| BEFORE.lines().any(|l| l.starts_with(&format!("{address} ")));
    for (old, new) in &declared.moved {
        // A component moves from its own old addresses whatever its scope is called; the scope had another name.
        if declared.resources.contains_key(new) && recorded(old) {
            assert_eq!(old_names.insert(new.clone(), old.clone()), None, "{new} was two");
        }
    }
    let old = |address: &str| {
        old_names
            .get(address)
            .map_or_else(|| address.to_owned(), Clone::clone)
    };
    let mut before = declared.clone();
    before.moved.clear();
    before.resources = declared
        .resources
        .iter()
        .map(|(address, d)| {
            let mut d = d.clone();
            rename_refs(d.inputs.to_mut(), &old);
            d.after.iter_mut().for_each(|a| *a = old(a));
            if let Some(Value::String(name)) = d.inputs.to_mut().pointer_mut("/tags/Name") {
                let (new, old) = (address.replace('/', "-"), old(address).replace('/', "-"));
                *name = name.replace(&new, &old);
            }
            (old(address), d)
        })
        .collect();
    before.outputs.values_mut().for_each(|v| rename_refs(v, &old));
    before
}

/// Renames the resources that references in `value` name.
fn rename_refs(value: &mut Value, old: &impl Fn(&str) -> String) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|v| rename_refs(v, old)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => {
                        if let Some((address, output)) = reference.split_once('.') {
                            *reference = format!("{}.{output}", old(address));
                        }
                    }
                    other => rename_refs(other, old),
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_state_with_the_addresses_of_before_is_moved_and_nothing_is_replaced() {
    let now = production();
    let before = before(&now);
    before.check().unwrap();
    let lines = lines(&before);
    let recorded: BTreeSet<String> = BEFORE.lines().skip(1).map(ToOwned::to_owned).collect();
    let lost: Vec<_> = recorded.difference(&lines).collect();
    assert!(lost.is_empty(), "no move is declared from {lost:#?}");

    let trial = Trial::new();
    let (_, made) = trial.apply(&before).await.unwrap();
    assert!(made.complete(), "{:?}", made.failed);
    let (plan, done) = trial.apply(&now).await.unwrap();
    let moved: BTreeMap<_, _> = plan
        .decisions
        .iter()
        .filter_map(|d| Some((d.moved_from.clone()?, d.address.clone())))
        .collect();
    let renamed = before.resources.keys().zip(now.resources.keys());
    let renamed: BTreeMap<_, _> = renamed
        .filter(|(old, new)| old != new)
        .map(|(old, new)| (old.clone(), new.clone()))
        .collect();
    assert_eq!(moved, renamed);
    for decision in &plan.decisions {
        // Ownership tags name the address, so they change; names that the engine made stay as they are recorded.
        let tags_alone = decision.changes.iter().all(|c| c.field == "tags");
        assert!(
            matches!(decision.action, Action::None | Action::Update) && tags_alone,
            "{}: {:?} {:?}",
            decision.address,
            decision.action,
            decision.changes
        );
    }
    assert!(done.complete(), "{:?}", done.failed);
    assert!(trial.plan(&now).await.unwrap().is_empty());
}
