//! Exit codes of commands, and errors with their causes and hints.
//!
//! Libraries say what happened. The exit code, and hints that name commands and flags, are added here and in the verbs.

use crate::hints::hints_of_state;
use std::{error::Error, io, path::Path};
use tenon_planner::{Error as Planner, Finding, adopt::ImportError};
use tenon_resources::declaration::{DocumentError, ENGINE};
use tenon_state::Error as State;

/// The exit codes of every command. They are part of the interface: scripts rely on them.
pub mod exit {
    /// Done, or nothing to do.
    pub const DONE: u8 = 0;
    /// An error.
    pub const ERROR: u8 = 1;
    /// Changes, with `plan --detailed-exitcode`; or drift.
    pub const CHANGES: u8 = 2;
    /// Invalid command line or invalid stack; nothing was changed.
    pub const USAGE: u8 = 3;
    /// Apply stopped part-way: some calls failed or were not made. The next apply continues from there.
    pub const PARTIAL: u8 = 4;
    /// The state is locked by another run.
    pub const LOCKED: u8 = 5;
    /// The credentials are for another account or region than the environment's.
    pub const WRONG_ACCOUNT: u8 = 6;
    /// The state cannot be read; nothing was changed.
    pub const STATE: u8 = 7;
    /// The state moved since the plan was made, and the calls are others now; nothing was changed.
    pub const MOVED: u8 = 8;
    /// Some types could not be read, and the others have no drift.
    pub const UNREADABLE: u8 = 9;
    /// AWS turned a deployment back, and nothing else failed: what ran before runs, and the state says so.
    pub const ROLLED_BACK: u8 = 10;
    /// The end of a deployment was not to be seen in time, and nothing else failed: the next apply waits again.
    pub const UNDECIDED: u8 = 11;
    /// A rule of the policy forbids the plan; nothing was changed.
    pub const FORBIDDEN: u8 = 12;
    /// The environment takes only what was approved with a signature, and this was not; nothing was changed.
    pub const NOT_APPROVED: u8 = 13;
    /// An experiment ended before its time, by its alarm, by somebody or because it could not go on; everything is as it was before.
    pub const ENDED_EARLY: u8 = 14;
    /// A bug in this program.
    pub const BUG: u8 = 70;
    /// Interrupted twice: calls in flight were abandoned, and the next run finds out what became of them.
    pub const INTERRUPTED: u8 = 130;

    /// The same as a table, for `--help`.
    pub const TABLE: &str = "\
Exit codes:
    0  done, or nothing to do
    1  error
    2  changes (plan --detailed-exitcode), or drift (drift)
    3  invalid command line or invalid stack; nothing was changed
    4  apply stopped part-way: some calls failed or were not made; run it again to continue
    5  the state is locked by another run
    6  credentials for another account or region than the environment's
    7  the state cannot be read; nothing was changed
    8  the state moved since the plan was made, and its calls are others now; nothing was changed
    9  some types could not be read, and the others have no drift (drift)
   10  AWS turned a deployment back: what ran before runs, and the state says so (apply)
   11  whether a deployment succeeds was not to be seen in time; run it again to wait again (apply)
   12  a rule of the policy forbids the plan (policy); nothing was changed
   13  the environment takes only what was approved with a signature, and this was not; nothing was changed
   14  an experiment ended before its time, and everything is as it was before (chaos run)
   70  a bug in this program
  130  interrupted twice: calls in flight were abandoned; the next run finds out what became of them";
}

/// The kind of a failure, which decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A failure outside of this program: AWS, the network, a disk.
    Failed,
    /// An invalid command line or an invalid stack.
    Usage,
    /// Apply stopped part-way.
    Partial,
    /// The lock is held by another run.
    Locked,
    /// The credentials are for another account or region.
    WrongAccount,
    /// The state cannot be read.
    State,
    /// The state moved since the plan was made, and its calls are others.
    Moved,
    /// A deployment was turned back.
    RolledBack,
    /// A deployment is neither done nor turned back.
    Undecided,
    /// The plan is not approved.
    NotApproved,
    /// An experiment ended before its time.
    EndedEarly,
    /// A bug in this program.
    Bug,
}

