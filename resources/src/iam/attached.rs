//! The elements of a policy, by what it is attached to.

use super::{Policy, Statement};

/// The place of a policy, which says what its statements must and may have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attached {
    /// An identity, such as a role: its statements name resources and no principal.
    Identity,
    /// A resource: its statements name principals and resources.
    Resource,
    /// A role as its trust policy, or a repository: its statements name principals, and the resource is what it is attached to.
    Own,
}

impl Policy {
    /// Findings about the document in field `field`, which is attached so: those of its length (at most `max` characters), and of
    /// elements that a statement lacks or cannot have.
    pub(crate) fn check_as(&self, field: &str, max: usize, attached: Attached) -> Vec<String> {
        let mut findings = self.check(field, max);
        for (n, statement) in self.statements.iter().enumerate() {
            let which = match &statement.sid {
                Some(sid) => format!("statement `{sid}`"),
                None => format!("statement {}", n + 1),
            };
            let wrong = elements(statement, attached).into_iter();
            findings.extend(wrong.map(|why| format!("`{field}`: {which} {why}")));
        }
        findings
    }
}

/// Why a statement cannot stand in a policy that is attached so, as ends of sentences about it.
fn elements(statement: &Statement, attached: Attached) -> Vec<&'static str> {
    let actions = !statement.action.is_empty() || !statement.not_action.is_empty();
    let resources = !statement.resource.is_empty() || !statement.not_resource.is_empty();
    let principals = !statement.principal.is_empty() || !statement.not_principal.is_empty();
    let of_resources = match (attached, resources) {
        (Attached::Identity | Attached::Resource, false) => Some("names no resource: say on what, or on `*`"),
        (Attached::Own, true) => Some("names a resource, and that is what it is attached to: leave it out"),
        _ => None,
    };
    let of_principals = match (attached, principals) {
        (Attached::Identity, true) => {
            Some("names a principal, and that is whom it is attached to: leave it out")
        }
        (Attached::Resource | Attached::Own, false) => Some("names no principal: say who"),
        _ => None,
    };
    let of_actions = (!actions).then_some("names no action");
    [of_actions, of_resources, of_principals]
        .into_iter()
        .flatten()
        .collect()
}
