//! The ARNs that a call is about, from what is known before anything exists: names, and ids of what is recorded.

use crate::{Action, Decision, Plan};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    declaration::Place,
    registry,
    resource::ResourceType,
    value::{Ref, Shared},
};

/// Members of calls that name a resource of a type by its bare name or id: service, member, type.
const NAMED: [(&str, &str, &str); 20] = [
    ("ecr", "repository", "repository"),
    ("ecr", "repository_name", "repository"),
    ("iam", "role_name", "role"),
    ("iam", "user_name", "user"),
    ("iam", "instance_profile_name", "instance-profile"),
    ("logs", "log_group", "log-group"),
    ("logs", "log_group_name", "log-group"),
    ("rds", "db_subnet_group_name", "subgrp"),
    ("rds", "db_parameter_group_name", "pg"),
    ("rds", "db_instance_identifier", "db"),
    ("rds", "option_group_name", "og"),
    ("s3", "bucket", "bucket"),
    ("route53", "id", "hostedzone"),
    ("route53", "zone", "hostedzone"),
    ("route53", "hosted_zone_id", "hostedzone"),
    ("sqs", "queue_url", "queue"),
    ("ecs", "cluster", "cluster"),
    ("kms", "kms_key", "key"),
    ("kms", "kms_key_id", "key"),
    ("kms", "target_key_id", "key"),
];

/// The prefixes of EC2's ids, by resource type.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html>
const EC2_IDS: [(&str, &str); 18] = [
    ("acl-", "network-acl"),
    ("eigw-", "egress-only-internet-gateway"),
    ("eipalloc-", "elastic-ip"),
    ("eni-", "network-interface"),
    ("fl-", "vpc-flow-log"),
    ("i-", "instance"),
    ("igw-", "internet-gateway"),
    ("lt-", "launch-template"),
    ("nat-", "natgateway"),
    ("pcx-", "vpc-peering-connection"),
    ("pl-", "prefix-list"),
    ("rtb-", "route-table"),
    ("sg-", "security-group"),
    ("sgr-", "security-group-rule"),
    ("subnet-", "subnet"),
    ("vpc-", "vpc"),
    ("vol-", "volume"),
    ("vpce-", "vpc-endpoint"),
];

/// An ARN that a call is about, `*` in it for what is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) arn: String,
    /// The resource that the call creates, changes or removes.
    pub(super) own: bool,
    /// The resource carries the stack's ownership tags, or will from the start.
    pub(super) tagged: bool,
}

/// The partition of AWS that a region is in.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
pub(super) fn partition(region: &str) -> &'static str {
    match region {
        r if r.starts_with("cn-") => "aws-cn",
        r if r.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// The resources of a plan, by address.
pub(super) struct Arns<'a> {
    plan: &'a Plan,
    /// The account and region whose ARNs are asked for.
    place: &'a Place,
    /// By address: the decision on what is declared, otherwise that on what is deleted.
    decisions: BTreeMap<&'a str, &'a Decision>,
}

impl<'a> Arns<'a> {
    pub(super) fn new(plan: &'a Plan, place: &'a Place) -> Self {
        let mut decisions = BTreeMap::new();
        for decision in &plan.decisions {
            decisions.entry(decision.address.as_str()).or_insert(decision);
        }
        Self {
            plan,
            place,
            decisions,
        }
    }

    /// A pattern with partition, account and region filled in.
    pub(super) fn here(&self, pattern: &str) -> String {
        self.at(self.place, pattern)
    }

    /// The region whose ARNs are asked for.
    pub(super) fn region(&self) -> &str {
        self.place.region.as_ref().unwrap_or(&self.plan.region)
    }

    fn at(&self, place: &Place, pattern: &str) -> String {
        let region = place.region.as_ref().unwrap_or(&self.plan.region);
        let account = place.account.as_ref().unwrap_or(&self.plan.account);
        pattern
            .replace("${Partition}", partition(region))
            .replace("${Region}", region)
            .replace("${Account}", account)
            .replace("{region}", region)
            .replace("{account}", account)
            .replace("arn:aws:", &format!("arn:{}:", partition(region)))
    }

