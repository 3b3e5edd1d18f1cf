//! Refusals of AWS, each named after what is refused, with the page that says so.

mod ec2;
mod ecs;
mod elb;
mod iam;
mod named;
mod outside;
mod rds;
mod waits;

use super::find;
use crate::sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};
use tenon_resources::{
    call::Effect,
    cloud::Request,
    registry::{self, TYPES},
};

/// An AWS account with nothing in it.
struct Account(Sandbox);

impl Account {
    fn new() -> Self {
        Self(Sandbox::in_memory(SandboxConfig::instant()))
    }

    /// Makes a call about the resource `id` of type `kind`; returns the id that the reply names, or the error code.
    fn call(&self, kind: &str, id: Option<&str>, operation: &str, params: &Value) -> Result<String, String> {
        self.try_call(kind, id, operation, params)
            .map_err(|(code, _)| code)
    }

    /// As [`call`](Self::call), with the message of the error.
    fn try_call(
        &self,
        kind: &str,
        id: Option<&str>,
        operation: &str,
        params: &Value,
    ) -> Result<String, (String, String)> {
        let kind = registry::find(kind).expect("a registered type");
        let [mut inputs, _] = kind.samples();
        if let Some(tags) = params.get("tags") {
            inputs["tags"] = tags.clone();
        }
        if let Some(name) = params.get("name").filter(|_| kind.name() == "sns.topic") {
            inputs["topic_name"] = name.clone();
        }
        let sets: Vec<_> = kind.fields().iter().map(|field| field.name.into()).collect();
        let request = Request {
            op: "0123456789abcdef0123456789abcdef",
            kind,
            id,
            service: kind.read().service,
            operation,
            effect: Effect::Create,
            sets: &sets,
            params,
            inputs: &inputs,
        };
        let mut contents = self.0.lock(kind.name());
        let now = self.0.now_ms(&contents);
        let reply = self.0.perform(&mut contents, &request, now);
        let reply = reply.map_err(|error| (error.code, error.message))?;
        Ok(reply.id.unwrap_or_default())
    }

    /// Makes a call that succeeds.
    fn done(&self, kind: &str, id: Option<&str>, operation: &str, params: &Value) -> String {
        let reply = self.try_call(kind, id, operation, params);
        reply.unwrap_or_else(|(code, message)| panic!("{operation}: {code}: {message}"))
    }

    fn vpc(&self, cidr: &str) -> String {
        self.done("ec2.vpc", None, "CreateVpc", &json!({"cidr_block": cidr}))
    }

    fn subnet(&self, vpc: &str, cidr: &str, zone: &str) -> String {
        let params = json!({"vpc_id": vpc, "cidr_block": cidr, "availability_zone": zone});
        self.done("ec2.subnet", None, "CreateSubnet", &params)
    }
}

/// Asserts that a call is refused with an error code.
macro_rules! refused {
    ($call:expr, $code:literal) => {
        assert_eq!($call, Err($code.to_owned()))
    };
}
use refused;

#[test]
fn every_type_of_the_registry_has_an_entry_in_the_model() {
    let without: Vec<_> = TYPES
        .iter()
        .map(|kind| kind.name())
        .filter(|kind| find(kind).is_none())
        .collect();
    assert!(
        without.is_empty(),
        "types that the model of AWS does not know: {without:?}"
    );
}

#[test]
fn every_entry_is_of_a_registered_type_and_stands_once() {
    let entries: Vec<_> = super::SERVICES
        .iter()
        .copied()
        .flatten()
        .map(|entry| entry.kind)
        .collect();
    let mut kinds = entries.clone();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), entries.len());
    assert!(
        kinds.iter().all(|kind| registry::find(kind).is_some()),
        "{kinds:?}"
    );
}

/// References of the model point to types that exist, and create and delete calls are ones that the type makes.
#[test]
fn every_entry_names_types_and_operations_that_exist() {
    for entry in super::SERVICES.iter().copied().flatten() {
        let kind = registry::find(entry.kind).expect("a registered type");
        let used = entry.in_use.iter().flat_map(|rule| rule.by).chain(entry.owns);
        for other in used {
            assert!(
                registry::find(other.kind).is_some(),
                "{}: {}",
                entry.kind,
                other.kind
            );
        }
        let made = |operation: &str| kind.calls().iter().any(|call| call.operation == operation);
        for op in entry.creates.iter().chain(entry.deletes) {
            assert!(
                made(op.operation),
                "{} does not call {}",
                entry.kind,
                op.operation
            );
        }
        for operation in entry.unseen.iter().map(|unseen| unseen.operation) {
            assert!(made(operation), "{} does not call {operation}", entry.kind);
        }
    }
}
