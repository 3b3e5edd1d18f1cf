//! Errors of planning and execution. They say what is wrong; what to type about it is for the command line to say.

use tenon_resources::declaration::Finding;

/// The reason why there is no plan, or why a plan is not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program declares something that cannot be.
    #[error("{}", list(.0))]
    Findings(Vec<Finding>),
    /// The state holds a type that this version does not know.
    #[error("the state has `{address}` of type `{kind}`, which this version does not know")]
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
        /// The part that does not fit.
        source: tenon_resources::resource::InvalidInputs,
    },
    /// The bytes of an asset are not here, or are not those that were planned.
    #[error("the content of `{address}` cannot be sent; nothing was changed")]
    Asset {
        /// The address of the resource that gets it.
        address: String,
        /// The reason.
        source: tenon_resources::asset::AssetError,
    },
    /// Data would be lost, or what is guarded would be removed, and nobody has agreed to it: a finding for each resource that needs a
    /// person's consent.
    #[error("{}", list(.0))]
    NeedsConsent(Vec<Finding>),
    /// Protected resources would be deleted or replaced, which no consent changes: a finding for each.
    #[error("{}", list(.0))]
    Protected(Vec<Finding>),
    /// Resources that drifted have changes of the program's own, too, so that nothing restores the drift alone.
    #[error(
        "`{addresses}` drifted, or is needed by what did, and the program has other changes of it: apply those first, or plan all of it"
    )]
    PendingChanges {
        /// The addresses, with `` `, ` `` in between.
        addresses: String,
    },
    /// A service cannot be put back to what ran before.
    #[error("`{address}` cannot be put back to what ran before: {why}")]
    NoWayBack {
        /// The address.
        address: String,
        /// The reason and the remedy, as a sentence.
        why: String,
    },
    /// An address on the command line is nowhere.
    #[error("`{address}` is neither declared nor in the state{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    NoSuchAddress {
        /// The address.
        address: String,
        /// The nearest that exists.
        near: Option<String>,
    },
    /// The plan is not one this version can read.
    #[error("the plan is of format {found}, and this version reads {reads}; make the plan again")]
    PlanFormat {
        /// The format it has.
        found: u64,
        /// The format that this version reads.
        reads: u64,
    },
    /// The plan was changed after it was made, or damaged.
    #[error("the plan's digest is not that of its contents: it was changed after it was made; make it again")]
    PlanChanged,
    /// The plan is no plan.
    #[error("this is not a plan: {0}")]
    PlanUnreadable(String),
    /// The plan says what does not follow from its declaration, the state and the registry.
    #[error(
        "the plan is not what follows from the declaration in it: {why}; nothing was done; make the plan again"
    )]
    PlanForged {
        /// The first thing that does not follow, as a sentence.
        why: String,
    },
    /// The plan was made by another version, whose calls may be others.
    #[error("the plan was made by version {made}, and this is {here}; make it again with this one")]
    PlanEngine {
        /// The version that made it.
        made: String,
        /// This version.
        here: String,
    },
    /// The cloud is no longer as it was when the plan was made.
    #[error("what the plan found of `{addresses}` is no longer so; nothing was done; make the plan again")]
    PlanOutdated {
        /// The addresses, with `` `, ` `` in between.
        addresses: String,
    },
    /// A lookup finds something else than when the plan was made.
    #[error(
        "lookup `{name}` found {was} when the plan was made, and finds {is} now; nothing was done; make the plan again"
    )]
    LookupChanged {
        /// The name of the lookup.
        name: String,
        /// The finding of the plan.
        was: String,
        /// The finding of now.
        is: String,
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
        /// The state that it was made for.
        planned: String,
        /// The state that it was to be applied to.
        here: String,
    },
    /// The credentials are for another account or region than the environment's.
    #[error(
        "environment `{env}` is {expected}, and the credentials are for {found}; nothing was read or changed"
    )]
    WrongAccount {
        /// The environment.
        env: String,
        /// The account and region of the environment.
        expected: String,
        /// The account and region of the credentials.
        found: String,
    },
    /// The stack is not as it is declared, so that an experiment could not put it back.
    #[error(
        "an experiment begins and ends with the stack as it is declared, which is not so at `{addresses}`; nothing was changed"
    )]
    NotAtRest {
        /// The addresses, with `` `, ` `` in between.
        addresses: String,
    },
    /// A plan that is to take faults out, and does more.
    #[error(
        "more than the faults of experiments is not as it is declared: `{addresses}`; nothing was changed"
    )]
    MoreThanFaults {
        /// The addresses, with `` `, ` `` in between.
        addresses: String,
    },
    /// An experiment that cannot be run.
    #[error("experiment `{name}`: {why}")]
    Experiment {
        /// The name.
        name: String,
        /// The reason, and what to do.
        why: String,
    },
    /// A call that the plan or its recovery could not do without failed.
    #[error("{what}")]
    Cloud {
        /// The work that failed, as a sentence.
        what: String,
        /// The call's error.
        source: tenon_resources::cloud::CallError,
    },
    /// The state could not be read or written.
    #[error("the state could not be kept")]
    State(#[from] tenon_state::Error),
    /// The folder of a sandbox cannot be used.
    #[error("the sandbox in {} cannot be used: {why}", path.display())]
    Sandbox {
        /// The folder.
        path: std::path::PathBuf,
        /// The fault.
        why: String,
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
