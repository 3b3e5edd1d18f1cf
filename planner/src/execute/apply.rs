//! An apply from its first check to its last write.

use super::{
    assets::find_assets, context::Context, executor::Executor, retry::with_retry, run::Run, summary::Summary,
};
use crate::{Error, Plan, PlannedCall, conditions, duration::millis, event::Event, lookups};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tenon_resources::asset::Source;
use tenon_state::{RecordKey, StateWrite};
use tokio::time::Instant;

impl Executor {
    /// Carries out a plan.
    ///
    /// # Errors
    /// Before the first call: the plan is not for this state, or there is no room for the journal. During apply only
    /// when the state cannot be kept or the lease is lost; calls that fail are in the [`Summary`].
    pub async fn apply(&self, plan: &Plan) -> Result<Summary, Error> {
        self.admit(plan)?;
        let assets = find_assets(plan, &self.settings.assets)?;
        self.look_up_again(plan).await?;
        self.carry_out(plan, assets).await
    }

    /// Carries out a plan that was admitted, without making its lookups again. `assets` are the places of the bytes that its calls send, by digest.
    ///
    /// # Errors
    /// There is no room for the journal, the state cannot be kept, or the lease is lost.
    pub(crate) async fn carry_out(
        &self,
        plan: &Plan,
        assets: BTreeMap<String, Source>,
    ) -> Result<Summary, Error> {
        let inputs: HashMap<&str, usize> = plan
            .decisions
            .iter()
            .map(|d| (&*d.address, d.inputs.length()))
            .collect();
        let deployed = self.store.state();
        // What ran is written again with each deployment of it.
        let ran = |address: &str| super::deployed::length(&deployed, address);
        let of_call =
            |call: &PlannedCall| inputs.get(&*call.address).copied().unwrap_or_default() + ran(&call.address);
        self.store.reserve(plan.mutating().map(of_call)).await?;
        let target = StateWrite::Target {
            account: plan.account.clone(),
            region: plan.region.clone(),
        };
        let mut first = vec![];
        let state = self.store.state();
        if (&state.account, &state.region) != (&plan.account, &plan.region) {
            first.push(target);
        }
        drop(state);
        first.extend(plan.refreshed.iter().cloned());
        self.store.record(first).await?;

        let started = Instant::now();
        (self.sink)(Event::Started {
            calls: plan.calls.len(),
        });
        let context = Arc::new(Context::new(plan, &self.store, assets));
        let mut run = Run::new(self, plan, Arc::clone(&context));
        let fatal = run.run().await;
        let mut summary = run.summary;
        // Also after a failure: what was done is worth keeping, in as few bytes as it takes.
        summary.outputs = context.outputs(&plan.outputs);
        if let Some(error) = fatal {
            return Err(error);
        }
        if summary.complete() && !plan.basis.options.destroy {
            let found = |name: &str, output: &str| lookups::output_of(&plan.basis.lookups, name, output);
            summary.failed = conditions::unmet(&plan.basis.postconditions, |value| {
                let mut value = value.clone();
                tenon_resources::lookup::fill(&mut value, &found);
                context.resolve(value, &RecordKey::new(String::new(), 0)).ok()
            });
        }
        self.record_outputs(plan, &summary).await?;
        self.store.checkpoint().await?;
        (self.sink)(Event::Finished {
            done: summary.done,
            failed: summary.failed.len(),
            left: summary.left,
            ms: millis(started.elapsed()),
        });
        Ok(summary)
    }

    /// Makes the lookups of a plan again: what they found may have changed while somebody looked at the plan.
    async fn look_up_again(&self, plan: &Plan) -> Result<(), Error> {
        if plan.basis.lookups.is_empty() {
            return Ok(());
        }
        let cloud = self.cloud.as_ref();
        let caller = with_retry(5, || cloud.caller())
            .await
            .map_err(|source| Error::Cloud {
                what: "the caller could not be read".into(),
                source,
            })?;
        let now = lookups::look_up(cloud, &plan.basis.declared(plan)?, &caller).await?;
        lookups::compare(&plan.basis.lookups, &now)
    }

    async fn record_outputs(&self, plan: &Plan, summary: &Summary) -> Result<(), Error> {
        let state = self.store.state();
        let mut outputs = summary.outputs.clone();
        if !summary.complete() {
            // What is not known yet keeps its last value.
            for (name, value) in &state.outputs {
                if plan.outputs.contains_key(name) && !outputs.contains_key(name) {
                    outputs.insert(name.clone(), value.clone());
                }
            }
        }
        if outputs != state.outputs {
            self.store.record(vec![StateWrite::Outputs(outputs)]).await?;
        }
        Ok(())
    }

    /// Holds the plan against the state it is to be applied to.
    pub(super) fn admit(&self, plan: &Plan) -> Result<(), Error> {
        self.is_of_this_state(plan)?;
        self.is_fresh(plan)
    }

    /// Checks that the state is still the one that a plan was made from.
    pub(super) fn is_fresh(&self, plan: &Plan) -> Result<(), Error> {
        let now = self.store.state().serial;
        let planned = plan.serial;
        if planned == now {
            Ok(())
        } else {
            Err(Error::PlanStale { planned, now })
        }
    }

    /// Checks that a plan is of this state, at whatever serial.
    pub(super) fn is_of_this_state(&self, plan: &Plan) -> Result<(), Error> {
        let state = self.store.state();
        let (planned, here) = (
            format!("{}/{}", plan.stack, plan.env),
            format!("{}/{}", state.stack, state.env),
        );
        if planned != here {
            return Err(Error::PlanElsewhere { planned, here });
        }
        // A plan from before there was a state is for an empty one alone; how it stands to a later one the serial says.
        let from_nothing = plan.lineage.is_empty() && state.records.is_empty();
        let stale = plan.lineage.is_empty() && plan.serial != state.serial;
        if !from_nothing && !stale && plan.lineage != state.lineage {
            let (planned, here) = (
                if plan.lineage.is_empty() {
                    "an empty state".into()
                } else {
                    format!("state {}", plan.lineage)
                },
                format!("state {}", state.lineage),
            );
            return Err(Error::PlanElsewhere { planned, here });
        }
        let somewhere = |account: &str, region: &str| format!("account {account} in {region}");
        if !state.account.is_empty() && (&state.account, &state.region) != (&plan.account, &plan.region) {
            let (planned, here) = (
                somewhere(&plan.account, &plan.region),
                somewhere(&state.account, &state.region),
            );
            return Err(Error::PlanElsewhere { planned, here });
        }
        Ok(())
    }
}
