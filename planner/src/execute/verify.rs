//! Saved plans, held against the state and the cloud before anything in them is believed.

use super::executor::Executor;
use crate::{
    Error, Plan, SavedPlan, lookups, places,
    refresh::{Refreshed, refresh, unrefreshed},
    survey,
};
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
        let there = places::all(&plan.basis.declared(plan)?.with_caller(caller), &state)?;
        places::admit(self.cloud.as_ref(), caller, &plan.env, there).await?;
        let (changes, keys) = saved.observed()?;
        let keys: BTreeSet<RecordKey> = keys.into_iter().collect();
        let seen = self.read_again(plan, caller, &state, &keys).await?;
        lookups::compare(&plan.basis.lookups, &seen.lookups)?;
        if seen.changes != changes || seen.statuses != plan.basis.statuses() {
            let mut addresses: BTreeSet<String> = keys.into_iter().map(|key| key.address).collect();
            addresses.extend(seen.adopted);
            addresses.extend(seen.added);
            let addresses: Vec<String> = addresses.into_iter().collect();
            let addresses = addresses.join("`, `");
            return Err(Error::PlanOutdated { addresses });
        }
        saved.made_again(&state, caller)
    }

    /// Checks that a plan is for this version, this state and this caller, whatever the state's serial.
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

    /// Reads again what a plan says was read: of the recorded resources those with `keys`, and whatever else it is made from.
    async fn read_again(
        &self,
        plan: &Plan,
        caller: &Caller,
        state: &State,
        keys: &BTreeSet<RecordKey>,
    ) -> Result<Refreshed, Error> {
        let cloud = self.cloud.as_ref();
        let records = state.records.iter().filter(|(key, _)| keys.contains(key));
        let part = State {
            records: records.map(|(k, r)| (k.clone(), Arc::clone(r))).collect(),
            ..state.clone()
        };
        let mut seen = unrefreshed(state);
        if !part.records.is_empty() {
            let read = refresh(cloud, &part, &self.sink).await?;
            for key in part.records.keys() {
                match read.state.records.get(key) {
                    Some(record) => seen.state.records.insert(key.clone(), Arc::clone(record)),
                    None => seen.state.records.remove(key),
                };
            }
            (seen.changes, seen.statuses) = (read.changes, read.statuses);
        }
        let declared = plan.basis.declared(plan)?.with_caller(caller);
        survey::beside_records(cloud, &declared, caller, &mut seen, plan.basis.options.destroy).await?;
        Ok(seen)
    }
}
