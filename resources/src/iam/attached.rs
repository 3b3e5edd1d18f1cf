//! The elements of a policy, by what it is attached to.

use super::{Policy, Statement};
use crate::value::{Input, Part};
use regex_lite::Regex;
use std::sync::LazyLock;

/// The place of a policy, which says what its statements must and may have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attached {
    /// An identity, such as a role: its statements name resources and no principal.
    Identity,
    /// A resource: its statements name principals and resources.
    Resource,
    /// A bucket: as a resource, and `*` is none of its resources.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-resource-intro.html>
    Bucket,
    /// A KMS key: its statements name principals; one that names no resource is taken, and has no effect.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>
    Key,
    /// A role as its trust policy, or a repository: its statements name principals, and the resource is what it is attached to.
    Own,
}

impl Policy {
    /// Findings about the document in field `field`, which is attached so: those of its length (at most `max` characters), and of
    /// elements that a statement lacks or cannot have.
    pub(crate) fn check_as(&self, field: &str, max: usize, attached: Attached) -> Vec<String> {
        let mut findings = self.check(field, max);
        for (n, statement) in self.statements.iter().enumerate() {
            let which = which(n, statement);
            let wrong = elements(statement, attached).into_iter();
            findings.extend(wrong.map(|why| format!("`{field}`: {which} {why}")));
            let resources = statement.resource.iter().chain(&statement.not_resource);
            let malformed = resources.filter_map(|resource| malformed(resource, attached));
            findings.extend(malformed.map(|why| format!("`{field}`: {which} {why}")));
        }
        findings
    }

    /// Statements of a key's policy in field `field` that name no resource: KMS takes them, and they have no effect.
    pub(crate) fn of_no_resource(&self, field: &str) -> Vec<String> {
        let statements = self.statements.iter().enumerate();
        let none = statements.filter(|(_, s)| s.resource.is_empty() && s.not_resource.is_empty());
        none.map(|(n, statement)| {
            let which = which(n, statement);
            format!("`{field}`: {which} names no resource, so that it has no effect: say on `*`, which is the key itself")
        })
        .collect()
    }
}

/// A statement of a document, as a noun.
fn which(n: usize, statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) => format!("statement `{sid}`"),
        None => format!("statement {}", n + 1),
    }
}

/// Why a resource is none, as the end of a sentence about its statement; what a reference begins is not known yet. IAM says
/// "Resource … must be in ARN format or \"*\"", and S3 "Policy has invalid resource".
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
fn malformed(resource: &Input<String>, attached: Attached) -> Option<String> {
    static ARN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^arn:(aws[a-z-]*|\*):[^:\s]+:").ok());
    let (text, whole) = match resource {
        Input::Known(text) => (text, true),
        Input::Join(parts) => match parts.first()? {
            Part::Text(text) => (text, false),
            _ => return None,
        },
        Input::From(_) => return None,
    };
    let begins = || "arn:".starts_with(text.get(..4).unwrap_or(text));
    let fits = match ARN.as_ref()? {
        // What follows may be promised.
        _ if !whole => begins(),
        _ if text == "*" => attached != Attached::Bucket,
        arn => arn.is_match(text),
    };
    let or = if attached == Attached::Bucket {
        ""
    } else {
        " or `*`"
    };
    (!fits).then(|| format!("is about `{text}`, which is no resource: AWS takes an ARN{or}"))
}

/// Why a statement cannot stand in a policy that is attached so, as ends of sentences about it.
fn elements(statement: &Statement, attached: Attached) -> Vec<&'static str> {
    let actions = !statement.action.is_empty() || !statement.not_action.is_empty();
    let resources = !statement.resource.is_empty() || !statement.not_resource.is_empty();
    let principals = !statement.principal.is_empty() || !statement.not_principal.is_empty();
    let of_resources = match (attached, resources) {
        (Attached::Bucket, false) => Some("names no resource: say on which part of the bucket"),
        (Attached::Identity | Attached::Resource, false) => Some("names no resource: say on what, or on `*`"),
        (Attached::Own, true) => Some("names a resource, and that is what it is attached to: leave it out"),
        _ => None,
    };
    let of_principals = match (attached, principals) {
        (Attached::Identity, true) => {
            Some("names a principal, and that is whom it is attached to: leave it out")
        }
        (Attached::Identity, false) | (_, true) => None,
        (_, false) => Some("names no principal: say who"),
    };
    let of_actions = (!actions).then_some("names no action");
    [of_actions, of_resources, of_principals]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Arn, Output};

    fn findings(policy: impl Into<Policy>, attached: Attached) -> Vec<String> {
        policy.into().check_as("policy", 10_240, attached)
    }

    #[test]
    fn a_resource_is_an_arn_or_everything() {
        let bucket: Output<Arn> = Output::new("uploads", "arn");
        let on = |resource: Part| Policy::allow(["s3:GetObject"]).on([resource]);
        let joined = |before: &str| Part::Join(vec![Part::Text(before.into()), Part::from(&bucket)]);
        for fine in [
            "*",
            "arn:aws:s3:::uploads/*",
            "arn:aws-cn:s3:::uploads",
            "arn:aws:logs:*:111111111111:*",
            "arn:aws:s3:::${aws:PrincipalTag/team}/*",
            "arn:*:iam::*:role/web",
        ] {
            assert_eq!(findings(on(fine.into()), Attached::Identity), [""; 0], "{fine}");
        }
        for wrong in [
            "uploads",
            "uploads/*",
            "arn:aws",
            "arn:azure:s3:::uploads",
            "",
            "s3:::uploads",
            "**",
        ] {
            let found = findings(on(wrong.into()), Attached::Identity);
            assert!(
                found.len() == 1 && found[0].contains("no resource"),
                "{wrong}: {found:?}"
            );
        }
        for (part, count) in [
            (Part::from(&bucket), 0),
            (joined("arn:aws:s3:::"), 0),
            (joined("ar"), 0),
            (joined("uploads/"), 1),
        ] {
            assert_eq!(
                findings(on(part.clone()), Attached::Identity).len(),
                count,
                "{part:?}"
            );
        }
    }

    #[test]
    fn all_is_no_resource_of_a_bucket() {
        let all = || Policy::allow(["s3:GetObject"]).principal("AWS", ["*"]);
        assert_eq!(findings(all().on(["*"]), Attached::Bucket).len(), 1);
        assert_eq!(
            findings(all().on(["arn:aws:s3:::uploads/*"]), Attached::Bucket),
            [""; 0]
        );
        assert_eq!(findings(all().on(["*"]), Attached::Resource), [""; 0]);
    }

    #[test]
    fn a_statement_without_effect_is_no_mistake_of_a_key() {
        let none = || Policy::from(Policy::allow(["kms:*"]).principal("AWS", ["*"]));
        assert_eq!(findings(none(), Attached::Key), [""; 0]);
        let said = none().of_no_resource("policy");
        assert!(
            said.len() == 1 && said[0].contains("statement 1 names no resource"),
            "{said:?}"
        );
        assert_eq!(findings(none(), Attached::Resource).len(), 1);
        let all = Policy::from(Policy::allow(["kms:*"]).principal("AWS", ["*"]).on(["*"]));
        assert_eq!(all.of_no_resource("policy"), [""; 0]);
        assert_eq!(findings(Policy::allow(["kms:*"]), Attached::Key).len(), 1);
    }
}
