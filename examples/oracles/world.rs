//! Sandboxes in which plans are made and applied.

use crate::{call, owner};
use serde_json::{Value, json};
use shop::{Env, Settings};
use std::{error::Error, sync::Arc};
use tenon_planner::{
    Declaration, Declared, Options, Plan,
    event::quiet,
    execute::Executor,
    permissions::{Purpose, StateAccess, needs, policies, session},
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{cloud::Cloud, resource::ResourceType, value::Arn};
use tenon_state::{Holder, Identity, Memory, State, Store};

/// The environments of the platform, each with settings before and after a change.
pub(crate) fn platforms() -> Vec<(Env, [Settings; 2])> {
    let secret = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:api-tokens-AbCdEf";
    let before = Settings {
        api_tokens: Some(Arn::from(secret)),
        ..Settings::default()
    };
    let certificate = "arn:aws:acm:eu-west-1:000000000000:certificate/11111111-2222-3333-4444-555555555555";
    let after = Settings {
        image_tag: "2.0.0".into(),
        certificate: Some(Arn::from(certificate)),
        alarm_email: Some("alarms@example.com".into()),
        github: "example/shop".parse().ok(),
        ..before.clone()
    };
    [Env::Local, Env::Dev, Env::Staging, Env::Prod]
        .map(|env| (env, [before.clone(), after.clone()]))
        .into()
}

/// One resource with the inputs of its type's sample.
pub(crate) fn alone(kind: &'static dyn ResourceType, sample: usize) -> Declared {
    let mut declared = Declared::new("shop", "test", None);
    declared.disposable = true;
    let declaration = Declaration::new(kind, kind.samples()[sample].clone(), "main.rs:1");
    declared.add("it", declaration);
    declared
}

/// A sandbox and a state in memory.
#[derive(Default)]
pub(crate) struct World {
    state: Arc<Memory>,
}

impl World {
    /// Apply, change and destroy, each as data.
    pub(crate) async fn life(
        &self,
        name: &str,
        before: &Declared,
        after: &Declared,
    ) -> Result<Vec<Value>, Box<dyn Error>> {
        let cloud = Arc::new(Sandbox::in_memory(SandboxConfig::instant()));
        let mut out = vec![];
        for (step, declared, destroy) in [
            ("apply", before, false),
            ("change", after, false),
            ("destroy", after, true),
        ] {
            let identity = Identity {
                stack: declared.stack.clone(),
                env: declared.env.clone(),
            };
            if destroy {
                // Somebody deletes the images, as AWS wants it before a repository is deleted that is no throw-away.
                for (kind, id) in cloud
                    .inventory()
                    .into_iter()
                    .filter(|(kind, _)| kind == "ecr.image")
                {
                    cloud.vanish(&kind, &id);
                }
            }
            let store = Store::open(self.state.clone(), Holder::here("oracles")?, identity).await?;
            let executor = Executor::new(cloud.clone(), store, quiet());
            let was = executor.store.state();
            let refreshed = refresh(cloud.as_ref(), &was, &quiet()).await?;
            let options = Options {
                destroy,
                consent: vec!["*".into()],
                ..Options::default()
            };
            let made = plan(declared, &refreshed, &cloud.caller().await?, &options)?;
            let summary = executor.apply(&made).await?;
            if !summary.complete() {
                return Err(format!("{name}: {step}: {:?}", summary.failed).into());
            }
            out.push(described(
                name,
                step,
                declared,
                &made,
                [&was, &executor.store.state()],
            ));
            executor.store.close().await?;
        }
        Ok(out)
    }
}

fn described(name: &str, step: &str, declared: &Declared, plan: &Plan, states: [&State; 2]) -> Value {
    let calls = plan.mutating().map(|planned| {
        let mut call = call(&planned.kind, step, &planned.step);
        call["address"] = json!(planned.address);
        call["generation"] = json!(planned.generation);
        call
    });
    let calls: Vec<Value> = calls.collect();
    let resources = states.map(|state| {
        let record = |r: &Arc<tenon_state::Record>| {
            json!({"address": r.address, "generation": r.generation, "kind": r.kind, "id": r.id, "inputs": r.inputs, "outputs": r.outputs})
        };
        state.records.values().map(record).collect::<Vec<_>>()
    });
    let kms_key = format!(
        "arn:aws:kms:{}:{}:key/11111111-2222-3333-4444-555555555555",
        plan.region, plan.account
    );
    let state = StateAccess {
        bucket: Some(("states".into(), format!("tenon/{}/", owner(declared)))),
        kms_key: Some(kms_key),
    };
    let of = |purpose| policies(plan, purpose, &state);
    let elsewhere = |region: &str| {
        let moved = Plan {
            region: region.into(),
            ..plan.clone()
        };
        policies(&moved, Purpose::Apply, &state)
    };
    let session = session(&needs(plan, Purpose::Apply, &state));
    json!({
        "name": name, "step": step, "owner": owner(declared), "account": plan.account, "region": plan.region, "calls": calls,
        "state": state.kms_key, "before": resources[0], "after": resources[1],
        "policies": of(Purpose::Apply), "all": of(Purpose::All), "read": of(Purpose::Read),
        "china": elsewhere("cn-north-1"), "government": elsewhere("us-gov-west-1"),
        "session": session.as_ref().map(|s| &s.policy), "widened": session.as_ref().map(|s| &s.widened),
    })
}
