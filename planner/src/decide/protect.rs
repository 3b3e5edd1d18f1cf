//! Protection: what a program says is never deleted, is not.

use crate::{Action, Decision, Error, Finding, Reason};

/// Refuses decisions that delete or replace what is protected. Consent does not help, and neither does an environment that is
/// disposable.
///
/// What is no longer declared is as protected as it is recorded to be: the line that protects it must go alone, so that taking out a
/// whole file takes no database with it.
///
/// # Errors
/// All such at once, each with its remedy.
pub(super) fn require(decisions: &[Decision]) -> Result<(), Error> {
    let findings: Vec<Finding> = decisions.iter().filter_map(finding).collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Protected(findings))
    }
}

fn finding(decision: &Decision) -> Option<Finding> {
    // A protection that is new does not bring back what an earlier run let go of.
    let let_go = matches!(decision.reason, Some(Reason::Deposed | Reason::Unfinished))
        && decision.action == Action::Delete;
    if !decision.options.protected || let_go {
        return None;
    }
    let verb = match decision.action {
        Action::Delete => "deleted",
        action if action.replaces() => "replaced",
        _ => return None,
    };
    let because = match &decision.reason {
        Some(Reason::Immutable(fields)) => format!(" because `{}` changes", fields.join("`, `")),
        Some(Reason::With(others)) => format!(" together with `{}`", others.join("`, `")),
        _ => String::new(),
    };
    let remedy = if decision.reason == Some(Reason::NotDeclared) {
        "declare it again without `protected`, apply, and take it out then; or forget it, and it stays in AWS"
    } else {
        "take `protected` off it first"
    };
    let why = format!("would be {verb}{because}, and is protected; {remedy}");
    let location = decision.declared.as_deref().unwrap_or_default();
    Some(Finding::at(&decision.address, location, why))
}
