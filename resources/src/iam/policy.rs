//! Policy documents: who may do what, to what, and when.
//!
//! A [`Policy`] is compared as meaning, not as text: what AWS's grammar calls a set is one here (one value or a list
//! of one, in any order, once or twice), the statements have no order, and an account's id is the account's root ARN.
//! It stays a structure all the way into the plan, with the promises in it; it becomes text when the call is sent.
//!
//! What is not here: whether a policy grants what someone needs. AWS's policy grammar is in "Grammar of the IAM JSON
//! policy language" in the IAM User Guide.

use crate::value::{Input, Part};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A set of texts, each known or promised. AWS writes a set of one as the value alone, or as a list; both are read.
pub type Texts = BTreeSet<Input<String>>;

/// A policy document.
///
/// ```
/// use tenon_resources::{iam::Policy, value::{Arn, Output}};
/// let bucket: Output<Arn> = Output::new("uploads", "arn");
/// let policy = Policy::allow(["s3:GetObject"]).on([&bucket]).and(Policy::deny(["s3:DeleteBucket"]).on(["*"]));
/// let same: Policy = serde_json::from_str(
///     r#"{"Version":"2012-10-17","Statement":[
///         {"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"},
///         {"Effect":"Allow","Action":["s3:GetObject"],"Resource":{"$ref":"uploads.arn"}}]}"#,
/// ).unwrap();
/// assert_eq!(policy, same);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The version of the language.
    #[serde(rename = "Version")]
    pub version: Version,
    /// A name for the document, which some services want.
    #[serde(rename = "Id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The statements. AWS evaluates them all, so they have no order.
    #[serde(rename = "Statement")]
    pub statements: BTreeSet<Statement>,
}

/// The version of the policy language. The older one has no policy variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    /// The current one.
    #[default]
    #[serde(rename = "2012-10-17")]
    V2012,
    /// The version of a document that has none.
    #[serde(rename = "2008-10-17")]
    V2008,
}

/// The effect of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Forbids, whatever grants.
    Deny,
}

/// A statement of a [`Policy`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// A name for it, unique in its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The effect.
    pub effect: Effect,
    /// The principals, by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); only where a policy is attached to a resource.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub principal: BTreeMap<String, Texts>,
    /// Everyone but these.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_principal: BTreeMap<String, Texts>,
    /// The actions, such as `s3:GetObject`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub action: Texts,
    /// Everything but these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub not_action: Texts,
    /// To what, as ARNs or patterns of them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub resource: Texts,
    /// To everything but these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub not_resource: Texts,
    /// When: operator, then key, then values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, Texts>>,
}

impl Policy {
    /// A statement that grants `actions`.
    pub fn allow<A: Into<Part>>(actions: impl IntoIterator<Item = A>) -> Statement {
        Statement::new(Effect::Allow, actions)
    }

    /// A statement that forbids `actions`, whatever grants them.
    pub fn deny<A: Into<Part>>(actions: impl IntoIterator<Item = A>) -> Statement {
        Statement::new(Effect::Deny, actions)
    }

    /// Lets an AWS service take on the role that has this as its trust policy.
    ///
    /// ```
    /// use tenon_resources::iam::Policy;
    /// Policy::assumed_by_service("ecs-tasks.amazonaws.com");
    /// ```
    pub fn assumed_by_service(service: &str) -> Statement {
        Self::allow(["sts:AssumeRole"]).service(service)
    }

    /// Lets a token of the OIDC provider with ARN `provider` take on the role that has this as its trust policy; say
    /// with [`Statement::when`] which of its tokens.
    pub fn assumed_by_web_identity(provider: impl Into<Part>) -> Statement {
        Self::allow(["sts:AssumeRoleWithWebIdentity"]).principal("Federated", [provider])
    }

    /// These statements and `more`.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.statements.extend(more.into().statements);
        self
    }

    /// The document as AWS writes it back: JSON, percent-encoded where the service does that.
    ///
    /// # Errors
    /// What is not a policy.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        if text.trim_start().starts_with('%') {
            return serde_json::from_str(&percent_decode_str(text).decode_utf8_lossy());
        }
        serde_json::from_str(text)
    }

    /// Compact JSON. `None` while there is a promise in it.
    pub fn text(&self) -> Option<String> {
        let value = serde_json::to_value(self).ok()?;
        let mut open = BTreeSet::new();
        crate::value::refs(&value, &mut open);
        open.is_empty().then(|| value.to_string())
    }

    /// Findings about the document in field `field`, when it is longer than AWS's limit of `max` characters or
    /// says nothing.
    pub(crate) fn check(&self, field: &str, max: usize) -> Vec<String> {
        let mut findings = vec![];
        if self.statements.is_empty() {
            findings.push(format!("`{field}` has no statement, and AWS takes at least one"));
        }
        // AWS does not count white space, and this form has none.
        if let Some(length) = self.text().map(|t| t.chars().count())
            && length > max
        {
            findings.push(format!(
                "`{field}` has {length} characters, and AWS takes at most {max}"
            ));
        }
        findings
    }
}