impl Kind {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Failed => exit::ERROR,
            Self::Usage => exit::USAGE,
            Self::Partial => exit::PARTIAL,
            Self::Locked => exit::LOCKED,
            Self::WrongAccount => exit::WRONG_ACCOUNT,
            Self::State => exit::STATE,
            Self::Moved => exit::MOVED,
            Self::RolledBack => exit::ROLLED_BACK,
            Self::Undecided => exit::UNDECIDED,
            Self::NotApproved => exit::NOT_APPROVED,
            Self::EndedEarly => exit::ENDED_EARLY,
            Self::Bug => exit::BUG,
        }
    }
}

/// The error of a command: its kind, the error with its causes, and what can be done about it.
#[derive(Debug)]
pub(crate) struct CliError {
    pub(crate) kind: Kind,
    pub(crate) source: Box<dyn Error + Send + Sync>,
    pub(crate) hints: Vec<String>,
}

impl CliError {
    pub(crate) fn new(kind: Kind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
            hints: vec![],
        }
    }

    pub(crate) fn usage(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Kind::Usage, source)
    }

    pub(crate) fn failed(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Kind::Failed, source)
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same error with `cause` below its message.
    #[must_use]
    pub(crate) fn because(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = self.message();
        let cause = cause.into();
        Self {
            source: Box::new(Caused { message, cause }),
            ..self
        }
    }

    /// The same error below a message that says what was being done.
    #[must_use]
    pub(crate) fn context(self, message: impl Into<String>) -> Self {
        let (message, cause) = (message.into(), self.source);
        Self {
            source: Box::new(Caused { message, cause }),
            ..self
        }
    }

    /// The error for a file that could not be used.
    pub(crate) fn file(doing: &str, path: &Path, source: io::Error) -> Self {
        Self::failed(format!("could not {doing} {}", path.display())).because(source)
    }

    /// The message of the error itself.
    pub(crate) fn message(&self) -> String {
        self.source.to_string()
    }

    /// The messages of its causes, the nearest first.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes = vec![];
        let mut next = self.source.source();
        while let Some(error) = next {
            causes.push(error.to_string());
            next = error.source();
        }
        causes
    }
}

/// A message, and the error that is its cause.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Caused {
    message: String,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

impl From<io::Error> for CliError {
    /// The error of writing to standard output; other files say their names with [`CliError::file`].
    fn from(error: io::Error) -> Self {
        Self::failed("could not write to standard output").because(error)
    }
}

impl From<Planner> for CliError {
    fn from(error: Planner) -> Self {
        let error = match error {
            Planner::State(inner) => return inner.into(),
            error => error,
        };
        let how_plans_are_used =
            "a plan is made with `plan --out FILE` and applied with `apply FILE --digest HEX`";
        match &error {
            Planner::Findings(findings) => {
                let errors = match findings.len() {
                    1 => "an error".to_owned(),
                    n => format!("{n} errors"),
                };
                Self::usage(format!("the stack has {errors}:{}", indented(findings)))
            }
            Planner::NeedsConsent(findings) => {
                let flags: Vec<_> = findings
                    .iter()
                    .map(|f| format!("--consent {}", f.address))
                    .collect();
                let data = indented(findings);
                Self::usage(format!(
                    "data would be lost, or what is guarded removed, without consent:{data}"
                ))
                .hint(format!("if that is what you want, add {}", flags.join(" ")))
            }
            Planner::Protected(findings) => {
                Self::usage(format!("what is protected would be lost:{}", indented(findings)))
            }
            Planner::UnknownKind { address, .. } => {
                let hint = format!("use the version that made it, or let go of it with `state rm {address}`");
                Self::new(Kind::State, error).hint(hint)
            }
            Planner::InvalidInputs { .. } => Self::new(Kind::State, error),
            Planner::NoSuchAddress { .. } | Planner::PendingChanges { .. } | Planner::NoWayBack { .. } => {
                Self::usage(error)
            }
            Planner::WrongAccount { .. } => Self::new(Kind::WrongAccount, error)
                .hint("use the right profile (`--profile`) or region (`--region`)"),
            Planner::Sandbox { path, .. } => {
                let hint = format!("remove {} to begin with an empty sandbox", path.display());
                Self::failed(error).hint(hint)
            }
            Planner::NotAtRest { .. } => Self::failed(error)
                .hint("`chaos restore` takes out the faults that an experiment left; `apply` makes everything as it is declared"),
            Planner::MoreThanFaults { .. } => {
                Self::failed(error).hint("`apply` makes everything as it is declared, and takes the faults out, too")
            }
            Planner::Bug(_) => Self::new(Kind::Bug, error),
            Planner::PlanChanged
            | Planner::PlanForged { .. }
            | Planner::PlanEngine { .. }
            | Planner::PlanOutdated { .. }
            | Planner::LookupChanged { .. }
            | Planner::Asset { .. }
            | Planner::PlanStale { .. }
            | Planner::PlanUnreadable(_) => Self::failed(error).hint(how_plans_are_used),
            _ => Self::failed(error),
        }
    }
}

