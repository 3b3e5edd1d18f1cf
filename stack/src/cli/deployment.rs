//! The deployment that a command is about, computed from the command line without asking anyone.

use super::options::{Env, Global, Stack};
use crate::{backend::Location, error::CliError};
use std::path::{Path, PathBuf};
use tenon_resources::{
    asset::{EXPORTED, Shelf},
    declaration::PartKind,
};
use tenon_state::Identity;

/// An environment of a stack, and the location of its state.
#[derive(Clone)]
pub(super) struct Deployment<'a> {
    pub(super) global: &'a Global,
    pub(super) stack: &'a Stack<'a>,
    pub(super) env: Env,
    pub(super) location: Location,
    /// The folder of this machine: the state, when that is kept here, the sandbox's contents, and the fingerprint key.
    pub(super) folder: PathBuf,
    pub(super) identity: Identity,
}

impl<'a> Deployment<'a> {
    /// The deployment that the flags name.
    ///
    /// # Errors
    /// The environment is not one of the stack's, or not named and there is more than one; a flag that the sandbox does not
    /// take; a `--state` that cannot be read.
    pub(super) fn new(stack: &'a Stack<'a>, global: &'a Global) -> Result<Self, CliError> {
        let env = environment(stack, global.env.as_deref())?;
        if env.is_sandbox()
            && (!global.endpoint.is_empty() || global.profile.is_some() || global.region.is_some())
        {
            return Err(CliError::usage(format!(
                "environment `{}` is the sandbox on this machine: it takes no --endpoint, --profile or --region",
                env.name
            )));
        }
        let identity = Identity {
            stack: stack.name.clone(),
            env: env.name.clone(),
        };
        let (location, folder) = match (&global.state_dir, &global.state) {
            // `--state-dir` names the folder itself, not the one above `<stack>/<env>`.
            (Some(folder), _) => (Location::Local(folder.clone()), folder.clone()),
            (None, Some(url)) => {
                // The URL is not repeated in the message: it may have a password in it.
                let location = url.parse().map_err(|why| {
                    CliError::usage(format!(
                        "--state, or TENON_STATE, is not a location of a state: {why}"
                    ))
                })?;
                let folder = folder(&location, &identity);
                (location, folder)
            }
            (None, None) => {
                let location = (&env.backend).into();
                let folder = folder(&location, &identity);
                (location, folder)
            }
        };
        Ok(Self {
            global,
            stack,
            env,
            location,
            folder,
            identity,
        })
    }

    /// The same deployment with its state at `location`.
    pub(super) fn with_state_at(&self, location: Location) -> Self {
        Self {
            folder: folder(&location, &self.identity),
            location,
            ..self.clone()
        }
    }

    /// Another stack's, with its state where the state of this one is.
    pub(super) fn of(&self, identity: Identity) -> Self {
        Self {
            folder: folder(&self.location, &identity),
            identity,
            ..self.clone()
        }
    }

    /// The sandbox's factor over AWS's speed, when the environment is the sandbox.
    pub(super) fn sandbox_speed(&self) -> Option<f64> {
        self.env.is_sandbox().then_some(self.global.sandbox_speed)
    }

    /// The places where assets are looked for: beside the declaration, and where the program has them.
    pub(super) fn shelf(&self) -> Shelf {
        Shelf {
            base: self.stack.folder.clone().unwrap_or_default(),
            folders: self.global.declared.iter().map(|path| beside(path)).collect(),
        }
    }

    /// `stack/env`.
    pub(super) fn title(&self) -> String {
        format!("{}/{}", self.stack.name, self.env.name)
    }
}

