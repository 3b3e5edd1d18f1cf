//! A planned call with everything in it that can be known before it is sent.

use super::{context::Context, executor::Executor, failed::Failed};
use crate::{Error, PlannedCall, declare::kind_of, ownership::Recovery};
use serde_json::{Value, json};
use std::sync::Arc;
use tenon_resources::{call::Effect, cloud::Cloud, resource::ResourceType, value::EXPIRY};
use tenon_state::RecordKey;

/// A call as it is sent, and what is needed to find out what became of it.
pub(super) struct Prepared {
    pub(super) kind: &'static dyn ResourceType,
    pub(super) key: RecordKey,
    /// The operation's id: the key of its intent, and its idempotency token.
    pub(super) op: String,
    /// A digest of the call without its token: the same call has the same one in every run.
    pub(super) digest: String,
    pub(super) params: Value,
    /// The inputs that the resource has when the plan is done.
    pub(super) inputs: Value,
    /// The resource's id, when it is known: always, but for a create whose id AWS decides.
    pub(super) id: Option<String>,
    /// The way to find what a create makes, and the proof that it is ours.
    pub(super) recovery: Recovery,
    /// The cloud, in the account and region of the call.
    pub(super) cloud: Arc<dyn Cloud>,
}

impl Executor {
    /// Resolves the references of a call and gives it its operation id.
    ///
    /// Every call that this one comes after is done, so a reference that is not known is a bug of the planner, never
    /// something to wait for.
    // Long: each part of a call follows from the ones before.
    pub(super) async fn prepare(
        &self,
        planned: &PlannedCall,
        context: &Context<'_>,
    ) -> Result<Prepared, Failed> {
        let cloud = self.cloud_at(&planned.place).await;
        let cloud = cloud
            .map_err(|error| Failed::Refused(format!("{} could not be reached: {error}", planned.place)))?;
        let bug = |why: String| {
            Failed::State(Error::Bug(format!(
                "{} of `{}`: {why}",
                planned.title(),
                planned.address
            )))
        };
        let kind = kind_of(&planned.kind, &planned.address).map_err(Failed::State)?;
        let key = RecordKey::new(planned.address.clone(), planned.generation);
        let unknown = |r| bug(format!("`{r}` is not known when it is needed"));
        let mut params = context
            .resolve(planned.step.params.value(), &key)
            .map_err(unknown)?;
        let expiry = expiry(self.store.state().expires_ms);
        fill_expiry(&mut params, &expiry);
        let existing = context.record(&key);
        // A replaced resource has one decision and two generations: the decision's inputs are the new one's.
        let decision = context
            .decision(&planned.address)
            .filter(|d| d.generation == planned.generation);
        let inputs = match decision {
            Some(d) if planned.step.effect != Effect::Delete => {
                let mut resolved = context.resolve(d.inputs.value(), &key).map_err(unknown)?;
                fill_expiry(&mut resolved, &expiry);
                kind.canonical(&resolved).map_err(|e| bug(e.to_string()))?
            }
            _ => existing.as_ref().map(|r| r.inputs.clone()).unwrap_or_default(),
        };
        if kind.repeats_request() && planned.step.effect == Effect::Create {
            // Now that every reference is known, lists whose order means nothing stand in their one order: whoever sends this again
            // has the inputs alone, and AWS compares the requests.
            let steps = kind.create(&inputs).map_err(|e| bug(e.to_string()))?;
            params = steps
                .into_iter()
                .find(|s| s.effect == Effect::Create)
                .map_or(params, |step| step.params.into_value());
        }
        let recovery = Recovery::of(kind, &inputs);
        let id = if planned.step.effect == Effect::Create {
            recovery.id().map(ToOwned::to_owned)
        } else {
            existing.and_then(|r| r.id.clone())
        };
        let digest = super::accepted::digest(&planned.step.service, &planned.step.operation, &params);
        let op = (self.settings.new_op)();
        fill_token(&mut params, &op);
        super::assets::put_sources(&mut params, &context.assets);
        Ok(Prepared {
            kind,
            key,
            op,
            digest,
            params,
            inputs,
            id,
            recovery,
            cloud,
        })
    }
}

/// The time of expiry as a tag has it, in whole seconds.
fn expiry(expires_ms: Option<u64>) -> String {
    let at = expires_ms.and_then(|ms| i64::try_from(ms / 1000).ok());
    let at = at.and_then(|s| jiff::Timestamp::from_second(s).ok());
    at.map_or_else(|| "never".into(), |at| at.to_string())
}

/// Puts the time of expiry where a plan has the word for it; the text of a document may have it inside.
fn fill_expiry(value: &mut Value, expiry: &str) {
    match value {
        Value::String(text) if text.contains(EXPIRY) => *text = text.replace(EXPIRY, expiry),
        Value::Object(map) => map.values_mut().for_each(|v| fill_expiry(v, expiry)),
        Value::Array(items) => items.iter_mut().for_each(|v| fill_expiry(v, expiry)),
        _ => {}
    }
}

/// `true` if a call carries an idempotency token, before that is filled in.
pub(super) fn has_token(params: &Value) -> bool {
    match params {
        Value::Object(map) => map.contains_key("$token") || map.values().any(has_token),
        Value::Array(items) => items.iter().any(has_token),
        _ => false,
    }
}

/// Puts a token where one belongs.
pub(super) fn fill_token(params: &mut Value, op: &str) {
    match params {
        Value::Object(map) if map.contains_key("$token") => *params = json!(op),
        Value::Object(map) => map.values_mut().for_each(|v| fill_token(v, op)),
        Value::Array(items) => items.iter_mut().for_each(|v| fill_token(v, op)),
        _ => {}
    }
}
