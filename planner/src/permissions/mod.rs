//! The IAM policies that a plan's calls need, and nothing that they do not.
//!
//! Which resources an action can be limited to, and which conditions it takes, is AWS's
//! [service authorization reference](tenon_resources::authorization); the ARNs are made from names that are in the plan before
//! anything exists. What is known by its tags alone is limited by them.

mod arns;
mod policy;
mod session;

use crate::{Decision, Plan, PlannedCall};
use arns::{Arns, Target, partition, versions};
pub use policy::{Policy, Statement, split};
use serde_json::Value;
pub use session::{Session, session};
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::{
    authorization::{self, Authorization, Limit, Takes},
    call::{CallInfo, Effect},
    declaration::Place,
    registry,
    resource::ResourceType,
    value::{Owner, SecretSource, secrets},
};

/// The storage of a state, when that needs permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateAccess {
    /// The bucket, and the prefix of the state's objects in it.
    pub bucket: Option<(String, String)>,
    /// The ARN of the KMS key that it is encrypted with.
    pub kms_key: Option<String>,
}

/// The purpose of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The plan's calls.
    Apply,
    /// Every call of the plan's resource types.
    All,
    /// The making of the plan.
    Read,
}

/// A permission: an action on a resource under conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The action.
    pub action: String,
    /// The ARN, or `*`.
    pub resource: String,
    /// Operator, key and value of each condition.
    pub conditions: BTreeSet<(&'static str, String, String)>,
}

/// The permissions that `plan` needs for `purpose`, with its state, of the credentials with which the tool is run: where the plan works
/// as other roles, that includes to assume them. Those roles' own are [`needs_of`].
pub fn needs(plan: &Plan, purpose: Purpose, state: &StateAccess) -> BTreeSet<Need> {
    let mut out = needs_as(plan, purpose, None);
    let home = Place::default();
    let mut own = Collector {
        arns: Arns::new(plan, &home),
        plan,
        place: &home,
        out: BTreeSet::new(),
    };
    for role in roles(plan) {
        own.need("sts:AssumeRole", role.into(), BTreeSet::new());
    }
    own.state(state, purpose);
    out.append(&mut own.out);
    out
}

/// The roles that the plan assumes, by ARN.
pub fn roles(plan: &Plan) -> BTreeSet<&str> {
    places(plan)
        .into_iter()
        .filter_map(|p| p.role.as_deref())
        .collect()
}

/// The permissions that `plan` needs for `purpose` of a role that it assumes.
pub fn needs_of(plan: &Plan, purpose: Purpose, role: &str) -> BTreeSet<Need> {
    needs_as(plan, purpose, Some(role))
}

/// Every account and region of a plan.
fn places(plan: &Plan) -> BTreeSet<&Place> {
    let removed = plan.decisions.iter().filter_map(|d| d.removed.as_ref());
    let mut all: BTreeSet<&Place> = plan.decisions.iter().map(|d| &d.place).collect();
    all.extend(removed.map(|r| &r.place));
    all.extend(plan.basis.lookups.iter().map(|l| &l.place));
    all
}

fn needs_as(plan: &Plan, purpose: Purpose, role: Option<&str>) -> BTreeSet<Need> {
    let home = Place::default();
    let mut places = places(plan);
    places.insert(&home);
    let there = places.into_iter().filter(|place| place.role.as_deref() == role);
    there.flat_map(|place| needs_at(plan, purpose, place)).collect()
}

fn needs_at(plan: &Plan, purpose: Purpose, place: &Place) -> BTreeSet<Need> {
    let mut all = Collector {
        arns: Arns::new(plan, place),
        plan,
        place,
        out: BTreeSet::new(),
    };
    all.reads();
    all.need("sts:GetCallerIdentity", "*".into(), BTreeSet::new());
    for found in plan.basis.lookups.iter().filter(|found| found.place == *place) {
        let kind = tenon_resources::lookup::find(&found.kind);
        for action in kind
            .map(tenon_resources::resource::LookupKind::actions)
            .unwrap_or_default()
        {
            // What is listed is of no resource, and what is asked for by name is asked for before anybody knows an ARN.
            all.need(action, "*".into(), BTreeSet::new());
        }
    }
    if purpose != Purpose::Read {
        let there = plan.calls.iter().filter(|c| c.place == *place);
        for call in there.filter(|c| c.step.effect.mutates()) {
            all.call(call);
        }
        all.sources();
    }
    if purpose == Purpose::All {
        all.every_call();
    }
    all.out
}

