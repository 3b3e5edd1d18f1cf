//! Saved plans, held against the state and the cloud before anything in them is believed.

use super::executor::Executor;
use crate::{Error, Plan, SavedPlan, refresh::refresh};
use std::{collections::BTreeSet, sync::Arc};
use tenon_resources::cloud::{Caller, listed};
use tenon_state::{RecordKey, State};

impl Executor {
    /// Makes a saved plan again, and returns what comes out: a plan of this engine, for this state and this cloud.
    ///
    /// Ids come from the state. What the plan says was read from the cloud is read again, because references are filled with
    /// it; what it does not say was read is taken as recorded, as `--no-refresh` does.
    ///
    /// # Errors
    /// The plan is not for this state or this caller, the cloud has changed since, or making the plan again gives another.
    pub async fn verify(&self, saved: &SavedPlan, caller: &Caller) -> Result<Plan, Error> {
        let plan = saved.unverified();
        self.is_for(plan, caller)?;
        self.is_fresh(plan)?;
        let state = self.store.state();
        let (changes, keys) = saved.observed()?;
        let keys: BTreeSet<RecordKey> = keys.into_iter().collect();
        if !keys.is_empty() {
            let records = state.records.iter().filter(|(key, _)| keys.contains(key));
            let part = State {
                records: records.map(|(k, r)| (k.clone(), Arc::clone(r))).collect(),
                ..State::clone(&state)
            };
            let seen = refresh(self.cloud.as_ref(), &part, &self.sink).await?;
            if seen.changes != changes || seen.statuses != plan.basis.statuses() {
                let addresses: Vec<String> = keys.into_iter().map(|key| key.address).collect();
                let addresses = addresses.join("`, `");
                return Err(Error::PlanOutdated { addresses });
            }
        }
        saved.made_again(&state, caller)
    }

    /// Whether a plan is for this version, this state and this caller, whatever the state's serial.
    pub(super) fn is_for(&self, plan: &Plan, caller: &Caller) -> Result<(), Error> {
        let engine = env!("CARGO_PKG_VERSION");
        if plan.engine != engine {
            return Err(Error::PlanEngine {
                made: plan.engine.clone(),
                here: engine.into(),
            });
        }
        self.is_of_this_state(plan)?;
        let place = |account: &str, region: &str| format!("account {account} in {region}");
        if (&plan.account, &plan.region) != (&caller.account, &caller.region) {
            return Err(Error::PlanElsewhere {
                planned: place(&plan.account, &plan.region),
                here: place(&caller.account, &caller.region),
            });
        }
        if plan.endpoints != caller.endpoints {
            let calls = |to| match listed(to).as_str() {
                "" => "calls to AWS".to_owned(),
                to => format!("calls to {to}"),
            };
            return Err(Error::PlanElsewhere {
                planned: calls(&plan.endpoints),
                here: calls(&caller.endpoints),
            });
        }
        Ok(())
    }
}
