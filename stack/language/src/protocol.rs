//! The words between a stack's program and the installed tool: the tool asks for its environments and for a declaration, and
//! the program writes each into a file. Standard output stays the program's own.
//!
//! The tool starts the program without the variables of its own process, so a program finds no credentials in them.

use crate::{Backend, DeployTarget, Environment, Given, Scope};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsStr,
    io,
    panic::Location,
    path::{Path, PathBuf},
};
use tenon_resources::declaration::{
    BackendSpec, Document, ENGINE, EnvironmentSpec, FORMAT, FamilySpec, TargetSpec,
};

/// The first argument of every question; no command line of a stack begins with it.
pub const WORD: &str = "@tenon";

/// A question to a program, as its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The stack's name and its environments: a [`Description`].
    Describe,
    /// The declaration for an environment: a [`Document`].
    Declare {
        /// The name of the environment.
        environment: String,
        /// The file with the values that the program is given: a [`Given`] as JSON.
        given: PathBuf,
    },
}

impl Question {
    /// The arguments that ask it.
    pub fn args(&self) -> Vec<&OsStr> {
        let word = |text: &'static str| OsStr::new(text);
        match self {
            Self::Describe => vec![word(WORD), word("describe")],
            Self::Declare { environment, given } => {
                vec![word(WORD), word("declare"), environment.as_ref(), given.as_ref()]
            }
        }
    }

    /// The question that `args` ask, and the file for the answer; `None` when they are no question.
    pub fn parse(args: &[String]) -> Option<(Self, &Path)> {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match args.as_slice() {
            [WORD, "describe", file] => Some((Self::Describe, Path::new(*file))),
            [WORD, "declare", environment, given, file] => {
                let (environment, given) = ((*environment).to_owned(), PathBuf::from(given));
                Some((Self::Declare { environment, given }, Path::new(*file)))
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
    /// The environments, in the order in which they are listed, and then the families, each under its pattern.
    pub environments: Vec<EnvironmentSpec>,
}

/// The description of a stack.
pub fn describe<E: Environment>(stack: &str) -> Description {
    Description {
        format: FORMAT,
        engine: ENGINE.into(),
        stack: stack.into(),
        environments: environments::<E>(),
    }
}

/// The declaration of a stack for environment `env`, with what the program says of the environment; `location` is where the
/// stack is named.
pub fn document<E: Environment>(
    location: &Location<'_>,
    stack: &str,
    env: E,
    given: &Given,
    program: impl FnOnce(&mut Scope<'_, E>),
) -> Document {
    Document {
        environment: environment(env),
        declared: crate::declare_at(location, stack, env, given, program),
    }
}

/// The environments of a program, and then its families, each under its pattern.
pub fn environments<E: Environment>() -> Vec<EnvironmentSpec> {
    let families = E::family_examples().into_iter().map(environment);
    let families = families.map(|example| EnvironmentSpec {
        name: example
            .family
            .as_ref()
            .map_or(example.name, |family| family.pattern.clone()),
        ..example
    });
    E::ALL.iter().map(|&e| environment(e)).chain(families).collect()
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
        approval: env.approval(),
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
        expires_after_s: env.expires_after().map(|after| after.as_secs()),
        family: env.family().map(|family| FamilySpec {
            pattern: family.pattern.into(),
            part: family.part,
            limit: family.limit,
        }),
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
        Question::Declare { environment, given } => {
            let Some(env) = E::called(&environment) else {
                return Some(Err(io::Error::other(format!(
                    "there is no environment `{environment}`"
                ))));
            };
            let given = match std::fs::read_to_string(&given).map(|text| serde_json::from_str::<Given>(&text))
            {
                Ok(Ok(given)) => given,
                Ok(Err(error)) => return Some(Err(error.into())),
                Err(error) => return Some(Err(error)),
            };
            document(location, stack, env, &given, program).to_json()
        }
    };
    Some(std::fs::write(file, text))
}
