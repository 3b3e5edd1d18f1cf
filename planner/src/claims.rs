//! Who holds what AWS lets only one hold, and who is to hold it next.
//!
//! [`Claim`]s are said by types; here they are compared. Three things follow from a clash, and nothing about them is known per
//! type: two declared resources with one claim are an error of the program; a resource that takes what another gives up
//! waits for that; a resource that takes what another keeps is refused before anything is called.

use crate::{Action, Decision, Error, Finding, declare::kind_of};
use serde_json::Value;
use std::collections::HashMap;
use tenon_resources::{
    claim::{Claim, ClaimKey},
    resource::ResourceType,
};
use tenon_state::{RecordKey, State};

/// Claims in buckets within which alone they can clash: the same thing in the same scope, and for values the same value.
/// Ranges of one scope share a bucket, where each is compared with each.
#[derive(Debug)]
pub(crate) struct Index<T> {
    buckets: HashMap<(&'static str, String), Vec<(Claim, T)>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            buckets: HashMap::new(),
        }
    }
}

fn bucket(claim: &Claim) -> (&'static str, String) {
    let mut scope = Value::from(claim.within.clone()).to_string();
    if let ClaimKey::Value(value) = &claim.key {
        scope.push_str(&value.to_string());
    }
    (claim.of, scope)
}

impl<T: Clone> Index<T> {
    /// Adds a claim of `holder`.
    pub(crate) fn add(&mut self, claim: Claim, holder: T) {
        self.buckets
            .entry(bucket(&claim))
            .or_default()
            .push((claim, holder));
    }

    /// The holders whose claims clash with `claim`, with the claim of each.
    pub(crate) fn clashes<'a>(&'a self, claim: &'a Claim) -> impl Iterator<Item = (&'a Claim, &'a T)> {
        let near = self.buckets.get(&bucket(claim)).into_iter().flatten();
        near.filter(|(held, _)| held.clashes(claim)).map(|(c, t)| (c, t))
    }
}

/// Two declared resources of which AWS lets only one exist: pairs of places in `claims`, with what both claim.
pub(crate) fn declared_twice<'a>(
    resources: impl Iterator<Item = (usize, &'static dyn ResourceType, &'a Value)>,
) -> Vec<(usize, usize, Claim)> {
    let mut index = Index::default();
    let mut twice = vec![];
    for (at, kind, inputs) in resources {
        // Inputs that do not fit their type are a finding of their own.
        let claims = kind.claims(inputs).unwrap_or_default();
        for claim in &claims {
            twice.extend(index.clashes(claim).map(|(_, &first)| (first, at, claim.clone())));
        }
        claims.into_iter().for_each(|claim| index.add(claim, at));
    }
    twice
}

/// Whether the successor with `inputs` and what is recorded cannot stand side by side.
pub(crate) fn clash_with_itself(
    kind: &'static dyn ResourceType,
    inputs: &Value,
    prior: &Value,
) -> Option<Claim> {
    let held = kind.claims(prior).ok()?;
    let wanted = kind.claims(inputs).ok()?;
    wanted
        .into_iter()
        .find(|claim| held.iter().any(|h| h.clashes(claim)))
}

/// What a decision takes that somebody else holds now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Handover {
    /// The place of the decision that takes it.
    pub(crate) taker: usize,
    /// Who holds it now.
    pub(crate) holder: RecordKey,
    /// What it is.
    pub(crate) claim: Claim,
    /// Whether the holder gives it up in this plan, and how.
    pub(crate) given_up: GivenUp,
}

/// How a claim is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// Its holder is removed.
    ByRemoval,
    /// Its holder changes in place; the place of that decision.
    ByUpdate(usize),
    /// Not at all.
    No,
}

