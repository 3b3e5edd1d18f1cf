//! The operations.

use crate::{
    schemas::{Schemas, paths, within},
    shown::shown,
    world::{Accepted, Inner, Resource},
};
use serde_json::{Map, Value, json};

/// The reply: a body, or an error's code and message.
pub(crate) type Answer = Result<Value, (&'static str, String)>;

/// Answers one call.
pub(crate) fn answer(schemas: &Schemas, world: &mut Inner, operation: &str, body: &Value) -> Answer {
    match operation {
        "CreateResource" => begin(schemas, world, "CREATE", body),
        "UpdateResource" => begin(schemas, world, "UPDATE", body),
        "DeleteResource" => begin(schemas, world, "DELETE", body),
        "GetResource" => get(schemas, world, body),
        "ListResources" => list(schemas, world, body),
        "GetResourceRequestStatus" => status(world, body),
        "ListResourceRequests" => {
            let all = world
                .requests
                .iter()
                .map(|(token, request)| event(token, request, "SUCCESS"));
            Ok(json!({ "ResourceRequestStatusSummaries": all.collect::<Vec<_>>() }))
        }
        other => Err(("UnknownOperationException", other.to_owned())),
    }
}

fn text<'b>(body: &'b Value, member: &str) -> &'b str {
    body[member].as_str().unwrap_or_default()
}

fn schema(schemas: &Schemas, body: &Value) -> Result<std::sync::Arc<Value>, (&'static str, String)> {
    let name = text(body, "TypeName");
    schemas.get(name).ok_or_else(|| {
        (
            "TypeNotFoundException",
            format!("The type '{name}' cannot be found."),
        )
    })
}

/// Accepts a request. The same client token with the same request is the same request.
fn begin(schemas: &Schemas, world: &mut Inner, operation: &'static str, body: &Value) -> Answer {
    let schema = schema(schemas, body)?;
    let token = text(body, "ClientToken");
    let sent = format!("{operation} {body}");
    if let Some((known, before)) = world.tokens.get(token).filter(|_| !token.is_empty()) {
        if *before != sent {
            return Err((
                "ClientTokenConflictException",
                "the client token was used for another request".into(),
            ));
        }
        return Ok(json!({ "ProgressEvent": event(known, &world.requests[known], "PENDING") }));
    }
    if let Some(id) = body["Identifier"].as_str() {
        let kind = text(body, "TypeName");
        let polls = world.symptoms.polls.0 + world.symptoms.polls.1;
        let busy = world
            .requests
            .values()
            .any(|r| r.kind == kind && r.id.as_deref() == Some(id) && r.polls < polls);
        if busy {
            return Err((
                "ConcurrentOperationException",
                format!("another operation on '{id}' is in progress"),
            ));
        }
        if !world.resources.contains_key(&(kind.to_owned(), id.to_owned())) {
            return Err((
                "ResourceNotFoundException",
                format!("Resource of type '{kind}' with identifier '{id}' was not found."),
            ));
        }
    }
    let (id, failed) = match operation {
        "CREATE" => create(&schema, world, body)?,
        "UPDATE" => update(&schema, world, body)?,
        _ => {
            let key = (
                text(body, "TypeName").to_owned(),
                text(body, "Identifier").to_owned(),
            );
            world.resources.remove(&key);
            (Some(key.1), None)
        }
    };
    world.made += 1;
    let request_token = format!("{:08x}-0000-4000-8000-{:012x}", world.made, world.made);
    let request = Accepted {
        operation,
        kind: text(body, "TypeName").to_owned(),
        id,
        polls: 0,
        failed,
    };
    let reply = json!({ "ProgressEvent": event(&request_token, &request, "PENDING") });
    world.requests.insert(request_token.clone(), request);
    world.tokens.insert(token.to_owned(), (request_token, sent));
    Ok(reply)
}

type Outcome = (Option<String>, Option<(String, String)>);

fn failed(code: &str, message: impl Into<String>) -> Outcome {
    (None, Some((code.into(), message.into())))
}

