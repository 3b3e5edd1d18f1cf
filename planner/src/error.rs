//! What can be wrong with a declaration, a state, or a plan.

use std::fmt;

/// One thing that is wrong with a program, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The address.
    pub address: String,
    /// Where in the program: `main.rs:38`; empty when it is not one line's.
    pub location: String,
    /// What is wrong and what to do, as the rest of a sentence that begins with the address.
    pub why: String,
}

impl Finding {
    pub(crate) fn at(address: &str, location: &str, why: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            location: location.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.location.is_empty() {
            write!(f, "{}: ", self.location)?;
        }
        write!(f, "`{}` {}", self.address, self.why)
    }
}

/// Why there is no plan, or why a plan is not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program declares something that cannot be.
    #[error("{}", list(.0))]
    Findings(Vec<Finding>),
    /// The state holds a type that this version does not know.
    #[error(
        "the state has `{address}` of type `{kind}`, which this version does not know; use the version that made it, or `tenon state rm {address}` to let go of it"
    )]
    UnknownKind {
        /// The type.
        kind: String,
        /// The address.
        address: String,
    },
    /// Inputs in the state or the plan are not of their type.
    #[error("`{address}`: recorded by another version")]
    InvalidInputs {
        /// The address.
        address: String,
        /// What does not fit.
        source: tenon_resources::resource::InvalidInputs,
    },
    /// Data would be lost, and nobody has agreed to it.
    #[error("{}", consent(.0))]
    NeedsConsent(Vec<Finding>),
    /// An address on the command line is nowhere.
    #[error("`{address}` is neither declared nor in the state{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    NoSuchAddress {
        /// The address.
        address: String,
        /// The nearest that exists.
        near: Option<String>,
    },
    /// A resource must be replaced, and something that is left out of this plan depends on it.
    #[error("`{address}` cannot be left out: {why}")]
    CannotExclude {
        /// The address.
        address: String,
        /// Why.
        why: String,
    },
    /// The plan is not one this version can read.
    #[error(
        "the plan is of format {found}, and this version reads {}; make the plan again",
        crate::plan::FORMAT
    )]
    PlanFormat {
        /// Its format.
        found: u64,
    },
    /// The plan was changed after it was made, or damaged.
    #[error("the plan's digest is not that of its contents: it was changed after it was made; make it again")]
    PlanChanged,
    /// The plan is no plan.
    #[error("this is not a plan: {0}; make one with `tenon plan --out FILE`")]
    PlanUnreadable(String),
    /// The folder of the sandbox cannot be used.
    #[error(
        "the sandbox's contents in {path} cannot be used ({why}); remove that folder to begin with an empty one"
    )]
    SandboxUnreadable {
        /// The folder.
        path: String,
        /// The reason.
        why: String,
    },
    /// The plan was made from an older state.
    #[error("the plan was made from serial {planned} of the state, which is now at {now}; make it again")]
    PlanStale {
        /// The serial it was made from.
        planned: u64,
        /// The serial now.
        now: u64,
    },
    /// The plan belongs to another state.
    #[error("the plan was made for {planned}, and this is {here}; nothing was done")]
    PlanElsewhere {
        /// What it was made for.
        planned: String,
        /// Where we are.
        here: String,
    },
    /// The credentials are for another account or region than the environment's.
    #[error(
        "environment `{env}` is {expected}, and the credentials are for {found}; nothing was read or changed. Use the right profile (`--profile`) or region (`--region`)"
    )]
    WrongAccount {
        /// The environment.
        env: String,
        /// Its target.
        expected: String,
        /// Who we are.
        found: String,
    },
    /// A call that the plan or its recovery could not do without failed.
    #[error("{what}")]
    Cloud {
        /// What was being done.
        what: String,
        /// The call's error.
        source: tenon_resources::cloud::CallError,
    },
    /// The state could not be read or written.
    #[error("the state could not be kept")]
    State(#[from] tenon_state::Error),
    /// A secret has no value.
    #[error("`{address}`: {source_name} has no value; set it and try again")]
    NoSecret {
        /// The address.
        address: String,
        /// Where the secret is kept.
        source_name: String,
    },
    /// Something that this crate promises itself did not hold.
    #[error("internal error: {0}; please report it with the plan")]
    Bug(String),
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn consent(findings: &[Finding]) -> String {
    let flags: Vec<String> = findings
        .iter()
        .map(|f| format!("--consent {}", f.address))
        .collect();
    format!(
        "{}\nIf that is what you want, add {}",
        list(findings),
        flags.join(" ")
    )
}