/// The policies that `plan` needs for `purpose`, each within IAM's limit.
pub fn policies(plan: &Plan, purpose: Purpose, state: &StateAccess) -> Vec<Policy> {
    policies_for(plan, purpose, None, needs(plan, purpose, state))
}

/// The policies that `plan` needs for `purpose` of a role that it assumes, each within IAM's limit.
pub fn policies_of(plan: &Plan, purpose: Purpose, role: &str) -> Vec<Policy> {
    policies_for(plan, purpose, Some(role), needs_of(plan, purpose, role))
}

fn policies_for(plan: &Plan, purpose: Purpose, role: Option<&str>, needs: BTreeSet<Need>) -> Vec<Policy> {
    let mut statements = policy::statements(needs);
    if purpose == Purpose::Read {
        statements.push(Statement::deny(
            &[
                "secretsmanager:BatchGetSecretValue",
                "secretsmanager:GetSecretValue",
                "ssm:GetParameterHistory",
            ],
            BTreeSet::new(),
        ));
        // A SecureString is read by ssm, with a key.
        let there = places(plan);
        let there = there.into_iter().filter(|place| place.role.as_deref() == role);
        let regions = there.map(|place| place.region.as_ref().unwrap_or(&plan.region));
        let mut regions: BTreeSet<&String> = regions.collect();
        if role.is_none() {
            regions.insert(&plan.region);
        }
        let mut via = BTreeSet::new();
        for region in regions {
            let suffix = if partition(region) == "aws-cn" { ".cn" } else { "" };
            via.extend(["secretsmanager", "ssm"].map(|service| {
                let service = format!("{service}.{region}.amazonaws.com{suffix}");
                ("StringEquals", "kms:ViaService".to_owned(), service)
            }));
        }
        statements.push(Statement::deny(&["kms:Decrypt"], via));
    }
    split(statements)
}

struct Collector<'a> {
    arns: Arns<'a>,
    plan: &'a Plan,
    place: &'a Place,
    out: BTreeSet<Need>,
}

/// A call, or what is known of one that is not planned.
struct About<'a> {
    decision: Option<&'a Decision>,
    service: &'a str,
    effect: Option<Effect>,
    values: Vec<&'a Value>,
}

impl About<'_> {
    /// `true` if the call makes the resource, with the stack's ownership tags.
    fn tags_what_it_creates(&self) -> bool {
        let tagged = |value: &&Value| value.to_string().contains(Owner::STACK);
        self.effect == Some(Effect::Create) && self.values.iter().any(tagged)
    }

    /// A member that is there, and not false.
    fn has(&self, member: &str) -> bool {
        self.effect.is_none()
            || self
                .values
                .iter()
                .any(|v| !matches!(v.get(member), None | Some(Value::Null | Value::Bool(false))))
    }
}

impl<'a> Collector<'a> {
    /// The decisions on what is there, or was.
    fn here(&self) -> impl Iterator<Item = &'a Decision> + use<'a> {
        let place = self.place;
        let is_here =
            move |d: &&Decision| d.place == *place || d.removed.as_ref().is_some_and(|r| r.place == *place);
        self.plan.decisions.iter().filter(is_here)
    }