fn create(schema: &Value, world: &mut Inner, body: &Value) -> Result<Outcome, (&'static str, String)> {
    let state = serde_json::from_str::<Map<String, Value>>(text(body, "DesiredState"));
    let mut model = state.map_err(|e| {
        (
            "ValidationException",
            format!("DesiredState is no JSON object: {e}"),
        )
    })?;
    if let Some(why) = invalid(schema, &model) {
        return Ok(failed("InvalidRequest", why));
    }
    if let Some(path) = paths(schema, "readOnly")
        .iter()
        .find(|path| model.contains_key(**path))
    {
        return Ok(failed(
            "InvalidRequest",
            format!("Encountered unsupported property {path}: it is read-only"),
        ));
    }
    let fate = world.symptoms.creates.pop_front().flatten();
    if let Some(failure) = fate.as_ref().filter(|failure| !failure.leaves) {
        return Ok(failed(&failure.code, "a failure that was asked for"));
    }
    decide(schema, world, &mut model);
    let kind = text(body, "TypeName").to_owned();
    let id = identifier(schema, &model);
    let key = (kind.clone(), id.clone());
    if world.resources.contains_key(&key) {
        return Ok(failed(
            "AlreadyExists",
            format!("Resource of type '{kind}' with identifier '{id}' already exists."),
        ));
    }
    let unseen = world.symptoms.unseen;
    world.resources.insert(key, Resource { model, unseen });
    let broken = fate.map(|failure| (failure.code, format!("a failure that was asked for, of '{id}'")));
    Ok((Some(id), broken))
}

/// Applies an operation of a patch; false if there is no such path. <https://www.rfc-editor.org/rfc/rfc6902>
fn edit(model: &mut Map<String, Value>, operation: &Value) -> bool {
    let (parent, name) = text(operation, "path").rsplit_once('/').unwrap_or_default();
    let mut whole = Value::Object(std::mem::take(model));
    let done = match (whole.pointer_mut(parent), text(operation, "op")) {
        (Some(Value::Object(inside)), "add" | "replace") => {
            inside.insert(name.to_owned(), operation["value"].clone());
            true
        }
        (Some(Value::Object(inside)), "remove") => inside.remove(name).is_some(),
        _ => false,
    };
    if let Value::Object(changed) = whole {
        *model = changed;
    }
    done
}

/// The patch is applied to what a read gives back: what is write-only is missing, unless the patch has it.
// Long: each rule of an update stands after the other.
fn update(schema: &Value, world: &mut Inner, body: &Value) -> Result<Outcome, (&'static str, String)> {
    let key = (
        text(body, "TypeName").to_owned(),
        text(body, "Identifier").to_owned(),
    );
    let patch = serde_json::from_str::<Vec<Value>>(text(body, "PatchDocument"));
    let patch = patch.map_err(|e| {
        (
            "ValidationException",
            format!("PatchDocument is no JSON array: {e}"),
        )
    })?;
    if schema["actions"]["update"].is_null() {
        return Err((
            "UnsupportedActionException",
            format!("{} does not support UPDATE", key.0),
        ));
    }
    let before = world.resources[&key].model.clone();
    let mut model = shown(schema, &before, &world.symptoms);
    if let Some(operation) = patch.iter().find(|operation| !edit(&mut model, operation)) {
        let path = text(operation, "path");
        return Err((
            "ValidationException",
            format!("[noSuchPath: No such path in target JSON document: {path}]"),
        ));
    }
    let named = |path: &str| {
        let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        let mut patched = patch
            .iter()
            .map(|op| first(text(op, "path").trim_start_matches('/')));
        patched.any(|name| name == first(path))
    };
    let pick = |model: &Map<String, Value>, path: &str| {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let value = model.get(first).cloned().unwrap_or(Value::Null);
        if rest.is_empty() {
            value
        } else {
            value.pointer(&format!("/{rest}")).cloned().unwrap_or(Value::Null)
        }
    };
    let fixed = paths(schema, "createOnly")
        .into_iter()
        .filter(|path| !path.contains('*') && named(path));
    if let Some(path) = fixed
        .into_iter()
        .find(|path| pick(&model, path) != pick(&before, path))
    {
        return Ok((
            Some(key.1),
            Some((
                "NotUpdatable".into(),
                format!("createOnlyProperties [/properties/{path}] cannot be updated"),
            )),
        ));
    }
    if let Some(why) = invalid(schema, &model) {
        return Ok((Some(key.1), Some(("InvalidRequest".into(), why))));
    }
    if let Some(resource) = world.resources.get_mut(&key) {
        resource.model = model;
    }
    Ok((Some(key.1), None))
}

fn invalid(schema: &Value, model: &Map<String, Value>) -> Option<String> {
    let read_only = paths(schema, "readOnly");
    let required = paths(&schema["schema"], "required");
    if let Some(name) = required
        .iter()
        .find(|name| !within(&read_only, name) && !model.contains_key(**name))
    {
        return Some(format!(
            "Model validation failed (#: required key [{name}] not found)"
        ));
    }
    let known = schema["schema"]["properties"].as_object()?;
    let unknown = model.keys().find(|name| !known.contains_key(*name))?;
    Some(format!(
        "Model validation failed (#: extraneous key [{unknown}] is not permitted)"
    ))
}

