//! Permissions as policies in IAM's own form, each within its limit.

use super::Need;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// IAM's limit for a managed policy, in characters without white space.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub(super) const MANAGED_POLICY: usize = 6144;

type Conditions = BTreeSet<(&'static str, String, String)>;

/// A policy in IAM's own form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    /// The version of the language.
    pub version: &'static str,
    /// The statements.
    pub statement: Vec<Statement>,
}

/// A statement in IAM's own form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// The actions.
    pub action: Vec<String>,
    /// The ARNs.
    pub resource: Vec<String>,
    /// The conditions: operator, key, values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<&'static str, BTreeMap<String, Vec<String>>>,
}

impl Policy {
    /// A policy of these statements.
    pub fn of(statement: Vec<Statement>) -> Self {
        Self {
            version: "2012-10-17",
            statement,
        }
    }

    /// The number of characters, as IAM counts them.
    pub fn length(&self) -> usize {
        serde_json::to_string(self).map_or(0, |text| text.len())
    }
}

impl Statement {
    fn allow(action: Vec<String>, resource: Vec<String>, conditions: Conditions) -> Self {
        Self {
            effect: "Allow",
            action,
            resource,
            condition: form(conditions),
        }
    }

    pub(super) fn deny(actions: &[&str], conditions: Conditions) -> Self {
        Self {
            effect: "Deny",
            action: actions.iter().map(|&a| a.into()).collect(),
            resource: vec!["*".into()],
            condition: form(conditions),
        }
    }
}

fn form(conditions: Conditions) -> BTreeMap<&'static str, BTreeMap<String, Vec<String>>> {
    let mut out: BTreeMap<_, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (operator, key, value) in conditions {
        out.entry(operator)
            .or_default()
            .entry(key)
            .or_default()
            .push(value);
    }
    out
}

/// The statements that grant `needs`: one for each set of resources and conditions.
pub(super) fn statements(needs: BTreeSet<Need>) -> Vec<Statement> {
    let mut on: BTreeMap<(String, Conditions), BTreeSet<String>> = BTreeMap::new();
    for need in needs {
        let of = (need.action, need.conditions);
        on.entry(of).or_default().insert(need.resource);
    }
    // What is allowed without conditions needs none.
    let free: BTreeMap<String, BTreeSet<String>> = on
        .iter()
        .filter(|((_, conditions), _)| conditions.is_empty())
        .map(|((action, _), resources)| (action.clone(), resources.clone()))
        .collect();
    let mut grouped: BTreeMap<(Conditions, Vec<String>), Vec<String>> = BTreeMap::new();
    for ((action, conditions), mut resources) in on {
        if let (false, Some(free)) = (conditions.is_empty(), free.get(&action)) {
            resources.retain(|r| !free.iter().any(|wide| covers(wide, r)));
        }
        if !resources.is_empty() {
            grouped
                .entry((conditions, widest(&resources)))
                .or_default()
                .push(action);
        }
    }
    grouped
        .into_iter()
        .map(|((conditions, resources), actions)| Statement::allow(actions, resources, conditions))
        .collect()
}

fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow
        || wide
            .strip_suffix('*')
            .is_some_and(|start| narrow.starts_with(start))
}

/// Without the patterns that another one covers.
fn widest(on: &BTreeSet<String>) -> Vec<String> {
    let covered = |narrow: &String| on.iter().any(|wide| wide != narrow && covers(wide, narrow));
    on.iter().filter(|p| !covered(p)).cloned().collect()
}

/// The statements as policies within IAM's limit; a statement that is longer is divided by its resources.
pub fn split(statements: Vec<Statement>) -> Vec<Policy> {
    let mut policies: Vec<Policy> = vec![];
    let mut queue: Vec<Statement> = statements.into_iter().rev().collect();
    while let Some(statement) = queue.pop() {
        let alone = Policy::of(vec![statement.clone()]);
        if alone.length() > MANAGED_POLICY && (statement.resource.len() > 1 || statement.action.len() > 1) {
            let (mut first, mut second) = (statement.clone(), statement);
            if first.resource.len() > 1 {
                second.resource = first.resource.split_off(first.resource.len() / 2);
            } else {
                second.action = first.action.split_off(first.action.len() / 2);
            }
            queue.extend([second, first]);
            continue;
        }
        let fits = policies
            .iter_mut()
            .find(|p| p.length() + alone.length() <= MANAGED_POLICY);
        match fits {
            Some(policy) => policy.statement.push(statement),
            None => policies.push(alone),
        }
    }
    policies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(action: &str, resource: &str) -> Need {
        Need {
            action: action.into(),
            resource: resource.into(),
            conditions: BTreeSet::new(),
        }
    }

    #[test]
    fn what_another_pattern_covers_is_left_out() {
        let on = ["vpc/*", "vpc/vpc-1", "subnet/s-1"].map(String::from);
        assert_eq!(widest(&on.into()), ["subnet/s-1", "vpc/*"]);
        assert_eq!(
            widest(&["*", "arn:aws:iam::a:role/x"].map(String::from).into()),
            ["*"]
        );
    }

    #[test]
    fn what_is_allowed_without_a_condition_is_not_said_again_with_one() {
        let mut tagged = need("ec2:DeleteVpc", "vpc/vpc-1");
        tagged
            .conditions
            .insert(("StringEquals", "aws:ResourceTag/a".into(), "b".into()));
        let all = statements([need("ec2:DeleteVpc", "vpc/*"), tagged].into());
        assert_eq!(all.len(), 1);
        assert!(all[0].condition.is_empty());
    }

    #[test]
    fn no_policy_is_longer_than_iam_takes_and_nothing_is_lost() {
        let needs: BTreeSet<Need> = (0..900)
            .map(|n| {
                need(
                    &format!("s3:Action{}", n % 30),
                    &format!("arn:aws:s3:::a-bucket-with-a-long-name-{n}"),
                )
            })
            .collect();
        let policies = split(statements(needs.clone()));
        assert!(policies.len() > 1 && policies.iter().all(|p| p.length() <= MANAGED_POLICY));
        let mut granted = BTreeSet::new();
        for statement in policies.iter().flat_map(|p| &p.statement) {
            for action in &statement.action {
                granted.extend(statement.resource.iter().map(|on| need(action, on)));
            }
        }
        assert_eq!(granted, needs);
    }
}