impl<S: Into<Self>> FromIterator<S> for Policy {
    fn from_iter<I: IntoIterator<Item = S>>(policies: I) -> Self {
        let none = Self::default();
        policies.into_iter().fold(none, Self::and)
    }
}

impl From<Statement> for Policy {
    fn from(statement: Statement) -> Self {
        Self {
            version: Version::V2012,
            id: None,
            statements: [statement].into(),
        }
    }
}

impl<const N: usize> From<[Statement; N]> for Policy {
    fn from(statements: [Statement; N]) -> Self {
        statements.into_iter().collect()
    }
}

impl From<Part> for Input<String> {
    fn from(part: Part) -> Self {
        match part {
            Part::Text(text) => Self::Known(text),
            Part::From(r) => Self::From(r),
            Part::Join(parts) => Self::Join(parts),
        }
    }
}

fn texts<P: Into<Part>>(items: impl IntoIterator<Item = P>) -> impl Iterator<Item = Input<String>> {
    items.into_iter().map(|p| p.into().into())
}

impl Statement {
    /// A statement about `actions`, and nothing more yet.
    pub fn new<A: Into<Part>>(effect: Effect, actions: impl IntoIterator<Item = A>) -> Self {
        Self {
            sid: None,
            effect,
            principal: BTreeMap::new(),
            not_principal: BTreeMap::new(),
            action: texts(actions).collect(),
            not_action: BTreeSet::new(),
            resource: BTreeSet::new(),
            not_resource: BTreeSet::new(),
            condition: BTreeMap::new(),
        }
    }

    /// Names it `sid`: letters and digits.
    #[must_use]
    pub fn sid(mut self, sid: &str) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// To `resources` as well: ARNs, patterns of them, promises of them, `"*"`.
    #[must_use]
    pub fn on<R: Into<Part>>(mut self, resources: impl IntoIterator<Item = R>) -> Self {
        self.resource.extend(texts(resources));
        self
    }

    /// About the principals `who` of `kind` as well: `AWS`, `Service`, `Federated` or `CanonicalUser`.
    #[must_use]
    pub fn principal<P: Into<Part>>(mut self, kind: &str, who: impl IntoIterator<Item = P>) -> Self {
        self.principal
            .entry(kind.into())
            .or_default()
            .extend(texts(who).map(root_of));
        self
    }

    /// About an AWS service as well, such as `cloudtrail.amazonaws.com`.
    #[must_use]
    pub fn service(self, service: &str) -> Self {
        self.principal("Service", [service])
    }

    /// About everyone of an account as well, 12 digits.
    #[must_use]
    pub fn account(self, account: impl Into<Part>) -> Self {
        let root = match account.into() {
            Part::Text(id) => Part::Text(id),
            promised => {
                let text: Input<String> = promised.into();
                Part::from(&crate::text!("arn:aws:iam::{}:root", &text))
            }
        };
        self.principal("AWS", [root])
    }

    /// About everyone, with or without an account.
    #[must_use]
    pub fn anyone(self) -> Self {
        self.principal("AWS", ["*"])
    }

    /// Only when `operator` (such as `StringEquals`) holds of `key` and one of `values`.
    #[must_use]
    pub fn when<V: Into<Part>>(
        mut self,
        operator: &str,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.condition
            .entry(operator.into())
            .or_default()
            .entry(key.into())
            .or_default()
            .extend(texts(values));
        self
    }

    /// This statement and `more`.
    #[must_use]
    pub fn and(self, more: impl Into<Policy>) -> Policy {
        Policy::from(self).and(more)
    }
}

