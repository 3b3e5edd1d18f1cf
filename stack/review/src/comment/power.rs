//! New power of roles: what a plan lets a role do that it could not.

use super::before::{Names, Side, after, before, text};
use crate::policy::documents;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenon_planner::Plan;

/// A power of a role, in words: the role, a sentence's middle, actions, and their resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Power {
    /// The role: its address, or its name.
    pub role: String,
    /// `may now`, `is no longer denied`, `can now be assumed by`, `has now the policy`, `is no longer bounded by`.
    pub verb: &'static str,
    /// The resource, or a condition; empty where there is none.
    pub on: String,
    /// The actions, principals or policies.
    pub what: BTreeSet<String>,
}

/// A line of power before lines of one role and resource are joined.
type Line = (String, &'static str, String, String);

/// The powers that roles have after `plan` and had not before.
pub fn new_power(plan: &Plan) -> Vec<Power> {
    let names = Names::new(plan);
    let (was, will) = (lines(&before(plan), &names), lines(&after(plan), &names));
    let gained = will.granted.difference(&was.granted).cloned();
    // A denial of a role that goes is no power of a role that is gone.
    let freed = was
        .denied
        .difference(&will.denied)
        .filter(|line| will.roles.contains(&line.0))
        .cloned();
    let mut joined: BTreeMap<(String, &'static str, String), BTreeSet<String>> = BTreeMap::new();
    for (role, verb, what, on) in gained.chain(freed) {
        joined.entry((role, verb, on)).or_default().insert(what);
    }
    let power = |((role, verb, on), what)| Power { role, verb, on, what };
    joined.into_iter().map(power).collect()
}

#[derive(Default)]
struct Lines {
    granted: BTreeSet<Line>,
    denied: BTreeSet<Line>,
    roles: BTreeSet<String>,
}

fn lines(sides: &[Side<'_>], names: &Names<'_>) -> Lines {
    let mut lines = Lines::default();
    for side in sides {
        let inputs = &side.inputs;
        match side.kind {
            "iam.role" => {
                lines.roles.insert(side.address.into());
                for statement in documents(inputs) {
                    for principal in principals(statement) {
                        let line = (
                            side.address.to_owned(),
                            "can now be assumed by",
                            principal,
                            condition(statement),
                        );
                        lines.take(statement, line, "can no longer be refused to");
                    }
                }
                if !inputs["permissions_boundary"].is_null() {
                    let boundary = text(&inputs["permissions_boundary"]);
                    lines.denied.insert((
                        side.address.into(),
                        "is no longer bounded by",
                        boundary,
                        String::new(),
                    ));
                }
            }
            "iam.role_policy" | "iam.user_policy" => {
                let whose = if inputs["user"].is_null() { "role" } else { "user" };
                let role = names.of(&inputs[whose]);
                for statement in documents(inputs) {
                    for (action, on) in grants(statement) {
                        lines.take(
                            statement,
                            (role.clone(), "may now", action, on),
                            "is no longer denied",
                        );
                    }
                }
            }
            "iam.policy_attachment" => {
                let role = names.of(&inputs["role"]);
                lines
                    .granted
                    .insert((role, "has now the policy", text(&inputs["policy"]), String::new()));
            }
            _ => {}
        }
    }
    lines
}

impl Lines {
    fn take(&mut self, statement: &Value, line: Line, freed: &'static str) {
        if statement["Effect"] == "Deny" {
            self.denied.insert((line.0, freed, line.2, line.3));
        } else {
            self.granted.insert(line);
        }
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Null => vec![],
        Value::Array(items) => items.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

/// Each action of a statement on each of its resources.
fn grants(statement: &Value) -> Vec<(String, String)> {
    let but = |texts: Vec<String>| texts.into_iter().map(|t| format!("everything but {t}"));
    let mut actions = list(&statement["Action"]);
    actions.extend(but(list(&statement["NotAction"])));
    let mut resources = list(&statement["Resource"]);
    resources.extend(but(list(&statement["NotResource"])));
    let when = condition(statement);
    let pairs = actions.iter().flat_map(|a| resources.iter().map(move |r| (a, r)));
    pairs
        .map(|(action, on)| (action.clone(), format!("{on}{when}")))
        .collect()
}

fn principals(statement: &Value) -> Vec<String> {
    let kinds = ["Principal", "NotPrincipal"]
        .into_iter()
        .filter_map(|m| Some((m, statement[m].as_object()?)));
    kinds
        .flat_map(|(member, all)| {
            let not = if member == "NotPrincipal" {
                "everyone but "
            } else {
                ""
            };
            all.values().flat_map(list).map(move |who| format!("{not}{who}"))
        })
        .collect()
}

fn condition(statement: &Value) -> String {
    match statement["Condition"].as_object() {
        Some(map) if !map.is_empty() => format!(" when {}", statement["Condition"]),
        _ => String::new(),
    }
}