    /// The ARNs of a resource: several where AWS compares with one of several.
    pub(super) fn of(&self, decision: &Decision) -> Vec<String> {
        let Some(kind) = registry::find(&decision.kind) else {
            return vec![];
        };
        if let Some(id) = decision.id.as_deref().filter(|id| id.starts_with("arn:")) {
            return vec![id.to_owned()];
        }
        let output = |name| kind.outputs().iter().find(|o| o.name == name);
        let own = output("arn")
            .filter(|o| o.shape != "{id}")
            .or_else(|| output("id"));
        let shape = own.map_or("", |output| output.shape);
        let shape = if shape.starts_with("arn:") {
            shape.to_owned()
        } else {
            let ec2 = |(prefix, of): &(&str, &str)| {
                let form = format!("arn:aws:ec2:{{region}}:{{account}}:{of}/{{id}}");
                shape.starts_with(prefix).then_some(form)
            };
            match EC2_IDS.iter().find_map(ec2) {
                Some(form) => form,
                None => return vec![],
            }
        };
        // A role that is deleted has a path that its name does not say.
        let shapes = if decision.inputs.is_null() && shape.contains("{path}") {
            vec![shape.replace("{path}", "/"), shape.replace("{path}", "/*/")]
        } else {
            vec![shape]
        };
        let mut arns: Vec<String> = shapes
            .iter()
            .map(|shape| self.at(&decision.place, &self.fill(shape, kind, decision)))
            .map(|arn| arn.replace(":parameter//", ":parameter/"))
            .collect();
        if let Some(arn) = arns[0].strip_suffix("-??????").map(ToOwned::to_owned) {
            // AWS adds six characters to a secret's name when it is made, and compares a create with the bare name.
            arns.push(arn);
        }
        if arns[0].contains(":log-group:") {
            arns.push(format!("{}:*", arns[0]));
        }
        arns
    }