/// An account as a principal is its root's ARN: AWS stores it so ("AWS JSON policy elements: Principal").
fn root_of(who: Input<String>) -> Input<String> {
    match who {
        Input::Known(id) if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) => {
            Input::Known(format!("arn:aws:iam::{id}:root"))
        }
        other => other,
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut members = members(Value::deserialize(d)?).map_err(D::Error::custom)?;
        let version = members
            .remove("Version")
            .map_or(Ok(Version::V2008), serde_json::from_value);
        let id = members
            .remove("Id")
            .map(serde_json::from_value::<String>)
            .transpose();
        let statements = match members.remove("Statement") {
            Some(Value::Array(all)) => all,
            Some(one) => vec![one],
            None => vec![],
        };
        none_left(&members).map_err(D::Error::custom)?;
        let statements: Result<_, String> = statements.into_iter().map(Statement::parse).collect();
        Ok(Self {
            version: version.map_err(D::Error::custom)?,
            id: id.map_err(D::Error::custom)?,
            statements: statements.map_err(D::Error::custom)?,
        })
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(Value::deserialize(d)?).map_err(D::Error::custom)
    }
}

impl Statement {
    fn parse(value: Value) -> Result<Self, String> {
        let mut m = members(value)?;
        let mut set = |name: &str| m.remove(name).map_or(Ok(Texts::new()), set_of);
        let (action, not_action) = (set("Action")?, set("NotAction")?);
        let (resource, not_resource) = (set("Resource")?, set("NotResource")?);
        let mut who = |name: &str| m.remove(name).map_or(Ok(BTreeMap::new()), principals);
        let (principal, not_principal) = (who("Principal")?, who("NotPrincipal")?);
        let condition = m.remove("Condition").map_or(Ok(Map::new()), members)?;
        let condition = condition
            .into_iter()
            .map(|(op, keys)| Ok((op, sets(keys)?)))
            .collect::<Result<_, String>>()?;
        let sid = m
            .remove("Sid")
            .and_then(|s| s.as_str().map(Into::into))
            .filter(|s: &String| !s.is_empty());
        let effect = m.remove("Effect").ok_or("a statement has no `Effect`")?;
        let effect = serde_json::from_value(effect).map_err(|e| e.to_string())?;
        none_left(&m)?;
        Ok(Self {
            sid,
            effect,
            principal,
            not_principal,
            action,
            not_action,
            resource,
            not_resource,
            condition,
        })
    }
}

fn members(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(format!("expected an object in a policy, found `{other}`")),
    }
}

fn none_left(members: &Map<String, Value>) -> Result<(), String> {
    members.keys().next().map_or(Ok(()), |key| {
        Err(format!("`{key}` is not an element of a policy"))
    })
}

/// A value or a list, as a set. Numbers and booleans are their text: AWS's grammar takes both.
fn set_of(value: Value) -> Result<Texts, String> {
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let text = |value| match value {
        Value::Bool(_) | Value::Number(_) => Ok(Input::Known(value.to_string())),
        other => serde_json::from_value(other).map_err(|e| e.to_string()),
    };
    items.into_iter().map(text).collect()
}

/// Sets by name.
fn sets(value: Value) -> Result<BTreeMap<String, Texts>, String> {
    members(value)?
        .into_iter()
        .map(|(name, items)| Ok((name, set_of(items)?)))
        .collect()
}

/// `"*"` is `{"AWS": "*"}`: AWS's reference calls them equivalent.
fn principals(value: Value) -> Result<BTreeMap<String, Texts>, String> {
    if value == "*" {
        return Ok([("AWS".to_owned(), [Input::Known("*".to_owned())].into())].into());
    }
    let sets = sets(value)?.into_iter();
    Ok(sets
        .map(|(kind, who)| (kind, who.into_iter().map(root_of).collect()))
        .collect())
}