/// Every claim that changes hands, in the order of the decisions.
///
/// A claim that a decision takes is one of its new inputs that the recorded ones do not have. Inputs that still hold a
/// reference to something not made yet cannot clash with what exists: an id is never given twice.
pub(crate) fn handovers(decisions: &[Decision], state: &State) -> Vec<Handover> {
    let mut held: Index<RecordKey> = Index::default();
    for (key, record) in &state.records {
        let Ok(kind) = kind_of(&record.kind, &record.address) else {
            continue;
        };
        for claim in kind.claims(&record.inputs).unwrap_or_default() {
            held.add(claim, key.clone());
        }
    }
    let at: HashMap<&str, usize> = decisions
        .iter()
        .enumerate()
        .filter(|(_, d)| d.action != Action::Delete)
        .map(|(i, d)| (d.address.as_str(), i))
        .collect();
    let mut out = vec![];
    for (taker, d) in decisions.iter().enumerate() {
        if !matches!(d.action, Action::Create | Action::Update) && !d.action.replaces() {
            continue;
        }
        let Ok(kind) = kind_of(&d.kind, &d.address) else {
            continue;
        };
        let current = state.current(&d.address).map(tenon_state::Record::key);
        for claim in kind.claims(&d.inputs).unwrap_or_default() {
            for (_, holder) in held.clashes(&claim) {
                // Its own record: kept by an update, and a matter of delete-first for a replacement.
                if current.as_ref() == Some(holder) {
                    continue;
                }
                out.push(Handover {
                    taker,
                    holder: holder.clone(),
                    claim: claim.clone(),
                    given_up: given_up(holder, &claim, decisions, &at),
                });
            }
        }
    }
    out
}

/// The way in which `holder` gives up `claim`; `at` has the decision on each address that stays.
fn given_up(holder: &RecordKey, claim: &Claim, decisions: &[Decision], at: &HashMap<&str, usize>) -> GivenUp {
    let removed = decisions.iter().any(|d| {
        d.action == Action::Delete && d.address == holder.address && d.generation == holder.generation
    });
    let Some(&index) = at.get(holder.address.as_str()) else {
        return if removed { GivenUp::ByRemoval } else { GivenUp::No };
    };
    let decision = &decisions[index];
    if removed || decision.action.replaces() {
        return GivenUp::ByRemoval;
    }
    let claims = kind_of(&decision.kind, &decision.address).map(|kind| kind.claims(&decision.inputs));
    let lets_go = matches!(claims, Ok(Ok(claims)) if !claims.iter().any(|c| c.clashes(claim)));
    if decision.action == Action::Update && lets_go {
        GivenUp::ByUpdate(index)
    } else {
        GivenUp::No
    }
}

/// Refuses a plan in which something is taken that its holder keeps.
///
/// # Errors
/// All such at once, each with both resources.
pub(crate) fn refuse_kept(
    handovers: &[Handover],
    decisions: &[Decision],
    state: &State,
) -> Result<(), Error> {
    let kept = handovers.iter().filter(|h| h.given_up == GivenUp::No);
    let findings: Vec<Finding> = kept
        .map(|h| {
            let d = &decisions[h.taker];
            let by = state.records.get(&h.holder).and_then(|r| r.declared.as_deref());
            let by = by.map(|location| format!(" ({location})")).unwrap_or_default();
            let why = format!(
                "takes {}, which `{}`{by} keeps in this plan, and AWS lets only one hold it; change one of the two, or remove the holder first",
                h.claim, h.holder.address
            );
            Finding::at(&d.address, d.declared.as_deref().unwrap_or_default(), why)
        })
        .collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

/// What is said when resources exchange what they hold: none can give up first.
pub(crate) fn swapped<'a>(handovers: &[Handover], decisions: impl Iterator<Item = &'a Decision>) -> Error {
    let decisions: Vec<&Decision> = decisions.collect();
    let findings = handovers.iter().map(|h| {
        let d = decisions[h.taker];
        let why = format!(
            "takes {}, which `{}` gives up only later in this plan: they wait for one another; give one of them a free value first, and its final one in a second apply",
            h.claim, h.holder.address
        );
        Finding::at(&d.address, d.declared.as_deref().unwrap_or_default(), why)
    });
    Error::Findings(findings.collect())
}
