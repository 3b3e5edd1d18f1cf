//! AWS Cloud Control API: one API for every type, whose calls AWS accepts first and ends later.
//!
//! Properties of a type are read from AWS's own schemas. The rules are from
//! <https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html> and the contract that handlers keep,
//! <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html>:
//!
//! - a create, update or delete answers with a request token; `GetResourceRequestStatus` says how it ends;
//! - the same client token with the same request is the same request, with another one a `ClientTokenConflictException`, for 36 hours;
//! - one request at a time for one resource, or `ConcurrentOperationException`;
//! - a patch is applied to what a read gives back, so that what AWS does not give back is missing unless the patch has it;
//! - a create with an identifier that is taken fails with `AlreadyExists`, a patch of a create-only property with `NotUpdatable`.

use super::{
    Sandbox,
    accepted::Accepted,
    at::At,
    contents::{Contents, Key},
    object::{LogEntry, Object},
    template,
};
use crate::duration::millis;
use serde_json::{Map, Value, json};
use std::time::Duration;
use tenon_cfn::{Schema, path};
use tenon_resources::{
    cfn::{self, Type},
    cloud::{CallError, Progress, Reply, Request},
};

/// The time for which a client token is known.
/// <https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_CreateResource.html>
const TOKEN_LIVES_MS: u64 = 36 * 60 * 60 * 1000;
/// The time for which a request can be looked up.
const REQUESTS_LIVE_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// The time that a handler takes: seconds for most, as public logs of small resources show. Those of which AWS's guides speak of
/// minutes have the middle of that; no log was found for the others.
///
/// - <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToUpdateDistribution.html>; one is disabled before it is
///   deleted: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToDeleteDistribution.html>
/// - <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html>: up to 15 minutes
/// - a group is deleted once its instances are terminated:
///   <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html>
/// - an instance profile is waited for until IAM shows it everywhere, about two minutes
fn handler(kind: &str, operation: &str) -> Duration {
    let seconds = match (kind, operation) {
        ("AWS::CloudFront::Distribution", "DeleteResource") => 600,
        ("AWS::CloudFront::Distribution", _) => 300,
        ("AWS::CloudFront::VpcOrigin", _) => 450,
        ("AWS::DocDBElastic::Cluster", _) => 600,
        ("AWS::AutoScaling::AutoScalingGroup", "DeleteResource") => 180,
        ("AWS::IAM::InstanceProfile", "CreateResource") => 120,
        _ => 8,
    };
    Duration::from_secs(seconds)
}

/// A request on its way in.
struct Incoming<'a, 'r> {
    request: &'a Request<'r>,
    kind: &'a Type,
    now: u64,
}

impl Incoming<'_, '_> {
    fn refuse(&self, code: &str, message: impl Into<String>) -> CallError {
        CallError::refused(self.request.service, self.request.operation, code, message)
    }

    fn schema(&self) -> &'static Schema {
        self.kind.schema
    }

    fn takes(&self, sandbox: &Sandbox) -> Duration {
        let real = handler(&self.schema().name, self.request.operation);
        sandbox.config.takes(real)
    }

    fn key(&self, id: &str) -> Key {
        (self.schema().name.clone(), id.to_owned())
    }
}

impl Sandbox {
    /// Accepts a request, or refuses it at once.
    pub(super) fn cloud_control(
        &self,
        contents: &mut Contents,
        request: &Request<'_>,
        now: u64,
    ) -> Result<Reply, CallError> {
        let named = request.params["TypeName"] == request.kind.name();
        let kind = cfn::of(request.kind.name()).filter(|_| named);
        let Some(kind) = kind else {
            return Err(CallError::refused(
                request.service,
                request.operation,
                "TypeNotFoundException",
                "no such type",
            ));
        };
        let incoming = Incoming { request, kind, now };
        let token = request.params["ClientToken"].as_str().unwrap_or_default();
        let digest = template::hash(&[request.operation, &request.params.to_string()]);
        let handle = template::hash(&["request", token]);
        let handle = handle[..32].to_owned();
        if let Some(known) = contents
            .requests
            .get(&handle)
            .filter(|known| now < known.at_ms + TOKEN_LIVES_MS)
        {
            if known.digest != digest {
                return Err(incoming.refuse(
                    "ClientTokenConflictException",
                    "the client token was used for another request",
                ));
            }
            return Ok(accepted(handle));
        }
        let (id, failed) = match request.operation {
            "CreateResource" => self.make(contents, &incoming)?,
            "UpdateResource" => self.patch(contents, &incoming)?,
            "DeleteResource" => self.unmake(contents, &incoming)?,
            other => return Err(incoming.refuse("UnknownOperationException", other)),
        };
        let entry = Accepted {
            kind: kind.schema.name.clone(),
            id,
            token: token.to_owned(),
            digest,
            at_ms: now,
            done_ms: now.saturating_add(millis(incoming.takes(self))),
            failed: failed.map(|(code, why)| (code.to_owned(), why)),
        };
        let line = LogEntry::Accepted {
            handle: handle.clone(),
            request: Box::new(entry),
        };
        contents.write(&line);
        contents.replay(line);
        Ok(accepted(handle))
    }

