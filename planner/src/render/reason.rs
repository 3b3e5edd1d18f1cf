//! Why a decision is what it is, as the end of a sentence about the resource.

use super::clean;
use crate::{Action, Decision, Note, Plan, Reason, plan::Gap};
use std::collections::{BTreeSet, HashMap};
use tenon_resources::value::{self, Ref};

/// The effect, as a verb; `None` for what stays as it is without anything to say about it.
pub(super) fn what(decision: &Decision) -> Option<&'static str> {
    match decision.action {
        Action::None => None,
        Action::Create => Some("created"),
        Action::Update => Some("changed"),
        Action::ReplaceCreateFirst => Some("replaced, the new one first"),
        Action::ReplaceDeleteFirst => Some("replaced, the old one deleted first"),
        Action::Delete => Some("deleted"),
    }
}

/// Why, as a clause.
pub(super) fn why(decision: &Decision) -> Option<String> {
    let reason = decision.reason.as_ref()?;
    Some(match reason {
        Reason::Asked => "because the command line asks for it".into(),
        Reason::Gone => "because AWS no longer has it".into(),
        Reason::Failed(why) => format!("because it has failed and will not become ready: {}", clean(why)),
        Reason::Immutable(fields) => {
            let names: Vec<_> = fields.iter().map(|f| format!("`{}`", clean(f))).collect();
            let verb = if names.len() == 1 { "changes" } else { "change" };
            format!(
                "because {} {verb}, which AWS does not change in place",
                listed(&names)
            )
        }
        Reason::NotDeclared => "because it is no longer declared".into(),
        Reason::Deposed => "because an earlier replacement left it over".into(),
        Reason::Unfinished => "because an earlier run did not finish it".into(),
        Reason::Excluded => "left out of this plan".into(),
    })
}

/// The gap that a plan leaves: what does not exist between which calls, and who uses it.
fn gap(plan: &Plan, decision: &Decision, claim: &str) -> String {
    let Gap { from, to, users } = plan.gap(decision);
    let mut text = format!(
        "takes {}, which only one can hold, so what holds it is removed first",
        clean(claim)
    );
    if let (Some(from), Some(to)) = (from, to) {
        text.push_str(&format!(
            ": neither exists between calls {} and {}",
            from + 1,
            to + 1
        ));
    }
    let names: Vec<String> = users.iter().take(3).map(|a| format!("`{}`", clean(a))).collect();
    if !names.is_empty() {
        let more = if users.len() > 3 { " and others" } else { "" };
        text.push_str(&format!(", and {}{more} cannot use it meanwhile", listed(&names)));
    }
    text
}

/// The status that a plan leaves a resource in, or the gap that it goes through, as a sentence about it.
pub(super) fn note(plan: &Plan, decision: &Decision, note: &Note) -> String {
    match note {
        Note::Stopped(why) => format!("is {}: it stays as it is until somebody starts it", clean(why)),
        Note::Impaired(why) => format!("is impaired and not replaced for it: {}", clean(why)),
        Note::Gap(claim) => gap(plan, decision, claim),
        Note::Failed(why) => format!(
            "has failed and is not replaced, because it holds data: {}",
            clean(why)
        ),
    }
}

/// The effect and its reason, as one clause.
pub(super) fn joined(what: &str, why: &str) -> String {
    let comma = if what.contains(',') { "," } else { "" };
    format!("{what}{comma} {why}")
}

/// Changes that follow from replacements: by the address of what is replaced, those with a changed field
/// that refers to it.
pub(super) type Follows<'p> = HashMap<&'p str, Vec<&'p str>>;

/// Changes that follow from replacements in `plan`.
pub(super) fn follows(plan: &Plan) -> Follows<'_> {
    let replaced = plan.decisions.iter().filter(|d| d.action.replaces());
    let mut follows: Follows<'_> = replaced.map(|d| (d.address.as_str(), vec![])).collect();
    if follows.is_empty() {
        return follows;
    }
    for decision in plan
        .decisions
        .iter()
        .filter(|d| d.action == Action::Update || d.action.replaces())
    {
        let mut refs: BTreeSet<Ref> = BTreeSet::new();
        decision
            .changes
            .iter()
            .for_each(|change| value::refs(&change.to, &mut refs));
        let sources: BTreeSet<&str> = refs.iter().map(|r| r.resource.as_str()).collect();
        for source in sources {
            if let Some(list) = follows.get_mut(source) {
                list.push(&decision.address);
            }
        }
    }
    follows
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
