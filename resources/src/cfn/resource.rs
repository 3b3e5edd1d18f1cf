//! A resource as a program declares it: a type's name and its properties.

use super::kind;
use crate::{
    resource::{Declare, ResourceType},
    value::Output,
};
use serde_json::{Value, json};
use tenon_cfn::Known;

/// A resource of any CloudFormation type, with AWS's own names for its properties.
///
/// References to other resources are outputs; secrets are [`Secret`](crate::value::Secret)s. Mistakes are found against AWS's schema
/// when the stack is checked.
///
/// ```
/// use serde_json::json;
/// use tenon_resources::{cfn, value::{Output, Secret}};
/// let dead: Output<String> = Output::new("dead", "Arn");
/// cfn::Resource::new(
///     "AWS::SQS::Queue",
///     json!({ "DelaySeconds": 5, "RedrivePolicy": { "deadLetterTargetArn": dead, "maxReceiveCount": 5 } }),
/// );
/// cfn::Resource::new("AWS::RDS::DBInstance", json!({ "MasterUserPassword": Secret::env("DB_PASSWORD") }));
/// ```
#[derive(Clone, Debug)]
pub struct Resource {
    kind: String,
    properties: Value,
}

impl Resource {
    /// A resource of type `kind`, such as `AWS::SQS::Queue`, with these properties.
    pub fn new(kind: impl Into<String>, properties: Value) -> Self {
        Self {
            kind: kind.into(),
            properties,
        }
    }
}

/// A declared resource, to refer to.
#[derive(Clone, Debug)]
pub struct Handle {
    address: String,
    /// The primary identifier, as Cloud Control knows it.
    pub id: Output<String>,
}

impl Handle {
    /// A handle for the resource at `address`.
    pub fn at(address: &str) -> Self {
        Self {
            address: address.into(),
            id: Output::new(address, "id"),
        }
    }

    /// A property of the resource, such as `Arn` or `Endpoint.Address`.
    pub fn get(&self, property: &str) -> Output<String> {
        self.get_as(property)
    }

    /// A property of the resource, for a field that takes a `T`.
    pub fn get_as<T>(&self, property: &str) -> Output<T> {
        Output::new(&self.address, &property.replace('.', "/"))
    }
}

impl Declare for Resource {
    type Refs = Handle;

    fn declare(self) -> Result<(&'static dyn ResourceType, Value), String> {
        let kind = kind::of(&self.kind)
            .ok_or_else(|| format!("is of type `{}`, which {}", self.kind, no_such_type(&self.kind)))?;
        let inputs = kind.inputs(self.properties);
        // What has no such form is named by the check.
        let inputs = kind.canonical(&inputs).unwrap_or(inputs);
        Ok((kind, inputs))
    }

    fn refs(address: &str) -> Handle {
        Handle::at(address)
    }
}

/// Why there is no type called `name`, as the rest of a sentence that begins with that name, with the remedy.
pub fn no_such_type(name: &str) -> String {
    if tenon_cfn::known(name) == Known::WithoutHandlers {
        return "has no handlers: only CloudFormation itself makes one; take a type that succeeds it, or keep this resource where it is"
            .into();
    }
    let near = tenon_cfn::nearest(name).map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_else(|| "; a type's name is like `AWS::SQS::Queue`".into());
    format!("is no type that AWS has{near}")
}

/// Properties without anything, for a type that needs none.
impl From<&str> for Resource {
    fn from(kind: &str) -> Self {
        Self::new(kind, json!({}))
    }
}