    /// A shape with what is known of a resource filled in.
    fn fill(&self, shape: &str, kind: &'static dyn ResourceType, decision: &Decision) -> String {
        let mut out = String::new();
        let mut rest = shape;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            match name {
                "region" | "account" => out.push_str(&format!("{{{name}}}")),
                "id" => out.push_str(&self.id(kind, decision)),
                "hex6" => out.push_str("??????"),
                path => {
                    let pointer = format!("/{}", path.replace('.', "/"));
                    let input = decision.inputs.pointer(&pointer).map(|value| self.text(value));
                    let input = input.or_else(|| in_id(kind, decision.id.as_deref()?, path));
                    out.push_str(&input.unwrap_or_else(|| "*".into()));
                }
            }
            rest = after;
        }
        out.push_str(rest);
        while out.contains("**") {
            out = out.replace("**", "*");
        }
        out
    }

    fn id(&self, kind: &'static dyn ResourceType, decision: &Decision) -> String {
        if let Some(id) = &decision.id {
            return id.clone();
        }
        let identity = kind.identity(&decision.inputs).ok().flatten();
        identity.map_or_else(|| "*".into(), |id| self.text(&id))
    }

    /// A value as text, `*` for what is not known.
    fn text(&self, value: &Value) -> String {
        if let Some(reference) = reference(value) {
            return self.output(&reference).unwrap_or_else(|| "*".into());
        }
        match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(map) => match map.get("$join") {
                Some(Value::Array(parts)) => parts.iter().map(|p| self.text(p)).collect(),
                _ => "*".into(),
            },
            _ => "*".into(),
        }
    }

    fn output(&self, reference: &Ref) -> Option<String> {
        let decision = self.decisions.get(reference.resource.as_str())?;
        let kind = registry::find(&decision.kind)?;
        let output = kind.outputs().iter().find(|o| o.name == reference.output)?;
        Some(match output.name {
            "id" => self.id(kind, decision),
            _ => self.at(&decision.place, &self.fill(output.shape, kind, decision)),
        })
    }

    /// The ARNs that match `template` among the resource itself and what `values` refer to.
    pub(super) fn find(
        &self,
        template: (&str, &str),
        decision: Option<&Decision>,
        values: &[&Value],
    ) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        if let Some(decision) = decision {
            self.add(decision, template, true, &mut found);
        }
        for value in values {
            self.walk("", value, template, &mut found);
        }
        found
    }

    fn add(
        &self,
        decision: &Decision,
        (kind, template): (&str, &str),
        own: bool,
        found: &mut BTreeSet<Target>,
    ) {
        let taggable = registry::find(&decision.kind).is_some_and(ResourceType::taggable);
        for arn in self.of(decision) {
            // An object has no tags of the bucket's.
            let object = kind == "object";
            let arn = if object && decision.kind != "s3.object" {
                format!("{arn}/*")
            } else {
                arn
            };
            let tagged = taggable && !object && !unmarked(decision);
            if matches(&self.here(template), &arn) {
                found.insert(Target { arn, own, tagged });
            }
        }
    }

    fn walk(&self, member: &str, value: &Value, of: (&str, &str), found: &mut BTreeSet<Target>) {
        if let Some(reference) = reference(value) {
            self.follow(member, &reference, of, found);
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|v| self.walk(member, v, of, found)),
            Value::Object(map) => {
                for (name, value) in map {
                    let member = if name.starts_with('$') { member } else { name };
                    self.walk(member, value, of, found);
                }
            }
            Value::String(text) => {
                found.extend(self.literal(member, text, of).into_iter().map(|arn| Target {
                    arn,
                    own: false,
                    tagged: false,
                }));
            }
            _ => {}
        }
    }

    /// The target of a reference: the resource itself, or that of the input that the output echoes.
    fn follow(&self, member: &str, reference: &Ref, of: (&str, &str), found: &mut BTreeSet<Target>) {
        let Some(decision) = self.decisions.get(reference.resource.as_str()) else {
            return;
        };
        for version in versions(decision) {
            self.add(&version, of, false, found);
        }
        let output = registry::find(&decision.kind)
            .and_then(|kind| kind.outputs().iter().find(|o| o.name == reference.output));
        let echoed = output.and_then(|o| o.shape.strip_prefix('{')?.strip_suffix('}'));
        if let Some(value) = echoed.and_then(|name| decision.inputs.get(name)) {
            self.walk(member, value, of, found);
        }
    }

    fn role_called(&self, name: &str) -> Option<Vec<String>> {
        let roles = self.decisions.values().filter(|d| d.kind == "iam.role");
        let mut arns = roles.flat_map(|d| versions(d)).map(|d| self.of(&d));
        arns.find(|arns| arns.iter().any(|arn| arn.ends_with(&format!("/{name}"))))
    }

    /// The ARNs that a literal is, or names.
    fn literal(&self, member: &str, text: &str, (kind, template): (&str, &str)) -> Vec<String> {
        let template = self.here(template);
        if text.starts_with("arn:") {
            let inside = if kind == "object" { "/*" } else { "" };
            let exact = matches(&template, &format!("{text}{inside}"));
            return exact.then(|| format!("{text}{inside}")).into_iter().collect();
        }
        let service = template.split(':').nth(2).unwrap_or_default();
        if service == "ec2" {
            let id = |prefix: &str| {
                let rest = text.strip_prefix(prefix).unwrap_or_default();
                !rest.is_empty() && rest.chars().all(|c| c.is_ascii_hexdigit())
            };
            let ids = EC2_IDS.iter().filter(|(prefix, of)| *of == kind && id(prefix));
            let arn = |(_, of): &(&str, &str)| {
                self.here(&format!("arn:aws:ec2:{{region}}:{{account}}:{of}/{text}"))
            };
            return ids.map(arn).collect();
        }
        let named = NAMED.contains(&(service, member, kind));
        // Elsewhere a slash is of an ARN, a URL or a path.
        let slashes = ["ecr", "logs"].contains(&service);
        let foreign = text.is_empty() || (text.contains('/') && !slashes && service != "sqs");
        let Some((start, _)) = template.split_once("${").filter(|_| named && !foreign) else {
            return vec![];
        };
        let last = text.rsplit('/').next().unwrap_or(text);
        let name = if slashes { text } else { last };
        match kind {
            // Its path is not in its name, but for one of the plan's own.
            "role" => self
                .role_called(name)
                .unwrap_or_else(|| vec![format!("{start}{name}"), format!("{start}*/{name}")]),
            _ => vec![format!("{start}{name}")],
        }
    }
}

