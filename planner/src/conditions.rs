//! Conditions of a program: those that must hold before anything is done, and those that must hold afterwards.

use crate::{Declared, Error, Finding, execute::Failure, lookups};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{
    declaration::Condition,
    lookup,
    value::{Ref, here, refs},
};

/// Everything that can be wrong with conditions without asking AWS; `dangling` says what is wrong with a reference.
pub(crate) fn findings(declared: &Declared, dangling: &dyn Fn(&Ref) -> Option<String>) -> Vec<Finding> {
    let mut findings = vec![];
    let before = declared.preconditions.iter().map(|c| (c, true));
    for (condition, before) in before.chain(declared.postconditions.iter().map(|c| (c, false))) {
        let at = |why: String| Finding::at(&condition.about, &condition.location, why);
        let mut asked = BTreeSet::new();
        refs(&condition.value, &mut asked);
        findings.extend(asked.iter().filter_map(dangling).map(at));
        let late = asked
            .iter()
            .find(|r| !here::is(r) && lookup::name_of(r).is_none());
        if let (true, Some(r)) = (before, late) {
            findings.push(at(format!(
                "requires something of `{r}`, which is known only when everything is done; say it with `ensure`"
            )));
        }
        if let Some(r) = asked.iter().find(|r| lookups::is_many(declared, r)) {
            findings.push(at(format!(
                "has a condition on `{r}`, which stands for many; ask for one"
            )));
        }
    }
    findings
}

/// Holds the preconditions against what was looked up.
///
/// # Errors
/// All that do not hold, each with its remedy.
pub(crate) fn require(declared: &Declared) -> Result<(), Error> {
    let broken = declared
        .preconditions
        .iter()
        .filter_map(|c| broken(c, Some(&c.value)));
    let findings: Vec<Finding> = broken.collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

/// The postconditions that do not hold; `resolved` gives a condition's text with every reference replaced, as far as that is known.
pub(crate) fn unmet(conditions: &[Condition], resolved: impl Fn(&Value) -> Option<Value>) -> Vec<Failure> {
    let broken = conditions
        .iter()
        .filter_map(|c| broken(c, resolved(&c.value).as_ref()));
    let failure = |finding: Finding| Failure {
        address: finding.address,
        declared: Some(finding.location).filter(|location| !location.is_empty()),
        title: "postcondition".into(),
        why: finding.why,
        verdict: None,
        lines: vec![],
        skipped: 0,
    };
    broken.map(failure).collect()
}

/// Why a condition does not hold of `value`.
fn broken(condition: &Condition, value: Option<&Value>) -> Option<Finding> {
    let Condition {
        about,
        expect,
        remedy,
        location,
        ..
    } = condition;
    let text = value.and_then(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    });
    let why = match text {
        Some(text) if expect.holds(&text) => return None,
        Some(text) => format!("has `{text}` where {expect} is required: {remedy}"),
        None => format!("has nothing where {expect} is required: {remedy}"),
    };
    Some(Finding::at(about, location, why))
}
