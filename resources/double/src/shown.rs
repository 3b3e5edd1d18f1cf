//! Readings of a model: AWS's way to write it.

use crate::{
    schemas::{paths, resolve, within},
    world::Symptoms,
};
use serde_json::{Map, Value};

/// The model as `GetResource` gives it back.
pub(crate) fn shown(schema: &Value, model: &Map<String, Value>, symptoms: &Symptoms) -> Map<String, Value> {
    let view = View {
        schema,
        symptoms,
        write_only: paths(schema, "writeOnly"),
    };
    let mut out = Map::new();
    for (name, value) in model {
        if let Some(value) = view.value(&schema["schema"]["properties"][name], name, value) {
            out.insert(name.clone(), value);
        }
    }
    view.fill(&schema["schema"], "", &mut out);
    out
}

struct View<'a> {
    schema: &'a Value,
    symptoms: &'a Symptoms,
    write_only: Vec<&'a str>,
}

impl View<'_> {
    fn value(&self, node: &Value, path: &str, value: &Value) -> Option<Value> {
        if within(&self.write_only, path) {
            return None;
        }
        let node = resolve(self.schema, node);
        let document = node["type"].as_array().is_some_and(|types| types.len() > 1);
        Some(match value {
            Value::Object(_) if document && self.symptoms.reformats => {
                serde_json::to_string_pretty(value).unwrap_or_default().into()
            }
            Value::Object(map) => {
                let mut out = Map::new();
                for (name, value) in map {
                    if let Some(value) =
                        self.value(&node["properties"][name], &format!("{path}/{name}"), value)
                    {
                        out.insert(name.clone(), value);
                    }
                }
                // A handler leaves out what has nothing left to show: the code of a function.
                if out.is_empty() && !map.is_empty() {
                    return None;
                }
                self.fill(node, path, &mut out);
                Value::Object(out)
            }
            Value::Array(items) => {
                let mut items: Vec<Value> = items
                    .iter()
                    .filter_map(|item| self.value(&node["items"], &format!("{path}/*"), item))
                    .collect();
                if self.symptoms.shuffles && node["insertionOrder"] == false {
                    items.reverse();
                }
                Value::Array(items)
            }
            other => other.clone(),
        })
    }

    /// Puts defaults where nothing was sent.
    fn fill(&self, node: &Value, path: &str, out: &mut Map<String, Value>) {
        if !self.symptoms.defaults {
            return;
        }
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            let inside = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            let default = &resolve(self.schema, property)["default"];
            if !default.is_null() && !within(&self.write_only, &inside) {
                out.entry(name.clone()).or_insert_with(|| default.clone());
            }
        }
    }
}
