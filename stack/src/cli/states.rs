//! Outputs of other stacks: a cloud that answers lookups of them from their states, which are kept where this stack's own is.

use super::{
    backend::open_backend,
    connect::{AwsConfig, Connected},
    deployment::Deployment,
};
use crate::error::CliError;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use tenon_resources::{
    cloud::{CallError, Candidate, Cloud},
    declaration::Place,
    forward::Forward,
    resource::LookupKind,
};
use tenon_state::{Backend, Identity};

/// The kind of lookup that a state answers.
const KIND: &str = "stack.output";

/// A cloud, and the states of other stacks.
struct WithStates {
    cloud: Arc<dyn Cloud>,
    states: BTreeMap<(String, String), Arc<dyn Backend>>,
}

/// The same connection, for lookups of outputs of other stacks, too; `lookups` are kinds and queries.
///
/// # Errors
/// A state is kept where this binary cannot get at it.
pub(super) async fn with_states(
    connected: Connected,
    deployment: &Deployment<'_>,
    aws: &AwsConfig,
    lookups: impl Iterator<Item = (&str, &Value)>,
) -> Result<Connected, CliError> {
    let mut states = BTreeMap::new();
    for (_, query) in lookups.filter(|(kind, _)| *kind == KIND) {
        let kind = tenon_resources::lookup::find(KIND);
        // The names are folders. What is wrong with them is said when the lookup is made.
        let right = kind.and_then(|kind| kind.check(query).ok());
        if right.is_none_or(|findings| !findings.is_empty()) {
            continue;
        }
        let text = |member: &str| query[member].as_str().unwrap_or_default().to_owned();
        let (stack, env) = (text("stack"), text("env"));
        let other = deployment.of(Identity {
            stack: stack.clone(),
            env: env.clone(),
        });
        states.insert((stack, env), open_backend(&other, aws).await?.encrypted);
    }
    if states.is_empty() {
        return Ok(connected);
    }
    let Connected { cloud, caller } = connected;
    let cloud = Arc::new(WithStates { cloud, states });
    Ok(Connected { cloud, caller })
}

impl WithStates {
    /// The outputs of the stack that a query names.
    async fn outputs(&self, query: &Value) -> Result<Vec<Candidate>, CallError> {
        let failed =
            |e: tenon_state::Error| CallError::refused("state", "Read", CallError::UNSENDABLE, e.to_string());
        let text = |member: &str| query[member].as_str().unwrap_or_default().to_owned();
        let (stack, env) = (text("stack"), text("env"));
        let Some(backend) = self.states.get(&(stack.clone(), env.clone())) else {
            return Ok(vec![]);
        };
        let Some(view) = tenon_state::inspect(&**backend).await.map_err(failed)? else {
            return Ok(vec![]);
        };
        let identity = Identity {
            stack: stack.clone(),
            env: env.clone(),
        };
        view.state
            .expect_identity(&identity, &backend.location())
            .map_err(failed)?;
        let candidate = |(name, value): (&String, &Value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            Candidate {
                label: name.clone(),
                facts: json!({"stack": stack, "env": env, "output": name}),
                outputs: json!({ "value": value }),
            }
        };
        Ok(view.state.outputs.iter().map(candidate).collect())
    }
}

#[async_trait::async_trait]
impl Forward for WithStates {
    fn to(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        if kind.name() == KIND {
            return self.outputs(query).await;
        }
        self.cloud.look_up(kind, query).await
    }

    /// States are kept where they are, whatever account or region is asked.
    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Ok(Arc::new(Self {
            cloud: self.cloud.at(place).await?,
            states: self.states.clone(),
        }))
    }
}