impl From<DocumentError> for CliError {
    fn from(error: DocumentError) -> Self {
        let hint = match &error {
            DocumentError::Format { .. } => "declare it again with the version of the language that this tool has, or use the tool that it was made for".into(),
            DocumentError::Engine { found } => format!(
                "set the version of `tenon` in the stack's Cargo.toml to `={ENGINE}`, or install the tool of the other: `cargo install tenon@{found}`"
            ),
            DocumentError::Changed | DocumentError::Unreadable(_) => {
                "`declare --env ENVIRONMENT --out FILE` writes a declaration".into()
            }
            DocumentError::UnknownType { .. } => {
                "`explain` lists the types that this tool knows; a stack with types of its own links the engine (`tenon::run` of the package `tenon`)".into()
            }
            _ => "declare it again with the stack's own program, which cannot say this".to_owned(),
        };
        Self::usage(error).hint(hint)
    }
}

/// Each finding on a line of its own.
fn indented(findings: &[Finding]) -> String {
    let lines: Vec<_> = findings.iter().map(|f| format!("\n  {f}")).collect();
    lines.concat()
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Planner(inner) => inner.into(),
            ImportError::NotDeclared { .. } => Self::usage(error),
            ImportError::Recorded { ref address, .. } => {
                let hint = format!("`state rm {address}` lets go of that, should it be the wrong one");
                Self::failed(error).hint(hint)
            }
            ImportError::RecordedElsewhere { .. } => {
                Self::failed(error).hint("`state mv` gives it another address")
            }
            ImportError::Anothers { .. } => {
                let tag = tenon_resources::value::Owner::STACK;
                let hint = format!("let go of it there first (`state rm`), and take the tag `{tag}` off it");
                Self::failed(error).hint(hint)
            }
            error => Self::failed(error),
        }
    }
}

impl From<State> for CliError {
    fn from(error: State) -> Self {
        let kind = match &error {
            State::Locked { .. } => Kind::Locked,
            State::OtherTarget { .. } => Kind::WrongAccount,
            State::Behind { .. }
            | State::Foreign { .. }
            | State::KeyService { .. }
            | State::Moved { .. }
            | State::Newer { .. }
            | State::OtherStack { .. }
            | State::Encrypted { .. } => Kind::State,
            damage if damage.is_damage() => Kind::State,
            _ => Kind::Failed,
        };
        Self {
            hints: hints_of_state(&error),
            ..Self::new(kind, error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_code() {
        let codes = [
            exit::DONE,
            exit::ERROR,
            exit::CHANGES,
            exit::USAGE,
            exit::PARTIAL,
            exit::LOCKED,
            exit::WRONG_ACCOUNT,
            exit::STATE,
            exit::MOVED,
            exit::UNREADABLE,
            exit::ROLLED_BACK,
            exit::UNDECIDED,
            exit::FORBIDDEN,
            exit::NOT_APPROVED,
            exit::ENDED_EARLY,
            exit::BUG,
            exit::INTERRUPTED,
        ];
        let listed: Vec<u8> = exit::TABLE
            .lines()
            .skip(1)
            .filter_map(|l| l.split_whitespace().next()?.parse().ok())
            .collect();
        assert_eq!(listed, codes);
    }

    #[test]
    fn causes_are_kept_in_order() {
        let inner = State::File {
            path: "state.json".into(),
            doing: "read",
            source: io::Error::other("the disk is on fire"),
        };
        let error = CliError::from(Planner::State(inner));
        assert_eq!(error.message(), "could not read state.json");
        assert_eq!(error.causes(), ["the disk is on fire"]);
        assert!(error.source.is::<State>(), "the error itself is kept");
        let error = error.context("could not open the state");
        assert_eq!(error.message(), "could not open the state");
        assert_eq!(
            error.causes(),
            ["could not read state.json", "the disk is on fire"]
        );
        let caused = CliError::failed("no plan").because(io::Error::other("no disk"));
        assert_eq!(
            (caused.message(), caused.causes()),
            ("no plan".into(), vec!["no disk".into()])
        );
    }
}
