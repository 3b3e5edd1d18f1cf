//! Plans and drift as a team sees them: a report of drift, findings as SARIF, comments on a pull request.
//!
//! Everything here works on documents: a plan, a survey of drift. Nothing reads AWS or a state, and nothing decides what a plan
//! does: that is the planner's.

pub mod approval;
pub mod comment;
pub mod drift;
pub mod github;
pub mod policy;
pub mod sarif;
pub mod sweep;

/// An error and its causes as one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = cause.source();
    }
    text
}
