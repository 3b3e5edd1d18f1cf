//! Why a decision is what it is, as the end of a sentence about the resource.

use super::clean;
use crate::{Action, Decision, Note, Plan, Reason, decide, plan::Gap};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use tenon_resources::{
    declaration::ResourceOptions,
    value::{self, Ref},
};

/// The effect, as a verb; `None` for what stays as it is without anything to say about it.
pub(super) fn what(decision: &Decision) -> Option<&'static str> {
    match decision.action {
        Action::None => None,
        Action::Create => Some("created"),
        Action::Update => Some("changed"),
        Action::ReplaceCreateFirst => Some("replaced, the new one first"),
        Action::ReplaceDeleteFirst => Some("replaced, the old one deleted first"),
        Action::Delete => Some("deleted"),
        Action::Forget => Some("forgotten: it stays in AWS, without this stack's ownership tags"),
    }
}

/// Why, as a clause.
pub(super) fn why(decision: &Decision) -> Option<String> {
    let reason = decision.reason.as_ref()?;
    Some(match reason {
        Reason::Named => "because the program says so".into(),
        Reason::Awaited => "because somebody else made it".into(),
        Reason::Kept => "because it is kept when it is removed".into(),
        Reason::Adopted => "because the program takes it up".into(),
        Reason::Added => "because somebody put it into what is exclusive".into(),
        Reason::With(others) => {
            let names: Vec<_> = others.iter().map(|a| format!("`{}`", clean(a))).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            format!(
                "because {} {verb} made anew, and it is replaced together",
                listed(&names)
            )
        }
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

/// The options of a resource, as a line about it; of one whose options change, both.
pub(super) fn options(decision: &Decision) -> Option<String> {
    let said = |options: &ResourceOptions| match options.phrases() {
        phrases if phrases.is_empty() => "none".to_owned(),
        phrases => phrases.join("; "),
    };
    let now = clean(&said(&decision.options)).into_owned();
    match &decision.options_before {
        Some(before) => Some(format!("options: {} → {now}", clean(&said(before)))),
        None => (!decision.options.is_default()).then(|| format!("options: {now}")),
    }
}

/// Fields that are set no more, where that is no call, and their future, as a sentence.
pub(super) fn left_to_aws(decision: &Decision) -> Option<String> {
    let kind = tenon_resources::registry::find(&decision.kind)?;
    let changes = decision
        .changes
        .iter()
        .filter(|_| decision.action == Action::Update);
    let left = changes.filter(|c| decide::left_to_aws(kind, &c.field, &c.to));
    let fields: Vec<String> = left.map(|c| format!("`{}`", clean(&c.field))).collect();
    let (verb, it) = match fields.len() {
        0 => return None,
        1 => ("stays as it is", "it is"),
        _ => ("stay as they are", "they are"),
    };
    Some(format!(
        "{} {verb} in AWS: unset means that {it} left to AWS, and not looked at; set a value to change that",
        listed(&fields)
    ))
}

/// The work of a person that a plan waits for, with the commands for it, as a sentence.
pub(super) fn by_hand(plan: &Plan, decision: &Decision) -> Option<String> {
    let kind = tenon_resources::registry::find(&decision.kind)?;
    let made = matches!(decision.action, Action::Create) || decision.action.replaces();
    if !made || !kind.awaited() {
        return None;
    }
    let inputs = named(plan, &decision.inputs);
    let account = decision.place.account.as_ref().unwrap_or(&plan.account);
    let region = decision.place.region.as_ref().unwrap_or(&plan.region);
    let work = kind.by_hand(&inputs, account, region).ok()??;
    Some(format!("waits until somebody has made it: {}", clean(&work)))
}

/// Settings of what is made or changed that AWS takes and that have no effect, each as a sentence.
pub(super) fn ineffective(decision: &Decision) -> Vec<String> {
    let kind = tenon_resources::registry::find(&decision.kind);
    let set = matches!(decision.action, Action::Create | Action::Update) || decision.action.replaces();
    let said = kind
        .filter(|_| set)
        .map(|kind| kind.ineffective(&decision.inputs));
    let said = said.and_then(Result::ok).unwrap_or_default();
    said.iter().map(|text| clean(text).into_owned()).collect()
}

/// The refusal to expect where what is deleted is not empty, and how to go on, as a sentence.
pub(super) fn only_when_empty(decision: &Decision) -> Option<String> {
    let removed = decision.removed.as_ref()?;
    let kind = tenon_resources::registry::find(&removed.kind)?;
    let full = kind
        .only_when_empty(&removed.inputs, decision.id.as_deref()?)
        .ok()??;
    let (of, remedy) = (full.of, clean(&full.remedy).into_owned());
    Some(format!("AWS refuses while there are {of} in it: {remedy}"))
}

/// Inputs in which references to an id that follows from a name are that name, also of what does not exist yet.
fn named(plan: &Plan, inputs: &Value) -> Value {
    let mut inputs = inputs.clone();
    let Some(fields) = inputs.as_object_mut() else {
        return inputs;
    };
    for value in fields.values_mut() {
        let Some((source, output)) = value["$ref"].as_str().and_then(|r| r.rsplit_once('.')) else {
            continue;
        };
        let source = plan
            .decisions
            .iter()
            .find(|d| d.address == source && output == "id");
        let id = source.and_then(|source| {
            let kind = tenon_resources::registry::find(&source.kind)?;
            kind.identity(&source.inputs).ok()?
        });
        if let Some(id) = id.filter(Value::is_string) {
            *value = id;
        }
    }
    inputs
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
