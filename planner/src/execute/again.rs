//! A plan whose state moved since it was made: planned again from its own declaration, and held against what was approved.

use super::executor::Executor;
use crate::{
    Declared, Error, Plan, PlannedCall, SavedPlan,
    known::known,
    survey::{Extent, survey},
};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{
    cloud::Caller,
    value::{Ref, simplify},
};
use tenon_state::State;

/// The plan that a saved one has become.
#[derive(Clone, Debug, PartialEq)]
pub enum Again {
    /// Every call is one of the saved plan's: nothing is done that was not approved. Calls that have been made already are not in it.
    Within(Box<Plan>),
    /// The plan has calls that the saved one has not.
    Beyond(Box<Plan>),
}

impl Executor {
    /// Plans again what `saved` was made from, or `declared` where that is given, with the state and the cloud of today.
    ///
    /// # Errors
    /// The plan is for another state, account or version, or there is none any more.
    pub async fn plan_again(
        &self,
        saved: &SavedPlan,
        declared: Option<Declared>,
        caller: &Caller,
    ) -> Result<Again, Error> {
        let plan = saved.unverified();
        self.is_for(plan, caller)?;
        let state = self.store.state();
        let declared = match declared {
            Some(declared) => declared,
            None => plan.basis.declared(plan)?,
        };
        let extent = Extent {
            refresh: true,
            destroy: plan.basis.options.destroy,
        };
        let refreshed = survey(self.cloud.as_ref(), &declared, caller, &state, extent, &self.sink).await?;
        let now = crate::plan(&declared, &refreshed, caller, &plan.basis.options)?;
        let approved = identities(plan, &refreshed.state);
        let within = identities(&now, &refreshed.state).is_subset(&approved);
        let now = Box::new(now);
        Ok(if within {
            Again::Within(now)
        } else {
            Again::Beyond(now)
        })
    }
}

/// The mutating calls of a plan, each as a text that two calls share when they do the same: references are filled with what the state
/// knows by now, and the order is left out.
fn identities(plan: &Plan, state: &State) -> BTreeSet<String> {
    plan.mutating().map(|call| identity(call, state)).collect()
}

/// A call as a text that it shares with the one that does the same.
pub(crate) fn identity(call: &PlannedCall, state: &State) -> String {
    let filled = filled(call.step.params.value(), state);
    let step = &call.step;
    let of = (
        &call.place,
        &call.address,
        call.generation,
        &call.kind,
        &step.service,
        &step.operation,
        step.effect,
    );
    serde_json::to_string(&(of, filled, &step.destroys)).expect("a call is plain data")
}

fn filled(mut params: Value, state: &State) -> Value {
    simplify(&mut params, &|r: &Ref| known(state, r));
    params
}