/// The input `name` of a resource, from an id that has it: of what is deleted, the inputs are not in the plan.
fn in_id(kind: &'static dyn ResourceType, id: &str, name: &str) -> Option<String> {
    let shape = kind.outputs().iter().find(|o| o.name == "id")?.shape;
    let (_, after) = shape.split_once(&format!("{{{name}}}"))?;
    // The last variable of a path, such as a queue's URL.
    after
        .is_empty()
        .then(|| id.rsplit('/').next().unwrap_or(id).to_owned())
}

/// A decision as one on the resource that it makes, and as one on that which it removes.
pub(super) fn versions(decision: &Decision) -> Vec<Decision> {
    if !decision.action.replaces() {
        return vec![decision.clone()];
    }
    let made = Decision {
        id: None,
        action: Action::Create,
        ..decision.clone()
    };
    let removed = Decision {
        inputs: Shared::default(),
        action: Action::Delete,
        place: decision
            .removed
            .as_ref()
            .map_or_else(|| decision.place.clone(), |r| r.place.clone()),
        ..decision.clone()
    };
    vec![made, removed]
}

/// `true` if what exists does not carry the stack's tags yet: it was imported.
fn unmarked(decision: &Decision) -> bool {
    let tags = decision.changes.iter().find(|c| c.field == "tags");
    decision.id.is_some() && tags.is_some_and(|c| !c.from.is_null() && c.from["tenon:stack"].is_null())
}

fn reference(value: &Value) -> Option<Ref> {
    value.get("$ref")?.as_str()?.parse().ok()
}

/// `true` if an ARN has the form of a template: the same service, and the template's literal pieces in order.
fn matches(template: &str, arn: &str) -> bool {
    let part = |text: &str, at: usize| text.splitn(6, ':').nth(at).unwrap_or_default().to_owned();
    if part(template, 2) != part(arn, 2) {
        return false;
    }
    let (template, resource) = (part(template, 5), part(arn, 5));
    let mut pieces = template
        .split("${")
        .map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after));
    let Some(mut rest) = resource.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    // A bucket's ARN is an object's without its key.
    part(arn, 2) != "s3" || template.contains('/') || !resource.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_told_by_the_pieces_of_its_template() {
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        assert!(matches(bucket, "arn:aws:s3:::b") && !matches(bucket, "arn:aws:s3:::b/*"));
        assert!(matches(object, "arn:aws:s3:::b/*") && !matches(object, "arn:aws:s3:::b"));
        let rule = "arn:aws:elasticloadbalancing:r:a:listener-rule/app/${A}/${B}/${C}/${D}";
        assert!(matches(
            rule,
            "arn:aws:elasticloadbalancing:r:a:listener-rule/app/w/*/*/*"
        ));
        assert!(!matches(
            rule,
            "arn:aws:elasticloadbalancing:r:a:listener/app/w/*/*"
        ));
        let key = "arn:aws:kms:r:a:key/${KeyId}";
        assert!(!matches(key, "arn:aws:kms:r:a:alias/x") && !matches(key, "arn:aws:s3:::key/x"));
    }

    #[test]
    fn regions_of_china_and_of_the_government_are_partitions_of_their_own() {
        assert_eq!(partition("cn-north-1"), "aws-cn");
        assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
        assert_eq!(partition("eu-west-1"), "aws");
    }
}