/// The environment called `name`, or the only one.
pub(super) fn environment(stack: &Stack<'_>, name: Option<&str>) -> Result<Env, CliError> {
    let names = || {
        let names: Vec<_> = stack
            .environments
            .iter()
            .map(|e| format!("`{}`", e.name))
            .collect();
        names.join(", ")
    };
    match (name, stack.environments.as_slice()) {
        (None, [only]) if only.family.is_none() => Ok(only.clone()),
        (None, _) => {
            let what = format!("which environment? `{}` has {}", stack.name, names());
            Err(CliError::usage(what).hint("name it with `--env NAME`, or set TENON_ENV"))
        }
        (Some(name), all) => all.iter().find_map(|e| e.called(name)).ok_or_else(|| {
            let what = format!("`{}` has no environment `{name}`; it has {}", stack.name, names());
            let near = all
                .iter()
                .filter_map(|e| e.family.as_ref())
                .find_map(|f| Some((f, f.part_of(name)?)));
            match near {
                Some((family, part)) => CliError::usage(what).hint(format!(
                    "in `{}`, `{part}` is to be {}",
                    family.pattern,
                    match family.part {
                        PartKind::Number => "a number without leading zeros",
                        PartKind::Label => "lower-case letters and digits, with single hyphens between them",
                    }
                )),
                None => CliError::usage(what),
            }
        }),
    }
}

/// A name that a member of `family` could have; `family` itself is called by its pattern.
pub(super) fn example(family: &Env) -> String {
    match &family.family {
        Some(family) => {
            let (before, behind) = family.around();
            format!("{before}1{behind}")
        }
        None => family.name.clone(),
    }
}

/// The folder with the assets of a document: the one beside it.
pub(super) fn beside(document: &Path) -> PathBuf {
    document.with_file_name(EXPORTED)
}

/// The folder of this machine for one environment: `<stack>/<env>` below the backend's, or below the default one when the
/// state is kept elsewhere.
fn folder(location: &Location, identity: &Identity) -> PathBuf {
    let above = match location {
        Location::Local(path) => path,
        Location::S3 { .. } | Location::Postgres(_) => Path::new(".tenon"),
    };
    above.join(&identity.stack).join(&identity.env)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use tenon_resources::declaration::{BackendSpec, TargetSpec};

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        global: Global,
    }

    /// Folder and location that `flags` name, for a stack with a sandbox and an account.
    fn named(flags: &[&str]) -> Result<(String, String), String> {
        let bucket = BackendSpec::S3 {
            bucket: "states".into(),
            key: "tenon".into(),
            region: "eu-west-1".into(),
        };
        let prod = Env {
            target: TargetSpec::FirstApply,
            backend: bucket,
            ..Env::sandbox("prod")
        };
        let stack = Stack {
            name: "shop".into(),
            environments: vec![Env::sandbox("local"), prod],
            declare: Box::new(|_, _| unreachable!("no test runs the program")),
            folder: None,
        };
        let flags = Flags::parse_from(std::iter::once(&"test").chain(flags));
        let deployment = Deployment::new(&stack, &flags.global).map_err(|e| e.message())?;
        Ok((
            deployment.folder.display().to_string(),
            deployment.location.to_string(),
        ))
    }

    #[test]
    fn flags_decide_where_the_state_is() {
        let is = |folder: &str, location: &str| Ok((folder.to_owned(), location.to_owned()));
        assert_eq!(named(&["--env", "local"]), is(".tenon/shop/local", "file:.tenon"));
        assert_eq!(
            named(&["--env", "prod"]),
            is(".tenon/shop/prod", "s3://states/tenon")
        );
        assert_eq!(
            named(&["--env", "prod", "--state", "file:states"]),
            is("states/shop/prod", "file:states")
        );
        assert_eq!(
            named(&["--env", "prod", "--state-dir", "here"]),
            is("here", "file:here")
        );
        assert!(named(&[]).unwrap_err().contains("which environment?"));
        assert!(named(&["--env", "test"]).unwrap_err().contains("`local`, `prod`"));
        assert!(
            named(&["--env", "local", "--region", "eu-west-1"])
                .unwrap_err()
                .contains("takes no")
        );
        let secret = named(&["--env", "prod", "--state", "mysql://tenon:canary@db"]).unwrap_err();
        assert!(!secret.contains("canary"), "{secret}");
    }
}