    fn need(&mut self, action: &str, resource: String, conditions: BTreeSet<(&'static str, String, String)>) {
        self.out.insert(Need {
            action: action.into(),
            resource,
            conditions,
        });
    }

    /// The resource that a call is about: of one that is replaced, the new one or the old one.
    fn decision(&self, call: &PlannedCall) -> Option<Decision> {
        let of = || self.plan.decisions.iter().filter(|d| d.address == call.address);
        let same = of().find(|d| d.generation == call.generation);
        let decision = same.or_else(|| of().next())?;
        let mut versions = versions(decision);
        if same.is_some() {
            versions.truncate(1);
        }
        versions.pop()
    }

    fn call(&mut self, call: &PlannedCall) {
        let decision = self.decision(call);
        let info = info(&call.kind, &call.step.service, &call.step.operation);
        let about = About {
            decision: decision.as_ref(),
            service: &call.step.service,
            effect: Some(call.step.effect),
            values: vec![&call.step.params],
        };
        let own = call.step.actions.first().map(AsRef::as_ref);
        match info {
            Some(info) => self.info(&info, &about),
            None => own
                .into_iter()
                .for_each(|action| self.action(action, None, &about)),
        }
    }

    /// Every call that the types of the plan's resources have.
    fn every_call(&mut self) {
        for decision in self.here() {
            let kind = registry::find(&decision.kind);
            for info in kind.map(ResourceType::calls).unwrap_or_default() {
                let about = About {
                    decision: Some(decision),
                    service: info.service,
                    effect: None,
                    values: vec![&decision.inputs],
                };
                self.info(&info, &about);
            }
        }
    }

    fn info(&mut self, info: &CallInfo, about: &About<'_>) {
        if let Some(action) = info.actions.first() {
            self.action(action, None, about);
        }
        // What it needs besides: all that is in `actions` where it is not said when.
        let said: Vec<&str> = info.needs.iter().map(|need| first_word(need)).collect();
        for need in info.needs {
            self.phrase(need, about);
        }
        for action in info.actions.iter().skip(1).filter(|a| !said.contains(a)) {
            self.action(action, None, about);
        }
    }

    /// `ACTION [to SERVICE] [on ARN] [if MEMBER]`.
    fn phrase(&mut self, need: &str, about: &About<'_>) {
        let mut words = need.split(' ');
        let action = words.next().unwrap_or_default();
        let (mut to, mut on, mut when) = (None, None, None);
        while let (Some(word), Some(value)) = (words.next(), words.next()) {
            match word {
                "to" => to = Some(value),
                "on" => on = Some(value),
                _ => when = Some(value),
            }
        }
        if when.is_some_and(|member| !about.has(member)) {
            return;
        }
        if let Some(on) = on {
            let id = about
                .decision
                .and_then(|d| d.id.clone())
                .unwrap_or_else(|| "*".into());
            let arn = self.arns.here(&on.replace("{id}", &id));
            if !targets(&self.arns, action, about).is_empty() {
                self.action(action, to, about);
            }
            self.need(action, arn, BTreeSet::new());
            return;
        }
        if let ("iam:CreateServiceLinkedRole", Some(to)) = (action, to) {
            let arn = self
                .arns
                .here(&format!("arn:aws:iam::{{account}}:role/aws-service-role/{to}/*"));
            let only = ("StringEquals", "iam:AWSServiceName".to_owned(), to.to_owned());
            self.need(action, arn, [only].into());
            return;
        }
        self.action(action, to, about);
    }

    fn action(&mut self, action: &str, to: Option<&str>, about: &About<'_>) {
        let authorization = authorization::of(action).unwrap_or_default();
        if authorization.limits.is_empty() {
            let conditions = self.conditions(authorization.takes, None, to, about);
            return self.need(action, "*".into(), conditions);
        }
        let found = targets(&self.arns, action, about);
        // What another service does with a role or a key, where the call names none, is not done.
        let elsewhere =
            ["iam:PassRole", "kms:"].iter().any(|a| action.starts_with(a)) && about.service != "kms";
        if found.is_empty() && elsewhere {
            return;
        }
        // What is tagged is the resource itself, and nothing that it refers to.
        let tagging = action.contains("Tag") && found.iter().any(|(target, _)| target.own);
        for (target, takes) in found.iter().filter(|(target, _)| target.own || !tagging) {
            let conditions = self.conditions(*takes, Some(target), to, about);
            self.need(action, target.arn.clone(), conditions);
        }
        for limit in missing(&authorization, &found, action, &self.arns, about) {
            let conditions = if about.decision.is_some_and(|d| self.is_about_ours(d, limit.kind)) {
                self.tag("aws:ResourceTag", limit.takes.resource_tag)
            } else {
                BTreeSet::new()
            };
            self.need(action, self.arns.here(&generic(limit)), conditions);
        }
    }

    /// `true` if a resource of this type among those that `decision` depends on is the stack's.
    fn is_about_ours(&self, decision: &Decision, kind: &str) -> bool {
        let marked = format!(":{kind}/");
        let of = |address: &String| self.plan.decisions.iter().find(|d| d.address == *address);
        let mut arns = decision
            .dependencies
            .iter()
            .filter_map(of)
            .flat_map(|d| self.arns.of(d));
        arns.any(|arn| arn.contains(&marked))
    }

    fn tag(&self, key: &str, taken: bool) -> BTreeSet<(&'static str, String, String)> {
        let owner = Owner::of_stack(&self.plan.stack, &self.plan.env);
        let tag = ("StringEquals", format!("{key}/{}", Owner::STACK), owner.stack);
        taken.then_some(tag).into_iter().collect()
    }

    fn conditions(
        &self,
        takes: Takes,
        target: Option<&Target>,
        to: Option<&str>,
        about: &About<'_>,
    ) -> BTreeSet<(&'static str, String, String)> {
        let own = target.is_none_or(|t| t.own);
        let creates = own && about.tags_what_it_creates();
        let mut out = self.tag("aws:RequestTag", creates && takes.request_tag);
        // What is known by its tags alone, once it exists.
        let exists = !(own && about.effect == Some(Effect::Create));
        let by_tag = target.is_some_and(|t| t.tagged && t.arn.trim_end_matches(":*").contains('*')) && exists;
        out.extend(self.tag("aws:ResourceTag", by_tag && takes.resource_tag));
        if let (true, Some(to)) = (takes.passed_to, to) {
            out.insert(("StringEquals", "iam:PassedToService".into(), to.into()));
        }
        if takes.via_service && about.service != "kms" {
            let region = self.arns.region();
            let suffix = if partition(region) == "aws-cn" { ".cn" } else { "" };
            let service = format!("{}.{region}.amazonaws.com{suffix}", about.service);
            out.insert(("StringEquals", "kms:ViaService".into(), service));
        }
        out
    }

    /// The reads of the types of the plan's resources: for refresh, waiting and settling.
    fn reads(&mut self) {
        let mut kinds: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
        for decision in self.here() {
            kinds.entry(&decision.kind).or_default().push(decision);
        }
        for (name, decisions) in kinds {
            let actions = registry::find(name).map_or(&[][..], |kind| kind.read().actions);
            for action in actions {
                for resource in self.read_of(action, &decisions) {
                    self.need(action, resource, BTreeSet::new());
                }
            }
        }
    }

    fn read_of(&self, action: &str, decisions: &[&Decision]) -> BTreeSet<String> {
        let authorization = authorization::of(action).unwrap_or_default();
        let mut all = BTreeSet::new();
        let there = decisions.iter().flat_map(|d| versions(d));
        for decision in there.filter(|d| d.place == *self.place) {
            let calls = self.plan.calls.iter().filter(|c| c.address == decision.address);
            let mut values: Vec<&Value> = vec![&decision.inputs];
            values.extend(calls.map(|c| &*c.step.params));
            let found = authorization
                .limits
                .iter()
                .flat_map(|limit| self.arns.find((limit.kind, limit.arn), Some(&decision), &values));
            all.extend(found.map(|target| target.arn));
        }
        if all.is_empty() {
            all.insert("*".into());
        }
        all
    }

    /// The secrets that the engine reads itself: for fingerprints, and to send them.
    fn sources(&mut self) {
        let mut sources = BTreeSet::new();
        self.here().for_each(|d| secrets(&d.inputs, &mut sources));
        let calls = self.plan.calls.iter().filter(|c| c.place == *self.place);
        calls.for_each(|c| secrets(&c.step.params, &mut sources));
        for source in sources {
            let (action, service, arn, context) = match source {
                SecretSource::Env(_) => continue,
                SecretSource::Generated(_) => {
                    self.need("secretsmanager:GetRandomPassword", "*".into(), BTreeSet::new());
                    continue;
                }
                SecretSource::SsmParameter(name) => {
                    let arn = if name.starts_with("arn:") {
                        name
                    } else {
                        let path = name.trim_start_matches('/');
                        format!("arn:aws:ssm:{{region}}:{{account}}:parameter/{path}")
                    };
                    ("ssm:GetParameter", "ssm", arn, "PARAMETER_ARN")
                }
                SecretSource::SecretsManager(id) => {
                    let arn = if id.starts_with("arn:") {
                        id
                    } else {
                        format!("arn:aws:secretsmanager:{{region}}:{{account}}:secret:{id}-??????")
                    };
                    (
                        "secretsmanager:GetSecretValue",
                        "secretsmanager",
                        arn,
                        "SecretARN",
                    )
                }
            };
            let arn = self.arns.here(&arn);
            self.need(action, arn.clone(), BTreeSet::new());
            let about = About {
                decision: None,
                service,
                effect: None,
                values: vec![],
            };
            let takes = Takes {
                via_service: true,
                ..Takes::default()
            };
            let mut only = self.conditions(takes, None, None, &about);
            only.insert(("StringLike", format!("kms:EncryptionContext:{context}"), arn));
            self.need(
                "kms:Decrypt",
                self.arns.here("arn:aws:kms:{region}:{account}:key/*"),
                only,
            );
        }
    }

    fn state(&mut self, state: &StateAccess, purpose: Purpose) {
        let writes = purpose != Purpose::Read;
        if let Some((bucket, prefix)) = &state.bucket {
            let bucket = self.arns.here(&format!("arn:aws:s3:::{bucket}"));
            let objects = format!("{bucket}/{prefix}*");
            self.need("s3:ListBucket", bucket, BTreeSet::new());
            self.need("s3:GetObject", objects.clone(), BTreeSet::new());
            for action in ["s3:PutObject", "s3:DeleteObject"].iter().filter(|_| writes) {
                self.need(action, objects.clone(), BTreeSet::new());
            }
        }
        if let Some(key) = &state.kms_key {
            let actions = ["kms:Decrypt", "kms:GenerateDataKey"];
            for action in actions.iter().take(if writes { 2 } else { 1 }) {
                let stack = (
                    "StringEquals",
                    "kms:EncryptionContext:tenon:stack".to_owned(),
                    self.plan.stack.clone(),
                );
                self.need(action, key.clone(), [stack].into());
            }
        }
    }
}

/// The facts about a call that its type has, and a plan's file cannot.
fn info(kind: &str, service: &str, operation: &str) -> Option<CallInfo> {
    let calls = registry::find(kind)?.calls();
    calls
        .into_iter()
        .find(|c| c.service == service && c.operation == operation)
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// The targets of an action in a call, with the conditions it takes there.
fn targets(arns: &Arns<'_>, action: &str, about: &About<'_>) -> Vec<(Target, Takes)> {
    let authorization = authorization::of(action).unwrap_or_default();
    let mut out = vec![];
    for limit in &authorization.limits {
        let found = arns.find((limit.kind, limit.arn), about.decision, &about.values);
        out.extend(found.into_iter().map(|target| (target, limit.takes)));
    }
    out
}

/// The resource types that an action needs although nothing says which resource: all of that type.
fn missing<'l>(
    authorization: &'l Authorization,
    found: &[(Target, Takes)],
    action: &str,
    arns: &Arns<'_>,
    about: &About<'_>,
) -> Vec<&'l Limit> {
    let has = |limit: &Limit| {
        let found = arns.find((limit.kind, limit.arn), about.decision, &about.values);
        !found.is_empty()
    };
    // EC2 looks at every resource of a request; elsewhere the types of an action are alternatives.
    let each = action.starts_with("ec2:");
    let all = authorization.limits.iter();
    if found.is_empty() && !authorization.limits.iter().any(|l| l.required) {
        return all.take(1).collect();
    }
    all.filter(|l| l.required && !has(l) && (each || found.is_empty()))
        .collect()
}

/// An ARN of a resource type with `*` for its own variables.
fn generic(limit: &Limit) -> String {
    let keep = ["Partition", "Region", "Account"];
    let mut out = String::new();
    let mut rest = limit.arn;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if keep.contains(&name) {
            out.push_str(&format!("${{{name}}}"));
        } else {
            out.push('*');
        }
        rest = after;
    }
    out + rest
}
