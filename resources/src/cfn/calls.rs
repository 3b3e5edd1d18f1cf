//! The calls of Cloud Control, as steps of a plan.
//!
//! <https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_Operations.html>; the codes of failed requests:
//! <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html>.

use super::SERVICE;
use crate::call::{CallInfo, Effect, ErrorRule, Name, OnError, Step, minutes};
use serde_json::{Value, json};
use tenon_cfn::Schema;

/// The time for which a new resource may not be shown although its create has succeeded: as for every other type.
pub(super) const VISIBLE: u32 = 300;

/// A mutating operation, and the handler that it runs.
const OPERATIONS: [(&str, &str); 3] = [
    ("CreateResource", "create"),
    ("UpdateResource", "update"),
    ("DeleteResource", "delete"),
];

/// Errors that pass: another request for the same resource, one on something that it needs, a handler whose service was not
/// reachable, a role that IAM does not show yet.
const PASSING: &[(&str, &str, u32)] = &[
    ("ConcurrentOperationException", "", minutes(60)),
    ("ConcurrentModificationException", "", minutes(5)),
    ("ResourceConflict", "", minutes(10)),
    ("NetworkFailure", "", minutes(2)),
    ("ServiceInternalError", "", minutes(2)),
    ("InvalidRequest", "assume", minutes(2)),
    ("AccessDenied", "assume", minutes(2)),
    ("GeneralServiceException", "assume", minutes(2)),
];

/// Errors with which a service refuses to remove what is still used, in the words of its own API.
const IN_USE: &[(&str, &str, u32)] = &[
    ("GeneralServiceException", "DependencyViolation", minutes(10)),
    ("GeneralServiceException", "DeleteConflict", minutes(10)),
    ("InvalidRequest", "DependencyViolation", minutes(10)),
    ("InvalidRequest", "in use", minutes(10)),
    ("GeneralServiceException", "in use", minutes(10)),
];

/// Facts of a type's operations: the first action of each is Cloud Control's own, the others are its handler's, which acts
/// with the credentials of the caller.
pub(super) fn infos(schema: &Schema) -> Vec<CallInfo> {
    let handled = OPERATIONS
        .iter()
        .filter(|(_, handler)| schema.actions.contains_key(*handler));
    let info = |(operation, handler): &(&'static str, &str)| {
        let mut actions = vec![
            format!("cloudformation:{operation}"),
            "cloudformation:GetResourceRequestStatus".into(),
        ];
        actions.extend(schema.actions.get(*handler).into_iter().flatten().cloned());
        CallInfo {
            service: SERVICE,
            operation,
            folds: false,
            actions: leak(actions),
            needs: &[],
            on: "*",
            not_yet: &[],
        }
    };
    handled.map(info).collect()
}

/// Text for as long as the program runs: a type's facts are made once.
pub(super) fn leak(texts: Vec<String>) -> &'static [&'static str] {
    let texts: Vec<&'static str> = texts.into_iter().map(|text| &*text.leak()).collect();
    texts.leak()
}

fn call(infos: &[CallInfo], effect: Effect, operation: &'static str, params: Value) -> Step {
    let info = infos.iter().find(|info| info.operation == operation);
    let actions = info.map(|info| info.actions).unwrap_or_default();
    let rule = |(code, part, seconds): &(&'static str, &'static str, u32)| ErrorRule {
        code: (*code).into(),
        part: (*part).into(),
        then: OnError::Retry(*seconds),
    };
    Step {
        params: params.into(),
        rules: PASSING.iter().map(rule).collect(),
        actions: actions.iter().map(|&a| a.into()).collect(),
        on: "*".into(),
        ..Step::wait(SERVICE, operation, effect)
    }
}

fn token() -> Value {
    serde_json::to_value(crate::value::Token::Fill).expect("a token is plain data")
}

fn this() -> Value {
    json!({ "$ref": "this.id" })
}

/// Makes a resource in this state.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the state is handed over to the call"
)]
pub(super) fn create(infos: &[CallInfo], name: &str, state: Value, sets: Vec<Name>) -> Step {
    let params = json!({ "TypeName": name, "DesiredState": state, "ClientToken": token() });
    Step {
        sets,
        ..call(infos, Effect::Create, "CreateResource", params)
    }
}

/// Changes it by a patch.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the patch is handed over to the call"
)]
pub(super) fn update(infos: &[CallInfo], name: &str, patch: Vec<Value>, sets: Vec<Name>) -> Step {
    let params =
        json!({ "TypeName": name, "Identifier": this(), "PatchDocument": patch, "ClientToken": token() });
    Step {
        sets,
        ..call(infos, Effect::Update, "UpdateResource", params)
    }
}

/// Removes it.
pub(super) fn delete(infos: &[CallInfo], name: &str) -> Step {
    let params = json!({ "TypeName": name, "Identifier": this(), "ClientToken": token() });
    let mut step = call(infos, Effect::Delete, "DeleteResource", params);
    let gone = ["NotFound", "ResourceNotFoundException"].map(|code| ErrorRule {
        code: code.into(),
        part: "".into(),
        then: OnError::Done,
    });
    let in_use = IN_USE.iter().map(|(code, part, seconds)| ErrorRule {
        code: (*code).into(),
        part: (*part).into(),
        then: OnError::Retry(*seconds),
    });
    step.rules.extend(gone);
    step.rules.extend(in_use);
    step
}

/// Reads it until it is there.
pub(super) fn ready(read: &[&'static str]) -> Step {
    Step {
        actions: read.iter().map(|&a| a.into()).collect(),
        ..Step::wait(SERVICE, "GetResource", Effect::Ready(VISIBLE))
    }
}
