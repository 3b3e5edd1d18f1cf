//! An output of another stack.

use super::query::{Lookup, found};
use crate::value::check_name_of;
use serde::{Deserialize, Serialize};

/// An output of another stack, as its last apply left it. Its state is read, and nothing in it is changed.
///
/// The state is looked for where this stack's own is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackOutput {
    stack: String,
    env: String,
    output: String,
}

found! {
    /// The output of another stack.
    StackOutputFound, StackOutputRefs {
        /// The value.
        value: String = "The value.",
    }
}

impl StackOutput {
    /// The output of this name of `stack` in its environment `env`.
    pub fn of(stack: &str, env: &str, output: &str) -> Self {
        Self {
            stack: stack.into(),
            env: env.into(),
            output: output.into(),
        }
    }
}

impl Lookup for StackOutput {
    const KIND: &'static str = "stack.output";
    const DOC: &'static str = "An output of another stack, as its last apply left it.";
    const ACTIONS: &'static [&'static str] = &[];
    type Found = StackOutputFound;

    fn check(&self) -> Vec<String> {
        let names = [("stack", &self.stack, 40), ("environment", &self.env, 63)];
        let wrong = names.map(|(what, name, most)| check_name_of(what, name, most));
        wrong.into_iter().flatten().collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for StackOutput {
    async fn candidates(
        &self,
        _: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        // States are the tool's to read: they may be kept anywhere.
        Ok(vec![])
    }
}
