//! A sandbox that writes what it gives back as AWS does: lists in another order, JSON as text, names as ARNs, more members.

use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use tenon_planner::sandbox::Sandbox;
use tenon_resources::{
    cfn,
    cloud::{CallError, Cloud, Observed},
    forward::Forward,
    resource::ResourceType,
    value::Owner,
};

/// A sandbox that writes what it gives back as AWS does.
pub(crate) struct Normalising {
    cloud: Arc<Sandbox>,
    /// A property that somebody has given another value.
    tampered: Mutex<Option<(String, Value)>>,
}

fn rewritten(schema: &cfn::Schema, at: &str, value: &Value) -> Value {
    let below = |part: &str, value: &Value| rewritten(schema, &format!("{at}/{part}"), value);
    match value {
        Value::Array(items) => items.iter().rev().map(|item| below("*", item)).collect(),
        Value::Object(map) if map.contains_key("Statement") => {
            serde_json::to_string_pretty(value).unwrap().into()
        }
        Value::Object(map) => {
            let members = map.iter().map(|(name, value)| (name.clone(), below(name, value)));
            let mut map: Map<_, _> = members.collect();
            map.insert("AddedByAws".into(), json!(true));
            Value::Object(map)
        }
        Value::String(text) if schema.refs.contains_key(at) && !text.starts_with("arn:") => {
            format!("arn:aws:service:eu-west-1:000000000000:thing/{text}").into()
        }
        Value::String(text) => text.to_lowercase().into(),
        other => other.clone(),
    }
}

impl Normalising {
    pub(crate) fn new(cloud: Arc<Sandbox>) -> Self {
        Self {
            cloud,
            tampered: Mutex::default(),
        }
    }

    /// Gives a property of everything that is read another value; none of them from now on, for `None`.
    pub(crate) fn tamper(&self, property: Option<(&str, Value)>) {
        *self.tampered.lock().unwrap() = property.map(|(name, value)| (name.to_owned(), value));
    }

    fn shown(&self, kind: &'static dyn ResourceType, found: Vec<Observed>) -> Vec<Observed> {
        let Some(kind) = cfn::of(kind.name()) else {
            return found;
        };
        let tampered = self.tampered.lock().unwrap().clone();
        let one = |o: Observed| {
            let mut model = o.outputs[cfn::SHOWN].as_object().unwrap().clone();
            model.extend(tampered.clone());
            let tags = kind.schema.tags.as_ref().map(|t| t.property.as_str());
            // A handler leaves out a structure that has nothing left to show.
            let left = model
                .iter()
                .filter(|(_, value)| value.as_object().is_none_or(|inside| !inside.is_empty()));
            let model = left.map(|(name, value)| {
                let kept = Some(name.as_str()) == tags
                    || kind.schema.is_read_only(name)
                    || kind
                        .schema
                        .id
                        .iter()
                        .any(|path| path.split('/').next() == Some(name));
                let value = if kept {
                    value.clone()
                } else {
                    rewritten(kind.schema, name, value)
                };
                (name.clone(), value)
            });
            kind.observed(&o.id, &model.collect())
        };
        found.into_iter().map(one).collect()
    }
}

#[async_trait::async_trait]
impl Forward for Normalising {
    fn to(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind, self.cloud.read(kind, ids).await?))
    }
    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        Ok(self.shown(kind, self.cloud.find(kind, owner).await?))
    }
}