fn decide(schema: &Value, world: &mut Inner, model: &mut Map<String, Value>) {
    world.made += 1;
    let n = world.made;
    let service = text(schema, "name")
        .split("::")
        .nth(1)
        .unwrap_or_default()
        .to_lowercase();
    let ids = paths(schema, "id");
    let decided = paths(schema, "readOnly").into_iter().chain(ids);
    for name in decided.filter(|path| !path.contains('/')) {
        let value = if let (true, Some(form)) = (name.ends_with("Arn"), schema["arn"].as_str()) {
            arn(form, model, &format!("{n:017x}"))
        } else if name.ends_with("Arn") {
            format!("arn:aws:{service}:eu-west-1:111111111111:{n:017x}")
        } else {
            format!("{}-{n:017x}", name.to_lowercase())
        };
        let of = &schema["schema"]["properties"][name]["type"];
        if of.is_null() || of == "string" {
            model.entry(name).or_insert_with(|| value.into());
        }
    }
}

/// The form of an ARN, `arn:${Partition}:iam::${Account}:role/${RoleName}`, with what the model has in it.
fn arn(form: &str, model: &Map<String, Value>, seed: &str) -> String {
    let mut parts = form.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let (name, after) = part.split_once('}').unwrap_or((part, ""));
        let value = match name {
            "Partition" => "aws",
            "Region" => "eu-west-1",
            "Account" => "111111111111",
            name => model.get(name).and_then(Value::as_str).unwrap_or(seed),
        };
        out + value + after
    })
}

fn identifier(schema: &Value, model: &Map<String, Value>) -> String {
    let parts = paths(schema, "id").into_iter().map(|path| {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let value = model.get(first).and_then(|v| {
            if rest.is_empty() {
                Some(v)
            } else {
                v.pointer(&format!("/{rest}"))
            }
        });
        value.map_or_else(String::new, |v| {
            v.as_str().map_or_else(|| v.to_string(), ToOwned::to_owned)
        })
    });
    parts.collect::<Vec<_>>().join("|")
}

fn get(schemas: &Schemas, world: &mut Inner, body: &Value) -> Answer {
    let schema = schema(schemas, body)?;
    let (kind, id) = (text(body, "TypeName"), text(body, "Identifier"));
    let gone = || {
        (
            "ResourceNotFoundException",
            format!("Resource of type '{kind}' with identifier '{id}' was not found."),
        )
    };
    let symptoms = world.symptoms.clone();
    let polls = symptoms.polls.0 + symptoms.polls.1;
    let creating = world
        .requests
        .values()
        .any(|r| r.operation == "CREATE" && r.id.as_deref() == Some(id) && r.kind == kind && r.polls < polls);
    let resource = world
        .resources
        .get_mut(&(kind.to_owned(), id.to_owned()))
        .ok_or_else(gone)?;
    if creating {
        return Err(gone());
    }
    if resource.unseen > 0 {
        resource.unseen -= 1;
        return Err(gone());
    }
    let model = Value::Object(shown(&schema, &resource.model, &symptoms));
    Ok(
        json!({ "TypeName": kind, "ResourceDescription": { "Identifier": id, "Properties": model.to_string() } }),
    )
}

fn list(schemas: &Schemas, world: &Inner, body: &Value) -> Answer {
    schema(schemas, body)?;
    let kind = text(body, "TypeName");
    let found = world.resources.keys().filter(|(of, _)| of == kind);
    let found: Vec<Value> = found
        .map(|(_, id)| json!({ "Identifier": id, "Properties": "{}" }))
        .collect();
    Ok(json!({ "TypeName": kind, "ResourceDescriptions": found }))
}

fn status(world: &mut Inner, body: &Value) -> Answer {
    let token = text(body, "RequestToken");
    let (pending, running) = world.symptoms.polls;
    let Some(request) = world.requests.get_mut(token) else {
        return Err(("RequestTokenNotFoundException", format!("no request {token}")));
    };
    request.polls = request.polls.saturating_add(1);
    let word = match (request.polls, &request.failed) {
        (n, _) if n <= pending => "PENDING",
        (n, _) if n <= pending + running => "IN_PROGRESS",
        (_, Some(_)) => "FAILED",
        (_, None) => "SUCCESS",
    };
    Ok(json!({ "ProgressEvent": event(token, request, word) }))
}

fn event(token: &str, request: &Accepted, word: &str) -> Value {
    let mut event = json!({
        "TypeName": request.kind, "RequestToken": token, "Operation": request.operation, "OperationStatus": word,
    });
    if let Some(id) = request.id.as_ref().filter(|_| word != "PENDING") {
        event["Identifier"] = json!(id);
    }
    if let (Some((code, message)), "FAILED") = (&request.failed, word) {
        event["ErrorCode"] = json!(code);
        event["StatusMessage"] = json!(message);
    }
    event
}
