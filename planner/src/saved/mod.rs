//! A plan that comes from outside: data of a stranger.
//!
//! Its digest shows that it is whole, and nothing else: whoever changes a plan can compute the digest again. So a saved plan
//! is never carried out. It can be shown, once what it says of its calls is what the registry says of them; and it can be
//! made again from the state and from what it says was declared. What comes out the same is a plan of this engine, and that
//! one is carried out.

mod shape;

use crate::{
    Error, Plan,
    plan::FORMAT,
    refresh::{Refreshed, unrefreshed},
    survey,
};
use serde::Deserialize;
use serde_json::Value;
use tenon_resources::cloud::Caller;
use tenon_state::{RecordKey, State, StateWrite};

/// A plan as it was read: it can be shown and verified, not applied.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedPlan(Plan);

impl SavedPlan {
    /// Reads the stored form of a plan, and holds it against its digest, its own order and the registry.
    ///
    /// # Errors
    /// The text is no plan, is of another format, was changed, or has calls that its decisions do not lead to.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<Value>,
        }
        let unreadable = |e: serde_json::Error| Error::PlanUnreadable(e.to_string());
        let head: Head = serde_json::from_str(text).map_err(unreadable)?;
        match head.format.as_ref().and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(found) => return Err(Error::PlanFormat { found, reads: FORMAT }),
            None => return Err(Error::PlanUnreadable("it has no `format`".into())),
        }
        let mut plan: Plan = serde_json::from_str(text).map_err(unreadable)?;
        let said = (
            std::mem::take(&mut plan.digest),
            std::mem::take(&mut plan.calls_digest),
        );
        let plan = plan.with_digest();
        if (&said.0, &said.1) != (&plan.digest, &plan.calls_digest) {
            return Err(Error::PlanChanged);
        }
        let ordered = plan
            .calls
            .iter()
            .enumerate()
            .all(|(i, call)| call.after.iter().all(|&a| a < i));
        if !ordered {
            return Err(Error::PlanUnreadable("a call comes before what it needs".into()));
        }
        shape::check(&plan)?;
        Ok(Self(plan))
    }

    /// The plan, to be shown: its calls are of its decisions, and whether those are right nobody has looked at yet.
    pub fn unverified(&self) -> &Plan {
        &self.0
    }

    /// The records that the plan says were read from the cloud and not as recorded.
    ///
    /// # Errors
    /// It says so of something else than a record.
    pub(crate) fn observed(&self) -> Result<(&[StateWrite], Vec<RecordKey>), Error> {
        let basis = &self.0.basis;
        let forged = |why: &str| Error::PlanForged { why: why.into() };
        let changes = self.0.refreshed.get(..basis.observed);
        let changes = changes.ok_or_else(|| forged("it counts more readings than it has"))?;
        let mut keys: Vec<RecordKey> = basis.statuses().into_keys().collect();
        for change in changes {
            keys.push(match change {
                StateWrite::Put(record) => record.key(),
                StateWrite::Remove { address, generation } => RecordKey::new(address.clone(), *generation),
                StateWrite::Outputs(_)
                | StateWrite::Target { .. }
                | StateWrite::Expires { .. }
                | StateWrite::Deployed { .. } => {
                    return Err(forged("it changes more of the state than records"));
                }
            });
        }
        Ok((changes, keys))
    }

    /// Makes the plan again, from `state` and from what it says was declared and read.
    ///
    /// # Errors
    /// It does not come out the same.
    pub(crate) fn made_again(&self, state: &State, caller: &Caller) -> Result<Plan, Error> {
        let Self(saved) = self;
        let (changes, _) = self.observed()?;
        let mut refreshed = Refreshed {
            state: state.clone(),
            changes: changes.to_vec(),
            drift: vec![],
            statuses: saved.basis.statuses(),
            ..unrefreshed(state)
        };
        // A plan from before there was a state has no lineage; the state has one as soon as it is opened.
        refreshed.state.lineage.clone_from(&saved.lineage);
        for change in changes {
            match change {
                StateWrite::Put(record) => refreshed.state.insert(record.clone()),
                StateWrite::Remove { address, generation } => {
                    let key = RecordKey::new(address.clone(), *generation);
                    refreshed.state.records.remove(&key);
                }
                StateWrite::Outputs(_)
                | StateWrite::Target { .. }
                | StateWrite::Expires { .. }
                | StateWrite::Deployed { .. } => {}
            }
        }
        let forged = |why: String| Error::PlanForged { why };
        let declared = saved.basis.declared(saved);
        let made = declared.and_then(|d| {
            survey::sort_new(&d, state, changes, &mut refreshed);
            refreshed.lookups.clone_from(&saved.basis.lookups);
            crate::plan(&d, &refreshed, caller, &saved.basis.options)
        });
        let made = made.map_err(|error| forged(format!("making it again fails: {error}")))?;
        if made.digest == saved.digest {
            Ok(made)
        } else {
            Err(forged(difference(saved, &made)))
        }
    }
}

/// The first difference between a plan and what it should be, as the rest of a sentence.
fn difference(saved: &Plan, made: &Plan) -> String {
    for (number, call) in saved.calls.iter().enumerate() {
        if made.calls.get(number) != Some(call) {
            let (number, title) = (number + 1, call.title());
            return format!(
                "call {number}, {title} of `{}`, does not come out so",
                call.address
            );
        }
    }
    if let Some(call) = made.calls.get(saved.calls.len()) {
        return format!("{} of `{}` is missing", call.title(), call.address);
    }
    for (number, decision) in saved.decisions.iter().enumerate() {
        if made.decisions.get(number) != Some(decision) {
            return format!("the decision on `{}` does not come out so", decision.address);
        }
    }
    if saved.decisions.len() != made.decisions.len() {
        return "a decision is missing".into();
    }
    if saved.refreshed != made.refreshed {
        return "what it records before the first call does not come out so".into();
    }
    "its head does not come out so".into()
}