/// The policy document in `service`'s reply to `operation`.
#[cfg(feature = "aws")]
pub(crate) fn document(
    service: &str,
    operation: &str,
    text: &str,
) -> Result<Policy, crate::cloud::CallError> {
    use crate::cloud::CallError;
    Policy::parse(text).map_err(|e| CallError::unknown(service, operation, CallError::GARBLED, e.to_string()))
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<String> for Policy {
    fn to_sdk(self) -> Option<String> {
        self.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Arn, Output};
    use proptest::prelude::*;
    use serde_json::json;

    fn parsed(value: Value) -> Policy {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn one_value_or_a_list_in_any_order_is_the_same() {
        let a = json!({"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:*", "Resource": ["b", "a", "b"],
            "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}}});
        let b = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["a", "b"],
            "Principal": {"AWS": ["*"]}, "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}]});
        assert_eq!(parsed(a), parsed(b));
    }

    #[test]
    fn an_account_is_its_root() {
        let of = |who| {
            parsed(json!({"Statement": [{"Effect": "Allow", "Action": "*", "Principal": {"AWS": who}}]}))
        };
        assert_eq!(of("111111111111"), of("arn:aws:iam::111111111111:root"));
        assert_ne!(of("111111111111"), of("222222222222"));
        let built: Policy = Policy::allow(["*"]).account("111111111111").into();
        assert_eq!(built.statements, of("111111111111").statements);
    }

    #[test]
    fn another_meaning_is_another_policy() {
        let base = Policy::from(Policy::allow(["s3:GetObject"]).on(["a"]));
        assert_ne!(base, Policy::deny(["s3:GetObject"]).on(["a"]).into());
        assert_ne!(base, Policy::allow(["s3:GetObject"]).on(["a", "b"]).into());
        assert_ne!(
            base,
            Policy {
                version: Version::V2008,
                ..base.clone()
            }
        );
        assert_ne!(
            base,
            Policy::allow(["s3:GetObject"])
                .on(["a"])
                .when("StringEquals", "aws:x", ["1"])
                .into()
        );
        // A document without a version is of the older language.
        assert_eq!(parsed(json!({"Statement": []})).version, Version::V2008);
    }

    #[test]
    fn promises_stay_in_the_structure_and_hold_back_the_text() {
        let bucket: Output<Arn> = Output::new("uploads", "arn");
        let policy = Policy::from(
            Policy::allow(["s3:GetObject"])
                .on([&bucket])
                .on([crate::text!("{}/*", &bucket)]),
        );
        let value = serde_json::to_value(&policy).unwrap();
        assert_eq!(
            value["Statement"][0]["Resource"],
            json!([{"$ref": "uploads.arn"}, {"$join": [{"$ref": "uploads.arn"}, "/*"]}])
        );
        assert_eq!(policy.text(), None);
        assert_eq!(parsed(value), policy);
    }

    #[test]
    fn percent_encoded_as_iam_gives_it() {
        let policy = Policy::from(Policy::allow(["s3:*"]).on(["arn:aws:s3:::b/ü%"]));
        let text = policy.text().unwrap();
        let encoded =
            percent_encoding::percent_encode(text.as_bytes(), percent_encoding::NON_ALPHANUMERIC).to_string();
        assert_eq!(Policy::parse(&encoded).unwrap(), policy);
        assert_eq!(Policy::parse(&text).unwrap(), policy);
    }

    #[test]
    fn what_is_no_policy_says_so() {
        let error = Policy::parse(r#"{"Version":"2012-10-17","Statements":[]}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("`Statements` is not an element of a policy"),
            "{error}"
        );
        let error = Policy::parse(r#"{"Statement":[{"Action":"*"}]}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("no `Effect`"), "{error}");
        assert!(
            Policy::parse("[]")
                .unwrap_err()
                .to_string()
                .contains("expected an object")
        );
    }

    #[test]
    fn limits_are_said_before_the_call() {
        let long = Policy::from(Policy::allow(["s3:*"]).on(["a".repeat(100)]));
        assert_eq!(long.check("policy", 60).len(), 1);
        assert_eq!(long.check("policy", 6_000), Vec::<String>::new());
        let none: Policy = Vec::<Statement>::new().into_iter().collect();
        assert_eq!(
            none.check("policy", 60),
            ["`policy` has no statement, and AWS takes at least one"]
        );
    }

    proptest! {
        /// Written, encoded and read back, a policy is itself; shuffled and doubled, too.
        #[test]
        fn read_back_it_is_itself(
            statements in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec("[a-z]{1,4}:[A-Z][a-z*]{0,6}", 1..4), proptest::collection::vec("[ -~]{0,12}", 0..4), "[0-9]{12}"), 1..4),
        ) {
            let build = |reverse: bool| -> Policy {
                let all = statements.iter().map(|(allow, actions, resources, account)| {
                    let effect = if *allow { Effect::Allow } else { Effect::Deny };
                    let mut actions = actions.clone();
                    if reverse {
                        actions.reverse();
                        actions.extend(actions.clone());
                    }
                    Statement::new(effect, actions).on(resources).account(account)
                });
                let mut all: Vec<Statement> = all.collect();
                if reverse {
                    all.reverse();
                }
                all.into_iter().collect()
            };
            let policy = build(false);
            prop_assert_eq!(&policy, &build(true));
            let text = policy.text().unwrap();
            prop_assert_eq!(Policy::parse(&text).unwrap(), policy.clone());
            let encoded = percent_encoding::percent_encode(text.as_bytes(), percent_encoding::NON_ALPHANUMERIC).to_string();
            prop_assert_eq!(Policy::parse(&encoded).unwrap(), policy);
        }

        /// No text makes the reader panic.
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|%[0-9A-F%{}\":]{0,30}") {
            let _ = Policy::parse(&text);
        }
    }
}