    /// Progress of a request.
    pub(super) fn request_status(contents: &Contents, handle: &str, now: u64) -> Progress {
        let known = contents
            .requests
            .get(handle)
            .filter(|r| now < r.at_ms.saturating_add(REQUESTS_LIVE_MS));
        match known {
            None => Progress::Forgotten,
            Some(request) if now < request.done_ms => Progress::Running(Some(request.done_ms - now)),
            Some(Accepted {
                failed: Some((code, message)),
                ..
            }) => Progress::Failed {
                code: code.clone(),
                message: message.clone(),
                id: None,
            },
            Some(request) => Progress::Done(request.id.clone()),
        }
    }

    /// A create: the resource is there once its handler is done.
    fn make(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
    ) -> Result<(String, Option<(&'static str, String)>), CallError> {
        let schema = incoming.schema();
        let Value::Object(state) = &incoming.request.params["DesiredState"] else {
            return Err(incoming.refuse("ValidationException", "DesiredState is no structure"));
        };
        if let Some(why) = invalid(schema, state, true) {
            return Ok((String::new(), Some(("InvalidRequest", why))));
        }
        let mut model = state.clone();
        self.decide(contents, schema, &mut model);
        let id = identifier(schema, &model);
        let key = incoming.key(&id);
        contents.sweep(&key, incoming.now);
        if contents.objects.contains_key(&key) {
            let why = format!(
                "Resource of type '{}' with identifier '{id}' already exists.",
                schema.name
            );
            return Ok((id, Some(("AlreadyExists", why))));
        }
        let takes = incoming.takes(self);
        contents.put(key, shown(incoming.kind, &id, model, incoming.now, takes));
        Ok((id, None))
    }

    /// An update: the patch, applied to what a read gives back.
    // Long: each rule of an update stands after the other.
    fn patch(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
    ) -> Result<(String, Option<(&'static str, String)>), CallError> {
        let schema = incoming.schema();
        let (id, object) = subject(contents, incoming)?;
        if schema.is_immutable() {
            return Err(incoming.refuse(
                "UnsupportedActionException",
                format!("{} has no handler for updates", schema.name),
            ));
        }
        let before = object.members.as_object().cloned().unwrap_or_default();
        let mut model = incoming.kind.given_back(&before);
        for operation in incoming.request.params["PatchDocument"]
            .as_array()
            .into_iter()
            .flatten()
        {
            if !edit(&mut model, operation) {
                let why = format!(
                    "[noSuchPath: No such path in target JSON document: {}]",
                    operation["path"]
                );
                return Err(incoming.refuse("ValidationException", why));
            }
        }
        let patched = |path: &&String| {
            let mut ops = incoming.request.params["PatchDocument"]
                .as_array()
                .into_iter()
                .flatten();
            ops.any(|op| {
                op["path"]
                    .as_str()
                    .is_some_and(|p| path::top(p.trim_start_matches('/')) == path::top(path))
            })
        };
        let mut fixed = schema.create_only.iter().filter(patched);
        if let Some(path) = fixed.find(|path| pick(&model, path) != pick(&before, path)) {
            let why =
                format!("Invalid patch update: createOnlyProperties [/properties/{path}] cannot be updated");
            return Ok((id, Some(("NotUpdatable", why))));
        }
        if let Some(why) = invalid(schema, &model, false) {
            return Ok((id, Some(("InvalidRequest", why))));
        }
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html: a change makes
        // another version, of which this is the number.
        for path in schema.read_only.iter().filter(|path| path.starts_with("Latest")) {
            let Some(shown) = model.get_mut(path) else {
                continue;
            };
            if let Some(next) = number(shown).map(|version| version + 1) {
                *shown = if shown.is_string() {
                    json!(next.to_string())
                } else {
                    json!(next)
                };
            }
        }
        // What the handler is not told about stays as it was in the service.
        for (name, value) in before {
            if schema.is_write_only(&name) {
                model.entry(name).or_insert(value);
            }
        }
        let mut changed = shown(incoming.kind, &id, model, 0, Duration::ZERO);
        changed.made_ms = object.made_ms;
        changed.set_status.clone_from(&object.set_status);
        contents.put(incoming.key(&id), changed);
        Ok((id, None))
    }

    fn unmake(
        &self,
        contents: &mut Contents,
        incoming: &Incoming<'_, '_>,
    ) -> Result<(String, Option<(&'static str, String)>), CallError> {
        let (id, mut object) = subject(contents, incoming)?;
        let takes = incoming.takes(self);
        let key = incoming.key(&id);
        if takes.is_zero() {
            contents.remove(&key);
        } else {
            object.leave(incoming.now, takes);
            contents.put(key, object);
        }
        Ok((id, None))
    }

    /// Fills in what AWS decides: ids, ARNs, and whatever else a schema calls read-only.
    fn decide(&self, contents: &mut Contents, schema: &Schema, model: &mut Map<String, Value>) {
        let of = template::hash(&[
            &self.config.seed.to_string(),
            &contents.at.named(&schema.name),
            &Value::Object(model.clone()).to_string(),
        ]);
        let n = contents.made.get(&of).copied().unwrap_or(0);
        let line = LogEntry::Made { of: of.clone() };
        contents.write(&line);
        contents.replay(line);
        let seed = template::hash(&[&of, &n.to_string()]);
        // A name that is the id and was not given, too.
        let own = schema.id.iter().filter(|path| pick(model, path).is_none());
        let decided: Vec<&String> = schema
            .read_only
            .iter()
            .chain(own)
            .filter(|path| !path.contains('*'))
            .collect();
        let (arns, others): (Vec<_>, Vec<_>) = decided.into_iter().partition(|path| is_arn(schema, path));
        for path in others.into_iter().chain(arns) {
            let given = path.rsplit_once('/');
            let given =
                given.is_none_or(|(parent, _)| pick(model, parent).is_some() || theirs(schema, parent));
            if given
                && pick(model, path).is_none()
                && let Some(value) = made_up(schema, path, &seed, model, &self.at)
            {
                put(model, path, value);
            }
        }
    }
}

/// True if a person gives nothing of the structure at `path`: AWS shows it whole. Of a structure that may be given, AWS shows its own
/// members where it was.
fn theirs(schema: &Schema, path: &str) -> bool {
    let member = |name: &String| {
        let inside = format!("{path}/{name}");
        schema.is_read_only(&inside) || theirs(schema, &inside)
    };
    let members = schema.node(path).map(|node| &node.properties);
    schema.is_read_only(path) || members.is_some_and(|all| !all.is_empty() && all.keys().all(member))
}

fn accepted(handle: String) -> Reply {
    Reply {
        id: None,
        handle: Some(handle),
    }
}

/// The resource that a request is about.
fn subject(contents: &mut Contents, incoming: &Incoming<'_, '_>) -> Result<(String, Object), CallError> {
    let id = incoming.request.params["Identifier"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let key = incoming.key(&id);
    contents.sweep(&key, incoming.now);
    let busy = contents
        .requests
        .values()
        .any(|r| r.kind == key.0 && r.id == id && incoming.now < r.done_ms);
    if busy {
        return Err(incoming.refuse(
            "ConcurrentOperationException",
            format!("a request for '{id}' is in progress"),
        ));
    }
    match contents.objects.get(&key) {
        Some(object) => Ok((id, object.clone())),
        None => Err(incoming.refuse(
            "ResourceNotFoundException",
            format!("Resource with identifier '{id}' was not found."),
        )),
    }
}

/// Applies an operation of a patch; `false` if there is no such path. <https://www.rfc-editor.org/rfc/rfc6902>
fn edit(model: &mut Map<String, Value>, operation: &Value) -> bool {
    let pointer = operation["path"].as_str().unwrap_or_default();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    let mut whole = Value::Object(std::mem::take(model));
    let done = match (whole.pointer_mut(parent), operation["op"].as_str()) {
        (Some(Value::Object(inside)), Some("add" | "replace")) => {
            inside.insert(name.to_owned(), operation["value"].clone());
            true
        }
        (Some(Value::Object(inside)), Some("remove")) => inside.remove(name).is_some(),
        _ => false,
    };
    if let Value::Object(changed) = whole {
        *model = changed;
    }
    done
}

/// Why a handler does not take a model: members that are missing, unknown, or not a person's to set.
fn invalid(schema: &Schema, model: &Map<String, Value>, creates: bool) -> Option<String> {
    let missing = schema
        .root
        .required
        .iter()
        .find(|name| !schema.is_read_only(name) && !model.contains_key(*name));
    if let Some(name) = missing {
        return Some(format!(
            "Model validation failed (#: required key [{name}] not found)"
        ));
    }
    let unknown = model
        .keys()
        .find(|name| !schema.root.properties.contains_key(*name));
    if let Some(name) = unknown {
        return Some(format!(
            "Model validation failed (#: extraneous key [{name}] is not permitted)"
        ));
    }
    let theirs = schema
        .read_only
        .iter()
        .find(|path| creates && !path.contains('/') && model.contains_key(*path));
    theirs.map(|path| format!("Encountered readOnlyProperties [/properties/{path}] in the desired state"))
}

pub(super) fn shown(kind: &Type, id: &str, model: Map<String, Value>, now: u64, takes: Duration) -> Object {
    let observed = kind.observed(id, &kind.given_back(&model));
    let mut object = Object::new(observed.inputs, observed.outputs, now, takes);
    object.members = Value::Object(model);
    object
}

fn identifier(schema: &Schema, model: &Map<String, Value>) -> String {
    let parts = schema.id.iter().map(|path| match pick(model, path) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    });
    parts.collect::<Vec<_>>().join("|")
}

fn pick<'m>(model: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let value = model.get(first)?;
    if rest.is_empty() {
        Some(value)
    } else {
        value.pointer(&format!("/{rest}"))
    }
}

fn put(model: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('/') {
        None => drop(model.insert(path.to_owned(), value)),
        Some((first, rest)) => {
            let inside = model.entry(first).or_insert_with(|| json!({}));
            if let Value::Object(inside) = inside {
                put(inside, rest, value);
            }
        }
    }
}

/// A number, which some types show as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Properties that hold an ARN and are not called one: "The ARN of the secret",
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html#aws-resource-secretsmanager-secret-return-values>
/// and the pages of the other types.
const ARNS: [(&str, &str); 4] = [
    ("AWS::SecretsManager::ResourcePolicy", "Id"),
    ("AWS::SecretsManager::RotationSchedule", "Id"),
    ("AWS::SecretsManager::Secret", "Id"),
    ("AWS::SecretsManager::SecretTargetAttachment", "Id"),
];

/// `true` if the property at `path` holds an ARN.
fn is_arn(schema: &Schema, path: &str) -> bool {
    path.ends_with("Arn") || path.ends_with("ARN") || ARNS.contains(&(&schema.name, path))
}

/// A value as AWS would decide it, by the type and the name of the property.
fn made_up(
    schema: &Schema,
    path: &str,
    seed: &str,
    model: &Map<String, Value>,
    At { account, region }: &At,
) -> Option<Value> {
    let node = schema.node(path)?;
    let of = template::hash(&[seed, path]);
    if node.types.takes("string") {
        let name = path.rsplit('/').next().unwrap_or(path);
        let service = schema.name.split("::").nth(1).unwrap_or_default().to_lowercase();
        let kind = schema.name.rsplit("::").next().unwrap_or_default().to_lowercase();
        let arn = is_arn(schema, path);
        if name.ends_with("VersionNumber") {
            return Some("1".into());
        }
        let text = match &schema.arn {
            Some(form) if arn => fill(form, model, &of, (account, region)),
            _ if arn => format!("arn:aws:{service}:{region}:{account}:{kind}/{}", &of[..17]),
            _ if name.ends_with("Url") => {
                format!("https://{service}.{region}.amazonaws.com/{account}/{}", &of[..17])
            }
            _ => format!("{}-{}", kind.chars().take(24).collect::<String>(), &of[..17]),
        };
        return Some(text.into());
    }
    if node.types.takes("integer") || node.types.takes("number") {
        // A number that is an identifier is another one each time.
        let id = schema.id.iter().any(|of| of == path);
        let drawn = of
            .get(..8)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok());
        return Some(json!(drawn.filter(|_| id).unwrap_or(1)));
    }
    node.types.takes("boolean").then_some(Value::Bool(false))
}

/// The form of an ARN with what the model has in it.
fn fill(form: &str, model: &Map<String, Value>, seed: &str, (account, region): (&str, &str)) -> String {
    let mut out = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match (name, model.get(name)) {
            ("Partition", _) => out.push_str("aws"),
            ("Region", _) => out.push_str(region),
            ("Account", _) => out.push_str(account),
            (_, Some(Value::String(text))) => out.push_str(text),
            _ => out.push_str(&seed[..17]),
        }
        rest = after;
    }
    out + rest
}
