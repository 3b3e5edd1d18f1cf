//! The words between a stack's program and the installed tool: the tool asks for its environments and for a declaration, and
//! the program writes each into a file. Standard output stays the program's own.
//!
//! The tool starts the program without the variables of its own process, so a program finds no credentials in them.

use crate::{Backend, DeployTarget, Environment, Scope};
use serde::{Deserialize, Serialize};
use std::{io, panic::Location, path::Path};
use tenon_resources::declaration::{BackendSpec, Document, ENGINE, EnvironmentSpec, FORMAT, TargetSpec};

/// The first argument of every question; no command line of a stack begins with it.
pub const WORD: &str = "@tenon";

/// A question to a program, as its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The stack's name and its environments: a [`Description`].
    Describe,
    /// The declaration for the environment of this name: a [`Document`].
    Declare(String),
}

impl Question {
    /// The arguments that ask it.
    pub fn args(&self) -> Vec<&str> {
        match self {
            Self::Describe => vec![WORD, "describe"],
            Self::Declare(environment) => vec![WORD, "declare", environment],
        }
    }

    /// The question that `args` ask, and the file for the answer; `None` when they are no question.
    pub fn parse(args: &[String]) -> Option<(Self, &Path)> {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match args.as_slice() {
            [WORD, "describe", file] => Some((Self::Describe, Path::new(*file))),
            [WORD, "declare", environment, file] => {
                Some((Self::Declare((*environment).to_owned()), Path::new(*file)))
            }
            _ => None,
        }
    }
}

/// A stack's name and environments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The version of the document.
    pub format: u64,
    /// The version of the language.
    pub engine: String,
    /// The stack's name.
    pub stack: String,
    /// The environments, in the order in which they are listed.
    pub environments: Vec<EnvironmentSpec>,
}

/// The description of a stack.
pub fn describe<E: Environment>(stack: &str) -> Description {
    Description {
        format: FORMAT,
        engine: ENGINE.into(),
        stack: stack.into(),
        environments: E::ALL.iter().map(|&e| environment(e)).collect(),
    }
}

/// The declaration of a stack for environment `env`, with what the program says of the environment; `location` is where the
/// stack is named.
pub fn document<E: Environment>(
    location: &Location<'_>,
    stack: &str,
    env: E,
    program: impl FnOnce(&mut Scope<'_, E>),
) -> Document {
    Document {
        environment: environment(env),
        declared: crate::declare_at(location, stack, env, program),
    }
}

/// An environment of a program, as data.
pub fn environment<E: Environment>(env: E) -> EnvironmentSpec {
    EnvironmentSpec {
        name: env.name().into(),
        target: match env.target() {
            DeployTarget::Sandbox => TargetSpec::Sandbox,
            DeployTarget::FirstApply => TargetSpec::FirstApply,
            DeployTarget::Account { account, region } => TargetSpec::Account {
                account: account.into(),
                region: region.into(),
            },
        },
        disposable: env.disposable(),
        confirm: env.confirm(),
        backend: match env.backend() {
            Backend::Local { path } => BackendSpec::Local { path: path.into() },
            Backend::S3 { bucket, key, region } => BackendSpec::S3 {
                bucket: bucket.into(),
                key: key.into(),
                region: region.into(),
            },
            Backend::Postgres { conn_str } => BackendSpec::Postgres {
                conn_str: conn_str.into(),
            },
        },
    }
}

/// Answers the question in `args`; `None` when they are no question.
///
/// # Errors
/// There is no such environment, or the file cannot be written.
pub fn answer<E: Environment>(
    location: &Location<'_>,
    stack: &str,
    program: impl Fn(&mut Scope<'_, E>),
    args: &[String],
) -> Option<io::Result<()>> {
    let (question, file) = Question::parse(args)?;
    let text = match question {
        Question::Describe => {
            serde_json::to_string(&describe::<E>(stack)).expect("a description is plain data")
        }
        Question::Declare(name) => match E::ALL.iter().copied().find(|e| e.name() == name) {
            Some(env) => document(location, stack, env, program).to_json(),
            None => return Some(Err(io::Error::other(format!("there is no environment `{name}`")))),
        },
    };
    Some(std::fs::write(file, text))
}
