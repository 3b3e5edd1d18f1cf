//! A resource type made from a schema.

use super::{calls, name, shown, values::pairs};
use crate::{
    call::{CallInfo, Name},
    cloud::{Observed, Status},
    resource::{Field, InvalidInputs, Mutability, OutputField, Read, ResourceType},
};
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, OnceLock, PoisonError},
};
use tenon_cfn::{Node, Schema};

/// The key among the outputs under which a record keeps what AWS shows of the properties.
pub const SHOWN: &str = "shown";

/// The type of an output of which nothing more is known than its text: it may stand in any field.
#[derive(Debug)]
pub struct Untyped;

/// A resource type made from a schema.
#[derive(Debug)]
pub struct Type {
    /// The schema.
    pub schema: &'static Schema,
    pub(super) fields: &'static [Field],
    pub(super) outputs: &'static [OutputField],
    pub(super) calls: Vec<CallInfo>,
    pub(super) read: Read,
    pub(super) samples: OnceLock<[Value; 2]>,
}

static TYPES: LazyLock<Mutex<HashMap<&'static str, &'static Type>>> = LazyLock::new(Mutex::default);

/// The type called `name`, for those whose name is CloudFormation's; made the first time that it is asked for.
pub fn find(name: &str) -> Option<&'static dyn ResourceType> {
    of(name).map(|kind| kind as &dyn ResourceType)
}

/// The type called `name`, as what it is made from a schema.
pub fn of(name: &str) -> Option<&'static Type> {
    let schema = name.contains("::").then(|| tenon_cfn::find(name))??;
    let mut types = TYPES.lock().unwrap_or_else(PoisonError::into_inner);
    Some(
        types
            .entry(&schema.name)
            .or_insert_with(|| Box::leak(Box::new(Type::new(schema)))),
    )
}

impl Type {
    fn new(schema: &'static Schema) -> Self {
        let named = name::field(schema);
        let field = |(name, node): (&'static str, &'static Node)| Field {
            named: named.filter(|(of, _)| *of == name).map(|(_, rule)| rule),
            ..property(schema, name, node)
        };
        let mut fields: Vec<Field> = schema.inputs().map(field).collect();
        if let Some(tags) = &schema.tags {
            fields.push(Field {
                name: "tags",
                doc: "Tags.",
                rust_type: "Tags",
                change: if tags.fixed || schema.is_immutable() {
                    Mutability::Replace
                } else {
                    Mutability::InPlace
                },
                after_create: tags.late,
                write_only: schema.is_write_only(&tags.property),
                optional: false,
                default: Some(no_tags),
                ..property(schema, "tags", &NOTHING)
            });
        }
        let mut read = vec!["cloudformation:GetResource".to_owned()];
        read.extend(schema.actions.get("read").into_iter().flatten().cloned());
        if schema.tags.is_some() {
            read.push("tag:GetResources".into());
        }
        Self {
            schema,
            fields: fields.leak(),
            outputs: outputs(schema).leak(),
            calls: calls::infos(schema),
            read: Read::new(super::SERVICE, "GetResource", 1, calls::leak(read)),
            samples: OnceLock::new(),
        }
    }

    /// The inputs of a resource that a program gives these properties: AWS's own property for tags becomes the field `tags`.
    pub(super) fn inputs(&self, properties: Value) -> Value {
        let Value::Object(mut inputs) = properties else {
            return properties;
        };
        if let Some(tags) = &self.schema.tags {
            let own = match inputs.remove(&tags.property) {
                None => json!({}),
                Some(given) => pairs(&given).map_or(given, Value::Object),
            };
            inputs.insert("tags".into(), own);
        }
        Value::Object(inputs)
    }

