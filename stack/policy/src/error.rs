//! Errors of rules, and errors as text.

/// The reason why rules cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A file of rules is wrong.
    #[error("{file}: {why}")]
    Rules {
        /// The file.
        file: String,
        /// The mistake.
        why: String,
    },
    /// A value of the plan is none that Cedar takes.
    #[error("`{address}` cannot be put before the rules: {why}")]
    Data {
        /// The address.
        address: String,
        /// The reason.
        why: String,
    },
}

/// An error and its causes as one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
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
