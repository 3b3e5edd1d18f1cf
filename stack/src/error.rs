//! What a command can end with: an exit code, and an error with its causes and what to do about it.
//!
//! Libraries say what happened; this decides what kind of failure it is to whoever runs a command.

use crate::hints::hints_of_state;
use std::{error::Error, fmt, io, path::Path};
use tenon_planner::{Error as Planner, adopt::ImportError};
use tenon_state::Error as State;

/// The exit codes of every command. They are part of the interface: scripts rely on them.
pub mod exit {
    /// Done, or there was nothing to do.
    pub const DONE: u8 = 0;
    /// It did not work.
    pub const ERROR: u8 = 1;
    /// There are changes, with `--detailed-exitcode`; or there is drift.
    pub const CHANGES: u8 = 2;
    /// The command line or the program is wrong; nothing was read or changed.
    pub const USAGE: u8 = 3;
    /// Apply stopped part-way: some calls failed or were not made. Running it again goes on from there.
    pub const PARTIAL: u8 = 4;
    /// Somebody else holds the state's lock.
    pub const LOCKED: u8 = 5;
    /// The credentials are for another account or region than the environment's.
    pub const WRONG_ACCOUNT: u8 = 6;
    /// The state cannot be read; nothing was changed.
    pub const STATE: u8 = 7;
    /// A bug in this program.
    pub const BUG: u8 = 70;
    /// Interrupted twice: calls in flight were abandoned, and the journal names them for the next run.
    pub const INTERRUPTED: u8 = 130;

    /// The same as a table, for `--help`.
    pub const TABLE: &str = "\
Exit codes:
    0  done, or nothing to do
    1  error
    2  changes (plan --detailed-exitcode), or drift (drift)
    3  bad usage, or a program that declares what cannot be; nothing was read or changed
    4  apply stopped part-way: some calls failed or were not made; run it again to go on
    5  somebody else holds the state's lock
    6  credentials for another account or region than the environment's
    7  the state cannot be read; nothing was changed
   70  a bug in this program
  130  interrupted twice: calls in flight were abandoned; the next run settles them";
}

/// What kind of failure it is: decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The world's fault.
    Failed,
    /// The command line or the program.
    Usage,
    /// Apply stopped part-way.
    Partial,
    /// The lock is held.
    Locked,
    /// Another account or region.
    WrongAccount,
    /// The state cannot be read.
    State,
    /// Ours.
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
            Self::Bug => exit::BUG,
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct CliError {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) source: Option<Box<dyn Error + Send + Sync>>,
    pub(crate) hints: Vec<String>,
}

impl CliError {
    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            source: None,
            hints: vec![],
        }
    }

    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what)
    }

    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::new(Kind::Failed, what)
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// A file that could not be used.
    pub(crate) fn file(doing: &str, path: &Path, source: io::Error) -> Self {
        Self::failed(format!("could not {doing} {}", path.display())).because(source)
    }

    /// The messages of its causes, the nearest first.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes = vec![];
        let mut next = self.source.as_deref().map(|e| e as &dyn Error);
        while let Some(error) = next {
            causes.push(error.to_string());
            next = error.source();
        }
        causes
    }

    /// Takes over an error: its message, and its causes.
    fn of(kind: Kind, error: &(dyn Error + 'static)) -> Self {
        let mut causes = vec![];
        let mut next = error.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        let source = causes
            .into_iter()
            .rev()
            .fold(None, |inner, text| Some(Box::new(Said { text, inner })));
        let source = source.map(|s| s as Box<dyn Error + Send + Sync>);
        Self {
            kind,
            what: error.to_string(),
            source,
            hints: vec![],
        }
    }
}

/// A cause whose type no longer matters.
#[derive(Debug)]
struct Said {
    text: String,
    inner: Option<Box<Said>>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.inner.as_deref().map(|inner| inner as _)
    }
}

impl From<io::Error> for CliError {
    /// What writing to standard output says.
    fn from(error: io::Error) -> Self {
        Self::failed("could not write to standard output").because(error)
    }
}

impl From<Planner> for CliError {
    fn from(error: Planner) -> Self {
        match error {
            Planner::State(inner) => inner.into(),
            Planner::Findings(findings) => {
                let n = findings.len();
                let mistakes = if n == 1 {
                    "a mistake".to_owned()
                } else {
                    format!("{n} mistakes")
                };
                let lines: Vec<_> = findings.iter().map(|f| format!("\n  {f}")).collect();
                Self::usage(format!("the program has {mistakes}:{}", lines.concat()))
            }
            Planner::NeedsConsent(findings) => {
                let lines: Vec<_> = findings.iter().map(|f| format!("\n  {f}")).collect();
                let flags: Vec<_> = findings
                    .iter()
                    .map(|f| format!("--consent {}", f.address))
                    .collect();
                Self::usage(format!(
                    "data would be lost, and nobody has agreed to it:{}",
                    lines.concat()
                ))
                .hint(format!("if that is what you want, add {}", flags.join(" ")))
            }
            Planner::UnknownKind { ref address, .. } => {
                let hint = format!("use the version that made it, or let go of it with `state rm {address}`");
                Self::of(Kind::State, &error).hint(hint)
            }
            Planner::InvalidInputs { .. } => Self::of(Kind::State, &error),
            Planner::NoSuchAddress { .. } => Self::of(Kind::Usage, &error),
            Planner::WrongAccount { .. } => Self::of(Kind::WrongAccount, &error)
                .hint("use the right profile (`--profile`) or region (`--region`)"),
            Planner::Bug(_) => Self::of(Kind::Bug, &error),
            Planner::Sandbox { ref path, .. } => {
                let hint = format!("remove {} to begin with an empty sandbox", path.display());
                Self::of(Kind::Failed, &error).hint(hint)
            }
            Planner::PlanChanged | Planner::PlanStale { .. } | Planner::PlanUnreadable(_) => {
                Self::of(Kind::Failed, &error)
                    .hint("a plan is made with `plan --out FILE` and applied with `apply FILE`")
            }
            _ => Self::of(Kind::Failed, &error),
        }
    }
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Planner(inner) => inner.into(),
            ImportError::NotDeclared { .. } => Self::of(Kind::Usage, &error),
            ImportError::Recorded { ref address, .. } => {
                let hint = format!("`state rm {address}` lets go of that, should it be the wrong one");
                Self::of(Kind::Failed, &error).hint(hint)
            }
            ImportError::RecordedElsewhere { .. } => {
                Self::of(Kind::Failed, &error).hint("`state mv` gives it another address")
            }
            ImportError::Anothers { .. } => {
                let tag = tenon_resources::value::Owner::STACK;
                let hint = format!("let go of it there first (`state rm`), and take the tag `{tag}` off it");
                Self::of(Kind::Failed, &error).hint(hint)
            }
            _ => Self::of(Kind::Failed, &error),
        }
    }
}

impl From<State> for CliError {
    fn from(error: State) -> Self {
        let kind = match &error {
            State::Locked { .. } => Kind::Locked,
            State::OtherTarget { .. } => Kind::WrongAccount,
            State::Foreign { .. }
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
            ..Self::of(kind, &error)
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
        assert_eq!(error.what, "could not read state.json");
        assert_eq!(error.causes(), ["the disk is on fire"]);
    }
}