    /// The properties as AWS takes them.
    pub(super) fn model(&self, inputs: &Value, with_tags: bool) -> Map<String, Value> {
        let given = inputs.as_object().into_iter().flatten();
        let mut model: Map<_, _> = given
            .filter(|(name, value)| *name != "tags" && !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if let (Some(tags), Some(Value::Object(own)), true) =
            (&self.schema.tags, inputs.get("tags"), with_tags)
            && !own.is_empty()
        {
            let written = if tags.list {
                own.iter().map(|(key, value)| self.tag(key, value)).collect()
            } else {
                Value::Object(own.clone())
            };
            model.insert(tags.property.clone(), written);
        }
        model
    }

    /// A tag of a list. Auto Scaling wants to know whether instances get it, too: all but the marks of ownership, which are this
    /// resource's alone.
    fn tag(&self, key: &str, value: &Value) -> Value {
        let list = self
            .schema
            .tags
            .as_ref()
            .and_then(|tags| self.schema.node(&format!("{}/*", tags.property)));
        let mut tag = json!({ "Key": key, "Value": value });
        if list.is_some_and(|node| node.required.iter().any(|name| name == "PropagateAtLaunch")) {
            tag["PropagateAtLaunch"] = json!(!key.starts_with("tenon:"));
        }
        tag
    }

    /// A resource with this identifier, of which AWS shows `model`.
    pub fn observed(&self, id: &str, model: &Map<String, Value>) -> Observed {
        let ours = |name: &&Field| model.contains_key(name.name);
        let fields = self.fields.iter().filter(ours);
        let mut inputs: Map<String, Value> = fields
            .map(|f| (f.name.to_owned(), model[f.name].clone()))
            .collect();
        if let Some(tags) = &self.schema.tags {
            let mut own = model.get(&tags.property).and_then(pairs).unwrap_or_default();
            own.retain(|key, _| !key.starts_with(crate::value::RESERVED));
            inputs.insert("tags".into(), Value::Object(own));
        }
        let whole = Value::Object(model.clone());
        let value = |output: &OutputField| match output.name {
            "id" => json!(id),
            name => whole.pointer(&format!("/{name}")).cloned().unwrap_or(Value::Null),
        };
        let mut outputs: Map<String, Value> = self
            .outputs
            .iter()
            .map(|o| (o.name.to_owned(), value(o)))
            .collect();
        outputs.insert(SHOWN.into(), whole);
        Observed {
            id: id.into(),
            status: Status::Ready,
            inputs: Value::Object(inputs),
            outputs: Value::Object(outputs),
        }
    }

    pub(super) fn invalid(&self, reason: impl Into<String>) -> InvalidInputs {
        InvalidInputs {
            kind: &self.schema.name,
            reason: reason.into(),
        }
    }

    pub(super) fn names(&self, which: impl Fn(&Field) -> bool) -> Vec<Name> {
        self.fields
            .iter()
            .filter(|f| which(f))
            .map(|f| f.name.into())
            .collect()
    }

    /// The value at the paths, joined as Cloud Control joins identifiers; `None` while one of them is not given.
    pub(super) fn joined(inputs: &Value, paths: &[String]) -> Option<Value> {
        let parts = paths
            .iter()
            .map(|path| match inputs.pointer(&format!("/{path}")) {
                None | Some(Value::Null) => None,
                Some(Value::Number(number)) => Some(json!(number.to_string())),
                Some(value) => Some(value.clone()),
            });
        let parts: Vec<Value> = parts.collect::<Option<_>>()?;
        if let [one] = parts.as_slice() {
            return Some(one.clone());
        }
        if let Some(texts) = parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
            return Some(json!(texts.join("|")));
        }
        let mut flat = vec![];
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 {
                flat.push(json!("|"));
            }
            match part.get("$join").and_then(Value::as_array) {
                Some(inner) => flat.extend(inner.iter().cloned()),
                None => flat.push(part),
            }
        }
        Some(json!({ "$join": flat }))
    }
}

static NOTHING: LazyLock<Node> = LazyLock::new(Node::default);

pub(super) fn no_tags() -> Value {
    json!({})
}

/// Unset, a property is not sent, and what AWS makes of that is AWS's; one that was set is removed.
fn unset() -> Value {
    Value::Null
}

fn property(schema: &'static Schema, name: &'static str, node: &Node) -> Field {
    let replaces = schema.is_immutable() || schema.create_only.iter().any(|path| path == name);
    Field {
        name,
        doc: schema.doc_of(name),
        rust_type: ["boolean", "integer", "number", "string", "array", "object"]
            .into_iter()
            .position(|of| node.types.takes(of))
            .map_or("any", |n| {
                ["Boolean", "whole number", "number", "text", "list", "structure"][n]
            }),
        change: if replaces {
            Mutability::Replace
        } else {
            Mutability::InPlace
        },
        after_create: false,
        write_only: schema.is_write_only(name),
        default: Some(unset),
        optional: true,
        named: None,
        attachment: false,
        cfn: name,
        range: None,
        length: None,
        pattern: None,
    }
}

/// True if each change of the resource gives the output another value: the number of a launch template's latest version.
fn moves(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("Latest") || name.starts_with("LastModified") || name.starts_with("LastUpdated")
}

/// The identifier, what AWS decides, and what can be referred to although a person may give it.
fn outputs(schema: &'static Schema) -> Vec<OutputField> {
    let output = |name: &'static str, doc: &'static str, shape: &'static str| OutputField {
        name,
        doc,
        shape,
        shown_while_pending: None,
        type_name: || std::any::type_name::<Untyped>(),
    };
    let id = format!("The primary identifier: {}.", schema.id.join("|"));
    let mut all = vec![output("id", id.leak(), "{id}")];
    let plain = |node: &Node| {
        ["string", "integer", "number", "boolean"]
            .iter()
            .any(|of| node.types.takes(of))
    };
    let everything: String = schema.inputs().flat_map(|(name, _)| ["{", name, "}"]).collect();
    let everything: &'static str = everything.leak();
    for path in schema.read_only.iter().filter(|path| !path.contains('*')) {
        if let Some(node) = schema.node(path) {
            let shape = if moves(path) { everything } else { "" };
            all.push(output(path, node.doc.as_deref().unwrap_or_default(), shape));
        }
    }
    for (name, node) in schema
        .inputs()
        .filter(|(name, node)| plain(node) && !schema.is_write_only(name))
    {
        // Follows the input, and is no echo of it: AWS may spell it in another way.
        let shape = format!("={{{name}}}");
        all.push(output(
            name,
            node.doc.as_deref().unwrap_or_default(),
            shape.leak(),
        ));
    }
    all
}

impl Type {
    /// `model` without what AWS does not give back.
    pub fn given_back(&self, model: &Map<String, Value>) -> Map<String, Value> {
        shown::given_back(self.schema, model)
    }
}
